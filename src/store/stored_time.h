#pragma once
// Times as the stores keep them: milliseconds since 1970, UTC.

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace clarion {

[[nodiscard]] inline std::int64_t milliseconds_of(WallTime time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline WallTime wall_time_of(std::int64_t milliseconds) {
  return WallTime{std::chrono::milliseconds{milliseconds}};
}

}  // namespace clarion
