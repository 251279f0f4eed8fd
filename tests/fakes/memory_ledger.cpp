#include "fakes/memory_ledger.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace clarion::testing {
namespace {

// What the strongest event says outweighs what we thought, except while an attempt is under way: its record brings
// provider id and cost.
void settle_by_rank(MemoryRow& row) {
  if (row.event_rank == 0 || row.state == DeliveryState::Sending) return;
  if (row.event_rank == 2 || row.event_rank == 3) {
    row.state = DeliveryState::Failed;
    row.reason = row.event_rank == 2 ? "not_delivered" : "bounced";
  } else {
    row.state = DeliveryState::Delivered;
    row.reason.clear();
  }
  row.due_at.reset();
  if (!row.actual_cost) row.actual_cost = row.plan.estimated_cost;
}

}  // namespace

MemoryCampaign* MemoryLedger::find(CampaignNumber number) {
  const auto found = campaigns.find(static_cast<std::uint32_t>(number));
  return found == campaigns.end() ? nullptr : &found->second;
}

MemoryRow* MemoryLedger::find(DeliveryId id) {
  MemoryCampaign* campaign = find(campaign_of(id));
  if (campaign == nullptr || position_of(id) >= campaign->rows.size()) return nullptr;
  return &campaign->rows[position_of(id)];
}

StateCounts count_rows(const MemoryCampaign& campaign, std::optional<Channel> channel) {
  StateCounts counts;
  for (const MemoryRow& row : campaign.rows) {
    if (row.plan.channel != channel) continue;
    ++counts.planned;
    switch (row.state) {
      case DeliveryState::Waiting: ++counts.waiting; break;
      case DeliveryState::Sending: ++counts.sending; break;
      case DeliveryState::Accepted: ++counts.accepted; break;
      case DeliveryState::Delivered:
        ++counts.accepted;
        ++counts.delivered;
        break;
      case DeliveryState::Failed: ++counts.failed; break;
      case DeliveryState::Skipped: ++counts.skipped; break;
      case DeliveryState::InDoubt: ++counts.in_doubt; break;
    }
  }
  return counts;
}

Money actual_cost_of(const MemoryCampaign& campaign) {
  Money sum;
  for (const MemoryRow& row : campaign.rows) sum += row.actual_cost.value_or(Money{});
  return sum;
}

std::int32_t rank_of(DeliveryEventKind kind) {
  switch (kind) {
    case DeliveryEventKind::Delivered: return 1;
    case DeliveryEventKind::Failed: return 2;
    case DeliveryEventKind::Bounced: return 3;
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

void apply_record(MemoryRow& row, const AttemptRecord& record) {
  const bool is_open = row.state == DeliveryState::Sending || row.state == DeliveryState::InDoubt;
  if (!is_open || row.attempts != record.attempt.attempt) return;
  row.state = record.to;
  row.reason = record.to == DeliveryState::Accepted ? "" : record.reason;
  row.due_at = record.to == DeliveryState::Waiting ? record.due_at : std::nullopt;
  row.updated_at = std::max(row.updated_at, record.at);
  row.sent_at.reset();
  if (!record.provider_id.empty()) row.provider_id = record.provider_id;
  if (record.to == DeliveryState::Accepted) {
    row.parts = record.parts;
    row.actual_cost = record.cost;
  }
  if (record.to == DeliveryState::Accepted || record.to == DeliveryState::InDoubt) row.sent_at = record.at;
  const bool may_be_unsent = record.to == DeliveryState::Waiting || record.to == DeliveryState::Skipped;
  if (may_be_unsent && !record.was_attempted) --row.attempts;
  if (row.event_rank > 0) row.sent_at = record.at;
  settle_by_rank(row);
}

EventOutcome apply_event(MemoryRow& row, const DeliveryEvent& event) {
  if (row.attempts < 1) return EventOutcome::Unmatched;
  if (!row.events.try_emplace({event.at, event.kind}, event.detail).second) return EventOutcome::Known;
  if (event.kind == DeliveryEventKind::SettledArrived || event.kind == DeliveryEventKind::SettledNotArrived) {
    if (row.state != DeliveryState::InDoubt) return EventOutcome::Added;
    const bool has_arrived = event.kind == DeliveryEventKind::SettledArrived;
    row.state = has_arrived ? DeliveryState::Accepted : DeliveryState::Failed;
    row.reason = has_arrived ? "" : "settled_not_arrived";
    if (has_arrived) row.actual_cost = row.plan.estimated_cost;
    row.updated_at = std::max(row.updated_at, event.at);
    return EventOutcome::Added;
  }
  row.event_rank = std::max(row.event_rank, rank_of(event.kind));
  if (row.state != DeliveryState::Sending && !row.sent_at) row.sent_at = row.updated_at;
  row.updated_at = std::max(row.updated_at, event.at);
  settle_by_rank(row);
  return EventOutcome::Added;
}

void abandon_attempt(MemoryRow& row, WallTime now) {
  row.state = DeliveryState::InDoubt;
  row.reason = "process ended while sending";
  row.sent_at = row.updated_at;
  row.updated_at = std::max(row.updated_at, now);
  settle_by_rank(row);
}

Task<void> yield_once() {
  co_await asio::post(asio::use_awaitable);
}

}  // namespace clarion::testing
