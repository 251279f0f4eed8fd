// Many workers on one bucket, over time that moves by hand: skewed clocks, stalls, deaths, a slow or absent ledger.
// The bound holds in every stretch of time and the rate is used, whatever each worker holds.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/task_group.h"
#include "engine/channel_pace.h"
#include "engine/leasing_rate_ledger.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_rate_frontier.h"
#include "fakes/scripted_sender.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

// The clock of a machine whose wall clock is wrong.
class SkewedClock final : public Clock {
 public:
  SkewedClock(Clock& real, std::chrono::milliseconds skew) : real_(real), skew_(skew) {}
  [[nodiscard]] TimePoint now() const override { return real_.now(); }
  [[nodiscard]] WallTime wall_now() const override { return real_.wall_now() + skew_; }
  Task<void> sleep_until(TimePoint deadline) override { return real_.sleep_until(deadline); }

 private:
  Clock& real_;
  std::chrono::milliseconds skew_;
};

// What the campaigns of one process share.
struct Process {
  Process(Clock& real, RateFrontier& frontier, std::chrono::milliseconds skew, std::uint64_t seed)
      : clock(real, skew), sender(clock, "pool"), ledger(frontier, clock, seed) {}
  SkewedClock clock;
  ScriptedSender sender;
  LeasingRateLedger ledger;
  IdentityLimit identity;
};

// One campaign in one process.
struct Worker {
  Worker(std::shared_ptr<Process> of, double rate, std::string name, std::uint64_t seed)
      : process(std::move(of)),
        campaign(std::move(name)),
        random(seed),
        pace({.ledger = process->ledger,
              .sender = process->sender,
              .identity = process->identity,
              .own = own,
              .campaign_key = campaign},
             rate, process->clock.now()) {}
  std::shared_ptr<Process> process;
  std::string campaign;
  std::optional<TokenBucket> own;
  SeededRandom random;
  ChannelPace pace;
  double stalls_per_second = 0;
  Duration longest_stall{};
  bool is_dead = false;
  std::int64_t sent = 0;
};

class SharedPace : public ::testing::Test {
 protected:
  void TearDown() override {
    group_.cancel();
    clock_.settle();
  }
  std::shared_ptr<Process> process(std::chrono::milliseconds skew = 0ms) {
    return std::make_shared<Process>(clock_, frontier_, skew, workers_.size() + seed_ * 100);
  }
  Worker& worker(double rate, std::chrono::milliseconds skew = 0ms, std::string campaign = {}) {
    if (campaign.empty()) campaign = "campaign/" + std::to_string(campaigns_);
    return worker(process(skew), rate, std::move(campaign));
  }
  Worker& worker(std::shared_ptr<Process> process, double rate, std::string campaign) {
    process->sender.quota_ = quota_;
    workers_.push_back(
        std::make_unique<Worker>(std::move(process), rate, std::move(campaign), workers_.size() + seed_ * 100));
    group_.spawn(context_.get_executor(), send_all(*workers_.back()));
    return *workers_.back();
  }
  // Every bucket full, nobody there, and a service that takes 2 to 10 ms each way.
  void begin_anew() {
    for (auto& one : workers_) one->is_dead = true;
    clock_.advance(30s);
    ++campaigns_;
    sent_.clear();
    sent_of_.clear();
    frontier_.moves = 0;
    frontier_.latency = [random = SeededRandom(seed_)]() mutable {
      return 2ms + Duration(static_cast<std::int64_t>(random.below(8'000'000)));
    };
  }
  // As ChannelRunner paces, with a carrier that answers at once and no end of messages.
  Task<void> send_all(Worker& worker) {
    while (!worker.is_dead) {
      if (worker.pace.needs_lease(clock_.now(), 1)) co_await worker.pace.lease(worker.process->clock, 1);
      if (worker.is_dead) co_return;
      worker.pace.refresh(clock_.now());
      while (worker.pace.take(clock_.now(), 1)) {
        sent_.push_back(clock_.now());
        sent_of_[worker.campaign].push_back(clock_.now());
        ++worker.sent;
      }
      const TimePoint tick = clock_.now() + 2ms;
      if (worker.random.uniform() < worker.stalls_per_second * 0.002) {
        co_await clock_.sleep_for(Duration(
            static_cast<std::int64_t>(worker.random.uniform() * static_cast<double>(worker.longest_stall.count()))));
      }
      co_await clock_.sleep_until(std::max(tick, worker.pace.next_at(clock_.now(), 1)));
    }
  }
  // The most messages above `rate` in any stretch of time: what a bucket of that burst would have let through.
  [[nodiscard]] double burst_needed(double rate) const { return burst_needed(rate, sent_); }
  [[nodiscard]] static double burst_needed(double rate, const std::vector<TimePoint>& sent) {
    double level = 0;
    double most = 0;
    TimePoint last{};
    for (const TimePoint at : sent) {
      level = std::max(0.0, level - std::chrono::duration<double>(at - last).count() * rate) + 1;
      last = at;
      most = std::max(most, level);
    }
    return most;
  }
  [[nodiscard]] double used(double rate, TimePoint from, TimePoint to) const { return used(rate, from, to, sent_); }
  [[nodiscard]] static double used(double rate, TimePoint from, TimePoint to, const std::vector<TimePoint>& sent) {
    const auto count = std::ranges::count_if(sent, [&](TimePoint at) { return from <= at && at < to; });
    return static_cast<double>(count) / (rate * std::chrono::duration<double>(to - from).count());
  }

  asio::io_context context_{1};
  ManualClock clock_{context_};
  MemoryRateFrontier frontier_{clock_};
  std::optional<SenderQuota> quota_;
  std::uint64_t seed_ = 1;
  int campaigns_ = 0;
  TaskGroup group_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<TimePoint> sent_;
  std::map<std::string, std::vector<TimePoint>> sent_of_;  // by campaign
};

TEST_F(SharedPace, FourWorkersKeepOneLimitInEveryWindowAndUseIt) {
  for (const double rate : {0.5, 3.0, 50.0, 500.0, 900.0}) {
    begin_anew();
    const TimePoint began = clock_.now();
    for (const auto skew : {0ms, 20ms, -20ms, 5ms}) worker(rate, skew);
    clock_.advance(40s);
    EXPECT_LE(burst_needed(rate), std::max(1.0, std::floor(5 * rate))) << rate;
    EXPECT_GE(used(rate, began + 10s, clock_.now()), 0.97) << rate;
    EXPECT_LE(frontier_.moves, 4 * 4 * 40) << rate << ": four writes a second for each worker and channel";
    for (const auto& one : workers_) {
      if (!one->is_dead && rate >= 50) EXPECT_GT(one->sent * 16, std::ssize(sent_)) << rate << ": nobody starves";
    }
  }
}

TEST_F(SharedPace, AnIdentityThatIsNotTheLimitDoesNotSlowThemDown) {
  for (const double rate : {5.0, 50.0, 500.0}) {
    quota_ = SenderQuota{.per_second = 2 * rate, .burst = std::llround(2 * rate), .source = "test"};
    begin_anew();
    const TimePoint began = clock_.now();
    for (int i = 0; i < 4; ++i) worker(rate);
    clock_.advance(40s);
    EXPECT_LE(burst_needed(rate), 2 * rate) << rate;
    EXPECT_GE(used(rate, began + 10s, clock_.now()), 0.97) << rate;
  }
}

TEST_F(SharedPace, WhoComesLaterGetsItsShareOfAnIdentityAtOnce) {
  quota_ = SenderQuota{.per_second = 1000, .burst = 1000, .source = "test"};
  for (seed_ = 1; seed_ <= 3; ++seed_) {
    begin_anew();
    const TimePoint began = clock_.now();
    worker(500);
    clock_.advance(700ms);
    for (int i = 0; i < 3; ++i) {
      worker(500);
      clock_.advance(150ms);
    }
    clock_.advance(30s);
    EXPECT_LE(burst_needed(500), 1000) << seed_;
    for (const auto from : {3s, 4s, 5s}) EXPECT_GE(used(500, began + from, began + from + 4s), 0.88) << seed_;
    EXPECT_GE(used(500, began + 3s, clock_.now()), 0.98) << seed_;
  }
}

TEST_F(SharedPace, ALedgerThatIsSlowCostsLittle) {
  begin_anew();
  frontier_.latency = [random = SeededRandom(9)]() mutable {
    return 50ms + Duration(static_cast<std::int64_t>(random.below(150'000'000)));
  };
  const TimePoint began = clock_.now();
  for (int i = 0; i < 4; ++i) worker(500);
  clock_.advance(40s);
  EXPECT_LE(burst_needed(500), 2500);
  EXPECT_GE(used(500, began + 10s, clock_.now()), 0.95);
}

TEST_F(SharedPace, WorkersThatStallUseTheirTokensLaterOrNotAtAll) {
  for (seed_ = 1; seed_ <= 3; ++seed_) {
    begin_anew();
    const TimePoint began = clock_.now();
    for (const auto skew : {0ms, 24ms, -24ms, 5ms, 11ms, -9ms, 0ms, 3ms}) {
      Worker& one = worker(500, skew);
      one.stalls_per_second = 0.3;
      one.longest_stall = 8s;  // longer than a token lives
    }
    clock_.advance(60s);
    EXPECT_LE(burst_needed(500), 2500) << seed_;
    EXPECT_GE(used(500, began + 10s, clock_.now()), 0.95) << seed_;
  }
}

TEST_F(SharedPace, WhatADeadWorkerHeldIsLostAndNothingElse) {
  for (const double rate : {50.0, 500.0}) {
    begin_anew();
    const TimePoint began = clock_.now();
    std::vector<Worker*> four;
    for (const auto skew : {0ms, 15ms, -15ms, 0ms}) four.push_back(&worker(rate, skew));
    clock_.advance(12s);
    four[0]->is_dead = true;
    clock_.advance(5s);
    four[2]->is_dead = true;
    clock_.advance(30s);
    EXPECT_LE(burst_needed(rate), 5 * rate) << rate;
    // Each held less than a second of the rate.
    EXPECT_GE(used(rate, began + 10s, clock_.now()), 1 - 2.0 / 37) << rate;
    EXPECT_GE(used(rate, began + 20s, clock_.now()), 0.985) << rate;
  }
}

TEST_F(SharedPace, AnIdentityThatIsTighterThanTheCampaignIsKeptAndUsed) {
  quota_ = SenderQuota{.per_second = 100, .burst = 100, .source = "test"};
  begin_anew();
  const TimePoint began = clock_.now();
  for (int i = 0; i < 4; ++i) worker(500);
  clock_.advance(40s);
  EXPECT_LE(burst_needed(100), 100);
  EXPECT_GE(used(100, began + 10s, clock_.now()), 0.97);
}

TEST_F(SharedPace, CampaignsOfDifferentWorkersShareOneIdentity) {
  quota_ = SenderQuota{.per_second = 200, .burst = 200, .source = "test"};
  begin_anew();
  const TimePoint began = clock_.now();
  for (const char* campaign : {"campaign/a", "campaign/b", "campaign/c"}) worker(150, 0ms, campaign);
  clock_.advance(40s);
  EXPECT_LE(burst_needed(200), 200);
  EXPECT_GE(used(200, began + 10s, clock_.now()), 0.97);
  for (const auto& one : workers_) EXPECT_GT(one->sent, 40 * 200 / 6);
}

TEST_F(SharedPace, ManyCampaignsOfAProcessWriteNoMoreThanOne) {
  for (const int campaigns : {2, 5, 12}) {
    for (const double rate : {2.0, 20.0, 60.0}) {
      begin_anew();
      const TimePoint began = clock_.now();
      std::vector<std::string> names;
      for (int i = 0; i < campaigns; ++i)
        names.push_back("campaign/" + std::to_string(campaigns_) + "/" + std::to_string(i));
      for (const auto skew : {0ms, 20ms, -20ms, 5ms}) {
        const auto shared = process(skew);
        for (const std::string& name : names) worker(shared, rate, name);
      }
      clock_.advance(20s);
      frontier_.moves = 0;
      clock_.advance(60s);
      EXPECT_LE(frontier_.moves, 4 * 4 * 60) << campaigns << " x " << rate;
      for (const std::string& name : names) {
        EXPECT_LE(burst_needed(rate, sent_of_[name]), std::floor(5 * rate)) << name << " at " << rate;
        EXPECT_GE(used(rate, began + 20s, clock_.now(), sent_of_[name]), 0.97) << name << " at " << rate;
      }
    }
  }
}

TEST_F(SharedPace, AClockThatIsWrongGainsItsErrorOnce) {
  begin_anew();
  const TimePoint began = clock_.now();
  for (const auto skew : {0ms, 700ms, 0ms}) worker(100, skew);
  clock_.advance(60s);
  EXPECT_LE(burst_needed(100), 500 + 70);
  EXPECT_GE(used(100, began + 10s, clock_.now()), 0.97);
  EXPECT_LE(used(100, began + 10s, clock_.now()), 1.01);
}

TEST_F(SharedPace, ALowerRateHoldsForWhatWasLeasedBefore) {
  begin_anew();
  for (int i = 0; i < 4; ++i) worker(500);
  clock_.advance(15s);
  for (auto& one : workers_) one->pace.set_throughput(clock_.now(), 50);
  sent_.clear();
  const TimePoint cut = clock_.now();
  clock_.advance(20s);
  // Up to 50 ms of the old rate are in the hands of each.
  EXPECT_LE(burst_needed(50), 5 * 50 + 4 * 25);
  EXPECT_GE(used(50, cut + 5s, clock_.now()), 0.97);
}

TEST_F(SharedPace, WithoutTheLedgerManyWorkersKeepToWhatTheyUsed) {
  begin_anew();
  for (int i = 0; i < 12; ++i) worker(120);
  clock_.advance(15s);
  frontier_.is_down = true;
  clock_.advance(3s);
  sent_.clear();
  clock_.advance(20s);
  EXPECT_LE(burst_needed(120), 3 * 12) << "a quarter each would be three times the limit";
}

TEST_F(SharedPace, WithoutTheLedgerTheyKeepToTheirHoldingsAndASafeFraction) {
  begin_anew();
  for (int i = 0; i < 4; ++i) worker(100);
  clock_.advance(15s);
  frontier_.is_down = true;
  clock_.advance(20s);
  frontier_.is_down = false;
  const TimePoint back = clock_.now();
  clock_.advance(20s);
  EXPECT_LE(burst_needed(100), 500 + 2 * 100);
  EXPECT_GE(used(100, back + 3s, clock_.now()), 0.97);
}

}  // namespace
}  // namespace clarion::testing
