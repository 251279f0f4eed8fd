#pragma once
// What a campaign has cost and may yet have cost, by the ledger alone: whoever spent it, and whether or not it lives.

#include "engine/budget.h"
#include "ports/campaign_store.h"
#include "ports/delivery_store.h"

namespace clarion {

// The budget with which a campaign is taken up: what is in doubt may be on the bill, each at the mean planned price,
// rounded up. Of a shared one nothing is granted yet (shared_budget.h).
[[nodiscard]] Task<Result<Budget>> opening_budget(CampaignStore& campaigns, Campaign campaign, bool is_shared);
// The cost of what was accepted, and the planned cost of what is in doubt or being sent.
[[nodiscard]] Task<Result<Money>> money_committed(CampaignStore& campaigns, DeliveryLog& log, Campaign campaign);

}  // namespace clarion
