#include "engine/exposure.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignLedger : public EngineTest {};

TEST_F(CampaignLedger, WhatCannotBeRecordedStopsSendingAndIsRecordedLater) {
  sms_.latency = 20ms;
  ASSERT_TRUE(start(definition(100), planned(1500)));
  clock_.advance(2s);
  const std::size_t from = deliveries_.calls(LedgerCall::Record) + 1;
  deliveries_.add_fault({.call = LedgerCall::Record, .nth = from, .times = 6});
  clock_.advance(500ms);
  const auto sent = sms_.sent.size();
  clock_.advance(2s);
  EXPECT_EQ(sms_.sent.size(), sent);
  const CampaignProgress down = progress();
  EXPECT_EQ(down.campaign.status, CampaignStatus::Running);
  EXPECT_NE(down.campaign.status_reason.find("cannot be written"), std::string::npos) << down.campaign.status_reason;
  clock_.advance(8s);
  EXPECT_GT(sms_.sent.size(), sent);
  EXPECT_EQ(progress().campaign.status_reason, "");
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a1500 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLedger, TheFirstRefusedRecordStopsEvenWhatIsClaimedAlready) {
  sms_.latency = 5ms;
  ASSERT_TRUE(start(definition(1000), planned(20'000)));
  clock_.advance(10s);
  const std::size_t from = deliveries_.calls(LedgerCall::Record) + 1;
  deliveries_.add_fault({.call = LedgerCall::Record, .nth = from, .times = 1000});
  while (deliveries_.calls(LedgerCall::Record) < from) clock_.advance(1ms);
  const auto sent = sms_.sent.size();
  clock_.advance(10s);
  EXPECT_EQ(sms_.sent.size(), sent);
  deliveries_.clear_faults();
}

TEST_F(CampaignLedger, SlowOutcomesShareAWriteAndTheLastOneDoesNotWait) {
  sms_.latency = 20ms;
  for (const double rate : {1.0, 10.0}) {
    const auto writes_before = deliveries_.calls(LedgerCall::Record);
    const auto burst = static_cast<int>(5 * rate);
    const std::string id = "camp-" + std::to_string(burst);
    ASSERT_TRUE(start(definition(rate, id), planned(burst + 21)));
    clock_.advance(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(20.5 / rate)));
    const auto writes_of_twenty = deliveries_.calls(LedgerCall::Record);
    EXPECT_LE(writes_of_twenty - writes_before, 3U + 10U + 1U) << rate;
    // The last of all was sent half a message's time after the twentieth.
    clock_.advance(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(0.5 / rate)) + 25ms);
    EXPECT_EQ(progress(id).counts.total().accepted, burst + 21) << rate;
    std::ignore = wait(1s, id);
  }
}

TEST_F(CampaignLedger, WhatCannotBeClaimedIsNotSent) {
  ASSERT_TRUE(start(definition(100), planned(1000)));
  clock_.advance(2s);
  deliveries_.add_fault({.call = LedgerCall::Claim, .nth = deliveries_.calls(LedgerCall::Claim) + 1, .times = 4});
  clock_.advance(1s);
  const auto sent = sms_.sent.size();
  EXPECT_NE(progress().campaign.status_reason.find("cannot be written"), std::string::npos);
  clock_.advance(400ms);
  EXPECT_EQ(sms_.sent.size(), sent);
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a1000 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLedger, AnAnswerThatWasLostAfterRecordingChangesNothing) {
  sms_.latency = 20ms;
  ASSERT_TRUE(start(definition(100), planned(500)));
  for (const std::size_t nth : {3U, 7U, 8U, 20U}) {
    deliveries_.add_fault({.call = LedgerCall::Record, .nth = nth, .times = 1, .when = LedgerFault::When::After});
  }
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a500 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLedger, AClaimWhoseAnswerWasLostEndsInDoubtAndTheCampaignEnds) {
  sms_.latency = 20ms;
  ASSERT_TRUE(start(definition(100), planned(300)));
  deliveries_.add_fault({.call = LedgerCall::Claim,
                         .nth = deliveries_.calls(LedgerCall::Claim) + 2,
                         .times = 1,
                         .when = LedgerFault::When::After});
  const CampaignProgress done = wait(1min);
  const StateCounts counts = done.counts.total();
  EXPECT_EQ(done.campaign.status, CampaignStatus::Completed);
  EXPECT_GT(counts.in_doubt, 0);
  EXPECT_LE(counts.in_doubt, claim_window(100));
  EXPECT_EQ(counts.accepted, 300 - counts.in_doubt);
  expect_nobody_twice();
}

TEST_F(CampaignLedger, AnotherOwnerStopsThisOneQuietly) {
  sms_.latency = 50ms;
  ASSERT_TRUE(start(definition(100), planned(1000)));
  clock_.advance(3s);
  take_over();
  const CampaignProgress done = wait(1min);
  const StateCounts counts = done.counts.total();
  EXPECT_EQ(done.campaign.status, CampaignStatus::Completed);
  EXPECT_LE(counts.in_doubt, exposure_limit(100, in_flight_limit(100, 100ms, 1024)));
  EXPECT_EQ(counts.accepted + counts.in_doubt, 1000);
  expect_nobody_twice();
}

TEST_F(CampaignLedger, TakingOverAgainAndAgainNeverSendsTwice) {
  sms_.latency = 30ms;
  ASSERT_TRUE(start(definition(200), planned(3000)));
  const std::int64_t bound = exposure_limit(200, in_flight_limit(200, 100ms, 1024));
  std::int64_t in_doubt = 0;
  for (int i = 0; i < 10; ++i) {
    clock_.advance(900ms);
    take_over();
    clock_.settle();
    const std::int64_t now = progress().counts.total().in_doubt;
    EXPECT_LE(now - in_doubt, bound);
    in_doubt = now;
  }
  const CampaignProgress done = wait(2min);
  EXPECT_EQ(done.campaign.status, CampaignStatus::Completed);
  EXPECT_EQ(done.counts.total().accepted + in_doubt, 3000);
  expect_nobody_twice();
}

TEST_F(CampaignLedger, WhatACrashLeftInDoubtIsSentAgainOnlyWhenTheOperatorPrefersThat) {
  sms_.latency = 50ms;
  CampaignDefinition resend = definition(100);
  resend.on_unknown = OnUnknown::Resend;
  ASSERT_TRUE(start(std::move(resend), planned(800)));
  clock_.advance(1s);
  take_over();
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a800 f0 k0 ?0");
}

TEST_F(CampaignLedger, WhatACrashLeftInDoubtIsSentAgainAlsoAfterAnOutage) {
  sms_.latency = 50ms;
  CampaignDefinition resend = definition(100);
  resend.on_unknown = OnUnknown::Resend;
  ASSERT_TRUE(start(std::move(resend), planned(800)));
  clock_.advance(1s);
  deliveries_.add_fault({.call = LedgerCall::Record, .nth = deliveries_.calls(LedgerCall::Record) + 1, .times = 6});
  take_over();
  EXPECT_EQ(text(wait(1min)), "completed w0 s0 a800 f0 k0 ?0");
}

TEST_F(CampaignLedger, TheFenceIsWaitedForWhenTheLedgerIsDownAtStart) {
  deliveries_.add_fault({.call = LedgerCall::TakeFence, .nth = 1, .times = 4});
  ASSERT_TRUE(start(definition(100), planned(20)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a20 f0 k0 ?0");
}

TEST_F(CampaignLedger, StoppingWhileTheLedgerIsDownEndsInTimeAndLosesNobody) {
  sms_.latency = 20ms;
  ASSERT_TRUE(start(definition(100), planned(1000)));
  clock_.advance(1s);
  deliveries_.add_fault(
      {.call = LedgerCall::Record, .nth = deliveries_.calls(LedgerCall::Record) + 1, .times = 100000});
  clock_.advance(1s);
  const TimePoint began = clock_.now();
  stop(3s);
  EXPECT_LE(clock_.now() - began, 10s);
  deliveries_.clear_faults();
  ASSERT_TRUE(run(engine().resume_all()));
  const CampaignProgress done = wait(1min);
  EXPECT_EQ(done.campaign.status, CampaignStatus::Completed);
  EXPECT_EQ(done.counts.total().accepted + done.counts.total().in_doubt, 1000);
  EXPECT_LE(done.counts.total().in_doubt, exposure_limit(100, in_flight_limit(100, 100ms, 1024)));
  expect_nobody_twice();
}

TEST_F(CampaignLedger, ACancellationThatCannotBeRecordedDoesNotHoldTheStop) {
  ASSERT_TRUE(start(definition(10), planned(500)));
  clock_.advance(1s);
  deliveries_.add_fault({.call = LedgerCall::SkipWaiting, .nth = 1, .times = 100000});
  ASSERT_TRUE(run(engine().cancel("camp")));
  const TimePoint began = clock_.now();
  stop(2s);
  EXPECT_LE(clock_.now() - began, 15s);
  deliveries_.clear_faults();
  ASSERT_TRUE(run(engine().resume_all()));
  clock_.advance(1s);
  EXPECT_EQ(progress().counts.total().waiting, 0);
}

TEST_F(CampaignLedger, TheSumHoldsAtEveryMoment) {
  sms_.latency = 15ms;
  int answers = 0;
  sms_.answer = [&answers](const Message& message) -> SendOutcome {
    switch (++answers % 7) {
      case 1: return std::unexpected(SendFailure{FailureClass::Throttled, "", "", std::nullopt});
      case 2: return std::unexpected(SendFailure{FailureClass::Ambiguous, "", "", std::nullopt});
      case 3: return std::unexpected(SendFailure{FailureClass::ProviderBusy, "", "", std::nullopt});
      case 4: return std::unexpected(SendFailure{FailureClass::Blocked, "", "", std::nullopt});
      default: return Accepted{.provider_id = to_string(message.attempt), .parts = 1, .cost = {}};
    }
  };
  ASSERT_TRUE(start(definition(100), planned(300)));
  for (int i = 0; i < 400; ++i) {
    clock_.advance(10ms);
    const StateCounts counts = progress().counts.total();
    ASSERT_TRUE(counts.adds_up());
    ASSERT_EQ(counts.planned, 300);
    ASSERT_LE(counts.sending, exposure_limit(100, in_flight_limit(100, 100ms, 1024)));
  }
  EXPECT_EQ(wait(1h).campaign.status, CampaignStatus::Completed);
}

}  // namespace
}  // namespace clarion::testing
