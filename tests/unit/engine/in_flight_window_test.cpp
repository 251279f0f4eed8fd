#include "engine/in_flight_window.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

using namespace std::chrono_literals;
constexpr auto on_time = 100us;
constexpr auto late = 5ms;

void answer(InFlightWindow& window, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) window.on_answer();
}

TEST(InFlightWindow, GrowsToWhatASlowCarrierNeedsWithinATenthOfASecond) {
  InFlightWindow window;
  for (int tick = 0; tick < 50; ++tick) {
    window.on_tick(on_time, window.size());
    window.want_more(600);
  }
  EXPECT_EQ(window.size(), 600);
}

TEST(InFlightWindow, StaysWhileNobodyWantsMore) {
  InFlightWindow window;
  for (int tick = 0; tick < 50; ++tick) window.on_tick(on_time, 10);
  EXPECT_EQ(window.size(), InFlightWindow::first_size);
}

TEST(InFlightWindow, DoesNotGrowWhileTheThreadIsLate) {
  InFlightWindow window;
  for (int tick = 0; tick < 50; ++tick) {
    window.on_tick(late, window.size());
    window.want_more(1024);
  }
  EXPECT_EQ(window.size(), InFlightWindow::first_size);
}

TEST(InFlightWindow, ShrinksToItsFirstSizeWhenTheThreadIsWhatTheSendsWaitFor) {
  InFlightWindow window;
  for (int tick = 0; tick < 50; ++tick) {
    window.on_tick(on_time, window.size());
    window.want_more(1024);
  }
  ASSERT_EQ(window.size(), 1024);
  for (int tick = 0; tick < 50; ++tick) {
    answer(window, window.size());
    window.on_tick(late, window.size());
  }
  EXPECT_EQ(window.size(), InFlightWindow::first_size);
}

TEST(InFlightWindow, ABusyMachineTakesNothingFromASlowCarrier) {
  InFlightWindow window;
  for (int tick = 0; tick < 50; ++tick) {
    window.on_tick(on_time, window.size());
    window.want_more(600);
  }
  for (int tick = 0; tick < 50; ++tick) {
    answer(window, 20);
    window.on_tick(late, 600);
  }
  EXPECT_EQ(window.size(), 600);
}

}  // namespace
}  // namespace clarion
