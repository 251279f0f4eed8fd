#include "engine/recording_suppression_store.h"

#include <algorithm>
#include <string>
#include <utility>

namespace clarion {

Task<Result<void>> RecordingSuppressionStore::add(std::vector<Suppression> suppressions) {
  std::vector<ConsentEntry> entries;
  entries.reserve(suppressions.size());
  const WallTime now = deps_.clock.wall_now();
  for (const Suppression& one : suppressions) {
    entries.push_back(entry_of(one, now));
  }
  auto added = co_await deps_.inner.add(suppressions);
  if (!added || entries.empty()) co_return added;
  if (auto recorded = co_await deps_.log.append(std::move(entries)); !recorded) co_return recorded;
  // Again, for a START that is being applied: it may have read the log before this entry was there, and taken away the
  // row that was there before this one. From now on it sees the entry (EventApplier::lift).
  co_return co_await deps_.inner.add(std::move(suppressions));
}

Task<Result<bool>> RecordingSuppressionStore::remove(Release release) {
  std::vector<std::string> addresses;
  addresses.push_back(release.address);
  const auto suppressed = co_await deps_.inner.find(release.channel, std::move(addresses));
  if (!suppressed) co_return std::unexpected(suppressed.error());
  if (suppressed->empty()) co_return co_await deps_.inner.remove(std::move(release));
  const WallTime now = deps_.clock.wall_now();
  std::vector<ConsentEntry> entries;
  entries.push_back({.subject = address_subject(suppressed->front().address),
                     .channel = release.channel,
                     .event = ConsentEvent::Released,
                     .reason = release.reason,
                     .source = release.source,
                     .at = release.at.value_or(now),
                     .recorded_at = now});
  if (auto recorded = co_await deps_.log.append(std::move(entries)); !recorded) {
    co_return std::unexpected(std::move(recorded.error()));
  }
  co_return co_await deps_.inner.remove(std::move(release));
}

}  // namespace clarion
