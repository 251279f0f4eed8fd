#pragma once
// LedgerRow: the part of a delivery that changes, and the rules by which it does. Pure; any store can use it.
//
// Rank  1 delivered < 2 failed < 3 bounced < 4 opened, clicked or replied; 0: no event that moves anything. The highest
//       seen decides the state, so the order of arrival cannot. An address that "bounced" after "delivered" did not get
//       it after all (SES reports late bounces so); one who opened it did. What a person says has no rank: it settles
//       what is in doubt, and whatever a carrier says later decides.

#include <cstdint>
#include <optional>
#include <string>

#include "domain/delivery.h"
#include "ports/delivery_store.h"

namespace clarion {

struct LedgerRow {
  DeliveryState state{};
  std::int32_t attempts = 0;
  std::int32_t event_rank = 0;
  std::int32_t parts = 1;
  std::optional<Money> actual_cost;  // once a carrier is known to have taken it
  std::optional<WallTime> due_at;
  std::optional<WallTime> sent_at;  // handed to a carrier: what frequency caps count
  WallTime updated_at{};
  std::optional<std::string> new_reason;  // set when a rule changed it
};

// A plan's row is still to be sent on its channel, or ended before anything was.
[[nodiscard]] inline bool is_plannable(const PlannedDelivery& row) {
  if (row.state == DeliveryState::Waiting) return row.channel.has_value();
  return row.state == DeliveryState::Skipped || row.state == DeliveryState::Failed;
}
// What the record of an attempt may say; that it was delivered is for an event to say.
[[nodiscard]] inline bool is_end_of_attempt(DeliveryState state) {
  return state != DeliveryState::Sending && state != DeliveryState::Delivered;
}
[[nodiscard]] std::int32_t rank_of(DeliveryEventKind kind);

// False, and nothing changes, when the attempt is not the current one or is settled. REQUIRES: record.to is one of the
// forms of AttemptRecord.
[[nodiscard]] bool end_attempt(LedgerRow& row, const AttemptRecord& record);
// Applies an event that has not been seen. REQUIRES: row.attempts > 0.
void add_event(LedgerRow& row, DeliveryEventKind kind, WallTime at);
// Sending -> InDoubt: the process that was sending has ended.
void abandon_attempt(LedgerRow& row, WallTime now);

// A carrier took the message and no record named its cost: the planned one stands for it.
[[nodiscard]] inline bool owes_cost(const LedgerRow& row) {
  const bool is_taken = row.event_rank > 0 || row.state == DeliveryState::Accepted;
  return is_taken && row.state != DeliveryState::Sending && !row.actual_cost;
}

// Counts one delivery in `state` in (+1) or out (-1); `planned` is the caller's.
inline void count_state(StateCounts& counts, DeliveryState state, std::int64_t change) {
  switch (state) {
    case DeliveryState::Waiting: counts.waiting += change; break;
    case DeliveryState::Sending: counts.sending += change; break;
    case DeliveryState::Delivered: counts.delivered += change; [[fallthrough]];
    case DeliveryState::Accepted: counts.accepted += change; break;
    case DeliveryState::Failed: counts.failed += change; break;
    case DeliveryState::Skipped: counts.skipped += change; break;
    case DeliveryState::InDoubt: counts.in_doubt += change; break;
  }
}

}  // namespace clarion
