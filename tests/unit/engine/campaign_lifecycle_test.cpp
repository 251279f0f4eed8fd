#include <gmock/gmock.h>

#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignLifecycle : public EngineTest {};

TEST_F(CampaignLifecycle, RunsFromPlanToCompletedOnEveryChannelAtOnce) {
  auto rows = planned(40, Channel::Sms);
  for (auto& row : planned(40, Channel::WhatsApp, 40)) rows.push_back(row);
  for (auto& row : planned(40, Channel::Email, 80)) rows.push_back(row);
  PlannedDelivery nobody;
  nobody.contact_id = "c120";
  nobody.state = DeliveryState::Skipped;
  nobody.reason = "no_consent";
  rows.push_back(nobody);

  const auto created = start(definition(100), std::move(rows));
  ASSERT_TRUE(created);
  EXPECT_TRUE(created->is_planned);
  EXPECT_EQ(created->estimated_cost, Money{1'200'000});
  const CampaignProgress done = wait(10s);
  EXPECT_EQ(text(done), "completed w0 s0 a120 f0 k1 ?0");
  EXPECT_EQ(done.campaign.actual_cost, Money{1'200'000});
  EXPECT_TRUE(done.campaign.finished_at);
  EXPECT_EQ(sms_.sent.size(), 40U);
  EXPECT_EQ(email_.sent.size(), 40U);
  expect_nobody_twice();
}

TEST_F(CampaignLifecycle, RefusesWhatItCannotRunAndRecordsNothing) {
  for (const double tps : {0.0, -1.0, 1000.5, std::nan(""), std::numeric_limits<double>::infinity()}) {
    const auto refused = start(definition(tps), planned(1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
    EXPECT_NE(refused.error().message.find("throughput_tps"), std::string::npos);
  }
  for (const std::string& id : {std::string(), std::string("a b"), std::string(65, 'x'), std::string("é")}) {
    EXPECT_EQ(start(definition(1, id), planned(1)).error().kind, ErrorKind::Invalid) << id;
  }
  CampaignDefinition broken = definition(1);
  broken.content = "broken";
  EXPECT_EQ(start(std::move(broken), planned(1)).error().message, "content is broken");
  EXPECT_TRUE(ledger_.campaigns.empty());
}

TEST_F(CampaignLifecycle, TheSameIdTwiceIsAConflictAndSendsNothingAgain) {
  ASSERT_TRUE(start(definition(100), planned(5)));
  EXPECT_EQ(start(definition(100), planned(5)).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(text(wait(5s)), "completed w0 s0 a5 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLifecycle, AnEmptyPlanCompletes) {
  ASSERT_TRUE(start(definition(10), {}));
  EXPECT_EQ(text(wait(5s)), "completed w0 s0 a0 f0 k0 ?0");
}

TEST_F(CampaignLifecycle, PauseLetsSendsFinishAndUndoesTheOtherClaims) {
  sms_.latency = 300ms;
  ASSERT_TRUE(start(definition(100), planned(1000)));
  clock_.advance(450ms);
  ASSERT_GT(sms_.under_way, 0);
  const auto paused = run(engine().pause("camp", "the operator paused it"));
  ASSERT_TRUE(paused);
  EXPECT_EQ(paused->status, CampaignStatus::Paused);
  EXPECT_EQ(paused->status_reason, "the operator paused it");
  const StateCounts counts = progress().counts.total();
  EXPECT_EQ(counts.sending, 0);
  EXPECT_EQ(counts.in_doubt, 0);
  EXPECT_EQ(counts.accepted, static_cast<std::int64_t>(sms_.sent.size()));
  const auto sent = sms_.sent.size();
  clock_.advance(10s);
  EXPECT_EQ(sms_.sent.size(), sent);
  for (const MemoryRow& row : ledger_.campaigns.at(1).rows) {
    if (row.state == DeliveryState::Waiting) EXPECT_EQ(row.attempts, 0);
  }
}

TEST_F(CampaignLifecycle, ResumeGoesOnFromEachRecipientsState) {
  sms_.latency = 20ms;
  ASSERT_TRUE(start(definition(200), planned(3000)));
  for (int i = 0; i < 5; ++i) {
    clock_.advance(700ms);
    ASSERT_TRUE(run(engine().pause("camp", "lunch")));
    EXPECT_EQ(run(engine().pause("camp", "again")).error().kind, ErrorKind::Conflict);
    ASSERT_TRUE(run(engine().resume("camp")));
    EXPECT_EQ(run(engine().resume("camp")).error().kind, ErrorKind::Conflict);
  }
  EXPECT_EQ(text(wait(60s)), "completed w0 s0 a3000 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLifecycle, PausingAgainAndAgainIsNoWayAroundTheRate) {
  ASSERT_TRUE(start(definition(10), planned(2000)));
  const TimePoint began = clock_.now();
  for (int i = 0; i < 20; ++i) {
    clock_.advance(1s);
    ASSERT_TRUE(run(engine().pause("camp", "")));
    ASSERT_TRUE(run(engine().resume("camp")));
  }
  const double seconds = std::chrono::duration<double>(clock_.now() - began).count();
  EXPECT_LE(static_cast<double>(sms_.sent.size()), 10 * seconds + 50 + 1);
}

TEST_F(CampaignLifecycle, WhatAProcessLeftRunningGoesOnWhenSomebodySaysSo) {
  for (const std::string id : {"camp", "other"}) {
    ASSERT_TRUE(start(definition(10, id), planned(200)));
    EXPECT_EQ(progress(id).campaign.status_reason, "");
  }
  clock_.advance(1s);
  stop(1s);
  const auto sent = sms_.sent.size();
  EXPECT_EQ(progress().campaign.status, CampaignStatus::Running);
  EXPECT_THAT(progress().campaign.status_reason, ::testing::HasSubstr("`clarion campaigns resume camp`"));
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(progress().campaign.status_reason, "");
  EXPECT_THAT(run(engine().resume("camp")).error().message, ::testing::EndsWith("is running already"));
  EXPECT_EQ(text(wait(60s)), "completed w0 s0 a200 f0 k0 ?0");
  EXPECT_GT(sms_.sent.size(), sent);
  EXPECT_GT(progress("other").counts.total().waiting, 0) << "nobody asked for it";
  EXPECT_THAT(progress("other").campaign.status_reason, ::testing::HasSubstr("No process is sending it"));
}

TEST_F(CampaignLifecycle, CancelSkipsWhatWaitsAndKeepsWhatWasSent) {
  sms_.latency = 100ms;
  ASSERT_TRUE(start(definition(50), planned(1000)));
  clock_.advance(1s);
  const auto cancelled = run(engine().cancel("camp"));
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->status, CampaignStatus::Cancelled);
  const StateCounts counts = progress().counts.total();
  EXPECT_EQ(counts.waiting + counts.sending + counts.in_doubt, 0);
  EXPECT_EQ(counts.accepted, static_cast<std::int64_t>(sms_.sent.size()));
  EXPECT_EQ(counts.skipped, 1000 - counts.accepted);
  EXPECT_EQ(ledger_.campaigns.at(1).rows.back().reason, "cancelled");
  EXPECT_EQ(run(engine().resume("camp")).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(run(engine().set_throughput("camp", 5)).error().kind, ErrorKind::Conflict);
}

TEST_F(CampaignLifecycle, APausedCampaignCanBeCancelled) {
  ASSERT_TRUE(start(definition(10), planned(500)));
  clock_.advance(100ms);
  ASSERT_TRUE(run(engine().pause("camp", "")));
  ASSERT_TRUE(run(engine().cancel("camp")));
  EXPECT_EQ(progress().counts.total().waiting, 0);
}

TEST_F(CampaignLifecycle, ACancellationThatACrashCutShortIsFinishedAtTheNextStart) {
  ASSERT_TRUE(start(definition(10), planned(500)));
  clock_.advance(100ms);
  ASSERT_TRUE(run(engine().pause("camp", "")));
  ledger_.campaigns.at(1).campaign.status = CampaignStatus::Cancelled;
  stop(1s);
  ASSERT_TRUE(run(engine().resume_all()));
  clock_.advance(1s);
  EXPECT_EQ(progress().counts.total().waiting, 0);
}

TEST_F(CampaignLifecycle, AScheduledCampaignStartsAtItsTime) {
  CampaignDefinition later = definition(100);
  later.start_at = clock_.wall_now() + 2h;
  ASSERT_TRUE(start(std::move(later), planned(5)));
  EXPECT_EQ(state(), "scheduled w5 s0 a0 f0 k0 ?0");
  clock_.advance(2h - 1s);
  EXPECT_TRUE(sms_.sent.empty());
  clock_.advance(2s);
  EXPECT_EQ(state(), "completed w0 s0 a5 f0 k0 ?0");
}

TEST_F(CampaignLifecycle, AStartMissedByLongWaitsForTheOperator) {
  CampaignDefinition later = definition(100);
  later.start_at = clock_.wall_now() + 1h;
  ASSERT_TRUE(start(std::move(later), planned(5)));
  stop(1s);
  clock_.advance(3h);
  ASSERT_TRUE(run(engine().resume_all()));
  clock_.advance(1min);
  EXPECT_EQ(state(), "paused w5 s0 a0 f0 k0 ?0");
  EXPECT_NE(progress().campaign.status_reason.find("passed while Clarion was not running"), std::string::npos);
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(text(wait(5s)), "completed w0 s0 a5 f0 k0 ?0");
}

TEST_F(CampaignLifecycle, AStartMissedByLittleGoesAhead) {
  CampaignDefinition later = definition(100);
  later.start_at = clock_.wall_now() + 1h;
  ASSERT_TRUE(start(std::move(later), planned(5)));
  stop(1s);
  clock_.advance(1h + 30min);
  ASSERT_TRUE(run(engine().resume_all()));
  EXPECT_EQ(text(wait(5s)), "completed w0 s0 a5 f0 k0 ?0");
}

TEST_F(CampaignLifecycle, AScheduledCampaignCanBeStartedBeforeItsTime) {
  CampaignDefinition later = definition(10);
  later.start_at = clock_.wall_now() + 2h;
  ASSERT_TRUE(start(later, planned(3)));
  clock_.advance(1min);
  EXPECT_EQ(state(), "scheduled w3 s0 a0 f0 k0 ?0");
  const auto started = run(engine().start_now("camp"));
  ASSERT_TRUE(started);
  EXPECT_EQ(started->status, CampaignStatus::Running);
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a3 f0 k0 ?0");
  EXPECT_EQ(run(engine().start_now("camp")).error().kind, ErrorKind::Conflict);
  expect_nobody_twice();
}

TEST_F(CampaignLifecycle, AScheduledCampaignThatWasPausedIsScheduledAgainByResume) {
  CampaignDefinition later = definition(100);
  later.start_at = clock_.wall_now() + 1h;
  ASSERT_TRUE(start(std::move(later), planned(5)));
  ASSERT_TRUE(run(engine().pause("camp", "wait")));
  EXPECT_EQ(run(engine().resume("camp"))->status, CampaignStatus::Scheduled);
  clock_.advance(30min);
  EXPECT_TRUE(sms_.sent.empty());
  clock_.advance(31min);
  EXPECT_EQ(state(), "completed w0 s0 a5 f0 k0 ?0");
}

TEST_F(CampaignLifecycle, StopFinishesWhatIsUnderWayAndTheNextStartGoesOn) {
  sms_.latency = 200ms;
  ASSERT_TRUE(start(definition(100), planned(800)));
  clock_.advance(500ms);
  stop(5s);
  ASSERT_TRUE(run(engine().resume_all()));
  const StateCounts counts = progress().counts.total();
  EXPECT_EQ(counts.in_doubt, 0);
  EXPECT_EQ(text(wait(60s)), "completed w0 s0 a800 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLifecycle, StopCutsSendsOffAtItsDeadlineAndTheyAreInDoubt) {
  sms_.latency = 10min;
  ASSERT_TRUE(start(definition(10), planned(3)));
  clock_.advance(1s);
  EXPECT_EQ(sms_.under_way, 3);
  const TimePoint began = clock_.now();
  stop(2s);
  EXPECT_LE(clock_.now() - began, 5s);
  EXPECT_EQ(state(), "running w0 s0 a0 f0 k0 ?3");
}

TEST_F(CampaignLifecycle, ASegmentIsPlannedInTheBackgroundAndAgainAfterARestart) {
  segment_ = planned(2500);
  ASSERT_TRUE(run(engine().create_and_start(definition(1000), nullptr)));
  clock_.advance(150ms);
  EXPECT_EQ(progress().campaign.status_reason, "planning");
  stop(1s);
  EXPECT_FALSE(ledger_.campaigns.at(1).campaign.is_planned);
  EXPECT_FALSE(ledger_.campaigns.at(1).rows.empty());
  ASSERT_TRUE(run(engine().resume_all()));
  EXPECT_EQ(text(wait(20s)), "completed w0 s0 a2500 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLifecycle, AListWhosePlanWasCutShortByACrashSendsNothingAndSaysSo) {
  deliveries_.add_fault({.call = LedgerCall::CompletePlan, .nth = 1, .times = 1});
  const auto refused = start(definition(100), planned(1500));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Unavailable);
  clock_.advance(1s);
  const CampaignProgress now = progress();
  EXPECT_EQ(now.campaign.status, CampaignStatus::Cancelled);
  EXPECT_NE(now.campaign.status_reason.find("nothing was sent"), std::string::npos);
  EXPECT_TRUE(sms_.sent.empty());
  EXPECT_EQ(now.counts.total().waiting, 0);
}

TEST_F(CampaignLifecycle, ALedgerOutageWhilePlanningASegmentIsWaitedFor) {
  segment_ = planned(1500);
  deliveries_.add_fault({.call = LedgerCall::AppendPlan, .nth = 2, .times = 3});
  ASSERT_TRUE(run(engine().create_and_start(definition(1000), nullptr)));
  EXPECT_EQ(text(wait(20s)), "completed w0 s0 a1500 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(CampaignLifecycle, APlanThatFailsCancelsWithItsReason) {
  auto plan = std::make_unique<GivenPlan>(planned(5000));
  plan->error_after = 2000;
  const auto refused = run(engine().create_and_start(definition(100), std::move(plan)));
  EXPECT_EQ(refused.error().message, "the segment is gone");
  clock_.advance(100ms);
  EXPECT_EQ(progress().campaign.status, CampaignStatus::Cancelled);
  EXPECT_TRUE(sms_.sent.empty());
}

TEST_F(CampaignLifecycle, PausingWhilePlanningKeepsTheList) {
  segment_ = planned(4000);
  ASSERT_TRUE(run(engine().create_and_start(definition(1000), nullptr)));
  ASSERT_TRUE(run(engine().pause("camp", "wait")));
  EXPECT_EQ(state(), "paused w4000 s0 a0 f0 k0 ?0");
  EXPECT_EQ(plans_made_, 1);
}

TEST_F(CampaignLifecycle, AskingForWhatIsNotThereSaysSo) {
  EXPECT_EQ(run(engine().pause("none", "")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(engine().resume("none")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(engine().cancel("none")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(engine().set_throughput("none", 1)).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(engine().progress("none")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(engine().wait("none", clock_.now() + 1s)).error().kind, ErrorKind::NotFound);
}

}  // namespace
}  // namespace clarion::testing
