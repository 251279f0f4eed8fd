#include "store/ledger_row.h"

#include <algorithm>

namespace clarion {
namespace {

constexpr std::int32_t rank_failed = 2;
constexpr std::int32_t rank_bounced = 3;

void settle_by_rank(LedgerRow& row) {
  // While an attempt is under way its record still has to bring provider id and cost.
  if (row.event_rank == 0 || row.state == DeliveryState::Sending) return;
  const bool is_failure = row.event_rank == rank_failed || row.event_rank == rank_bounced;
  row.state = is_failure ? DeliveryState::Failed : DeliveryState::Delivered;
  row.new_reason = !is_failure ? "" : row.event_rank == rank_bounced ? "bounced" : "not_delivered";
  row.due_at.reset();
}

bool is_said_by_a_person(DeliveryEventKind kind) {
  return kind == DeliveryEventKind::SettledArrived || kind == DeliveryEventKind::SettledNotArrived;
}

}  // namespace

std::int32_t rank_of(DeliveryEventKind kind) {
  switch (kind) {
    case DeliveryEventKind::Delivered: return 1;
    case DeliveryEventKind::Failed: return rank_failed;
    case DeliveryEventKind::Bounced: return rank_bounced;
    case DeliveryEventKind::Opened:
    case DeliveryEventKind::Clicked:
    case DeliveryEventKind::Replied: return 4;
    case DeliveryEventKind::Complained:
    case DeliveryEventKind::OptedOut:
    case DeliveryEventKind::SettledArrived:
    case DeliveryEventKind::SettledNotArrived: return 0;
  }
  return 0;
}

bool end_attempt(LedgerRow& row, const AttemptRecord& record) {
  const bool is_open = row.state == DeliveryState::Sending || row.state == DeliveryState::InDoubt;
  if (!is_open || row.attempts != record.attempt.attempt) return false;
  row.state = record.to;
  row.updated_at = std::max(row.updated_at, record.at);
  row.due_at.reset();
  row.sent_at.reset();
  row.new_reason = record.reason;
  switch (record.to) {
    case DeliveryState::Accepted:
      row.new_reason = "";
      row.parts = record.parts;
      row.actual_cost = record.cost;
      row.sent_at = record.at;
      break;
    case DeliveryState::InDoubt: row.sent_at = record.at; break;
    case DeliveryState::Waiting:
      row.due_at = record.due_at;
      if (!record.was_attempted) --row.attempts;
      break;
    case DeliveryState::Skipped:
      if (!record.was_attempted) --row.attempts;
      break;
    default: break;
  }
  if (row.event_rank > 0) row.sent_at = record.at;
  settle_by_rank(row);
  return true;
}

void add_event(LedgerRow& row, DeliveryEventKind kind, WallTime at) {
  if (is_said_by_a_person(kind)) {
    // No rank, so that a carrier's event still decides. What is not in doubt needs nobody's word.
    if (row.state != DeliveryState::InDoubt) return;
    const bool has_arrived = kind == DeliveryEventKind::SettledArrived;
    row.state = has_arrived ? DeliveryState::Accepted : DeliveryState::Failed;
    row.new_reason = has_arrived ? "" : "settled_not_arrived";
    row.updated_at = std::max(row.updated_at, at);
    return;
  }
  row.event_rank = std::max(row.event_rank, rank_of(kind));
  // Any event is a sign that a carrier took it; where no record said so, it was handed over when we last wrote.
  if (row.state != DeliveryState::Sending && !row.sent_at) row.sent_at = row.updated_at;
  row.updated_at = std::max(row.updated_at, at);
  settle_by_rank(row);
}

void abandon_attempt(LedgerRow& row, WallTime now) {
  row.state = DeliveryState::InDoubt;
  row.new_reason = "process ended while sending";
  row.sent_at = row.updated_at;
  row.updated_at = std::max(row.updated_at, now);
  settle_by_rank(row);
}

}  // namespace clarion
