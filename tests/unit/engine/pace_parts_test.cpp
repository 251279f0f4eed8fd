// The parts that pace is made of: peak limit, shared ledger, exposure, back-off rules.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>

#include "engine/budget.h"
#include "engine/exposure.h"
#include "engine/outcome_rules.h"
#include "engine/peak_limit.h"
#include "engine/process_rate_ledger.h"
#include "engine/rate_meter.h"
#include "fakes/manual_clock.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

const TimePoint start{std::chrono::hours(9)};

TEST(PeakLimit, NeverLetsMoreThanSixPercentAndOneOverInAnyHundredMilliseconds) {
  for (const double rate : {3.0, 10.0, 100.0, 777.0, 1000.0, 5000.0}) {
    PeakLimit limit(rate);
    SeededRandom random(static_cast<std::uint64_t>(rate));
    std::deque<TimePoint> sent;
    const double allowed = 1.06 * rate * 0.1 + 1;
    TimePoint now = start;
    std::int64_t all = 0;
    while (now < start + 3s) {
      // Greedy, at irregular moments: whatever it lets through, goes.
      for (; limit.has_room(now, 1); ++all) {
        limit.add(now, 1);
        sent.push_back(now);
      }
      while (!sent.empty() && now - sent.front() >= 100ms) sent.pop_front();
      ASSERT_LE(static_cast<double>(sent.size()), allowed) << rate;
      now += std::chrono::microseconds(random.below(9000) + 1);
    }
    EXPECT_GE(static_cast<double>(all), 3 * rate) << rate;  // and it never costs the rate itself
  }
}

TEST(PeakLimit, MakesALateWakeUpGoodAtOnce) {
  PeakLimit limit(1000);
  TimePoint now = start;
  for (int i = 0; i < 40; ++i, now += 1ms) limit.add(now, 1);
  now += 50ms;  // nobody woke us
  EXPECT_EQ(limit.room(now), 107 - 40);
}

TEST(PeakLimit, SaysWhenThereIsRoomAgain) {
  PeakLimit limit(100);
  limit.add(start, 11);
  EXPECT_FALSE(limit.has_room(start, 1));
  EXPECT_EQ(limit.room_at(start, 1), start + 101ms);
  EXPECT_TRUE(limit.has_room(start + 101ms, 1));
  EXPECT_EQ(limit.room_at(start + 1h, 11), start + 1h);
}

TEST(PeakLimit, LetsThroughWhatNoWindowHoldsWhenNothingElseIsInIt) {
  PeakLimit limit(10);
  EXPECT_TRUE(limit.has_room(start, 9));
  limit.add(start, 9);
  EXPECT_FALSE(limit.has_room(start + 50ms, 9));
  EXPECT_EQ(limit.room_at(start + 50ms, 9), start + 101ms);
}

TEST(ProcessRateLedger, LeasesWhatTheBucketHoldsAndSaysWhenMore) {
  asio::io_context context;
  ManualClock clock(context);
  ProcessRateLedger ledger(clock);
  const auto lease = [&](std::string key, double rate, std::int64_t burst, std::int64_t wanted) {
    std::optional<Result<TokenLease>> reply;
    asio::co_spawn(context, ledger.lease(std::move(key), {rate, burst}, wanted),
                   [&](const std::exception_ptr&, Result<TokenLease> result) { reply = std::move(result); });
    clock.settle();
    return *reply;
  };
  EXPECT_EQ(lease("a", 10, 5, 100)->tokens.count, 5);
  EXPECT_EQ(lease("a", 10, 5, 1)->tokens.count, 0);
  EXPECT_EQ(lease("a", 10, 5, 1)->retry_at, clock.now() + 100ms);
  EXPECT_EQ(lease("b", 10, 5, 1)->tokens.count, 1);  // another identity, another bucket
  clock.advance(200ms);
  EXPECT_EQ(lease("a", 10, 5, 100)->tokens.count, 2);
  asio::co_spawn(context, ledger.give_back("a", {.count = 2}), [](const std::exception_ptr&, const Result<void>&) {});
  clock.settle();
  EXPECT_EQ(lease("a", 10, 5, 100)->tokens.count, 2);
  EXPECT_EQ(lease("a", 0, 5, 1).error().kind, ErrorKind::Invalid);
  EXPECT_EQ(lease("a", std::nan(""), 5, 1).error().kind, ErrorKind::Invalid);
  EXPECT_EQ(lease("a", 1, 0, 1).error().kind, ErrorKind::Invalid);
  EXPECT_EQ(lease("a", 1, 1, 0).error().kind, ErrorKind::Invalid);
}

TEST(Exposure, GrowsWithRateAndLatencyAndStaysBounded) {
  EXPECT_EQ(claim_window(0.1), 1);
  EXPECT_EQ(claim_window(1000), 50);
  EXPECT_EQ(claim_window(1e6), 1000);
  EXPECT_EQ(in_flight_limit(1000, 10ms, 1024), 24);
  EXPECT_EQ(in_flight_limit(1000, 300ms, 1024), 604);
  EXPECT_EQ(in_flight_limit(1000, 1h, 1024), 1024);
  EXPECT_EQ(record_delay(0.1), 1500ms);
  EXPECT_EQ(record_delay(10), 150ms);
  EXPECT_EQ(record_delay(1000), 20ms);
  EXPECT_EQ(exposure_limit(10, 4), 1 + 4 + 4);
  EXPECT_EQ(exposure_limit(1e9, 1024), 1000 + 1024 + 1000);
}

TEST(OutcomeRules, EveryFailureClassEndsAsTheTableSays) {
  const OutcomeRules rules{.backoff = {.base = 1s, .cap = 10s, .max_attempts = 3}, .on_unknown = OnUnknown::Hold};
  const WallTime now = *parse_iso8601("2026-11-22T10:00:00Z");
  SeededRandom random(1);
  std::string table;
  for (std::size_t i = 0; i < failure_class_count; ++i) {
    const auto failure = static_cast<FailureClass>(i);
    ClaimedDelivery claimed;
    for (const std::int32_t attempt : {1, 3}) {
      claimed.attempt = {make_delivery_id(CampaignNumber{1}, 1), attempt};
      SendOutcome outcome = std::unexpected(SendFailure{failure, "", "", std::nullopt});
      const AttemptRecord record = record_of(rules, Channel::Sms, claimed, outcome, now, random);
      table += std::string(to_string(failure)) + " #" + std::to_string(attempt) + " -> " +
               std::string(to_string(record.to)) + " " + record.reason + (record.was_attempted ? "" : " undone") +
               (record.due_at ? " later" : "") + "\n";
    }
  }
  EXPECT_EQ(table,
            "throttled #1 -> waiting throttled undone later\n"
            "throttled #3 -> waiting throttled undone later\n"
            "not_connected #1 -> waiting not_connected undone later\n"
            "not_connected #3 -> waiting not_connected undone later\n"
            "provider_busy #1 -> waiting provider_busy later\n"
            "provider_busy #3 -> failed retries_exhausted: provider_busy\n"
            "invalid_address #1 -> failed invalid_address\n"
            "invalid_address #3 -> failed invalid_address\n"
            "opted_out #1 -> failed opted_out\n"
            "opted_out #3 -> failed opted_out\n"
            "blocked #1 -> failed blocked\n"
            "blocked #3 -> failed blocked\n"
            "invalid_content #1 -> failed invalid_content\n"
            "invalid_content #3 -> failed invalid_content\n"
            "channel_stopped #1 -> waiting channel_stopped undone\n"
            "channel_stopped #3 -> waiting channel_stopped undone\n"
            "ambiguous #1 -> in_doubt ambiguous\n"
            "ambiguous #3 -> in_doubt ambiguous\n"
            "sending_suspended #1 -> waiting sending_suspended undone\n"
            "sending_suspended #3 -> waiting sending_suspended undone\n"
            "daily_quota_used_up #1 -> waiting daily_quota_used_up undone\n"
            "daily_quota_used_up #3 -> waiting daily_quota_used_up undone\n"
            "spend_limit_reached #1 -> waiting spend_limit_reached undone\n"
            "spend_limit_reached #3 -> waiting spend_limit_reached undone\n"
            "recipient_busy #1 -> waiting recipient_busy undone later\n"
            "recipient_busy #3 -> waiting recipient_busy undone later\n");
}

TEST(Budget, ReservesBeforeAndKnowsAfter) {
  Budget budget(Money{100}, Money{10});
  EXPECT_TRUE(budget.reserve(Money{60}));
  EXPECT_FALSE(budget.reserve(Money{31}));
  EXPECT_TRUE(budget.is_reached());
  budget.settle(Money{60}, Money{0});
  EXPECT_TRUE(budget.reserve(Money{90}));
  budget.settle(Money{90}, Money{80});
  EXPECT_EQ(budget.spent(), Money{90});
  Budget none(std::nullopt, Money{});
  EXPECT_TRUE(none.reserve(Money{1'000'000'000'000}));
}

TEST(RateMeter, MeasuresTheLastFiveSeconds) {
  RateMeter meter;
  EXPECT_EQ(meter.per_second(start), 0);
  for (int i = 0; i < 1000; ++i) meter.add(start + i * 10ms);
  EXPECT_NEAR(meter.per_second(start + 10s), 100, 6);
  EXPECT_EQ(meter.per_second(start + 30s), 0);
}

}  // namespace
}  // namespace clarion::testing
