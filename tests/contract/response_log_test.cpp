// Contract of ResponseLog, over memory and SQLite alike.
#include <gtest/gtest.h>

#include "contract/delivery_fixture.h"

namespace clarion::testing {
namespace {

class ResponseLogContract : public DeliveryFixture {};

TEST_P(ResponseLogContract, CountsDeliveriesByKindOfEventAndTheirCost) {
  const auto started = start({waiting_row("c0"), waiting_row("c1")});
  ASSERT_TRUE(claim(started, 2));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  // Two clicks of one person are one response; another time is another event.
  apply({event(started, DeliveryEventKind::Delivered), event(started, DeliveryEventKind::Clicked, 210),
         event(started, DeliveryEventKind::Clicked, 220)});
  const auto responses = run(stores_->responses().responses(started.campaign.number));
  ASSERT_TRUE(responses);
  const ChannelResponse& sms = (*responses)[Channel::Sms];
  EXPECT_EQ(sms.count(DeliveryEventKind::Delivered), 1);
  EXPECT_EQ(sms.count(DeliveryEventKind::Clicked), 1);
  EXPECT_EQ(sms.count(DeliveryEventKind::Replied), 0);
  EXPECT_EQ(sms.actual_cost, Money{150});
  EXPECT_EQ((*responses)[Channel::Email], ChannelResponse{});
}

TEST_P(ResponseLogContract, KnowsWhatEachChannelWasPlannedToCost) {
  PlannedDelivery skipped = waiting_row("c3");
  skipped.state = DeliveryState::Skipped;
  skipped.reason = "no_consent";
  skipped.estimated_cost = Money{};
  const auto started =
      start({waiting_row("c0"), waiting_row("c1", Channel::Email), waiting_row("c2", Channel::Email), skipped});
  for (int look = 0; look < 2; ++look) {  // what is sent meanwhile changes nothing of it
    const auto responses = run(stores_->responses().responses(started.campaign.number));
    ASSERT_TRUE(responses);
    EXPECT_EQ((*responses)[Channel::Sms].estimated_cost, Money{100});
    EXPECT_EQ((*responses)[Channel::Email].estimated_cost, Money{200});
    EXPECT_EQ((*responses)[Channel::WhatsApp].estimated_cost, Money{});
    if (look > 0) break;
    ASSERT_TRUE(claim(started, 1));
    ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  }
}

TEST_P(ResponseLogContract, APlanThatIsNotCompleteCostsNothingYet) {
  const auto campaign =
      run(stores_->campaigns().create(definition_of("camp-1"), CampaignStatus::Running, at_second(0)));
  ASSERT_TRUE(campaign);
  ASSERT_TRUE(run(stores_->deliveries().append_plan(campaign->number, {waiting_row("c0")})));
  const auto cost = [&] {
    return (*run(stores_->responses().responses(campaign->number)))[Channel::Sms].estimated_cost;
  };
  EXPECT_EQ(cost(), Money{});
  ASSERT_TRUE(run(stores_->deliveries().append_plan(campaign->number, {waiting_row("c1")})));
  ASSERT_TRUE(run(stores_->deliveries().complete_plan(campaign->number, Money{200})));
  EXPECT_EQ(cost(), Money{200}) << "nothing of the half plan is remembered";
}

TEST_P(ResponseLogContract, AnUnknownCampaignIsNotFound) {
  const auto responses = run(stores_->responses().responses(CampaignNumber{99}));
  ASSERT_FALSE(responses);
  EXPECT_EQ(responses.error().kind, ErrorKind::NotFound);
}

INSTANTIATE_TEST_SUITE_P(Storages, ResponseLogContract, ::testing::ValuesIn(all_storages()),
                         [](const auto& storage) { return storage.param.name; });

}  // namespace
}  // namespace clarion::testing
