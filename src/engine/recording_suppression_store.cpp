#include "engine/recording_suppression_store.h"

#include <string>
#include <utility>

namespace clarion {

Task<Result<void>> RecordingSuppressionStore::add(std::vector<Suppression> suppressions) {
  std::vector<ConsentEntry> entries;
  entries.reserve(suppressions.size());
  const WallTime now = deps_.clock.wall_now();
  for (const Suppression& one : suppressions) {
    entries.push_back({.subject = address_subject(one.address),
                       .channel = one.channel,
                       .event = ConsentEvent::Suppressed,
                       .reason = one.reason,
                       .source = one.source,
                       .at = one.at,
                       .recorded_at = now});
  }
  auto added = co_await deps_.inner.add(std::move(suppressions));
  if (!added || entries.empty()) co_return added;
  co_return co_await deps_.log.append(std::move(entries));
}

Task<Result<bool>> RecordingSuppressionStore::remove(Channel channel, std::string address) {
  const std::string subject = address_subject(address);
  auto removed = co_await deps_.inner.remove(channel, std::move(address));
  if (!removed || !*removed) co_return removed;
  const WallTime now = deps_.clock.wall_now();
  std::vector<ConsentEntry> entries;
  entries.push_back({.subject = subject,
                     .channel = channel,
                     .event = ConsentEvent::Released,
                     .reason = "",
                     .source = "operator",
                     .at = now,
                     .recorded_at = now});
  if (auto recorded = co_await deps_.log.append(std::move(entries)); !recorded) {
    co_return std::unexpected(std::move(recorded.error()));
  }
  co_return true;
}

}  // namespace clarion
