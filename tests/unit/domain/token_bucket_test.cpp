#include "domain/token_bucket.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/hash.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

const TimePoint start{std::chrono::hours(5)};

TEST(TokenBucket, StartsFullAndRefillsEvenly) {
  TokenBucket bucket({.per_second = 10, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.take_or_wait(start), 0ns);
  EXPECT_EQ(bucket.take_or_wait(start), 100ms);
  EXPECT_EQ(bucket.take_or_wait(start + 99ms), 1ms);
  EXPECT_EQ(bucket.take_or_wait(start + 100ms), 0ns);
}

TEST(TokenBucket, ARefusalCostsNothing) {
  TokenBucket bucket({.per_second = 1, .burst = 1});
  EXPECT_EQ(bucket.take_or_wait(start), 0ns);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(bucket.take_or_wait(start + 500ms), 500ms);
  EXPECT_EQ(bucket.take_or_wait(start + 1s), 0ns);
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket({.per_second = 100, .burst = 5});
  EXPECT_EQ(bucket.take_up_to(start + 24h, 1000), 5);
  EXPECT_EQ(bucket.take_up_to(start + 24h, 1000), 0);
}

TEST(TokenBucket, TakesWhatThereIs) {
  TokenBucket bucket({.per_second = 1000, .burst = 100});
  EXPECT_EQ(bucket.take_up_to(start, 40), 40);
  EXPECT_EQ(bucket.take_up_to(start, 100), 60);
  EXPECT_EQ(bucket.take_up_to(start + 5500us, 100), 5);
  EXPECT_EQ(bucket.take_up_to(start + 6ms, 100), 1);  // the half token was not lost
}

TEST(TokenBucket, AMessageOfMorePartsThanTheBurstIsLateRatherThanStuck) {
  TokenBucket bucket({.per_second = 2, .burst = 2});
  EXPECT_EQ(bucket.take_or_wait(start), 0ns);
  EXPECT_EQ(bucket.take_or_wait(start, 6), 500ms);
  EXPECT_EQ(bucket.take_or_wait(start + 500ms, 6), 0ns);
  EXPECT_EQ(bucket.take_or_wait(start + 500ms, 1), 2500ms);  // it pays the debt first
}

TEST(TokenBucket, AChangeOfRateNeitherGivesNorTakes) {
  TokenBucket bucket({.per_second = 10, .burst = 50});
  EXPECT_EQ(bucket.take_up_to(start, 30), 30);
  bucket.set_policy(start, {.per_second = 100, .burst = 500});
  EXPECT_EQ(bucket.available(start), 20);
  bucket.set_policy(start, {.per_second = 1, .burst = 5});
  EXPECT_EQ(bucket.available(start), 5);
  bucket.set_policy(start, {.per_second = 100, .burst = 500});
  EXPECT_EQ(bucket.available(start), 5);
}

TEST(TokenBucket, ManySmallChangesOfRateAreNoGift) {
  TokenBucket bucket({.per_second = 100, .burst = 100});
  EXPECT_EQ(bucket.take_up_to(start, 100), 100);
  SeededRandom random(7);
  TimePoint now = start;
  double refilled = 0;
  std::int64_t taken = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double rate = 50 + 100 * random.uniform();
    bucket.set_policy(now, {.per_second = rate, .burst = 100});
    now += 1ms;
    refilled += rate / 1000;
    taken += bucket.take_up_to(now, 1);
  }
  EXPECT_LE(static_cast<double>(taken), refilled);
  EXPECT_GE(static_cast<double>(taken), refilled - 2);
}

TEST(TokenBucket, NeverSendsMoreThanRateTimesTimePlusBurst) {
  for (const double rate : {0.7, 3.0, 333.3, 5000.0, 700'000.0}) {
    TokenBucket bucket({.per_second = rate, .burst = 7});
    std::int64_t taken = 0;
    TimePoint now = start;
    while (now < start + 2s) {
      taken += bucket.take_up_to(now, 1'000'000);
      now += Duration(static_cast<std::int64_t>(3e9 / rate / 7));
    }
    const double elapsed = std::chrono::duration<double>(now - start).count();
    EXPECT_LE(static_cast<double>(taken), rate * elapsed + 7) << rate;
    EXPECT_GE(static_cast<double>(taken), 0.998 * rate * elapsed + 5) << rate;
  }
}

TEST(TokenBucket, WhatIsGivenBackCanBeTakenAgain) {
  TokenBucket bucket({.per_second = 1, .burst = 10});
  EXPECT_EQ(bucket.take_up_to(start, 10), 10);
  bucket.give_back(start, 4);
  EXPECT_EQ(bucket.available(start), 4);
  bucket.give_back(start, 400);
  EXPECT_EQ(bucket.available(start), 10);
}

TEST(TokenBucket, RefusesANonsensicalPolicy) {
  for (const double rate : {0.0, -1.0, 1e-12, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(TokenBucket({.per_second = rate, .burst = 1}), std::invalid_argument) << rate;
  }
  for (const std::int64_t burst : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{2'000'000'000}}) {
    EXPECT_THROW(TokenBucket({.per_second = 1, .burst = burst}), std::invalid_argument) << burst;
  }
}

}  // namespace
}  // namespace clarion
