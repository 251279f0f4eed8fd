#include "engine/peak_limit.h"

#include <algorithm>

namespace clarion {
namespace {

constexpr double most_over = 1.06;
constexpr double window_seconds = 0.1;

}  // namespace

void PeakLimit::set_rate(double per_second) {
  most_ = static_cast<std::int64_t>(most_over * window_seconds * per_second) + 1;
}

void PeakLimit::roll(TimePoint now) {
  const std::int64_t millisecond = now.time_since_epoch() / std::chrono::milliseconds(1);
  // After a long rest every bucket is passed once, not every millisecond.
  for (std::int64_t passed = std::max(current_ + 1, millisecond - window + 1); passed <= millisecond; ++passed) {
    sum_ -= bucket(passed);
    bucket(passed) = 0;
  }
  current_ = std::max(current_, millisecond);
}

std::int64_t PeakLimit::room(TimePoint now) {
  roll(now);
  return std::max<std::int64_t>(0, most_ - sum_);
}

bool PeakLimit::has_room(TimePoint now, std::int64_t count) {
  roll(now);
  return sum_ == 0 || sum_ + count <= most_;
}

void PeakLimit::add(TimePoint now, std::int64_t count) {
  roll(now);
  bucket(current_) += count;
  sum_ += count;
}

TimePoint PeakLimit::room_at(TimePoint now, std::int64_t count) {
  if (has_room(now, count)) return now;
  std::int64_t left = sum_;
  for (std::int64_t oldest = current_ - window + 1; oldest <= current_; ++oldest) {
    left -= bucket(oldest);
    if (left == 0 || left + count <= most_) return TimePoint(std::chrono::milliseconds(oldest + window));
  }
  return now;
}

}  // namespace clarion
