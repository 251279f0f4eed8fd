#include "engine/outcome_rules.h"

#include <algorithm>
#include <chrono>

namespace clarion {
namespace {

AttemptRecord record_for(Channel channel, const ClaimedDelivery& claimed, WallTime now) {
  AttemptRecord record;
  record.attempt = claimed.attempt;
  record.channel = channel;
  record.at = now;
  return record;
}

void retry(const OutcomeRules& rules, const ClaimedDelivery& claimed, const SendFailure& failure, WallTime now,
           SeededRandom& random, AttemptRecord& record) {
  // A throttle says something about the rate, not about this message: it must never use up the message's attempts.
  record.was_attempted = failure.failure != FailureClass::Throttled;
  const std::int32_t attempt = record.was_attempted ? claimed.attempt.attempt : 1;
  if (record.was_attempted && attempt >= rules.backoff.max_attempts) {
    // What may have been accepted must not be reported as failed.
    record.to = failure.failure == FailureClass::Ambiguous ? DeliveryState::InDoubt : DeliveryState::Failed;
    record.reason = "retries_exhausted: " + record.reason;
    return;
  }
  record.to = DeliveryState::Waiting;
  record.due_at = now + backoff_after(rules.backoff, attempt, random.uniform(), failure.retry_after);
}

// No byte left us, so the message may wait for as long as it takes: an outage must not fail anybody. Half of the wait
// is drawn, because equal waits make all come back at the same instant.
void wait_for_carrier(WallTime now, Duration unreachable_for, SeededRandom& random, AttemptRecord& record) {
  using namespace std::chrono_literals;
  const auto longest =
      std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(unreachable_for), 1'000ms, 30'000ms);
  record.to = DeliveryState::Waiting;
  record.was_attempted = false;
  record.due_at =
      now + longest / 2 +
      std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(longest.count()) / 2 * random.uniform()));
}

}  // namespace

AttemptRecord record_of(const OutcomeRules& rules, Channel channel, const ClaimedDelivery& claimed,
                        SendOutcome& outcome, WallTime now, SeededRandom& random, Duration unreachable_for) {
  AttemptRecord record = record_for(channel, claimed, now);
  record.parts = claimed.parts;
  if (outcome) {
    record.to = DeliveryState::Accepted;
    record.provider_id = std::move(outcome->provider_id);
    record.parts = outcome->parts;
    record.cost = outcome->cost == Money{} ? claimed.estimated_cost : outcome->cost;
    return record;
  }
  const SendFailure& failure = outcome.error();
  record.reason = to_string(failure.failure);
  switch (action_for(failure.failure)) {
    case FailureAction::WaitForCarrier: wait_for_carrier(now, unreachable_for, random, record); break;
    case FailureAction::WaitForTurn:
      record.to = DeliveryState::Waiting;
      record.was_attempted = false;
      record.due_at = now + failure.retry_after.value_or(std::chrono::seconds(1));
      break;
    case FailureAction::Retry: retry(rules, claimed, failure, now, random, record); break;
    case FailureAction::Fail: record.to = DeliveryState::Failed; break;
    case FailureAction::Doubt:
      record.to = DeliveryState::InDoubt;
      if (rules.on_unknown == OnUnknown::Resend) retry(rules, claimed, failure, now, random, record);
      break;
    case FailureAction::PauseChannel:
      record.to = DeliveryState::Waiting;
      record.was_attempted = false;
      break;
  }
  return record;
}

AttemptRecord unsendable(Channel channel, const ClaimedDelivery& claimed, std::string reason, WallTime now) {
  AttemptRecord record = record_for(channel, claimed, now);
  record.to = DeliveryState::Failed;
  record.reason = std::move(reason);
  return record;
}

AttemptRecord skipped(Channel channel, const ClaimedDelivery& claimed, std::string_view reason, WallTime now) {
  AttemptRecord record = record_for(channel, claimed, now);
  record.to = DeliveryState::Skipped;
  record.reason = reason;
  record.was_attempted = false;
  return record;
}

AttemptRecord released(Channel channel, const ClaimedDelivery& claimed, WallTime now) {
  AttemptRecord record = record_for(channel, claimed, now);
  record.to = DeliveryState::Waiting;
  record.was_attempted = false;
  return record;
}

}  // namespace clarion
