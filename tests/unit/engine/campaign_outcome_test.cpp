#include <gmock/gmock.h>

#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

SendOutcome refuse(FailureClass failure, std::optional<std::chrono::milliseconds> retry_after = std::nullopt) {
  return std::unexpected(SendFailure{failure, "E1", "the carrier's words", retry_after});
}

class CampaignOutcome : public EngineTest {
 protected:
  // Refuses each message's first `times` sends.
  void refuse_first(int times, FailureClass failure) {
    sms_.answer = [this, times, failure](const Message& message) -> SendOutcome {
      if (sms_.per_contact().at(message.contact_id) <= times) return refuse(failure);
      return Accepted{.provider_id = "p", .parts = 1, .cost = {}};
    };
  }
  [[nodiscard]] const MemoryRow& row(std::size_t position) const { return ledger_.campaigns.at(1).rows.at(position); }
};

TEST_F(CampaignOutcome, WhatWasCertainlyNotAcceptedIsTriedAgain) {
  for (const FailureClass failure : {FailureClass::NotConnected, FailureClass::ProviderBusy}) {
    refuse_first(2, failure);
    const std::string id(to_string(failure));
    ASSERT_TRUE(start(definition(100, id), planned(10)));
    const CampaignProgress done = wait(10min, id);
    EXPECT_EQ(text(done), "completed w0 s0 a10 f0 k0 ?0");
    for (const auto& [contact, count] : sms_.per_contact()) EXPECT_EQ(count, 3) << contact;
    sms_.sent.clear();
    // Where no byte left us, nothing was attempted.
    EXPECT_EQ(ledger_.find(done.campaign.number)->rows.at(0).attempts, failure == FailureClass::NotConnected ? 1 : 3);
  }
}

TEST_F(CampaignOutcome, AnswersAreCountedWithWhatTheyTook) {
  sms_.latency = 40ms;
  ASSERT_TRUE(start(definition(100), planned(3)));
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a3 f0 k0 ?0");
  EXPECT_EQ(metrics_.counts()[Channel::Sms].answers.at(2), 3U) << "from 25 to 50 ms";
  EXPECT_EQ(metrics_.counts()[Channel::Sms].answer_count(), 3U);
}

TEST_F(CampaignOutcome, WhatIsCutOffIsNoAnswer) {
  sms_.latency = 10min;
  ASSERT_TRUE(start(definition(100), planned(3)));
  stop(1s);
  EXPECT_EQ(sms_.sent.size(), 3U);
  EXPECT_EQ(metrics_.counts()[Channel::Sms].answer_count(), 0U);
}

TEST_F(CampaignOutcome, AttemptsEndAndTheLastClassIsKept) {
  refuse_first(1000, FailureClass::ProviderBusy);
  ASSERT_TRUE(start(definition(100), planned(3)));
  EXPECT_EQ(text(wait(1h)), "completed w0 s0 a0 f3 k0 ?0");
  EXPECT_EQ(row(1).reason, "retries_exhausted: provider_busy");
  EXPECT_EQ(row(1).attempts, 4);
  EXPECT_EQ(sms_.sent.size(), 12U);
}

TEST_F(CampaignOutcome, AThrottleIsNeverAnOutcomeAndUsesUpNoAttempt) {
  refuse_first(20, FailureClass::Throttled);
  ASSERT_TRUE(start(definition(100), planned(5)));
  EXPECT_EQ(text(wait(1h)), "completed w0 s0 a5 f0 k0 ?0");
  EXPECT_EQ(row(0).attempts, 1);
  EXPECT_EQ(sms_.sent.size(), 105U);
}

TEST_F(CampaignOutcome, ACarrierThatCannotBeReachedForAnHourFailsNobody) {
  bool is_reachable = false;
  sms_.answer = [&](const Message& message) -> SendOutcome {
    if (!is_reachable) return refuse(FailureClass::NotConnected);
    return Accepted{.provider_id = to_string(message.attempt), .parts = 1, .cost = {}};
  };
  ASSERT_TRUE(start(definition(100), planned(20)));
  clock_.advance(1h);
  const CampaignProgress out = progress();
  EXPECT_EQ(out.counts.total().failed, 0);
  EXPECT_EQ(out.limited_by, "carrier_unreachable");
  EXPECT_THAT(out.campaign.status_reason, ::testing::HasSubstr("the carrier cannot be reached since"));
  // Each tries every 15 to 30 s, or as seldom as the adapted rate allows.
  EXPECT_LT(sms_.sent.size(), 20U * 60 * 4 + 200);
  EXPECT_GT(sms_.sent.size(), 100U);

  is_reachable = true;
  EXPECT_EQ(text(wait(2min)), "completed w0 s0 a20 f0 k0 ?0");
  EXPECT_EQ(progress().campaign.status_reason, "");
  EXPECT_EQ(row(0).attempts, 1);
}

TEST_F(CampaignOutcome, HonoursTheCarriersRetryAfter) {
  sms_.answer = [this](const Message& message) -> SendOutcome {
    if (sms_.sent.size() == 1) return refuse(FailureClass::ProviderBusy, 30s);
    return Accepted{.provider_id = to_string(message.attempt), .parts = 1, .cost = {}};
  };
  ASSERT_TRUE(start(definition(100), planned(1)));
  clock_.advance(29900ms);
  EXPECT_EQ(sms_.sent.size(), 1U);
  EXPECT_EQ(progress().limited_by, "retry_wait");
  clock_.advance(200ms);
  EXPECT_EQ(sms_.sent.size(), 2U);
  EXPECT_EQ(state(), "completed w0 s0 a1 f0 k0 ?0");
}

TEST_F(CampaignOutcome, ACarrierCannotPutAMessageOffForMoreThanADay) {
  sms_.answer = [this](const Message& message) -> SendOutcome {
    if (sms_.sent.size() == 1) return refuse(FailureClass::Throttled, std::chrono::hours(24 * 365 * 50));
    return Accepted{.provider_id = to_string(message.attempt), .parts = 1, .cost = {}};
  };
  ASSERT_TRUE(start(definition(100), planned(1)));
  clock_.advance(24h - 1s);
  EXPECT_EQ(sms_.sent.size(), 1U);
  clock_.advance(2s);
  EXPECT_EQ(state(), "completed w0 s0 a1 f0 k0 ?0");
}

TEST_F(CampaignOutcome, ARefusalForGoodFailsWithItsClassAndIsNotTriedAgain) {
  for (const FailureClass failure :
       {FailureClass::InvalidAddress, FailureClass::OptedOut, FailureClass::Blocked, FailureClass::InvalidContent}) {
    sms_.sent.clear();
    refuse_first(1, failure);
    const std::string id(to_string(failure));
    ASSERT_TRUE(start(definition(100, id), planned(2)));
    const CampaignProgress done = wait(10s, id);
    EXPECT_EQ(text(done), "completed w0 s0 a0 f2 k0 ?0");
    EXPECT_EQ(ledger_.find(done.campaign.number)->rows.at(0).reason, id);
    EXPECT_EQ(done.campaign.actual_cost, Money{});
    EXPECT_EQ(sms_.sent.size(), 2U);
  }
}

TEST_F(CampaignOutcome, WhatIsUnknownIsHeldInDoubtAndNeverSentAgain) {
  refuse_first(1, FailureClass::Ambiguous);
  ASSERT_TRUE(start(definition(100), planned(5)));
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a0 f0 k0 ?5");
  EXPECT_EQ(row(0).reason, "ambiguous");
  ASSERT_TRUE(run(deliveries_.apply_events(
      {{make_delivery_id(CampaignNumber{1}, 0), DeliveryEventKind::Delivered, clock_.wall_now(), ""}})));
  EXPECT_EQ(state(), "completed w0 s0 a1 f0 k0 ?4");
  expect_nobody_twice();
}

TEST_F(CampaignOutcome, WhatIsUnknownIsSentAgainWhenTheOperatorPrefersThat) {
  refuse_first(1, FailureClass::Ambiguous);
  CampaignDefinition resend = definition(100);
  resend.on_unknown = OnUnknown::Resend;
  ASSERT_TRUE(start(std::move(resend), planned(5)));
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a5 f0 k0 ?0");
}

TEST_F(CampaignOutcome, WhatStaysUnknownIsNeverCalledFailed) {
  refuse_first(100, FailureClass::Ambiguous);
  CampaignDefinition resend = definition(100);
  resend.on_unknown = OnUnknown::Resend;
  ASSERT_TRUE(start(std::move(resend), planned(2)));
  EXPECT_EQ(text(wait(1h)), "completed w0 s0 a0 f0 k0 ?2");
}

TEST_F(CampaignOutcome, AMessageThatCannotBeMadeFailsAndTheOthersGoOut) {
  auto rows = planned(3);
  rows[1].payload = "unrenderable";
  ASSERT_TRUE(start(definition(100), std::move(rows)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a2 f1 k0 ?0");
  EXPECT_EQ(row(1).reason, "the variable 'name' is missing");
}

TEST_F(CampaignOutcome, ACarrierThatStopsHoldsItsChannelOnly) {
  sms_.answer = [](const Message&) { return refuse(FailureClass::ChannelStopped); };
  auto rows = planned(20, Channel::Sms);
  for (auto& one : planned(200, Channel::Email, 20)) rows.push_back(one);
  ASSERT_TRUE(start(definition(20), std::move(rows)));
  clock_.advance(2s);
  const CampaignProgress now = progress();
  EXPECT_EQ(now.campaign.status, CampaignStatus::Running);
  EXPECT_EQ(now.campaign.status_reason, "sms stopped (E1): the carrier's words");
  EXPECT_EQ(now.counts.by_channel[Channel::Sms].waiting, 20);
  EXPECT_GT(email_.sent.size(), 100U);

  // The rest is done: nothing is left to run for, and the operator is asked.
  const CampaignProgress paused = wait(1min);
  EXPECT_EQ(text(paused), "paused w20 s0 a200 f0 k0 ?0");
  EXPECT_EQ(paused.campaign.status_reason, "sms stopped (E1): the carrier's words");
  EXPECT_EQ(row(0).attempts, 0);

  sms_.answer = nullptr;
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a220 f0 k0 ?0");
}

TEST_F(CampaignOutcome, RefusalsInARowThatLieNotWithThePeopleStopTheChannel) {
  sms_.answer = [](const Message&) { return refuse(FailureClass::InvalidContent); };
  ASSERT_TRUE(start(definition(5), planned(200)));
  const CampaignProgress paused = wait(1min);
  EXPECT_EQ(text(paused), "paused w175 s0 a0 f25 k0 ?0");
  EXPECT_EQ(
      paused.campaign.status_reason,
      "sms stopped (E1): 25 messages in a row were refused (invalid_content), so that the fault is hardly with the "
      "people. The carrier refuses the content; check the template, its variables and its size. Then resume. The "
      "carrier "
      "says: the carrier's words");

  sms_.answer = nullptr;
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a175 f25 k0 ?0");
}

TEST_F(CampaignOutcome, RefusalsThatLieWithThePeopleStopNothing) {
  sms_.answer = [](const Message&) { return refuse(FailureClass::InvalidAddress); };
  ASSERT_TRUE(start(definition(100), planned(200)));
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a0 f200 k0 ?0");
}

TEST_F(CampaignOutcome, ResumeTriesAStoppedChannelAgainWhileTheOthersRun) {
  sms_.answer = [](const Message&) { return refuse(FailureClass::ChannelStopped); };
  auto rows = planned(20, Channel::Sms);
  for (auto& one : planned(500, Channel::Email, 20)) rows.push_back(one);
  ASSERT_TRUE(start(definition(20), std::move(rows)));
  clock_.advance(2s);
  sms_.answer = nullptr;
  ASSERT_TRUE(run(engine().resume("camp")));
  clock_.advance(2s);
  EXPECT_EQ(progress().counts.by_channel[Channel::Sms].accepted, 20);
  EXPECT_EQ(progress().campaign.status_reason, "");
}

TEST_F(CampaignOutcome, AChannelWhoseTroubleCanPassIsTriedAgainWithOneMessage) {
  for (const FailureClass trouble :
       {FailureClass::SendingSuspended, FailureClass::DailyQuotaUsedUp, FailureClass::SpendLimitReached}) {
    const std::string id(to_string(trouble));
    const auto every = *probe_interval(trouble);
    sms_.sent.clear();
    sms_.answer = [trouble](const Message&) { return refuse(trouble); };
    ASSERT_TRUE(start(definition(20, id), planned(50)));
    clock_.advance(1min);
    const std::size_t refused = sms_.sent.size();
    const CampaignProgress now = progress(id);
    EXPECT_EQ(text(now), "running w50 s0 a0 f0 k0 ?0") << id;
    EXPECT_EQ(now.limited_by, "channel_stopped");
    EXPECT_NE(now.campaign.status_reason.find("sms stopped (E1): the carrier's words. One message tries it again at"),
              std::string::npos)
        << now.campaign.status_reason;

    clock_.advance(every);
    EXPECT_EQ(sms_.sent.size(), refused + 1) << id;
    clock_.advance(every);
    EXPECT_EQ(sms_.sent.size(), refused + 2) << id;
    EXPECT_EQ(state(id), "running w50 s0 a0 f0 k0 ?0");

    sms_.answer = nullptr;
    clock_.advance(every + 1min);
    EXPECT_EQ(state(id), "completed w0 s0 a50 f0 k0 ?0");
    EXPECT_EQ(progress(id).campaign.status_reason, "");
  }
}

TEST_F(CampaignOutcome, AProbeThatDoesNotArriveAsksAgainSoon) {
  sms_.answer = [](const Message&) { return refuse(FailureClass::DailyQuotaUsedUp); };
  ASSERT_TRUE(start(definition(20), planned(50)));
  clock_.advance(1min);
  sms_.answer = [](const Message&) { return refuse(FailureClass::NotConnected); };
  const std::size_t before = sms_.sent.size();
  clock_.advance(14min + 30s);
  EXPECT_EQ(sms_.sent.size(), before + 1);
  sms_.answer = nullptr;
  clock_.advance(3min);
  EXPECT_EQ(state(), "completed w0 s0 a50 f0 k0 ?0");
}

TEST_F(CampaignOutcome, AChannelThatWaitsToBeTriedCanBeResumedPausedAndCancelled) {
  sms_.answer = [](const Message&) { return refuse(FailureClass::SendingSuspended); };
  ASSERT_TRUE(start(definition(20), planned(50)));
  clock_.advance(1min);
  ASSERT_TRUE(run(engine().pause("camp", "lunch")));
  EXPECT_EQ(state(), "paused w50 s0 a0 f0 k0 ?0");
  ASSERT_TRUE(run(engine().resume("camp")));
  clock_.advance(1min);
  sms_.answer = nullptr;
  ASSERT_TRUE(run(engine().resume("camp")));
  clock_.advance(10s);
  EXPECT_EQ(state(), "completed w0 s0 a50 f0 k0 ?0");
}

TEST_F(CampaignOutcome, TheBudgetIsNeverPassed) {
  sms_.latency = 50ms;
  CampaignDefinition capped = definition(200);
  capped.budget = Money{1'005'000};  // 100 messages of 10,000 and a half
  ASSERT_TRUE(start(std::move(capped), planned(500)));
  const CampaignProgress paused = wait(1min);
  EXPECT_EQ(text(paused), "paused w400 s0 a100 f0 k0 ?0");
  EXPECT_EQ(paused.campaign.actual_cost, Money{1'000'000});
  EXPECT_NE(paused.campaign.status_reason.find("budget of $1.00"), std::string::npos) << paused.campaign.status_reason;
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(text(wait(1min)), "paused w400 s0 a100 f0 k0 ?0");
}

TEST_F(CampaignOutcome, WhatIsInDoubtCountsAgainstTheBudget) {
  refuse_first(1, FailureClass::Ambiguous);
  CampaignDefinition capped = definition(200);
  capped.budget = Money{100'000};
  ASSERT_TRUE(start(std::move(capped), planned(50)));
  EXPECT_EQ(text(wait(1min)), "paused w40 s0 a0 f0 k0 ?10");
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(text(wait(1min)), "paused w40 s0 a0 f0 k0 ?10");
}

TEST_F(CampaignOutcome, NothingIsSpentWhileNobodyKnowsWhatIsInDoubt) {
  refuse_first(1, FailureClass::Ambiguous);
  CampaignDefinition capped = definition(200);
  capped.budget = Money{100'000};
  ASSERT_TRUE(start(std::move(capped), planned(50)));
  EXPECT_EQ(text(wait(1min)), "paused w40 s0 a0 f0 k0 ?10");
  campaigns_.counts_failure = Error{ErrorKind::Unavailable, "the counts cannot be read"};
  ASSERT_TRUE(run(engine().resume("camp")));
  clock_.advance(10s);
  EXPECT_EQ(sms_.sent.size(), 10U);
  campaigns_.counts_failure.reset();
  EXPECT_EQ(text(wait(1min)), "paused w40 s0 a0 f0 k0 ?10");
}

TEST_F(CampaignOutcome, WhatACrashLeftInDoubtIsOnTheBillAlsoWhenItIsSentAgain) {
  sms_.latency = 50ms;
  CampaignDefinition capped = definition(200);
  capped.budget = Money{100'000};
  capped.on_unknown = OnUnknown::Resend;
  ASSERT_TRUE(start(std::move(capped), planned(50)));
  clock_.advance(20ms);
  ASSERT_EQ(sms_.sent.size(), 10U);
  take_over();
  EXPECT_EQ(text(wait(1min)), "paused w50 s0 a0 f0 k0 ?0");
  EXPECT_EQ(sms_.sent.size(), 10U);
}

TEST_F(CampaignOutcome, QuietHoursDeferAndTheCampaignStaysRunning) {
  auto rows = planned(6);
  for (std::size_t i = 3; i < 6; ++i) rows[i].due_at = clock_.wall_now() + 8h;
  ASSERT_TRUE(start(definition(100), std::move(rows)));
  clock_.advance(1h);
  const CampaignProgress now = progress();
  EXPECT_EQ(text(now), "running w3 s0 a3 f0 k0 ?0");
  EXPECT_EQ(now.limited_by, "quiet_hours");
  EXPECT_NEAR(now.eta_seconds.value_or(0), 7 * 3600, 60);
  clock_.advance(7h - 1s);
  EXPECT_EQ(sms_.sent.size(), 3U);
  clock_.advance(2s);
  EXPECT_EQ(state(), "completed w0 s0 a6 f0 k0 ?0");
}

TEST_F(CampaignOutcome, ACarrierThatNamesItsPriceIsBelieved) {
  sms_.answer = [](const Message&) -> SendOutcome {
    return Accepted{.provider_id = "p", .parts = 2, .cost = Money{7}};
  };
  ASSERT_TRUE(start(definition(100), planned(2)));
  EXPECT_EQ(wait(10s).campaign.actual_cost, Money{14});
  EXPECT_EQ(row(0).parts, 2);
}

}  // namespace
}  // namespace clarion::testing
