#include "carriers/pair_limit.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{1h};

TEST(PairLimit, OneRecipientWaitsAndOthersDoNot) {
  PairLimit limit(6s);
  EXPECT_EQ(limit.take_or_wait("+1", start), 0s);
  EXPECT_EQ(limit.take_or_wait("+2", start), 0s);
  EXPECT_EQ(limit.take_or_wait("+1", start + 1s), 5s);
  EXPECT_EQ(limit.take_or_wait("+1", start + 5999ms), 1ms) << "asking costs nothing";
  EXPECT_EQ(limit.take_or_wait("+1", start + 6s), 0s);
  EXPECT_EQ(limit.take_or_wait("+1", start + 7s), 5s);
}

TEST(PairLimit, ATurnThatWasGivenBackCanBeTakenAgain) {
  PairLimit limit(6s);
  EXPECT_EQ(limit.take_or_wait("+1", start), 0s);
  limit.give_back("+1");
  EXPECT_EQ(limit.take_or_wait("+1", start + 2s), 0s);
  EXPECT_EQ(limit.take_or_wait("+1", start + 6s), 2s) << "the turn that was given back is not the one that counts";
}

TEST(PairLimit, RemembersNobodyForLongerThanItHasTo) {
  PairLimit limit(6s, 3);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(limit.take_or_wait(std::to_string(i), start), 0s);
  EXPECT_EQ(limit.size(), 3U) << "bounded at any rate";
  EXPECT_EQ(limit.take_or_wait("9", start + 1s), 5s);
  EXPECT_EQ(limit.take_or_wait("x", start + 6s), 0s);
  EXPECT_EQ(limit.size(), 1U);
}

TEST(PairLimit, OfNoTimeLimitsNobody) {
  PairLimit limit(0s);
  EXPECT_EQ(limit.take_or_wait("+1", start), 0s);
  EXPECT_EQ(limit.take_or_wait("+1", start), 0s);
}

}  // namespace
}  // namespace clarion
