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

TEST_P(ResponseLogContract, AnUnknownCampaignIsNotFound) {
  const auto responses = run(stores_->responses().responses(CampaignNumber{99}));
  ASSERT_FALSE(responses);
  EXPECT_EQ(responses.error().kind, ErrorKind::NotFound);
}

INSTANTIATE_TEST_SUITE_P(Storages, ResponseLogContract, ::testing::ValuesIn(all_storages()),
                         [](const auto& storage) { return storage.param.name; });

}  // namespace
}  // namespace clarion::testing
