#pragma once
// DeliveryFixture: what the suites over DeliveryStore and DeliveryLog share.

#include <gtest/gtest.h>

#include <algorithm>

#include "contract/ledger_text.h"

namespace clarion::testing {

class DeliveryFixture : public ::testing::TestWithParam<Storage> {
 protected:
  std::unique_ptr<StoreSet> stores_ = GetParam().make();

  StartedCampaign start(std::vector<PlannedDelivery> rows, std::string id = "camp-1") {
    return start_campaign(*stores_, std::move(rows), std::move(id));
  }
  std::string states(const StartedCampaign& started) { return states_of(*stores_, started.campaign.number); }
  CampaignCounts counts(const StartedCampaign& started) {
    return run(stores_->campaigns().counts(started.campaign.number)).value();
  }
  Result<ClaimReply> claim(const StartedCampaign& started, std::size_t limit = 100, std::int64_t second = 100,
                           Channel channel = Channel::Sms) {
    return run(stores_->deliveries().claim(
        ClaimRequest{started.campaign.number, channel, started.fence, limit, at_second(second)}));
  }
  Result<void> record(const StartedCampaign& started, AttemptRecord one) {
    return run(stores_->deliveries().record(started.campaign.number, started.fence, {std::move(one)}));
  }
  std::vector<EventOutcome> outcomes(std::vector<DeliveryEvent> events) {
    return run(stores_->deliveries().apply_events(std::move(events))).value();
  }
  // How many were new.
  std::size_t apply(std::vector<DeliveryEvent> events) {
    return static_cast<std::size_t>(std::ranges::count(outcomes(std::move(events)), EventOutcome::Added));
  }
  static DeliveryId id_of(const StartedCampaign& started, std::uint32_t position) {
    return make_delivery_id(started.campaign.number, position);
  }
  AttemptRecord ended(const StartedCampaign& started, DeliveryState to, std::int32_t attempt = 1) {
    AttemptRecord one;
    one.attempt = AttemptId{id_of(started, 0), attempt};
    one.to = to;
    one.reason = to == DeliveryState::Accepted ? "" : "because";
    one.provider_id = to == DeliveryState::Accepted ? "provider-1" : "";
    one.parts = 2;
    one.cost = Money{150};
    one.at = at_second(110);
    return one;
  }
  DeliveryEvent event(const StartedCampaign& started, DeliveryEventKind kind, std::int64_t second = 200) {
    return DeliveryEvent{id_of(started, 0), kind, at_second(second), "words"};
  }
  Delivery first(const StartedCampaign& started) { return run(stores_->log().find(id_of(started, 0))).value(); }
};

}  // namespace clarion::testing
