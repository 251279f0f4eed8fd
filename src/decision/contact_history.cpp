#include "decision/contact_history.h"

#include <algorithm>
#include <cstdlib>
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

constexpr std::int32_t day_seconds = 24 * 3600;
// Of what is planned; the rules look a week around a message.
constexpr std::chrono::days farthest(366);

// One message more, this far from the one in question. REQUIRES: less than a week.
void add_to(RecentContacts::Counts& counts, std::int32_t seconds) {
  counts.last_at = counts.last_week == 0 ? seconds : std::min(counts.last_at, seconds);
  count_up(counts.last_week);
  if (seconds < day_seconds) count_up(counts.last_day);
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
  count(hash64(contact_id), age);
}

RecentContacts::Counts& RecentContacts::count(std::uint64_t contact_hash, std::chrono::milliseconds age) {
  Counts& counts = counts_[contact_hash];
  add_to(counts, static_cast<std::int32_t>(std::chrono::floor<std::chrono::seconds>(age).count()));
  return counts;
}

void RecentContacts::add_planned(std::string_view contact_id, std::string_view campaign_id,
                                 std::optional<WallTime> at) {
  if (campaigns_.empty() || campaigns_.back() != campaign_id) campaigns_.emplace_back(campaign_id);
  const auto campaign = static_cast<std::uint32_t>(campaigns_.size());
  const std::uint64_t hash = hash64(contact_id);
  const auto wait = at ? *at - now_ : std::chrono::milliseconds(0);
  if (wait <= std::chrono::milliseconds(0)) {
    count(hash, std::chrono::milliseconds(0)).planned_by = campaign;
    return;
  }
  if (wait >= farthest) return;
  std::uint32_t& latest = latest_[hash];
  later_.push_back(
      {static_cast<std::int32_t>(std::chrono::floor<std::chrono::seconds>(wait).count()), campaign, latest});
  latest = static_cast<std::uint32_t>(later_.size());
}

RecentContacts::Counts RecentContacts::find(std::uint64_t contact_hash) const {
  const auto found = counts_.find(contact_hash);
  return found == counts_.end() ? Counts{} : found->second;
}

RecentContacts::Counts RecentContacts::find(std::uint64_t contact_hash, WallTime at) const {
  Counts counts = find(contact_hash);
  const auto found = latest_.find(contact_hash);
  if (found == latest_.end()) return counts;
  const auto leaves = std::chrono::floor<std::chrono::seconds>(at - now_).count();
  for (std::uint32_t place = found->second; place != 0; place = later_[place - 1].next) {
    const Later& planned = later_[place - 1];
    const auto apart = std::abs(planned.seconds - leaves);
    if (apart >= 7 * day_seconds) continue;
    add_to(counts, static_cast<std::int32_t>(apart));
    counts.planned_by = planned.campaign;
  }
  return counts;
}

}  // namespace clarion
