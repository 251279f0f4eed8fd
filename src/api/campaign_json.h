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
// {"success", "status", "results": {"total_sent", "total_failed", ..., "by_channel"}}, the send-campaign contract's
// names for what is in a document of campaign_to_json(). In "results", total_planned = total_waiting + total_sent +
// total_failed + total_skipped + total_in_doubt, each the sum of "by_channel" and "without_channel".
[[nodiscard]] boost::json::object send_contract_of(const boost::json::object& campaign);
// ISO 8601, or null.
[[nodiscard]] boost::json::value time_to_json(const std::optional<WallTime>& time);
// Dollars with at most six decimals.
[[nodiscard]] boost::json::value money_to_json(Money money);

}  // namespace clarion
