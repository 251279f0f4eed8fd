#include "fakes/memory_contact_log.h"

#include <algorithm>

namespace clarion::testing {
namespace {

bool has_event(const MemoryRow& row, std::initializer_list<DeliveryEventKind> kinds) {
  return std::ranges::any_of(
      row.events, [kinds](const auto& event) { return std::ranges::find(kinds, event.first.second) != kinds.end(); });
}

}  // namespace

Task<Result<void>> MemoryContactLog::visit_pending(std::function<void(const PendingContact&)> visit) {
  co_await yield_once();
  for (const auto& [number, one] : ledger_.campaigns) {
    const Campaign& campaign = one.campaign;
    const bool may_send = campaign.status == CampaignStatus::Scheduled || campaign.status == CampaignStatus::Running ||
                          campaign.status == CampaignStatus::Paused;
    if (!may_send || !campaign.is_planned) continue;
    for (const MemoryRow& row : one.rows) {
      if (row.state != DeliveryState::Waiting && row.state != DeliveryState::Sending) continue;
      visit({.contact_id = row.plan.contact_id,
             .channel = *row.plan.channel,
             .campaign_id = campaign.definition.id,
             .due_at = row.due_at ? row.due_at : campaign.definition.start_at});
    }
  }
  co_return Result<void>();
}

Task<Result<void>> MemoryContactLog::visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) {
  co_await yield_once();
  for (const auto& [number, one] : ledger_.campaigns) {
    for (const MemoryRow& row : one.rows) {
      const bool was_taken = row.state == DeliveryState::Accepted || row.state == DeliveryState::Delivered;
      if (!was_taken || !row.sent_at || *row.sent_at < since) continue;
      visit({.contact_id = row.plan.contact_id,
             .channel = *row.plan.channel,
             .sent_at = *row.sent_at,
             .was_opened = has_event(row, {DeliveryEventKind::Opened}),
             .was_answered = has_event(row, {DeliveryEventKind::Clicked, DeliveryEventKind::Replied}),
             .was_unwelcome = has_event(row, {DeliveryEventKind::Complained, DeliveryEventKind::OptedOut})});
    }
  }
  co_return Result<void>();
}

}  // namespace clarion::testing
