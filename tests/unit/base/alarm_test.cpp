#include "base/alarm.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/task_group.h"
#include "fakes/manual_clock.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

class AlarmTest : public ::testing::Test {
 protected:
  void TearDown() override {
    group_.cancel();
    clock_.settle();
  }
  void go(Task<void> task) { group_.spawn(context_.get_executor(), std::move(task)); }

  asio::io_context context_{1};
  ManualClock clock_{context_};
  TaskGroup group_;
};

TEST_F(AlarmTest, SleepsUntilItsDeadlineOrTheRing) {
  Alarm alarm(clock_);
  int woken = 0;
  go([](Alarm& bell, ManualClock& clock, int& count) -> Task<void> {
    for (;;) {
      co_await bell.sleep_until(clock.now() + 1s);
      ++count;
    }
  }(alarm, clock_, woken));
  clock_.advance(999ms);
  EXPECT_EQ(woken, 0);
  clock_.advance(1ms);
  EXPECT_EQ(woken, 1);
  alarm.ring();
  clock_.settle();
  EXPECT_EQ(woken, 2);
  clock_.advance(999ms);
  EXPECT_EQ(woken, 2);
  clock_.advance(1ms);
  EXPECT_EQ(woken, 3);
}

TEST_F(AlarmTest, ARingWhileNobodySleepsEndsTheNextSleepAtOnce) {
  Alarm alarm(clock_);
  alarm.ring();
  alarm.ring();
  int woken = 0;
  go([](Alarm& bell, int& count) -> Task<void> {
    for (;;) {
      co_await bell.sleep_until(TimePoint::max());
      ++count;
    }
  }(alarm, woken));
  clock_.settle();
  EXPECT_EQ(woken, 1);
  alarm.ring();
  clock_.settle();
  EXPECT_EQ(woken, 2);
  // The coroutine is parked for good: ring once more so that it can see its cancellation.
  group_.cancel();
  alarm.ring();
  clock_.settle();
  EXPECT_EQ(group_.size(), 0U);
}

TEST_F(AlarmTest, WaitListWakesOneAtATimeOrAll) {
  WaitList list;
  int woken = 0;
  for (int i = 0; i < 5; ++i) {
    go([](WaitList& waiting, int& count) -> Task<void> {
      co_await waiting.wait();
      ++count;
    }(list, woken));
  }
  clock_.settle();
  EXPECT_EQ(list.size(), 5U);
  EXPECT_TRUE(list.wake_one());
  EXPECT_EQ(woken, 0);  // never inside wake_one
  clock_.settle();
  EXPECT_EQ(woken, 1);
  list.wake_all();
  clock_.settle();
  EXPECT_EQ(woken, 5);
  EXPECT_FALSE(list.wake_one());
}

TEST_F(AlarmTest, AGroupIsJoinedWhenEveryTaskHasEnded) {
  bool joined = false;
  TaskGroup group;
  group.spawn(context_.get_executor(), clock_.sleep_until(clock_.now() + 1s));
  group.spawn(context_.get_executor(), clock_.sleep_until(clock_.now() + 2s));
  go([](TaskGroup& tasks, bool& flag) -> Task<void> {
    co_await tasks.join();
    flag = true;
  }(group, joined));
  clock_.advance(1s);
  EXPECT_FALSE(joined);
  EXPECT_EQ(group.size(), 1U);
  group.cancel();
  clock_.settle();
  EXPECT_TRUE(joined);
}

TEST_F(AlarmTest, ATaskThatThrowsEndsAlone) {
  TaskGroup group;
  group.spawn(context_.get_executor(), []() -> Task<void> {
    throw std::runtime_error("a bug");
    co_return;
  }());
  group.spawn(context_.get_executor(), clock_.sleep_until(clock_.now() + 1s));
  clock_.settle();
  EXPECT_EQ(group.size(), 1U);
  clock_.advance(1s);
  EXPECT_EQ(group.size(), 0U);
}

}  // namespace
}  // namespace clarion::testing
