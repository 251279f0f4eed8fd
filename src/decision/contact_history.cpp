#include "decision/contact_history.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "base/hash.h"

namespace clarion {
namespace {

constexpr std::size_t max_reasons = 255;

std::uint64_t key(Channel channel, std::string_view address) {
  return mix64(hash_address(address) + index_of(channel));
}

void count_up(std::uint16_t& count) {
  if (count < std::numeric_limits<std::uint16_t>::max()) ++count;
}

}  // namespace

std::uint64_t hash_address(std::string_view address) {
  // FNV-1a as in hash64, lowering letters on the way so that no copy is made.
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : address) {
    h ^= static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    h *= 0x100000001b3ULL;
  }
  return mix64(h);
}

void SuppressionSet::add(Channel channel, std::string_view address, std::string_view reason) {
  auto known = std::ranges::find(reasons_, reason);
  if (known == reasons_.end() && reasons_.size() < max_reasons) {
    reasons_.emplace_back(reason);
    known = std::prev(reasons_.end());
  }
  // The last place is for all reasons that came too late: the address still counts, only its reason is vague.
  const auto index = known == reasons_.end() ? max_reasons : static_cast<std::size_t>(known - reasons_.begin());
  entries_.try_emplace(key(channel, address), static_cast<std::uint8_t>(index));
}

std::optional<std::string_view> SuppressionSet::find(Channel channel, std::string_view address) const {
  const auto found = entries_.find(key(channel, address));
  if (found == entries_.end()) return std::nullopt;
  return found->second < max_reasons ? std::string_view(reasons_[found->second]) : "other";
}

void RecentContacts::add(std::string_view contact_id, WallTime at) {
  const auto age = std::max(now_ - at, std::chrono::milliseconds(0));
  if (age >= std::chrono::days(7)) return;
  const auto seconds = static_cast<std::int32_t>(std::chrono::floor<std::chrono::seconds>(age).count());
  const auto [entry, is_new] = counts_.try_emplace(hash64(contact_id));
  Counts& counts = entry->second;
  counts.last_at = is_new ? seconds : std::min(counts.last_at, seconds);
  count_up(counts.last_week);
  if (age < std::chrono::days(1)) count_up(counts.last_day);
}

RecentContacts::Counts RecentContacts::find(std::uint64_t contact_hash) const {
  const auto found = counts_.find(contact_hash);
  return found == counts_.end() ? Counts{} : found->second;
}

}  // namespace clarion
