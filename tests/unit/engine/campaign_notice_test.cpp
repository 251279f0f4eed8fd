// What a carrier says only afterwards: events that stop a channel or slow it down, in the campaigns that they concern.
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignNotice : public EngineTest {
 protected:
  // As the carrier tells it now of the message at this place of this campaign.
  [[nodiscard]] CarrierEvent event(CarrierNotice::Scope scope, FailureClass failure, int enough = 1,
                                   std::uint32_t campaign = 1) const {
    CarrierEvent one;
    one.channel = Channel::WhatsApp;
    one.kind = DeliveryEventKind::Failed;
    one.at = clock_.wall_now();
    one.delivery = make_delivery_id(CampaignNumber{campaign}, 0);
    one.notice = CarrierNotice{.scope = scope,
                               .failure = {.failure = failure, .code = "131031", .detail = "Meta has locked it."},
                               .enough = enough};
    return one;
  }
  // Two campaigns that send by WhatsApp, the first by email too, for a minute.
  void start_two() {
    auto rows = planned(600, Channel::WhatsApp);
    for (auto& one : planned(600, Channel::Email, 600)) rows.push_back(one);
    ASSERT_TRUE(start(definition(10, "one"), std::move(rows)));
    ASSERT_TRUE(start(definition(10, "two"), planned(600, Channel::WhatsApp, 2000)));
    clock_.advance(2s);
  }
  std::string reason(const std::string& id) { return progress(id).campaign.status_reason; }
};

constexpr auto of_channel = CarrierNotice::Scope::Channel;
constexpr auto of_campaign = CarrierNotice::Scope::Campaign;

TEST_F(CampaignNotice, AnAccountThatIsLockedStopsItsChannelEverywhereUntilItIsResumed) {
  start_two();
  engine().heed(event(of_channel, FailureClass::ChannelStopped));
  clock_.advance(1s);
  const std::size_t sent = whatsapp_.sent.size();
  EXPECT_EQ(reason("one"), "whatsapp stopped (131031): Meta has locked it.");
  EXPECT_EQ(progress("two").campaign.status, CampaignStatus::Paused) << "it has no other channel";
  EXPECT_EQ(reason("two"), "whatsapp stopped (131031): Meta has locked it.");
  clock_.advance(5s);
  EXPECT_EQ(whatsapp_.sent.size(), sent);
  EXPECT_EQ(progress("one").campaign.status, CampaignStatus::Running) << "email goes on";
  EXPECT_GT(progress("one").counts.by_channel[Channel::Email].accepted, 60);

  const CarrierEvent old = event(of_channel, FailureClass::ChannelStopped);
  clock_.advance(2s);
  ASSERT_TRUE(run(engine().resume("one")));
  ASSERT_TRUE(run(engine().resume("two")));
  engine().heed(old);
  clock_.advance(2s);
  EXPECT_EQ(reason("one"), "") << "it tells of messages before the resume";
  EXPECT_GT(whatsapp_.sent.size(), sent + 20);
  expect_nobody_twice();
}

TEST_F(CampaignNotice, ATemplateThatIsPausedStopsItsOwnCampaignOnly) {
  start_two();
  engine().heed(event(of_campaign, FailureClass::ChannelStopped, 1, 2));
  clock_.advance(1s);
  EXPECT_EQ(progress("two").campaign.status, CampaignStatus::Paused);
  EXPECT_EQ(progress("one").campaign.status, CampaignStatus::Running);
  EXPECT_EQ(reason("one"), "");
}

TEST_F(CampaignNotice, WhatPassesByItselfStopsOnceSeveralMessagesSayIt) {
  start_two();
  for (int i = 0; i < 9; ++i) engine().heed(event(of_channel, FailureClass::ChannelStopped, 10));
  clock_.advance(1s);
  EXPECT_EQ(reason("one"), "");
  engine().heed(event(of_channel, FailureClass::ChannelStopped, 10));
  EXPECT_NE(reason("one"), "");
}

TEST_F(CampaignNotice, WhatWasSentTooFastIsSentOnMoreSlowly) {
  start_two();
  const double before = progress("one").limits[Channel::WhatsApp]->per_second;
  for (int i = 0; i < 20; ++i) {
    for (int n = 0; n < 10; ++n) engine().heed(event(of_channel, FailureClass::Throttled));
    clock_.advance(100ms);
  }
  EXPECT_LT(progress("one").limits[Channel::WhatsApp]->per_second, before);
  EXPECT_EQ(progress("one").limited_by, "throttling");
  EXPECT_EQ(progress("one").campaign.status, CampaignStatus::Running);
  EXPECT_EQ(reason("one"), "");
}

TEST_F(CampaignNotice, AMessageThatWaitsForItsTurnIsNoRefusalAndUsesUpNoAttempt) {
  // One person in every campaign, as WhatsApp allows: one message in six seconds.
  TimePoint free_at{};
  whatsapp_.answer = [&](const Message&) -> SendOutcome {
    if (clock_.now() < free_at) {
      return std::unexpected(
          SendFailure{.failure = FailureClass::RecipientBusy,
                      .code = "PairLimit",
                      .detail = "",
                      .retry_after = std::chrono::ceil<std::chrono::milliseconds>(free_at - clock_.now())});
    }
    free_at = clock_.now() + 6s;
    return Accepted{.provider_id = "p", .parts = 1, .cost = {}};
  };
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(start(definition(100, "c" + std::to_string(i)), planned(1, Channel::WhatsApp)));
  }
  clock_.advance(43s);
  for (std::uint32_t number = 1; number <= 8; ++number) {
    const MemoryRow& row = ledger_.campaigns.at(number).rows.at(0);
    EXPECT_EQ(row.state, DeliveryState::Accepted) << number;
    EXPECT_EQ(row.attempts, 1) << number;
  }
  ASSERT_TRUE(start(definition(100, "after"), planned(300, Channel::WhatsApp, 100)));
  EXPECT_NE(progress("after").limited_by, "throttling") << "the carrier has pushed nothing back";
}

}  // namespace
}  // namespace clarion::testing
