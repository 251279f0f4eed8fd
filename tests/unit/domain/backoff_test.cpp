#include "domain/backoff.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr BackoffPolicy policy{.base = 1s, .cap = 10s, .max_attempts = 5};

TEST(Backoff, DoublesUpToItsCap) {
  EXPECT_EQ(backoff_after(policy, 1, 0.5, std::nullopt), 500ms);
  EXPECT_EQ(backoff_after(policy, 2, 0.5, std::nullopt), 1s);
  EXPECT_EQ(backoff_after(policy, 3, 0.5, std::nullopt), 2s);
  EXPECT_EQ(backoff_after(policy, 5, 0.5, std::nullopt), 5s);
  EXPECT_EQ(backoff_after(policy, 2'000'000'000, 0.5, std::nullopt), 5s);
}

TEST(Backoff, IsSpreadOverTheWholeSpan) {
  EXPECT_EQ(backoff_after(policy, 3, 0.0, std::nullopt), 0ms);
  EXPECT_EQ(backoff_after(policy, 3, 0.25, std::nullopt), 1s);
  EXPECT_EQ(backoff_after(policy, 3, 0.9999, std::nullopt), 3999ms);
}

TEST(Backoff, HonoursWhatTheCarrierAskedFor) {
  EXPECT_EQ(backoff_after(policy, 1, 0.1, 30s), 30s);
  EXPECT_EQ(backoff_after(policy, 3, 0.5, 1ms), 2s);
}

TEST(Backoff, SurvivesNonsense) {
  EXPECT_EQ(backoff_after(policy, 0, 0.5, std::nullopt), 500ms);
  EXPECT_EQ(backoff_after(policy, -7, 5.0, -1s), 1s);
}

}  // namespace
}  // namespace clarion
