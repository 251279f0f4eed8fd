#include "fakes/memory_response_log.h"

#include <set>

namespace clarion::testing {

Task<Result<PerChannel<ChannelResponse>>> MemoryResponseLog::responses(CampaignNumber number) {
  co_await yield_once();
  const MemoryCampaign* campaign = ledger_.find(number);
  if (campaign == nullptr) co_return fail(ErrorKind::NotFound, "there is no such campaign");
  PerChannel<ChannelResponse> responses;
  for (const MemoryRow& row : campaign->rows) {
    if (!row.plan.channel) continue;
    ChannelResponse& response = responses[*row.plan.channel];
    if (campaign->campaign.is_planned) response.estimated_cost += row.plan.estimated_cost;
    if (row.actual_cost) response.actual_cost += *row.actual_cost;
    std::set<DeliveryEventKind> kinds;
    for (const auto& event : row.events) kinds.insert(event.first.second);
    for (const DeliveryEventKind kind : kinds) ++response.deliveries[static_cast<std::size_t>(kind)];
  }
  co_return responses;
}

}  // namespace clarion::testing
