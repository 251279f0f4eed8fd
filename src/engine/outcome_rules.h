#pragma once
// OutcomeRules: what the ledger records about one attempt, from what the carrier answered. Pure.
//
// The table action_for (domain/send_outcome.h) decides between retry, fail, doubt and stopping the channel; here are
// the times and the limits. A throttle is never an outcome, and neither is a carrier that cannot be reached: they use
// up no attempt.

#include "base/clock.h"
#include "base/hash.h"
#include "domain/backoff.h"
#include "domain/campaign.h"
#include "domain/send_outcome.h"
#include "ports/delivery_store.h"

namespace clarion {

struct OutcomeRules {
  BackoffPolicy backoff;
  OnUnknown on_unknown = OnUnknown::Hold;
  std::int32_t stop_after_refusals = 25;  // RefusalStreak
};

// The record that ends this attempt; the carrier's id moves into it out of `outcome`. A carrier that names no cost is
// taken at the planned one. `unreachable_for` is how long the carrier has not been reached: the next try waits about as
// long again, from 1 to 30 s.
[[nodiscard]] AttemptRecord record_of(const OutcomeRules& rules, Channel channel, const ClaimedDelivery& claimed,
                                      SendOutcome& outcome, WallTime now, SeededRandom& random,
                                      Duration unreachable_for = Duration::zero());
// The record of a message that could not be made; nothing was sent.
[[nodiscard]] AttemptRecord unsendable(Channel channel, const ClaimedDelivery& claimed, std::string reason,
                                       WallTime now);
// The record of a message that must not be sent any more; `reason` is the code of a Rule.
[[nodiscard]] AttemptRecord skipped(Channel channel, const ClaimedDelivery& claimed, std::string_view reason,
                                    WallTime now);
// The record that undoes a claim: nothing was sent, the row waits as before.
[[nodiscard]] AttemptRecord released(Channel channel, const ClaimedDelivery& claimed, WallTime now);

}  // namespace clarion
