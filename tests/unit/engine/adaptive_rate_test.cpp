// A sender that asks for one rate and carriers of several tempers, over time that moves by hand.

#include "engine/adaptive_rate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <queue>
#include <vector>

#include "base/hash.h"
#include "domain/token_bucket.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

const TimePoint start{std::chrono::hours(9)};

// True: pushed back.
using Carrier = std::function<bool(TimePoint)>;

Carrier random_refusals(double share, std::uint64_t seed = 1) {
  return [share, random = SeededRandom(seed)](TimePoint) mutable { return random.uniform() < share; };
}
Carrier real_limit(double rate, std::int64_t burst) {
  return [bucket = TokenBucket({.per_second = rate, .burst = burst})](TimePoint now) mutable {
    return bucket.take_or_wait(now) > Duration::zero();
  };
}

// One second of what was sent.
struct Second {
  int sent = 0;
  int refused = 0;
};

class Sending {
 public:
  Sending(double asked, Duration latency) : asked_(asked), latency_(latency), own_({asked, 1}) {}

  void run(Carrier carrier, Duration span) {
    const TimePoint end = now_ + span;
    for (; now_ < end; now_ += 1ms) {
      while (!under_way_.empty() && under_way_.front().at <= now_) {
        rate_.on_answer(under_way_.front().at - latency_, now_, under_way_.front().was_pushed_back);
        under_way_.pop();
      }
      const double limit = std::min(asked_, rate_.limit(now_, asked_).value_or(asked_));
      const RatePolicy policy{.per_second = limit, .burst = std::max<std::int64_t>(1, std::lround(limit / 50))};
      if (own_.policy() != policy) own_.set_policy(now_, policy);
      while (own_.take_or_wait(now_) == Duration::zero()) {
        const bool was_pushed_back = carrier(now_ + latency_ / 2);
        under_way_.push({now_ + latency_, was_pushed_back});
        const auto second = static_cast<std::size_t>((now_ - start) / 1s);
        if (seconds.size() <= second) seconds.resize(second + 1);
        ++seconds[second].sent;
        if (was_pushed_back) ++seconds[second].refused;
      }
    }
  }
  // From one second to another.
  [[nodiscard]] double accepted_per_second(std::size_t from, std::size_t to) const {
    double sum = 0;
    for (std::size_t i = from; i < std::min(to, seconds.size()); ++i) sum += seconds[i].sent - seconds[i].refused;
    return sum / static_cast<double>(to - from);
  }
  [[nodiscard]] double refused_share(std::size_t from, std::size_t to) const {
    double sent = 0;
    double refused = 0;
    for (std::size_t i = from; i < std::min(to, seconds.size()); ++i) {
      sent += seconds[i].sent;
      refused += seconds[i].refused;
    }
    return sent > 0 ? refused / sent : 0;
  }
  std::vector<Second> seconds;

 private:
  struct Answer {
    TimePoint at;
    bool was_pushed_back;
  };
  double asked_;
  Duration latency_;
  TokenBucket own_;
  AdaptiveRate rate_;
  TimePoint now_ = start;
  std::queue<Answer> under_way_;
};

TEST(AdaptiveRate, RefusalsThatDoNotDependOnTheRateDoNotLowerIt) {
  for (const double asked : {50.0, 500.0, 2000.0}) {
    for (const Duration latency : {5ms, 300ms}) {
      for (const std::uint64_t seed : {1U, 2U, 3U}) {
        for (const double share : {0.03, 0.05}) {
          Sending sending(asked, latency);
          sending.run(random_refusals(share, seed), 60s);
          EXPECT_GE(sending.accepted_per_second(0, 60), 0.9 * asked)
              << asked << " " << latency << " " << seed << " " << share;
        }
      }
    }
  }
}

TEST(AdaptiveRate, AFewRefusalsInAThousandLowerNothing) {
  for (const double share : {0.001, 0.003, 0.006, 0.01}) {
    for (const double asked : {300.0, 1000.0}) {
      Sending sending(asked, 50ms);
      sending.run(random_refusals(share), 60s);
      EXPECT_GE(sending.accepted_per_second(0, 60), 0.99 * (1 - share) * asked) << asked << " " << share;
    }
  }
}

TEST(AdaptiveRate, FifteenInAHundredDoNotLowerItEither) {
  Sending sending(500, 50ms);
  sending.run(random_refusals(0.15), 60s);
  EXPECT_GE(sending.accepted_per_second(0, 60), 0.78 * 500);
}

TEST(AdaptiveRate, SettlesWithinSecondsAtALimitThatIsReal) {
  for (const double asked : {50.0, 500.0, 2000.0}) {
    for (const double share : {0.1, 0.3, 0.6, 0.9}) {
      for (const Duration latency : {5ms, 300ms}) {
        const double limit = share * asked;
        Sending sending(asked, latency);
        sending.run(real_limit(limit, std::lround(std::max(1.0, limit / 4))), 60s);
        // Five answers a second are few to judge by.
        const bool is_slow = limit < 10;
        EXPECT_LT(sending.refused_share(5, 60), is_slow ? 0.2 : 0.1) << asked << " " << share << " " << latency;
        EXPECT_GE(sending.accepted_per_second(5, 60), (is_slow ? 0.7 : 0.9) * limit)
            << asked << " " << share << " " << latency;
      }
    }
  }
}

TEST(AdaptiveRate, ALimitAndRandomRefusalsAtOnceAreToldApart) {
  Sending sending(500, 50ms);
  sending.run([limit = real_limit(150, 30),
               chance = random_refusals(0.05)](TimePoint now) mutable { return chance(now) || limit(now); },
              90s);
  EXPECT_LT(sending.refused_share(5, 90), 0.15);
  EXPECT_GE(sending.accepted_per_second(5, 90), 0.85 * 150);
}

TEST(AdaptiveRate, ComesBackWhenTheLimitIsGone) {
  Sending sending(500, 50ms);
  sending.run(real_limit(100, 20), 20s);
  EXPECT_LT(sending.accepted_per_second(15, 20), 110);
  sending.run([](TimePoint) { return false; }, 20s);
  EXPECT_GE(sending.accepted_per_second(35, 40), 495);
}

TEST(AdaptiveRate, AnOutageOnlyLetsProbesThroughAndItsEndIsNoticed) {
  Sending sending(1000, 5ms);
  sending.run([](TimePoint) { return false; }, 2s);
  sending.run([](TimePoint) { return true; }, 120s);
  int asked = 0;
  for (std::size_t i = 62; i < sending.seconds.size(); ++i) asked += sending.seconds[i].sent;
  EXPECT_LE(asked, 120);  // of the 60,000 that would have been refused in that minute
  EXPECT_GE(asked, 10);
  sending.run([](TimePoint) { return false; }, 35s);
  EXPECT_GE(sending.accepted_per_second(152, 157), 990);
}

TEST(AdaptiveRate, AMomentOfRefusalsIsForgottenInAMoment) {
  Sending sending(500, 20ms);
  sending.run([](TimePoint) { return false; }, 5s);
  sending.run([](TimePoint) { return true; }, 300ms);
  sending.run([](TimePoint) { return false; }, 15s);
  EXPECT_GE(sending.accepted_per_second(8, 13), 0.7 * 500);
}

TEST(AdaptiveRate, HoldsNothingBackWhileNothingIsRefused) {
  AdaptiveRate rate;
  for (int i = 0; i < 1000; ++i) rate.on_answer(start + i * 1ms, start + i * 1ms, false);
  EXPECT_EQ(rate.limit(start + 1s, 1000), std::nullopt);
}

TEST(AdaptiveRate, OneRefusalInAThousandOrAmongFewIsNoEvidence) {
  AdaptiveRate rate;
  for (int i = 0; i < 1000; ++i) rate.on_answer(start + i * 1ms, start + i * 1ms, i == 500);
  EXPECT_EQ(rate.limit(start + 1s, 1e9), std::nullopt);
  for (int i = 0; i < 60; ++i) rate.on_answer(start + 1min + i * 1s, start + 1min + i * 1s, i == 30);
  EXPECT_EQ(rate.limit(start + 122s, 1000), std::nullopt);
}

}  // namespace
}  // namespace clarion::testing
