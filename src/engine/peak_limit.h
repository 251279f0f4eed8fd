#pragma once
// PeakLimit: at most 6 % + 1 over the rate in any 100 ms. It lets a late wake-up be made good at once, within the
// window, and never lets a longer stall come out in one lump.
//
// Algorithm  a sliding log in buckets of 1 ms: a window is the current bucket and the 100 before it, so it is never
//            shorter than 100 ms.
// Threads    not thread-safe; time is passed in.

#include <array>
#include <cstdint>

#include "base/clock.h"

namespace clarion {

class PeakLimit {
 public:
  explicit PeakLimit(double per_second) { set_rate(per_second); }
  void set_rate(double per_second);

  // How many may leave now. More than a window holds is let through when the window is empty.
  [[nodiscard]] std::int64_t room(TimePoint now);
  [[nodiscard]] bool has_room(TimePoint now, std::int64_t count);
  void add(TimePoint now, std::int64_t count);
  // Not before this has_room(count), as far as is known.
  [[nodiscard]] TimePoint room_at(TimePoint now, std::int64_t count);

 private:
  static constexpr std::int64_t window = 101;  // buckets

  void roll(TimePoint now);
  [[nodiscard]] std::int64_t& bucket(std::int64_t millisecond) {
    return buckets_[static_cast<std::size_t>(millisecond % window)];
  }

  std::array<std::int64_t, window> buckets_{};
  std::int64_t current_ = 0;  // in milliseconds since the clock's epoch
  std::int64_t sum_ = 0;
  std::int64_t most_ = 1;
};

}  // namespace clarion
