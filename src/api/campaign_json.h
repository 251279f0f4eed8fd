#pragma once
// Campaigns and counts as JSON: the document of GET /api/campaigns/{id} and the "results" of send-campaign.

#include <boost/json.hpp>

#include "domain/campaign.h"
#include "engine/campaign_engine.h"

namespace clarion {

// {"planned", "waiting", "sending", "accepted", "delivered", "failed", "skipped", "in_doubt"}.
[[nodiscard]] boost::json::object counts_to_json(const StateCounts& counts);
// The whole document; planned = waiting + sending + accepted + failed + skipped + in_doubt in every one of its counts.
[[nodiscard]] boost::json::object campaign_to_json(const CampaignProgress& progress);
// {"total_sent", "total_failed", ..., "by_channel"}: the names of the send-campaign contract.
[[nodiscard]] boost::json::object results_to_json(const CampaignProgress& progress);
// ISO 8601, or null.
[[nodiscard]] boost::json::value time_to_json(const std::optional<WallTime>& time);
// Dollars with at most six decimals.
[[nodiscard]] boost::json::value money_to_json(Money money);

}  // namespace clarion
