#include "engine/event_metrics.h"

#include <algorithm>

namespace clarion {
namespace {

void keep_latest(std::optional<WallTime>& kept, WallTime time) {
  kept = std::max(kept.value_or(time), time);
}

}  // namespace

std::string_view to_string(SourceStatus status) {
  switch (status) {
    case SourceStatus::Off: return "off";
    case SourceStatus::Receiving: return "receiving";
    case SourceStatus::Failing: return "failing";
  }
  return {};
}

ChannelEvents& ChannelEvents::operator+=(const ChannelEvents& other) {
  if (other.last_event_at) keep_latest(last_event_at, *other.last_event_at);
  for (std::size_t i = 0; i < by_kind.size(); ++i) by_kind.at(i) += other.by_kind.at(i);
  return *this;
}

void EventMetrics::on_started() {
  const std::lock_guard guard(mutex_);
  counts_.status = SourceStatus::Receiving;
}

void EventMetrics::on_applied(const EventBatch& batch, std::span<const EventOutcome> outcomes, std::size_t lifted,
                              WallTime now) {
  const std::lock_guard guard(mutex_);
  counts_.status = SourceStatus::Receiving;
  if (batch.received() > 0) counts_.last_received_at = now;
  counts_.received += batch.received();
  counts_.applied += lifted;
  counts_.informative += batch.informative + batch.opt_ins.size() - lifted;
  for (const OptIn& one : batch.opt_ins) keep_latest(counts_.last_event_at, one.at);
  counts_.malformed += batch.malformed;
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    const CarrierEvent& event = batch.events[i];
    keep_latest(counts_.last_event_at, event.at);
    switch (outcomes[i]) {
      case EventOutcome::Known: ++counts_.duplicates; break;
      case EventOutcome::Unmatched: ++counts_.unmatched; break;
      case EventOutcome::Added: {
        ++counts_.applied;
        ChannelEvents& channel = counts_.by_channel[event.channel];
        keep_latest(channel.last_event_at, event.at);
        ++channel.by_kind.at(static_cast<std::size_t>(event.kind));
        break;
      }
    }
  }
}

void EventMetrics::on_failed(std::string_view error, WallTime now) {
  const std::lock_guard guard(mutex_);
  counts_.status = SourceStatus::Failing;
  counts_.last_error = error;
  counts_.last_error_at = now;
}

EventCounts EventMetrics::counts() const {
  const std::lock_guard guard(mutex_);
  return counts_;
}

}  // namespace clarion
