#include "audience/opt_out_index.h"

#include <algorithm>
#include <string>

#include "base/hash.h"

namespace clarion {
namespace {

constexpr std::uint64_t row_mask = 0xffffffffU;

const PlainTextColumn& addresses_of(const ContactColumns& columns, Channel channel) {
  return channel == Channel::Email ? columns.email : columns.phone;
}

// Mailboxes are the same person's however their letters are written.
std::string lowered(std::string_view address) {
  std::string text(address);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

}  // namespace

OptOutIndex::OptOutIndex(const ContactColumns& columns) {
  for (const Channel channel : all_channels) {
    std::vector<std::uint64_t>& entries = entries_[channel];
    for (RowIndex row = 0; row < columns.rows; ++row) {
      if (columns.consent_state[channel].at(row) != static_cast<std::uint8_t>(ConsentState::OptedOut)) continue;
      const std::string address = lowered(addresses_of(columns, channel).at(row));
      if (!address.empty()) entries.push_back((hash64(address) & ~row_mask) | row);
    }
    std::ranges::sort(entries);
    entries.shrink_to_fit();
  }
}

std::optional<RowIndex> OptOutIndex::find(const ContactColumns& columns, Channel channel,
                                          std::string_view address) const {
  const std::vector<std::uint64_t>& entries = entries_[channel];
  const std::string wanted = lowered(address);
  const std::uint64_t hash = hash64(wanted) & ~row_mask;
  for (auto entry = std::ranges::lower_bound(entries, hash); entry != entries.end(); ++entry) {
    if ((*entry & ~row_mask) != hash) break;
    const auto row = static_cast<RowIndex>(*entry & row_mask);
    if (lowered(addresses_of(columns, channel).at(row)) == wanted) return row;
  }
  return std::nullopt;
}

}  // namespace clarion
