#pragma once
// AdaptiveRate: finds the rate that a carrier takes when it pushes back. One for each origination identity.
//
// Algorithm  the cut follows the share of refusals, as in DCTCP (Alizadeh et al., SIGCOMM 2010), because one refusal
//            in a thousand is not a reason to halve the rate; recovery is CUBIC (RFC 9438), as in the AWS SDKs'
//            adaptive retry mode: back to the last good rate quickly, then probing.
// Threads    not thread-safe; time is passed in.

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace clarion {

class AdaptiveRate {
 public:
  // One message's end: accepted or refused for good, or pushed back (throttled, busy, not reachable).
  void on_answer(TimePoint now, bool was_pushed_back);
  // Messages per second at most; nullopt while nothing needs holding back. Above `ceiling` the limit is forgotten.
  [[nodiscard]] std::optional<double> limit(TimePoint now, double ceiling);

 private:
  void close_window(TimePoint now);

  TimePoint window_start_{};
  std::int64_t answers_ = 0;
  std::int64_t pushed_back_ = 0;
  double share_ = 0;  // of refusals, smoothed
  // Set while limiting: the curve's plateau, when it was cut, and how long until the plateau is reached again.
  std::optional<double> plateau_;
  TimePoint cut_at_{};
  double seconds_to_plateau_ = 0;
};

}  // namespace clarion
