#include "domain/token_bucket.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace clarion {
namespace {

// Slower than one token in a year is no rate, and would overflow the arithmetic.
constexpr double least_per_second = 1.0 / (365.0 * 86400.0);
constexpr std::int64_t most_burst = 1'000'000'000;

Duration time_per_token(const RatePolicy& policy) {
  if (!std::isfinite(policy.per_second) || policy.per_second < least_per_second) {
    throw std::invalid_argument("RatePolicy.per_second must be a finite number above 0");
  }
  if (policy.burst < 1 || policy.burst > most_burst) {
    throw std::invalid_argument("RatePolicy.burst must be between 1 and 1000000000");
  }
  return Duration(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(1e9 / policy.per_second))));
}

}  // namespace

TokenBucket::TokenBucket(const RatePolicy& policy) : policy_(policy), per_token_(time_per_token(policy)) {}

Duration TokenBucket::missing(TimePoint now) const {
  return std::max(Duration::zero(), full_at_ - now);
}

Duration TokenBucket::wait_for(TimePoint now, std::int64_t count) const {
  const Duration allowed = per_token_ * (policy_.burst - std::min(count, policy_.burst));
  return std::max(Duration::zero(), missing(now) - allowed);
}

Duration TokenBucket::take_or_wait(TimePoint now, std::int64_t count) {
  const Duration wait = wait_for(now, count);
  if (wait == Duration::zero()) full_at_ = now + missing(now) + per_token_ * count;
  return wait;
}

std::int64_t TokenBucket::available(TimePoint now) const {
  return std::max<std::int64_t>(0, (per_token_ * policy_.burst - missing(now)) / per_token_);
}

std::int64_t TokenBucket::take_up_to(TimePoint now, std::int64_t wanted) {
  const std::int64_t count = std::min(wanted, available(now));
  if (count > 0) full_at_ = now + missing(now) + per_token_ * count;
  return count;
}

void TokenBucket::give_back(TimePoint now, std::int64_t count) {
  full_at_ = now + std::max(Duration::zero(), missing(now) - per_token_ * count);
}

void TokenBucket::set_policy(TimePoint now, const RatePolicy& policy) {
  const Duration per_token = time_per_token(policy);
  // In tokens, as a fraction: what is held now under the old policy.
  const double held = static_cast<double>(policy_.burst) -
                      static_cast<double>(missing(now).count()) / static_cast<double>(per_token_.count());
  const double lacking = static_cast<double>(policy.burst) - std::min(held, static_cast<double>(policy.burst));
  full_at_ = now + Duration(static_cast<std::int64_t>(std::ceil(lacking * static_cast<double>(per_token.count()))));
  policy_ = policy;
  per_token_ = per_token;
}

}  // namespace clarion
