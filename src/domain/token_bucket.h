#pragma once
// Token bucket: the arithmetic half of rate limiting. No clock, no I/O, no locks.
//
// Units      1 token pays for 1 message part; tokens refill evenly at policy.per_second up to policy.burst.
// Time       steady_clock, always passed in, so tests need no sleeping. It may not go backwards.
// Algorithm  GCRA in its virtual-scheduling form (ITU-T I.371): its whole state is one time_point, so it
//            cannot drift. Rounding always favours sending too slowly.
// Errors     none at run time; a nonsensical policy throws std::invalid_argument.
// Threads    not thread-safe; keep each bucket on one executor.

#include <cstdint>

#include "base/clock.h"

namespace clarion {

struct RatePolicy {
  double per_second = 1;   // finite, > 0
  std::int64_t burst = 1;  // most tokens at once; >= 1
  bool operator==(const RatePolicy&) const = default;
};

class TokenBucket {
 public:
  explicit TokenBucket(const RatePolicy& policy);  // starts full

  // Takes count tokens and returns zero, or takes nothing and returns how long to wait before the same call can
  // succeed. A count above the burst needs a full bucket and leaves a debt, so that a message of more parts than
  // the burst is late rather than stuck. REQUIRES: count > 0.
  [[nodiscard]] Duration take_or_wait(TimePoint now, std::int64_t count = 1);
  // Takes as many tokens as there are, at most `wanted`, and returns how many. REQUIRES: wanted >= 0.
  [[nodiscard]] std::int64_t take_up_to(TimePoint now, std::int64_t wanted);
  // How long until take_or_wait(count) would succeed; takes nothing.
  [[nodiscard]] Duration wait_for(TimePoint now, std::int64_t count = 1) const;
  // Whole tokens that could be taken now.
  [[nodiscard]] std::int64_t available(TimePoint now) const;
  // Puts tokens back that were taken and not used; never above the burst.
  void give_back(TimePoint now, std::int64_t count);
  // Changes rate and burst. What is in the bucket stays, cut to the new burst: nothing is lost, nothing is given.
  void set_policy(TimePoint now, const RatePolicy& policy);
  [[nodiscard]] const RatePolicy& policy() const { return policy_; }

 private:
  [[nodiscard]] Duration missing(TimePoint now) const;  // time until the bucket is full

  RatePolicy policy_;
  Duration per_token_;   // rounded up
  TimePoint full_at_{};  // the theoretical arrival time: from then on the bucket is full
};

}  // namespace clarion
