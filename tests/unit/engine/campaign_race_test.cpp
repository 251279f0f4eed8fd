// What two things at once, a clock that jumps, or a fault of ours may not do to a campaign.
#include <boost/asio/detached.hpp>

#include <stdexcept>

#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignRace : public EngineTest {
 protected:
  // Begins `task` without waiting for it; its result appears in the returned place.
  template <class T>
  std::shared_ptr<std::optional<T>> begin(Task<T> task) {
    auto place = std::make_shared<std::optional<T>>();
    asio::co_spawn(
        context_,
        [](Task<T> inner, std::shared_ptr<std::optional<T>> out) -> Task<void> {
          out->emplace(co_await std::move(inner));
        }(std::move(task), place),
        asio::detached);
    return place;
  }
};

TEST_F(CampaignRace, ACampaignCreatedWhileClarionStopsDoesNotHoldTheStopAndGoesOnAtTheNextStart) {
  segment_ = planned(20);
  const auto created = begin(engine().create_and_start(definition(100), nullptr));
  const auto stopped = begin([](CampaignEngine& engine, TimePoint deadline) -> Task<bool> {
    co_await engine.stop(deadline);
    co_return true;
  }(engine(), clock_.now() + 2s));
  clock_.advance(1s);
  EXPECT_TRUE(*stopped);
  EXPECT_TRUE(*created);
  EXPECT_TRUE(sms_.sent.empty());
  engine_.reset();
  ASSERT_TRUE(run(engine().resume_all()));
  EXPECT_EQ(text(wait(5s)), "completed w0 s0 a20 f0 k0 ?0");
}

TEST_F(CampaignRace, WhoeverWaitsForACampaignIsAnsweredWhenClarionStops) {
  ASSERT_TRUE(start(definition(10), planned(500)));
  const auto waited = begin(engine().wait("camp", clock_.now() + 1h));
  clock_.advance(1s);
  run(engine_->stop(clock_.now() + 5s));
  clock_.advance(1s);
  ASSERT_TRUE(*waited);
  EXPECT_EQ((**waited)->campaign.status, CampaignStatus::Running);
  clock_.advance(2h);
}

TEST_F(CampaignRace, APauseWhileCampaignsAreTakenUpAgainIsKept) {
  ASSERT_TRUE(start(definition(10), planned(500)));
  clock_.advance(1s);
  stop(5s);
  const auto sent = sms_.sent.size();
  // The list of campaigns is read, and only then the pause is recorded, by somebody who finds nothing running yet.
  const auto resumed = begin(engine().resume_all());
  while (!*resumed) {
    context_.restart();
    ASSERT_GT(context_.run_one(), 0U);
  }
  ledger_.campaigns.at(1).campaign.status = CampaignStatus::Paused;
  clock_.advance(10s);
  EXPECT_EQ(sms_.sent.size(), sent);
  EXPECT_EQ(state(), "paused w" + std::to_string(500 - sent) + " s0 a" + std::to_string(sent) + " f0 k0 ?0");
}

TEST_F(CampaignRace, ACampaignCreatedWhileOthersAreTakenUpAgainIsPlannedOnce) {
  campaigns_.turns_after_create = 5;
  const auto created = begin(engine().create_and_start(definition(100), std::make_unique<GivenPlan>(planned(30))));
  const auto resumed = begin(engine().resume_all());
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a30 f0 k0 ?0");
  EXPECT_TRUE(*created && **created);
  EXPECT_TRUE(*resumed && **resumed);
  EXPECT_EQ(plans_made_, 0);
  expect_nobody_twice();
}

TEST_F(CampaignRace, ResumingAtTheMomentOfAPausePutsNothingInDoubt) {
  sms_.latency = 300ms;
  ASSERT_TRUE(start(definition(100), planned(1000)));
  clock_.advance(1s);
  ASSERT_GT(sms_.under_way, 0);
  const auto paused = begin(engine().pause("camp", "lunch"));
  const auto resumed = begin(engine().resume("camp"));
  clock_.advance(2s);
  EXPECT_TRUE(**paused);
  EXPECT_EQ(progress().counts.total().in_doubt, 0);
}

TEST_F(CampaignRace, ARowDueAfterAnHourIsSentWhenTheMachineSleptThroughIt) {
  auto rows = planned(3);
  for (auto& row : rows) row.due_at = clock_.wall_now() + 1h;
  ASSERT_TRUE(start(definition(100), std::move(rows)));
  clock_.advance(5s);
  clock_.shift_wall(1h);
  clock_.advance(31s);
  EXPECT_EQ(state(), "completed w0 s0 a3 f0 k0 ?0");
}

TEST_F(CampaignRace, AStartFarInTheFutureIsNotNow) {
  CampaignDefinition later = definition(100);
  later.start_at = parse_iso8601("9999-01-01T00:00:00Z");
  ASSERT_TRUE(start(std::move(later), planned(5)));
  clock_.advance(2min);
  EXPECT_EQ(state(), "scheduled w5 s0 a0 f0 k0 ?0");
}

TEST_F(CampaignRace, ADueTimeFarInTheFutureIsNotNow) {
  auto rows = planned(1);
  rows.front().due_at = parse_iso8601("9999-01-01T00:00:00Z");
  ASSERT_TRUE(start(definition(100), std::move(rows)));
  const auto claims = deliveries_.calls(LedgerCall::Claim);
  clock_.advance(2min);
  EXPECT_EQ(state(), "running w1 s0 a0 f0 k0 ?0");
  EXPECT_LE(deliveries_.calls(LedgerCall::Claim), claims + 10);
}

TEST_F(CampaignRace, ARateTooSlowToBeOneIsRefused) {
  const auto refused = start(definition(1e-12), planned(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "throughput_tps must be a number from 0.001 to 1000; it is 1e-12");
  ASSERT_TRUE(start(definition(0.001), planned(1)));
  EXPECT_FALSE(run(engine().set_throughput("camp", 1e-300)));
  EXPECT_EQ(text(wait(5s)), "completed w0 s0 a1 f0 k0 ?0");
}

TEST_F(CampaignRace, AnExceptionInASenderLeavesItsMessageInDoubtAndTheCampaignEnds) {
  sms_.answer = [this](const Message& message) -> SendOutcome {
    if (sms_.sent.size() == 3) throw std::runtime_error("a bug");
    return Accepted{.provider_id = to_string(message.attempt), .parts = 1, .cost = {}};
  };
  ASSERT_TRUE(start(definition(100), planned(10)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a9 f0 k0 ?1");
  expect_nobody_twice();
}

TEST_F(CampaignRace, WhatIsUnknownIsSentAgainNoOftenerThanAttemptsAllow) {
  sms_.answer = [](const Message&) -> SendOutcome {
    return std::unexpected(SendFailure{FailureClass::Ambiguous, "", "", std::nullopt});
  };
  CampaignDefinition resend = definition(100);
  resend.on_unknown = OnUnknown::Resend;
  auto rows = planned(2);
  rows.back().due_at = clock_.wall_now() + 20h;
  ASSERT_TRUE(start(std::move(resend), std::move(rows)));
  clock_.advance(10min);
  ASSERT_EQ(sms_.sent.size(), 4U);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(run(engine().pause("camp", "")));
    ASSERT_TRUE(run(engine().resume("camp")));
    clock_.advance(10min);
  }
  EXPECT_EQ(sms_.sent.size(), 4U);
}

TEST_F(CampaignRace, ACompletedPlanWhoseAnswerWasLostIsSent) {
  segment_ = planned(50);
  deliveries_.add_fault({.call = LedgerCall::CompletePlan, .nth = 1, .times = 1, .when = LedgerFault::When::After});
  ASSERT_TRUE(run(engine().create_and_start(definition(100), nullptr)));
  EXPECT_EQ(text(wait(20s)), "completed w0 s0 a50 f0 k0 ?0");
  expect_nobody_twice();
}

}  // namespace
}  // namespace clarion::testing
