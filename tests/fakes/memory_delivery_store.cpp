#include "fakes/memory_delivery_store.h"

#include <algorithm>
#include <tuple>

namespace clarion::testing {
namespace {

Result<MemoryCampaign*> get_campaign(MemoryLedger& ledger, CampaignNumber number) {
  MemoryCampaign* campaign = ledger.find(number);
  if (campaign == nullptr) return fail(ErrorKind::NotFound, "there is no such campaign");
  return campaign;
}

Result<MemoryCampaign*> get_fenced(MemoryLedger& ledger, CampaignNumber number, Fence fence) {
  auto campaign = get_campaign(ledger, number);
  if (campaign && (*campaign)->fence != static_cast<std::int64_t>(fence)) {
    return fail(ErrorKind::Conflict, "another process has taken over this campaign; this one must stop sending it");
  }
  return campaign;
}

bool is_valid(const PlannedDelivery& row) {
  if (row.state == DeliveryState::Waiting) return row.channel.has_value();
  return row.state == DeliveryState::Skipped || row.state == DeliveryState::Failed;
}

bool is_end_of_attempt(DeliveryState state) {
  return state != DeliveryState::Sending && state != DeliveryState::Delivered;
}

std::vector<DeliveryEvent> events_of(DeliveryId id, const MemoryRow& row) {
  std::vector<DeliveryEvent> events;
  for (const auto& [key, detail] : row.events) events.push_back({id, key.second, key.first, detail});
  return events;
}

Delivery as_delivery(const MemoryCampaign& campaign, std::size_t position, bool with_events) {
  const MemoryRow& row = campaign.rows[position];
  const DeliveryId id = make_delivery_id(campaign.campaign.number, static_cast<std::uint32_t>(position));
  return Delivery{.id = id,
                  .campaign_id = campaign.campaign.definition.id,
                  .contact_id = row.plan.contact_id,
                  .channel = row.plan.channel,
                  .state = row.state,
                  .reason = row.reason,
                  .destination = row.plan.destination,
                  .parts = row.parts,
                  .attempts = row.attempts,
                  .cost = row.actual_cost.value_or(row.plan.estimated_cost),
                  .provider_id = row.provider_id,
                  .why = row.plan.why,
                  .payload = row.plan.payload,
                  .due_at = row.due_at,
                  .sent_at = row.sent_at,
                  .updated_at = row.updated_at,
                  .events = with_events ? events_of(id, row) : std::vector<DeliveryEvent>()};
}

bool fits(const MemoryRow& row, const DeliveryQuery& query) {
  if (query.state) {
    const bool is_taken = query.state == DeliveryState::Accepted && row.state == DeliveryState::Delivered;
    if (row.state != *query.state && !is_taken) return false;
  }
  if (query.channel && row.plan.channel != query.channel) return false;
  if (!query.contact_id.empty() && row.plan.contact_id != query.contact_id) return false;
  return query.reason.empty() || row.reason == query.reason;
}

}  // namespace

Task<Result<void>> MemoryDeliveryStore::append_plan(CampaignNumber number, std::vector<PlannedDelivery> rows) {
  co_await yield_once();
  const auto campaign = get_campaign(ledger_, number);
  if (!campaign) co_return std::unexpected(campaign.error());
  if ((*campaign)->campaign.is_planned) co_return fail(ErrorKind::Conflict, "the plan is complete already");
  if (!std::ranges::all_of(rows, is_valid)) {
    co_return fail(ErrorKind::Invalid, "a planned delivery is waiting with a channel, skipped or failed");
  }
  for (PlannedDelivery& plan : rows) {
    MemoryRow row;
    row.state = plan.state;
    row.reason = plan.state == DeliveryState::Waiting ? "" : plan.reason;
    row.parts = plan.parts;
    row.due_at = plan.state == DeliveryState::Waiting ? plan.due_at : std::nullopt;
    row.updated_at = (*campaign)->campaign.created_at;
    row.plan = std::move(plan);
    (*campaign)->rows.push_back(std::move(row));
  }
  co_return Result<void>{};
}

Task<Result<void>> MemoryDeliveryStore::complete_plan(CampaignNumber number, Money estimated_cost) {
  co_await yield_once();
  const auto campaign = get_campaign(ledger_, number);
  if (!campaign) co_return std::unexpected(campaign.error());
  if ((*campaign)->campaign.is_planned) co_return fail(ErrorKind::Conflict, "the plan is complete already");
  (*campaign)->campaign.is_planned = true;
  (*campaign)->campaign.estimated_cost = estimated_cost;
  co_return Result<void>{};
}

Task<Result<Fence>> MemoryDeliveryStore::take_fence(CampaignNumber number, WallTime now) {
  co_await yield_once();
  const auto campaign = get_campaign(ledger_, number);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (!(*campaign)->campaign.is_planned) (*campaign)->rows.clear();
  for (MemoryRow& row : (*campaign)->rows) {
    if (row.state == DeliveryState::Sending) abandon_attempt(row, now);
  }
  co_return Fence{++(*campaign)->fence};
}

Task<Result<ClaimReply>> MemoryDeliveryStore::claim(ClaimRequest request) {
  co_await yield_once();
  const auto campaign = get_fenced(ledger_, request.campaign, request.fence);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (!(*campaign)->campaign.is_planned) {
    co_return fail(ErrorKind::Conflict, "the plan is not complete; nothing is sent before");
  }
  ClaimReply reply;
  std::uint32_t position = 0;
  for (MemoryRow& row : (*campaign)->rows) {
    if (reply.claimed.size() >= request.limit) break;
    const DeliveryId id = make_delivery_id(request.campaign, position++);
    if (row.state != DeliveryState::Waiting || row.plan.channel != request.channel) continue;
    if (row.due_at && *row.due_at > request.now) {
      reply.next_due_at = std::min(reply.next_due_at.value_or(*row.due_at), *row.due_at);
      continue;
    }
    row.state = DeliveryState::Sending;
    row.reason.clear();
    row.due_at.reset();
    row.updated_at = std::max(row.updated_at, request.now);
    reply.claimed.push_back({AttemptId{id, ++row.attempts}, row.plan.contact_id, row.plan.destination, row.plan.parts,
                             row.plan.estimated_cost, row.plan.payload});
  }
  if (reply.claimed.size() >= request.limit) reply.next_due_at.reset();
  co_return reply;
}

Task<Result<void>> MemoryDeliveryStore::record(CampaignNumber number, Fence fence, AttemptRecords records) {
  co_await yield_once();
  const auto campaign = get_fenced(ledger_, number, fence);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (!std::ranges::all_of(records, [](const AttemptRecord& one) { return is_end_of_attempt(one.to); })) {
    co_return fail(ErrorKind::Invalid,
                   "an attempt ends in accepted, failed, in_doubt, skipped or waiting; delivered comes by events");
  }
  for (const AttemptRecord& record : records) {
    if (campaign_of(record.attempt.delivery) != number) continue;
    if (MemoryRow* row = ledger_.find(record.attempt.delivery)) apply_record(*row, record);
  }
  co_return Result<void>{};
}

Task<Result<std::vector<EventOutcome>>> MemoryDeliveryStore::apply_events(std::vector<DeliveryEvent> events) {
  co_await yield_once();
  std::vector<EventOutcome> outcomes;
  for (const DeliveryEvent& event : events) {
    MemoryRow* row = ledger_.find(event.delivery);
    outcomes.push_back(row == nullptr ? EventOutcome::Unmatched : apply_event(*row, event));
  }
  co_return outcomes;
}

Task<Result<std::int64_t>> MemoryDeliveryStore::skip_waiting(CampaignNumber number, Fence fence, std::string reason,
                                                             WallTime at) {
  co_await yield_once();
  const auto campaign = get_fenced(ledger_, number, fence);
  if (!campaign) co_return std::unexpected(campaign.error());
  std::int64_t skipped = 0;
  for (MemoryRow& row : (*campaign)->rows) {
    if (row.state != DeliveryState::Waiting) continue;
    row.state = DeliveryState::Skipped;
    row.reason = reason;
    row.due_at.reset();
    row.updated_at = std::max(row.updated_at, at);
    ++skipped;
  }
  co_return skipped;
}

Task<Result<Delivery>> MemoryDeliveryStore::find(DeliveryId id) {
  co_await yield_once();
  const MemoryRow* row = ledger_.find(id);
  if (row == nullptr) co_return fail(ErrorKind::NotFound, "there is no delivery '" + to_string(id) + "'");
  co_return as_delivery(*ledger_.find(campaign_of(id)), position_of(id), true);
}

Task<Result<std::vector<Delivery>>> MemoryDeliveryStore::list(DeliveryQuery query) {
  co_await yield_once();
  std::vector<Delivery> all;
  for (const auto& [number, campaign] : ledger_.campaigns) {
    if (query.campaign && static_cast<std::uint32_t>(*query.campaign) != number) continue;
    for (std::size_t position = 0; position < campaign.rows.size(); ++position) {
      if (fits(campaign.rows[position], query)) all.push_back(as_delivery(campaign, position, query.with_events));
    }
  }
  if (!query.campaign) std::ranges::reverse(all);
  std::vector<Delivery> page;
  for (Delivery& one : all) {
    const bool is_after = !query.after || (query.campaign ? one.id > *query.after : one.id < *query.after);
    if (is_after && page.size() < query.limit) page.push_back(std::move(one));
  }
  co_return page;
}

Task<Result<void>> MemoryDeliveryStore::visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) {
  co_await yield_once();
  for (const auto& [number, campaign] : ledger_.campaigns) {
    for (const MemoryRow& row : campaign.rows) {
      if (row.sent_at && *row.sent_at >= since && row.plan.channel) {
        visit(RecentContact{row.plan.contact_id, *row.plan.channel, *row.sent_at});
      }
    }
  }
  co_return Result<void>{};
}

Task<Result<std::vector<DeliveryLog::ReasonCount>>> MemoryDeliveryStore::count_reasons(CampaignNumber number) {
  co_await yield_once();
  const auto campaign = get_campaign(ledger_, number);
  if (!campaign) co_return std::unexpected(campaign.error());
  std::map<std::tuple<DeliveryState, std::size_t, std::string>, std::int64_t> groups;
  for (const MemoryRow& row : (*campaign)->rows) {
    if (row.state != DeliveryState::Failed && row.state != DeliveryState::Skipped &&
        row.state != DeliveryState::InDoubt) {
      continue;
    }
    ++groups[{row.state, row.plan.channel ? index_of(*row.plan.channel) : channel_count, row.reason}];
  }
  std::vector<ReasonCount> counts;
  for (const auto& [key, count] : groups) {
    const auto& [state, channel, reason] = key;
    const auto named = channel < channel_count ? std::optional(all_channels[channel]) : std::nullopt;
    counts.push_back({state, named, reason, count});
  }
  co_return counts;
}

}  // namespace clarion::testing
