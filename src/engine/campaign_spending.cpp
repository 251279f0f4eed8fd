#include "engine/campaign_spending.h"

#include <algorithm>
#include <utility>

namespace clarion {

Task<Result<Budget>> opening_budget(CampaignStore& campaigns, Campaign campaign, bool is_shared) {
  const auto& cap = campaign.definition.budget;
  if (cap && is_shared) co_return Budget::shared(*cap);
  Money spent = campaign.actual_cost;
  if (cap) {
    // What is in doubt may be on the bill: each at the mean planned price, rounded up.
    const auto counts = co_await campaigns.counts(campaign.number);
    if (!counts) co_return std::unexpected(counts.error());
    const StateCounts total = counts->total();
    const std::int64_t sendable = std::max<std::int64_t>(1, total.planned - total.skipped);
    spent.micros += (campaign.estimated_cost.micros * total.in_doubt + sendable - 1) / sendable;
  }
  co_return Budget(cap, spent);
}

Task<Result<Money>> money_committed(CampaignStore& campaigns, DeliveryLog& log, Campaign campaign) {
  const auto now = co_await campaigns.find(campaign.definition.id);
  if (!now) co_return std::unexpected(now.error());
  Money sum = now->actual_cost;
  for (const DeliveryState state : {DeliveryState::InDoubt, DeliveryState::Sending}) {
    DeliveryQuery query;
    query.campaign = campaign.number;
    query.state = state;
    query.limit = 500;
    for (;;) {
      const auto page = co_await log.list(query);
      if (!page) co_return std::unexpected(page.error());
      for (const Delivery& delivery : *page) {
        sum += delivery.cost;
        query.after = delivery.id;
      }
      if (page->size() < query.limit) break;
    }
  }
  co_return sum;
}

}  // namespace clarion
