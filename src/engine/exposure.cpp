#include "engine/exposure.h"

#include <algorithm>
#include <cmath>

namespace clarion {
namespace {

std::int64_t rows_in(double per_second, Duration span) {
  return static_cast<std::int64_t>(std::ceil(per_second * std::chrono::duration<double>(span).count()));
}

}  // namespace

Duration record_delay(double per_second) {
  constexpr Duration least = std::chrono::milliseconds(20);
  constexpr Duration most = std::chrono::milliseconds(1500);
  constexpr double messages = 1.5;  // the second one comes half a message's time before the end
  const std::chrono::duration<double> for_two(messages / std::max(per_second, 1.0));
  return std::clamp(std::chrono::duration_cast<Duration>(for_two), least, most);
}

std::int64_t claim_window(double per_second) {
  return std::clamp<std::int64_t>(rows_in(per_second, claim_ahead), 1, most_claimed_ahead);
}

std::int64_t in_flight_limit(double per_second, Duration latency, std::int64_t max_in_flight) {
  return std::min(max_in_flight, 4 + 2 * rows_in(per_second, latency));
}

std::int64_t exposure_limit(double per_second, std::int64_t in_flight) {
  // While one group is being committed the next one fills, so two spans of it.
  const std::int64_t unrecorded =
      std::clamp<std::int64_t>(2 * rows_in(per_second, record_delay(per_second)), 1, 2 * record_batch);
  return claim_window(per_second) + in_flight + unrecorded;
}

}  // namespace clarion
