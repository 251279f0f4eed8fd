#include "engine/run_history.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include <sstream>

#include "engine/run_history_json.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

constexpr WallTime noon{std::chrono::seconds(1'700'000'000)};  // an even second, so that halving begins cleanly

WallTime second(std::int64_t seconds) {
  return noon + std::chrono::seconds(seconds);
}

void accept(RunHistory& history, std::int64_t seconds, int count = 1, Channel channel = Channel::Sms) {
  for (int i = 0; i < count; ++i) {
    history.add(channel, RunMark::Accepted, {.asked = 10, .limit = 8}, second(seconds));
  }
}

// "1s 0:3 2:1": width, and seconds since noon with the SMS accepted in each slice.
std::string text(const RunHistory& history) {
  std::ostringstream out;
  out << history.seconds_per_slice() << "s";
  for (const RunSlice& slice : history.slices()) {
    out << " " << slice.number * history.seconds_per_slice() - noon.time_since_epoch() / 1s << ":"
        << slice.by_channel[Channel::Sms].count(RunMark::Accepted);
  }
  return out.str();
}

TEST(RunHistory, CountsAttemptsBySecondAndLeavesOutWhatWasIdle) {
  RunHistory history;
  accept(history, 0, 3);
  accept(history, 2);
  history.add(Channel::Sms, RunMark::Throttled, {.asked = 10, .limit = 4}, second(2) + 900ms);
  history.add(Channel::Email, RunMark::Failed, {.asked = 12, .limit = 12}, second(2));
  EXPECT_EQ(text(history), "1s 0:3 2:1");
  const RunSlice& last = history.slices().back();
  EXPECT_EQ(last.by_channel[Channel::Sms].count(RunMark::Throttled), 1);
  EXPECT_EQ(last.by_channel[Channel::Sms].limit, 4);
  EXPECT_EQ(last.by_channel[Channel::Email].count(RunMark::Failed), 1);
  EXPECT_EQ(last.asked, 12);
  EXPECT_EQ(last.by_channel[Channel::WhatsApp].limit, 0);
}

TEST(RunHistory, ALongRunIsKeptCoarserAndLosesNothing) {
  RunHistory history;
  constexpr std::int64_t day = 86'400;
  for (std::int64_t at = 0; at < day; ++at) accept(history, at);
  EXPECT_LE(history.slices().size(), RunHistory::most_slices);
  EXPECT_EQ(history.seconds_per_slice(), 256);
  std::int64_t sum = 0;
  for (const RunSlice& slice : history.slices()) sum += slice.by_channel[Channel::Sms].count(RunMark::Accepted);
  EXPECT_EQ(sum, day);
}

TEST(RunHistory, AClockThatWasSetBackAddsToEarlierSlices) {
  RunHistory history;
  accept(history, 5);
  accept(history, 3);
  accept(history, 5);
  EXPECT_EQ(text(history), "1s 3:1 5:2");
}

TEST(RunHistory, HistoriesOfSeveralProcessesAddUpWhateverTheirResolution) {
  RunHistory fine;
  accept(fine, 0, 2);
  accept(fine, 3, 1);
  RunHistory coarse(4, {RunSlice{.number = noon.time_since_epoch() / 4s, .asked = 10, .by_channel = {}}});
  accept(coarse, 1, 5);
  RunHistory sum = fine;
  sum.add(coarse);
  EXPECT_EQ(text(sum), "4s 0:8");
  RunHistory other = coarse;
  other.add(fine);
  EXPECT_EQ(other.slices(), sum.slices());
}

TEST(RunHistory, IsReadBackAsItWasKept) {
  RunHistory history;
  accept(history, 0, 3);
  history.add(Channel::WhatsApp, RunMark::Retried, {.asked = 2.5, .limit = 1.25}, second(9));
  const std::string kept = boost::json::serialize(history_to_json(history));
  const auto back = read_history(kept);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->seconds_per_slice(), history.seconds_per_slice());
  EXPECT_EQ(back->slices(), history.slices());
}

TEST(RunHistory, WhatIsNoHistoryIsRefused) {
  RunHistory history;
  accept(history, 0);
  accept(history, 1);
  const std::string good = boost::json::serialize(history_to_json(history));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  for (const std::string& bad : {std::string(), std::string("{}"), std::string("[1]"), good.substr(0, good.size() - 1),
                                 with("\"seconds_per_slice\":1", "\"seconds_per_slice\":3"),
                                 with("\"seconds_per_slice\":1", "\"seconds_per_slice\":0"),
                                 with("1700000001", "1700000000"), with("\"asked\":[", "\"asked\":\"")}) {
    EXPECT_FALSE(read_history(bad)) << bad;
  }
}

}  // namespace
}  // namespace clarion::testing
