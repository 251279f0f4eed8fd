#pragma once
// How long the engine waits at once, and spans of time as numbers.

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace clarion {

// The clock on the wall may be set, and the machine suspended, while we wait for a due time, so long waits are cut.
inline constexpr std::chrono::milliseconds longest_wait(30'000);

// Before the store is asked again after so many failures in a row (>= 1): 100 ms, doubled up to 6.4 s.
[[nodiscard]] inline Duration pause_after(std::int32_t failures) {
  return std::chrono::milliseconds(std::int64_t{100} << std::min(failures - 1, 6));
}

[[nodiscard]] inline double seconds(std::chrono::nanoseconds span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace clarion
