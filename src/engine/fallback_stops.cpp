#include "engine/fallback_stops.h"

#include <algorithm>
#include <map>
#include <utility>

namespace clarion {

bool is_stopped(Channel channel, std::span<const ConsentEntry> entries) {
  std::optional<WallTime> released;
  for (const ConsentEntry& entry : entries) {
    if (entry.channel == channel && entry.event == ConsentEvent::Released) {
      released = std::max(released, entry.recorded_at);
    }
  }
  return std::ranges::any_of(entries, [&](const ConsentEntry& entry) {
    return entry.channel == channel && entry.event == ConsentEvent::Suppressed && entry.reason != "hard_bounce" &&
           (!released || entry.recorded_at >= released);
  });
}

Task<Result<std::set<std::string>>> find_stopped(SuppressionStore& suppressions, ConsentLog& consents, Channel channel,
                                                 std::vector<std::string> addresses) {
  std::set<std::string> stopped;
  auto listed = co_await suppressions.find(channel, std::move(addresses));
  if (!listed) co_return std::unexpected(listed.error());
  std::erase_if(*listed, [](const Suppression& one) { return one.reason != "hard_bounce"; });
  if (listed->empty()) co_return stopped;
  std::vector<std::string> subjects;
  for (const Suppression& one : *listed) subjects.push_back(address_subject(one.address));
  auto entries = co_await consents.list(std::move(subjects));
  if (!entries) co_return std::unexpected(entries.error());
  std::map<std::string, std::vector<ConsentEntry>> by_subject;
  for (ConsentEntry& entry : *entries) {
    std::string subject = entry.subject;
    by_subject[std::move(subject)].push_back(std::move(entry));
  }
  for (const Suppression& one : *listed) {
    if (is_stopped(channel, by_subject[address_subject(one.address)])) stopped.insert(one.address);
  }
  co_return stopped;
}

}  // namespace clarion
