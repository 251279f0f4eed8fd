#include "domain/backoff.h"

#include <algorithm>
#include <cmath>

namespace clarion {

std::chrono::milliseconds backoff_after(const BackoffPolicy& policy, std::int32_t attempt, double uniform,
                                        std::optional<std::chrono::milliseconds> retry_after) {
  // 2^40 base waits exceed any cap; a larger exponent would only overflow.
  const double doubled =
      static_cast<double>(policy.base.count()) * std::exp2(static_cast<double>(std::clamp(attempt, 1, 40) - 1));
  const double longest = std::min(static_cast<double>(policy.cap.count()), doubled);
  const std::chrono::milliseconds drawn(static_cast<std::int64_t>(longest * std::clamp(uniform, 0.0, 1.0)));
  return std::max(drawn, std::min(retry_after.value_or(std::chrono::milliseconds::zero()), policy.longest_retry_after));
}

}  // namespace clarion
