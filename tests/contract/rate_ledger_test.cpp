// Contract of RateLedger: one process's buckets and the ones in DynamoDB behave alike.
#include <gtest/gtest.h>

#include "contract/dynamo_service.h"
#include "engine/leasing_rate_ledger.h"
#include "engine/process_rate_ledger.h"
#include "store/dynamo_rate_frontier.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

// A ledger and the clock it looks at.
struct LedgerSet {
  SteppedClock clock;
  std::unique_ptr<DynamoDatabase> database;
  std::unique_ptr<DynamoRateFrontier> frontier;
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
  set->frontier = std::make_unique<DynamoRateFrontier>(*set->database);
  set->ledger = std::make_unique<LeasingRateLedger>(*set->frontier, set->clock, 1);
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
  // Takes everything that can be had for `span`, asking again when told to; returns how many could be used in it.
  std::int64_t drain_for(Duration span, RateLimit limit, std::int64_t wanted) {
    const TimePoint end = set_->clock.now() + span;
    TokenStock stock;
    std::int64_t used = 0;
    while (set_->clock.now() < end) {
      const TokenLease one = lease(limit, wanted);
      stock.add(one.tokens);
      if (one.tokens.count == 0) set_->clock.advance(std::clamp<Duration>(one.retry_at - set_->clock.now(), 1ms, 10ms));
      stock.forget_expired(set_->clock.now());
      used += stock.usable(set_->clock.now());
      stock.take(stock.usable(set_->clock.now()));
    }
    return used;
  }
  std::unique_ptr<LedgerSet> set_ = GetParam().make();
};

TEST_P(RateLedgerContract, ABucketStartsFullAndNeverGivesMoreThanItsBurst) {
  EXPECT_LE(drain_for(5s, {.per_second = 0.001, .burst = 10}, 3), 10);
  EXPECT_GE(drain_for(5s, {.per_second = 0.001, .burst = 10}, 3), 0);
}

TEST_P(RateLedgerContract, ARefusalSaysWhenToAskAgainAndThenThereIsOne) {
  const RateLimit limit{.per_second = 2, .burst = 1};
  EXPECT_EQ(lease(limit, 1).tokens.count, 1);
  TokenLease refused = lease(limit, 1);
  for (int i = 0; i < 2 && refused.tokens.count > 0; ++i) refused = lease(limit, 1);
  EXPECT_EQ(refused.tokens.count, 0);
  EXPECT_GT(refused.retry_at, set_->clock.now());
  for (int i = 0; i < 3; ++i) {
    const TokenLease again = lease(limit, 1);
    if (again.tokens.count > 0) return;
    set_->clock.advance(again.retry_at - set_->clock.now());
  }
  EXPECT_EQ(lease(limit, 1).tokens.count, 1);
}

TEST_P(RateLedgerContract, OverAMinuteAllOfTheRateIsHadAndNoMore) {
  for (const double rate : {0.5, 7.0, 500.0}) {
    set_ = GetParam().make();
    const RateLimit limit{.per_second = rate, .burst = std::max<std::int64_t>(1, static_cast<std::int64_t>(rate))};
    const auto taken = static_cast<double>(drain_for(60s, limit, 20));
    EXPECT_LE(taken, 60 * rate + static_cast<double>(limit.burst) + 1) << rate;
    EXPECT_GE(taken, 0.97 * 60 * rate) << rate;
  }
}

TEST_P(RateLedgerContract, BucketsOfDifferentIdentitiesAreApart) {
  const RateLimit limit{.per_second = 0.001, .burst = 2};
  const auto all_of = [&](std::string key) { return lease(limit, 2, std::move(key)).tokens.count; };
  EXPECT_EQ(all_of("pool-1"), all_of("pool-2"));
  EXPECT_EQ(all_of("pool-1"), 0);
}

TEST_P(RateLedgerContract, WhatIsGivenBackCanBeHadAgain) {
  const RateLimit limit{.per_second = 10, .burst = 50};
  TokenSpan taken = lease(limit, 4).tokens;
  ASSERT_EQ(taken.count, 4);
  ASSERT_TRUE(run(set_->ledger->give_back("pool-1", taken)));
  const TokenSpan again = lease(limit, 4).tokens;
  EXPECT_EQ(again.count, 4);
  EXPECT_EQ(again.first_at, taken.first_at);
}

TEST_P(RateLedgerContract, AProcessThatACarrierPushesBackTakesLess) {
  const RateLimit limit{.per_second = 500, .burst = 500, .most_here = 20};
  const std::int64_t taken = drain_for(20s, limit, 20);
  EXPECT_LE(taken, 20 * 20 + 3);
  EXPECT_GE(taken, 20 * 20 - 10);
}

TEST_P(RateLedgerContract, ANonsensicalLimitIsRefused) {
  for (const RateLimit& limit : {RateLimit{.per_second = 0, .burst = 1}, RateLimit{.per_second = 1, .burst = 0}}) {
    EXPECT_EQ(run(set_->ledger->lease("pool-1", limit, 1)).error().kind, ErrorKind::Invalid);
  }
  EXPECT_EQ(run(set_->ledger->lease("pool-1", {.per_second = 1, .burst = 1}, 0)).error().kind, ErrorKind::Invalid);
}

INSTANTIATE_TEST_SUITE_P(Ledgers, RateLedgerContract, ::testing::ValuesIn(all_ledgers()),
                         [](const auto& test) { return test.param.name; });

// Several workers on one bucket are tried in tests/unit/engine/shared_pace_test.cpp; here is what the item is for.
class DynamoRateFrontierTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
    tables_ = DynamoService::shared().make_tables();
    database_ = DynamoService::shared().open(tables_, clock_);
  }
  static BucketTime at(std::chrono::nanoseconds time) { return BucketTime(1'800'000'000s + time); }

  DynamoTableNames tables_;
  SteppedClock clock_;
  std::unique_ptr<DynamoDatabase> database_;
};

TEST_F(DynamoRateFrontierTest, MovesOnlyForwardAndOnlyFromWhereItIsExpected) {
  DynamoRateFrontier frontier(*database_);
  const auto text = [](const Result<FrontierReply>& reply) {
    if (!reply->frontier) return std::string("none");
    return (reply->is_moved ? "to " : "at ") + std::to_string((*reply->frontier - at(0ns)).count());
  };
  EXPECT_EQ(text(run(frontier.advance("b", at(0ns), at(10ns), 5ns))), "none");
  EXPECT_EQ(text(run(frontier.begin("b", at(0ns), 5ns))), "to 5");
  EXPECT_EQ(text(run(frontier.begin("b", at(5ns), 5ns))), "at 5") << "somebody else is using it";
  EXPECT_EQ(text(run(frontier.advance("b", at(5ns), at(5ns), 7ns))), "to 12");
  EXPECT_EQ(text(run(frontier.advance("b", at(5ns), at(11ns), 7ns))), "at 12");
  EXPECT_EQ(text(run(frontier.advance("b", at(13ns), at(99ns), 7ns))), "at 12");
  EXPECT_EQ(text(run(frontier.begin("b", at(13ns), 7ns))), "to 20");
}

TEST_F(DynamoRateFrontierTest, OneOfTwoThatMoveItAtOnceIsLaterByTheOthersMove) {
  DynamoRateFrontier one(*database_);
  const auto other_database = DynamoService::shared().open(tables_, clock_);
  DynamoRateFrontier other(*other_database);
  ASSERT_TRUE(run(one.begin("b", at(0ns), 1ns)));
  const auto first = run(one.advance("b", at(0ns), at(1s), 10ns));
  const auto second = run(other.advance("b", at(0ns), at(1s), 10ns));
  EXPECT_EQ(*first->frontier, at(11ns));
  EXPECT_EQ(*second->frontier, at(21ns));
}

TEST_F(DynamoRateFrontierTest, WithoutItsTableTheLedgerIsUnavailable) {
  tables_.rates = "there-is-no-such-table";
  const auto database = DynamoService::shared().open(tables_, clock_);
  DynamoRateFrontier frontier(*database);
  LeasingRateLedger ledger(frontier, clock_, 1);
  const auto lease = run(ledger.lease("pool-1", {.per_second = 1, .burst = 1}, 1));
  ASSERT_FALSE(lease);
  EXPECT_EQ(lease.error().kind, ErrorKind::Unavailable);
}

}  // namespace
}  // namespace clarion::testing
