#include "engine/send_metrics.h"

#include <algorithm>
#include <numeric>

namespace clarion {

std::uint64_t SendCounts::answer_count() const {
  return std::accumulate(answers.begin(), answers.end(), std::uint64_t{0});
}

PerChannel<SendCounts> count_ends(std::span<const AttemptRecord> records) {
  PerChannel<SendCounts> ends;
  for (const AttemptRecord& record : records) {
    SendCounts& counts = ends[record.channel];
    switch (record.to) {
      case DeliveryState::Accepted: ++counts.accepted; break;
      case DeliveryState::Failed: ++counts.failed; break;
      case DeliveryState::Skipped: ++counts.skipped; break;
      case DeliveryState::InDoubt: ++counts.in_doubt; break;
      case DeliveryState::Waiting:
      case DeliveryState::Sending:
      case DeliveryState::Delivered: break;
    }
  }
  return ends;
}

void SendMetrics::on_recorded(const PerChannel<SendCounts>& ends) {
  const std::lock_guard guard(mutex_);
  for (const Channel channel : all_channels) {
    SendCounts& counts = counts_[channel];
    counts.accepted += ends[channel].accepted;
    counts.failed += ends[channel].failed;
    counts.skipped += ends[channel].skipped;
    counts.in_doubt += ends[channel].in_doubt;
  }
}

void SendMetrics::on_answer(Channel channel, const SendOutcome& outcome, Duration took) {
  // Nobody was asked, so nobody has answered.
  if (!outcome && action_for(outcome.error().failure) == FailureAction::WaitForTurn) return;
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = std::ranges::lower_bound(latency_bounds, seconds) - latency_bounds.begin();
  const std::lock_guard guard(mutex_);
  SendCounts& counts = counts_[channel];
  if (!outcome && outcome.error().failure == FailureClass::Throttled) ++counts.throttled;
  ++counts.answers.at(static_cast<std::size_t>(bucket));
  counts.answer_seconds += seconds;

  Sample& sample = samples_[channel];
  ++sample.seen;
  if (sample.kept.size() < latency_samples) {
    sample.kept.push_back(seconds * 1000);
  } else if (const auto place = random_.below(sample.seen); place < latency_samples) {
    sample.kept[place] = seconds * 1000;
  }
}

PerChannel<SendCounts> SendMetrics::counts() const {
  const std::lock_guard guard(mutex_);
  return counts_;
}

PerChannel<std::vector<double>> SendMetrics::take_latencies() {
  const std::lock_guard guard(mutex_);
  PerChannel<std::vector<double>> taken;
  for (const Channel channel : all_channels) {
    taken[channel] = std::move(samples_[channel].kept);
    samples_[channel] = {};
  }
  return taken;
}

}  // namespace clarion
