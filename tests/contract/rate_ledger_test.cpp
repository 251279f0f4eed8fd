// Contract of RateLedger: one process's buckets and the ones in DynamoDB behave alike.
#include <gtest/gtest.h>

#include "contract/dynamo_service.h"
#include "engine/process_rate_ledger.h"
#include "store/dynamo_rate_ledger.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

// A ledger and the clock it looks at.
struct LedgerSet {
  SteppedClock clock;
  std::unique_ptr<DynamoDatabase> database;
  std::unique_ptr<RateLedger> ledger;
};
struct LedgerKind {
  std::string name;
  std::function<std::unique_ptr<LedgerSet>()> make;
};

std::unique_ptr<LedgerSet> make_process_ledger() {
  auto set = std::make_unique<LedgerSet>();
  set->ledger = std::make_unique<ProcessRateLedger>(set->clock);
  return set;
}

std::unique_ptr<LedgerSet> make_dynamo_ledger() {
  auto set = std::make_unique<LedgerSet>();
  set->database = DynamoService::shared().open(DynamoService::shared().make_tables(), set->clock);
  set->ledger = std::make_unique<DynamoRateLedger>(*set->database, 1);
  return set;
}

std::vector<LedgerKind> all_ledgers() {
  std::vector<LedgerKind> kinds{{"Process", make_process_ledger}};
  if (DynamoService::is_wanted()) kinds.push_back({"Dynamo", make_dynamo_ledger});
  return kinds;
}

class RateLedgerContract : public ::testing::TestWithParam<LedgerKind> {
 protected:
  TokenLease lease(RateLimit limit, std::int64_t wanted, std::string key = "pool-1") {
    return run(set_->ledger->lease(std::move(key), limit, wanted)).value();
  }
  // Takes everything that can be had for `span`, asking again when told to; returns the sum.
  std::int64_t drain_for(Duration span, RateLimit limit, std::int64_t wanted) {
    const TimePoint end = set_->clock.now() + span;
    std::int64_t taken = 0;
    while (set_->clock.now() < end) {
      const TokenLease one = lease(limit, wanted);
      taken += one.tokens;
      if (one.tokens == 0) set_->clock.advance(std::max<Duration>(1ms, one.retry_at - set_->clock.now()));
    }
    return taken;
  }
  std::unique_ptr<LedgerSet> set_ = GetParam().make();
};

TEST_P(RateLedgerContract, ABucketStartsFullAndNeverGivesMoreThanItsBurst) {
  EXPECT_EQ(drain_for(5s, {.per_second = 0.001, .burst = 10}, 3), 10);
}

TEST_P(RateLedgerContract, ARefusalSaysWhenToAskAgainAndThenThereIsOne) {
  const RateLimit limit{.per_second = 2, .burst = 1};
  EXPECT_EQ(lease(limit, 5).tokens, 1);
  const TokenLease refused = lease(limit, 1);
  EXPECT_EQ(refused.tokens, 0);
  EXPECT_GT(refused.retry_at, set_->clock.now());
  for (int i = 0; i < 3; ++i) {
    const TokenLease again = lease(limit, 1);
    if (again.tokens > 0) return;
    set_->clock.advance(again.retry_at - set_->clock.now());
  }
  EXPECT_EQ(lease(limit, 1).tokens, 1);
}

TEST_P(RateLedgerContract, OverAMinuteAllOfTheRateIsHadAndNoMore) {
  for (const double rate : {0.5, 7.0, 500.0}) {
    set_ = GetParam().make();
    const RateLimit limit{.per_second = rate, .burst = std::max<std::int64_t>(1, static_cast<std::int64_t>(rate))};
    const auto taken = static_cast<double>(drain_for(60s, limit, 20));
    EXPECT_LE(taken, 60 * rate + static_cast<double>(limit.burst) + 0.5 * rate + 1) << rate;
    EXPECT_GE(taken, 0.97 * 60 * rate) << rate;
  }
}

TEST_P(RateLedgerContract, BucketsOfDifferentIdentitiesAreApart) {
  const RateLimit limit{.per_second = 1, .burst = 2};
  EXPECT_EQ(lease(limit, 2, "pool-1").tokens, 2);
  EXPECT_EQ(lease(limit, 2, "pool-2").tokens, 2);
  EXPECT_EQ(lease(limit, 2, "pool-1").tokens, 0);
}

TEST_P(RateLedgerContract, WhatIsGivenBackCanBeHadAgain) {
  const RateLimit limit{.per_second = 1, .burst = 4};
  EXPECT_EQ(lease(limit, 4).tokens, 4);
  ASSERT_TRUE(run(set_->ledger->give_back("pool-1", 3)));
  EXPECT_EQ(lease(limit, 4).tokens, 3);
}

TEST_P(RateLedgerContract, ANonsensicalLimitIsRefused) {
  for (const RateLimit limit : {RateLimit{.per_second = 0, .burst = 1}, RateLimit{.per_second = 1, .burst = 0}}) {
    EXPECT_EQ(run(set_->ledger->lease("pool-1", limit, 1)).error().kind, ErrorKind::Invalid);
  }
  EXPECT_EQ(run(set_->ledger->lease("pool-1", {.per_second = 1, .burst = 1}, 0)).error().kind, ErrorKind::Invalid);
}

INSTANTIATE_TEST_SUITE_P(Ledgers, RateLedgerContract, ::testing::ValuesIn(all_ledgers()),
                         [](const auto& test) { return test.param.name; });

// Several workers on one bucket: what the item is for.
class DynamoRateLedgerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
    tables_ = DynamoService::shared().make_tables();
  }
  struct Worker {
    std::unique_ptr<DynamoDatabase> database;
    std::unique_ptr<DynamoRateLedger> ledger;
    TimePoint again_at{};
    std::int64_t taken = 0;
  };
  Worker worker(Clock& clock) {
    Worker made;
    made.database = DynamoService::shared().open(tables_, clock);
    made.ledger = std::make_unique<DynamoRateLedger>(*made.database, ++seed_);
    return made;
  }
  DynamoTableNames tables_;
  SteppedClock clock_;
  std::uint64_t seed_ = 0;
};

TEST_F(DynamoRateLedgerTest, FourWorkersShareOneLimitAndWriteAtMostFourTimesASecond) {
  for (const double rate : {50.0, 500.0}) {
    tables_ = DynamoService::shared().make_tables();
    const RateLimit limit{.per_second = rate, .burst = static_cast<std::int64_t>(rate)};
    std::vector<Worker> workers;
    for (int i = 0; i < 4; ++i) workers.push_back(worker(clock_));
    const auto requests_before = DynamoService::shared().client().use().requests;
    constexpr int seconds = 20;
    std::int64_t taken = 0;
    for (int step = 0; step < seconds * 100; ++step) {
      for (Worker& one : workers) {
        if (clock_.now() < one.again_at) continue;
        const TokenLease lease =
            run(one.ledger->lease("pool-1", limit, std::max<std::int64_t>(1, static_cast<std::int64_t>(rate / 20))))
                .value();
        one.taken += lease.tokens;
        taken += lease.tokens;
        if (lease.tokens == 0) one.again_at = lease.retry_at;
      }
      clock_.advance(10ms);
    }
    const auto requests = DynamoService::shared().client().use().requests - requests_before;
    EXPECT_LE(static_cast<double>(taken), seconds * rate + static_cast<double>(limit.burst) + 4 * rate / 2);
    EXPECT_GE(static_cast<double>(taken), 0.97 * seconds * rate);
    // A refused write reads the item afterwards where the service (dynalite) does not tell it.
    EXPECT_LE(requests, 2 * 4 * 4 * seconds);
    for (const Worker& one : workers) EXPECT_GT(one.taken, taken / 16) << "nobody starves";
  }
}

TEST_F(DynamoRateLedgerTest, AClockThatIsAheadGainsItsSkewOnceAndNoMore) {
  SteppedClock ahead;
  ahead.advance(2s);
  auto slow = worker(clock_);
  auto fast = worker(ahead);
  const RateLimit limit{.per_second = 100, .burst = 100};
  std::int64_t taken = 0;
  for (int step = 0; step < 2000; ++step) {
    for (Worker* one : {&slow, &fast}) taken += run(one->ledger->lease("pool-1", limit, 10))->tokens;
    clock_.advance(10ms);
    ahead.advance(10ms);
  }
  EXPECT_LE(taken, 20 * 100 + 100 + 2 * 100 + 2 * 50);
}

TEST_F(DynamoRateLedgerTest, WithoutItsTableItIsUnavailable) {
  tables_.rates = "there-is-no-such-table";
  auto one = worker(clock_);
  const auto lease = run(one.ledger->lease("pool-1", {.per_second = 1, .burst = 1}, 1));
  ASSERT_FALSE(lease);
  EXPECT_EQ(lease.error().kind, ErrorKind::Unavailable);
}

}  // namespace
}  // namespace clarion::testing
