#pragma once
// RateMeter: how many per second, over the last five seconds.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace clarion {

class RateMeter {
 public:
  void add(TimePoint now, std::int64_t count = 1) {
    roll(now);
    counts_[static_cast<std::size_t>(current_ % slices)] += count;
  }
  [[nodiscard]] double per_second(TimePoint now) {
    if (!started_at_) return 0;
    roll(now);
    std::int64_t sum = 0;
    for (const std::int64_t count : counts_) sum += count;
    // Nine whole slices and the part of the current one that has passed.
    const double elapsed = std::chrono::duration<double>(now - *started_at_).count();
    const double covered = std::chrono::duration<double>(now.time_since_epoch()).count() -
                           static_cast<double>(current_ - slices + 1) * slice_seconds;
    return static_cast<double>(sum) / std::max(0.5, std::min(elapsed, covered));
  }

 private:
  static constexpr std::int64_t slices = 10;
  static constexpr double slice_seconds = 0.5;

  // Forgets the slices that have passed since the last call.
  void roll(TimePoint now) {
    const std::int64_t slice = now.time_since_epoch() / std::chrono::milliseconds(500);
    if (!started_at_) {
      started_at_ = now;
      current_ = slice;
    }
    for (std::int64_t i = std::max(current_ + 1, slice - slices + 1); i <= slice; ++i) {
      counts_[static_cast<std::size_t>(i % slices)] = 0;
    }
    current_ = std::max(current_, slice);
  }

  std::array<std::int64_t, slices> counts_{};
  std::int64_t current_ = 0;
  std::optional<TimePoint> started_at_;
};

}  // namespace clarion
