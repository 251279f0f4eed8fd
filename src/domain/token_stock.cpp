#include "domain/token_stock.h"

#include <algorithm>

namespace clarion {
namespace {

// Until the last of a message's tokens is there somebody has to wake up and look.
constexpr Duration time_to_look = std::chrono::milliseconds(100);

// How many of `span` have a time before or at `now`, when each is `delay` later than its first_at.
std::int64_t count_until(const TokenSpan& span, TimePoint now, Duration delay) {
  const Duration passed = now - span.first_at - delay;
  if (passed < Duration::zero()) return 0;
  if (span.spacing == Duration::zero()) return span.count;
  return std::min<std::int64_t>(span.count, passed / span.spacing + 1);
}

}  // namespace

void TokenStock::add(const TokenSpan& span) {
  if (span.count <= 0) return;
  spans_.push_back(span);
  held_ += span.count;
}

void TokenStock::forget_expired(TimePoint now, std::int64_t parts) {
  while (!spans_.empty()) {
    TokenSpan& oldest = spans_.front();
    const Duration life = parts > 1 ? std::max(oldest.life, oldest.spacing * (parts - 1) + time_to_look) : oldest.life;
    const std::int64_t expired = count_until(oldest, now - Duration(1), life);
    held_ -= expired;
    oldest.count -= expired;
    oldest.first_at += oldest.spacing * expired;
    if (oldest.count > 0) return;
    spans_.pop_front();
  }
}

std::int64_t TokenStock::usable(TimePoint now) const {
  std::int64_t sum = 0;
  for (const TokenSpan& span : spans_) {
    const std::int64_t count = count_until(span, now, Duration::zero());
    sum += count;
    if (count < span.count) break;
  }
  return sum;
}

TimePoint TokenStock::usable_at(std::int64_t count) const {
  for (const TokenSpan& span : spans_) {
    if (count <= span.count) return span.first_at + span.spacing * (count - 1);
    count -= span.count;
  }
  return TimePoint::max();
}

void TokenStock::take(std::int64_t count) {
  held_ -= count;
  while (count > 0) {
    TokenSpan& oldest = spans_.front();
    const std::int64_t taken = std::min(count, oldest.count);
    count -= taken;
    oldest.count -= taken;
    oldest.first_at += oldest.spacing * taken;
    if (oldest.count == 0) spans_.pop_front();
  }
}

TokenSpan TokenStock::remove_last() {
  if (spans_.empty()) return {};
  const TokenSpan last = spans_.back();
  spans_.pop_back();
  held_ -= last.count;
  return last;
}

}  // namespace clarion
