#pragma once
// The ledger as text, for tests that compare states: one line a delivery, then the counts.

#include <string>
#include <vector>

#include "contract/store_set.h"

namespace clarion::testing {

inline WallTime at_second(std::int64_t seconds) {
  return WallTime{std::chrono::milliseconds{1'800'000'000'000 + seconds * 1000}};
}

// "c0 sms waiting" ... with reason, attempts, cost, provider id, times and events where there are any.
[[nodiscard]] std::string text_of(const Delivery& delivery);
// The channel's counts in one line: "planned 3 = waiting 1 + ...".
[[nodiscard]] std::string text_of(const StateCounts& counts);
// Every delivery of the campaign with its events, then the counts and costs.
[[nodiscard]] std::string text_of(StoreSet& stores, const Campaign& campaign);
[[nodiscard]] std::string text_of(const ClaimReply& reply);

// A campaign whose plan is `rows`, complete, with its fence taken.
struct StartedCampaign {
  Campaign campaign;
  Fence fence{};
};
[[nodiscard]] CampaignDefinition definition_of(std::string id);
[[nodiscard]] PlannedDelivery waiting_row(std::string contact_id, Channel channel = Channel::Sms);
[[nodiscard]] StartedCampaign start_campaign(StoreSet& stores, std::vector<PlannedDelivery> rows,
                                             std::string id = "camp-1");

// States of every delivery in plan order: "waiting sending failed(bounced)".
[[nodiscard]] std::string states_of(StoreSet& stores, CampaignNumber campaign);

}  // namespace clarion::testing
