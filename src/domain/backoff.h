#pragma once
// Back-off between attempts: exponential with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter",
// 2015), because equal waits make every client come back at the same instant.

#include <chrono>
#include <cstdint>
#include <optional>

namespace clarion {

struct BackoffPolicy {
  std::chrono::milliseconds base{1000};    // the longest first wait
  std::chrono::milliseconds cap{300'000};  // the longest wait of all
  std::int32_t max_attempts = 6;           // the first one included
  // What a carrier may ask for at most: a wrong header must not put a message off for years.
  std::chrono::milliseconds longest_retry_after = std::chrono::hours(24);
};

// The wait after attempt number `attempt` (1 is the first) failed: uniform in [0, min(cap, base x 2^(attempt-1))],
// and never less than the carrier asked for, up to longest_retry_after. `uniform` in [0, 1).
[[nodiscard]] std::chrono::milliseconds backoff_after(const BackoffPolicy& policy, std::int32_t attempt, double uniform,
                                                      std::optional<std::chrono::milliseconds> retry_after);

}  // namespace clarion
