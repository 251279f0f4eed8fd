#pragma once
// How much of a campaign may be between "claimed" and "recorded" at once: what a crash can leave in doubt.
//
// A row is claimed before it is sent and recorded after, in groups; so a crash leaves in doubt what was claimed ahead,
// what was under way, and what waited for its group commit. exposure_limit bounds their sum per channel, and the
// feeder claims nothing beyond it.

#include <cstdint>

#include "base/clock.h"

namespace clarion {

inline constexpr Duration claim_ahead = std::chrono::milliseconds(50);  // of the rate, claimed before its token
inline constexpr std::int64_t most_claimed_ahead = 1000;                // rows in one claim at full speed
inline constexpr std::int64_t record_batch = 500;                       // rows that do not wait for their group

// Rows claimed ahead at `per_second` messages: at least 1, at most most_claimed_ahead.
[[nodiscard]] std::int64_t claim_window(double per_second);
// Sends under way at once: twice rate x latency, because latencies spread; at most max_in_flight. Rate is not
// concurrency: a faster carrier gets fewer.
[[nodiscard]] std::int64_t in_flight_limit(double per_second, Duration latency, std::int64_t max_in_flight);
// Longest wait for a group commit: 20 ms, and where the rate is so low that a group would be one row, long enough for
// two (at most 1.5 s), because each commit costs a write.
[[nodiscard]] Duration record_delay(double per_second);
// Rows in Sending at once on one channel of one campaign: window + in flight + waiting for their commit.
[[nodiscard]] std::int64_t exposure_limit(double per_second, std::int64_t in_flight);

}  // namespace clarion
