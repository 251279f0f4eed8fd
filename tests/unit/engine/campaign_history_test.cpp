// What the engine keeps of a run, over pauses, restarts and other processes.
#include <boost/json/serialize.hpp>

#include "engine/run_history.h"
#include "engine/run_history_json.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignHistory : public EngineTest {
 protected:
  CampaignHistory() { keeps_runs_ = true; }
  RunHistory history() { return run(engine().history("camp")).value(); }
  static std::int64_t total(const RunHistory& history, RunMark mark, Channel channel = Channel::Sms) {
    std::int64_t sum = 0;
    for (const RunSlice& slice : history.slices()) sum += slice.by_channel[channel].count(mark);
    return sum;
  }
  // What happens when the process is killed: nothing is saved any more.
  void crash() {
    runs_.outage = Error{ErrorKind::Unavailable, "gone"};
    take_over();
    runs_.outage.reset();
  }
};

TEST_F(CampaignHistory, SaysWhatEndedWhenAndAtWhichRate) {
  sms_.answer = [n = 0](const Message&) mutable -> SendOutcome {
    ++n;
    if (n == 3) return std::unexpected(SendFailure{FailureClass::Throttled, "slow_down", "too fast"});
    if (n == 5) return std::unexpected(SendFailure{FailureClass::InvalidAddress, "bad", "no such number"});
    if (n == 7) return std::unexpected(SendFailure{FailureClass::NotConnected, "reset", "refused"});
    return Accepted{};
  };
  ASSERT_TRUE(start(definition(2), planned(20)));
  EXPECT_EQ(text(wait(120s)), "completed w0 s0 a19 f1 k0 ?0");
  const RunHistory whole = history();
  EXPECT_EQ(total(whole, RunMark::Accepted), 19);
  EXPECT_EQ(total(whole, RunMark::Throttled), 1);
  EXPECT_EQ(total(whole, RunMark::Failed), 1);
  EXPECT_EQ(total(whole, RunMark::Retried), 1);
  EXPECT_GT(whole.slices().size(), 3U) << "the burst, and then two a second";
  EXPECT_EQ(whole.slices().front().asked, 2);
  EXPECT_GT(whole.slices().front().by_channel[Channel::Sms].limit, 0);
}

TEST_F(CampaignHistory, OutlivesTheProcessAndGoesOn) {
  ASSERT_TRUE(start(definition(2), planned(60)));
  clock_.advance(12s);
  stop(1s);
  const std::int64_t before = total(history(), RunMark::Accepted);
  EXPECT_GE(before, 20);
  run(engine().resume_all()).value();
  clock_.advance(4s);
  EXPECT_GT(total(history(), RunMark::Accepted), before);
  wait(120s);
  EXPECT_EQ(total(history(), RunMark::Accepted), 60);
}

TEST_F(CampaignHistory, LosesAFewSecondsAtMostWhenTheProcessIsKilled) {
  ASSERT_TRUE(start(definition(2), planned(60)));
  clock_.advance(13s);
  const std::int64_t before = total(history(), RunMark::Accepted);
  crash();
  clock_.advance(1s);
  EXPECT_GE(total(history(), RunMark::Accepted), before - 2 * 6);
}

TEST_F(CampaignHistory, APauseCountsNothingTwice) {
  ASSERT_TRUE(start(definition(2), planned(40)));
  clock_.advance(7s);
  ASSERT_TRUE(run(engine().pause("camp", "the operator paused it")));
  clock_.advance(20s);
  ASSERT_TRUE(run(engine().resume("camp")));
  wait(120s);
  EXPECT_EQ(total(history(), RunMark::Accepted), 40);
}

TEST_F(CampaignHistory, AddsWhatOtherWorkersSent) {
  ASSERT_TRUE(start(definition(2), planned(4)));
  wait(60s);
  RunHistory theirs;
  for (int i = 0; i < 5; ++i) {
    theirs.add(Channel::Sms, RunMark::Accepted, {.asked = 2, .limit = 2}, clock_.wall_now());
  }
  runs_.of_others[progress().campaign.number] = boost::json::serialize(history_to_json(theirs));
  EXPECT_EQ(total(history(), RunMark::Accepted), 9);
}

TEST_F(CampaignHistory, SendingGoesOnWhenItCannotBeKept) {
  runs_.outage = Error{ErrorKind::Unavailable, "the disk is full"};
  ASSERT_TRUE(start(definition(50), planned(300)));
  EXPECT_EQ(text(wait(60s)), "completed w0 s0 a300 f0 k0 ?0");
}

TEST_F(CampaignHistory, ARunningChannelSaysItsTokensAndWhatHoldsIt) {
  ASSERT_TRUE(start(definition(2), planned(60)));
  clock_.advance(8s);
  const auto now = progress();
  const auto& sms = now.limits[Channel::Sms];
  ASSERT_TRUE(sms);
  EXPECT_EQ(sms->per_second, 2);
  EXPECT_EQ(sms->burst, 10);
  EXPECT_LE(sms->tokens, 1) << "the burst has been spent";
  EXPECT_EQ(sms->limited_by, "throughput_tps");
  EXPECT_FALSE(now.limits[Channel::Email]) << "nobody is written to by email";
  ASSERT_TRUE(run(engine().pause("camp", "the operator paused it")));
  EXPECT_FALSE(progress().limits[Channel::Sms]);
}

}  // namespace
}  // namespace clarion::testing
