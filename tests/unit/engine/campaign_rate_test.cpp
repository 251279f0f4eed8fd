#include "engine/exposure.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignRate : public EngineTest {
 protected:
  // Achieved / asked between two moments after the burst.
  [[nodiscard]] static double achieved(const ScriptedSender& sender, double tps, TimePoint from, TimePoint to) {
    const double seconds = std::chrono::duration<double>(to - from).count();
    return static_cast<double>(sender.count_between(from, to)) / (tps * seconds);
  }
};

TEST_F(CampaignRate, HoldsTheRateAfterTheBurstWhateverTheCarriersLatency) {
  struct Case {
    double tps;
    Duration latency;
  };
  int number = 0;
  for (const Case& one :
       {Case{10, 10ms}, Case{10, 300ms}, Case{100, 10ms}, Case{100, 300ms}, Case{1000, 10ms}, Case{1000, 300ms}}) {
    sms_.sent.clear();
    sms_.latency = one.latency;
    const std::string id = "rate" + std::to_string(number++);
    const TimePoint began = clock_.now();
    ASSERT_TRUE(start(definition(one.tps, id), planned(static_cast<int>(one.tps * 25))));
    clock_.advance(16s);
    // The burst of 5 x TPS is spent early; by 8 s only the rate is left.
    const TimePoint from = began + 8s;
    EXPECT_GE(achieved(sms_, one.tps, from, began + 16s), 0.99) << one.tps << " " << one.latency;
    const double allowed = 1.06 * one.tps * 0.1 + 1;
    EXPECT_LE(static_cast<double>(sms_.most_in_any(100ms, from)), allowed) << one.tps << " " << one.latency;
    EXPECT_LE(static_cast<double>(sms_.sent.size()), one.tps * 16 + 5 * one.tps + 1);
    ASSERT_TRUE(run(engine().cancel(id)));
    clock_.advance(60s);  // the identity's bucket fills again
  }
}

TEST_F(CampaignRate, ConcurrencyFollowsLatencyNotTheRate) {
  sms_.latency = 10ms;
  ASSERT_TRUE(start(definition(100, "fast"), planned(2500)));
  clock_.advance(10s);
  sms_.most_under_way = 0;
  clock_.advance(2s);
  EXPECT_LE(sms_.most_under_way, 8);
  ASSERT_TRUE(run(engine().cancel("fast")));
  clock_.advance(60s);

  sms_.latency = 300ms;
  ASSERT_TRUE(start(definition(100, "slow"), planned(1500)));
  clock_.advance(10s);
  sms_.most_under_way = 0;
  clock_.advance(2s);
  EXPECT_GE(sms_.most_under_way, 28);
  EXPECT_LE(sms_.most_under_way, 40);
}

TEST_F(CampaignRate, ACarrierThatHangsCannotTakeMoreThanTheBound) {
  sms_.latency = 1h;
  ASSERT_TRUE(start(definition(1000), planned(5000)));
  clock_.advance(10s);
  EXPECT_LE(sms_.most_under_way, in_flight_limit(1000, 100ms, 1024));
  const StateCounts counts = progress().counts.total();
  EXPECT_LE(counts.sending, exposure_limit(1000, in_flight_limit(1000, 100ms, 1024)));
  EXPECT_EQ(progress().limited_by, "carrier_latency");
}

TEST_F(CampaignRate, ASlowCampaignDoesNotStallAnother) {
  sms_.latency = 1h;
  ASSERT_TRUE(start(definition(100, "stuck"), planned(2000)));
  clock_.advance(1s);
  ASSERT_TRUE(start(definition(100, "lively"), planned(200, Channel::Email)));
  EXPECT_EQ(text(wait(10s, "lively")), "completed w0 s0 a200 f0 k0 ?0");
}

TEST_F(CampaignRate, AChangeOfRateTakesEffectAtOnce) {
  ASSERT_TRUE(start(definition(10), planned(5000)));
  clock_.advance(10s);
  const auto before = sms_.sent.size();
  EXPECT_NEAR(static_cast<double>(before), 150, 3);
  ASSERT_EQ(run(engine().set_throughput("camp", 100))->definition.throughput_tps, 100);
  clock_.advance(10s);
  EXPECT_NEAR(static_cast<double>(sms_.sent.size() - before), 1000, 25);  // and no new burst of 500
  for (const double tps : {0.0, -5.0, 5000.0}) {
    EXPECT_EQ(run(engine().set_throughput("camp", tps)).error().kind, ErrorKind::Invalid);
  }
}

TEST_F(CampaignRate, TheProvidersQuotaCapsRateAndBurst) {
  sms_.quota_ = SenderQuota{.per_second = 20, .burst = 10, .source = "test"};
  ASSERT_TRUE(start(definition(500), planned(2000)));
  clock_.advance(10s);
  EXPECT_LE(sms_.sent.size(), 10U + 201U);
  EXPECT_GE(sms_.sent.size(), 195U);
  EXPECT_EQ(progress().limited_by, "provider_quota");
}

TEST_F(CampaignRate, CampaignsOfOneIdentityShareItsLimit) {
  sms_.quota_ = SenderQuota{.per_second = 50, .burst = 50, .source = "test"};
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(start(definition(100, id), planned(1000)));
  clock_.advance(10s);
  EXPECT_LE(sms_.sent.size(), 50U + 501U);
  EXPECT_GE(sms_.sent.size(), 500U);
  for (const char* id : {"a", "b", "c"}) EXPECT_GT(progress(id).counts.total().accepted, 80) << id;
}

TEST_F(CampaignRate, TheOperatorsCeilingHoldsOverAllCampaigns) {
  max_tps_ = 20;
  for (const char* id : {"a", "b"}) ASSERT_TRUE(start(definition(20, id), planned(1000)));
  clock_.advance(10s);
  EXPECT_LE(sms_.sent.size(), 100U + 201U);
}

TEST_F(CampaignRate, ChargesMessageParts) {
  auto rows = planned(400);
  for (auto& row : rows) row.parts = 3;
  ASSERT_TRUE(start(definition(30), std::move(rows)));
  clock_.advance(10s);
  EXPECT_NEAR(static_cast<double>(sms_.sent.size()), (150 + 300) / 3.0, 3);
}

TEST_F(CampaignRate, AMessageOfMorePartsThanTheBurstStillGoesOut) {
  auto rows = planned(2);
  for (auto& row : rows) row.parts = 9;
  ASSERT_TRUE(start(definition(0.5), std::move(rows)));
  EXPECT_EQ(text(wait(2min)), "completed w0 s0 a2 f0 k0 ?0");
}

TEST_F(CampaignRate, AdaptsToACarrierThatThrottlesAndLosesNothing) {
  TokenBucket carrier({.per_second = 100, .burst = 10});
  std::int64_t refused = 0;
  sms_.answer = [&](const Message& message) -> SendOutcome {
    if (carrier.take_or_wait(clock_.now()) == Duration::zero()) {
      return Accepted{.provider_id = to_string(message.attempt), .parts = 1, .cost = {}};
    }
    ++refused;
    return std::unexpected(SendFailure{FailureClass::Throttled, "429", "slow down", std::nullopt});
  };
  ASSERT_TRUE(start(definition(400), planned(6000)));
  clock_.advance(30s);
  EXPECT_EQ(progress().limited_by, "throttling");
  const std::int64_t accepted = progress().counts.total().accepted;
  EXPECT_GE(accepted, 2400);  // of the 3,000 that the carrier would have taken
  const std::int64_t refused_before = refused;
  clock_.advance(10s);
  EXPECT_LE(refused - refused_before, 400);  // not hammering: it would be 3,000 at full speed
  EXPECT_EQ(text(wait(5min)), "completed w0 s0 a6000 f0 k0 ?0");
}

TEST_F(CampaignRate, SaysWhatLimitsIt) {
  ASSERT_TRUE(start(definition(10), planned(500)));
  clock_.advance(10s);
  const CampaignProgress now = progress();
  EXPECT_EQ(now.limited_by, "throughput_tps");
  EXPECT_NEAR(now.rate_now, 10, 1);
  EXPECT_NEAR(now.rate_now_by_channel[Channel::Sms], 10, 1);
  EXPECT_NEAR(now.eta_seconds.value_or(0), 35, 5);
}

TEST_F(CampaignRate, WhatTheOpeningBurstMeasuresIsNoEstimateOfTheRest) {
  ASSERT_TRUE(start(definition(2), planned(58)));
  clock_.advance(1500ms);  // the bucket held ten
  const CampaignProgress now = progress();
  EXPECT_GT(now.rate_now, 2);
  const auto left = static_cast<double>(now.counts.total().waiting + now.counts.total().sending);
  EXPECT_NEAR(now.eta_seconds.value_or(0), left / 2, 1);
}

TEST_F(CampaignRate, ChannelsRunAtTheSameTimeEachAtTheWholeRate) {
  auto rows = planned(200, Channel::Sms);
  for (auto& row : planned(200, Channel::Email, 200)) rows.push_back(row);
  ASSERT_TRUE(start(definition(10), std::move(rows)));
  clock_.advance(10s);
  EXPECT_NEAR(static_cast<double>(sms_.sent.size()), 150, 3);
  EXPECT_NEAR(static_cast<double>(email_.sent.size()), 150, 3);
}

class FailingRateLedger final : public RateLedger {
 public:
  explicit FailingRateLedger(RateLedger& inner) : inner_(inner) {}
  bool is_down = false;
  Task<Result<TokenLease>> lease(std::string key, RateLimit limit, std::int64_t wanted) override {
    if (is_down) co_return fail(ErrorKind::Unavailable, "the table does not answer");
    co_return co_await inner_.lease(std::move(key), limit, wanted);
  }
  Task<Result<void>> give_back(std::string key, TokenSpan unused) override {
    co_return co_await inner_.give_back(std::move(key), unused);
  }

 private:
  RateLedger& inner_;
};

class CampaignRateLost : public CampaignRate {
 protected:
  CampaignRateLost() { shared_rates_ = &shared_ledger_; }
  // What goes to an identity of 100 a second while the ledger is away, and when it is back.
  void expect_a_quarter_until_it_is_back() {
    clock_.advance(10s);
    shared_ledger_.is_down = true;
    clock_.advance(1s);
    const auto before = sms_.sent.size();
    clock_.advance(10s);
    EXPECT_NEAR(static_cast<double>(sms_.sent.size() - before), 250, 30);
    EXPECT_EQ(progress().limited_by, "rate_ledger");
    shared_ledger_.is_down = false;
    clock_.advance(2s);
    const auto again = sms_.sent.size();
    clock_.advance(5s);
    EXPECT_GE(sms_.sent.size() - again, 490U);
    stop(1s);
  }

  FailingRateLedger shared_ledger_{rates_};
};

TEST_F(CampaignRateLost, MeansASafeFractionNeverNoLimit) {
  ASSERT_TRUE(start(definition(100), planned(5000)));
  expect_a_quarter_until_it_is_back();
}

TEST_F(CampaignRateLost, MeansOneSafeFractionForAllCampaignsOfAProcess) {
  sms_.quota_ = SenderQuota{.per_second = 100, .burst = 100, .source = "test"};
  for (int i = 0; i < 3; ++i) {
    const std::string id = i == 0 ? "camp" : "camp-" + std::to_string(i);
    ASSERT_TRUE(start(definition(100, id), planned(3000, Channel::Sms, i * 3000)));
  }
  expect_a_quarter_until_it_is_back();
}

}  // namespace
}  // namespace clarion::testing
