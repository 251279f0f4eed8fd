#pragma once
// InFlightWindow: how many sends of one channel may be under way at once, as far as this thread keeps up with them.
//
// Rate x latency says how many a carrier needs (exposure.h). But when the thread itself is what is slow, every send
// waits for it, the latency seems to grow, and with it the number of sends and connections that wait in turn, without
// one more message a second. So the window grows only while the pacer's ticks are on time.
//
// Algorithm  by an eighth for each tick on time that wanted more; down by an eighth for each late one in which at least
//            half of those under way were answered, for then it was not the carrier that they waited for.
// Threads    one executor.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "base/clock.h"

namespace clarion {

class InFlightWindow {
 public:
  static constexpr std::int64_t first_size = 64;

  [[nodiscard]] std::int64_t size() const { return size_; }
  // A tick that came `late` after its time and found `in_flight` sends under way.
  void on_tick(Duration late, std::int64_t in_flight) {
    const std::int64_t answered = std::exchange(answered_, 0);
    is_late_ = late > slack;
    if (is_late_ && 2 * answered >= in_flight) size_ = std::max(first_size, size_ - size_ / 8);
  }
  void on_answer() { ++answered_; }
  // More could be sent than `size` at once, of which a carrier would bear `most`.
  void want_more(std::int64_t most) {
    if (!is_late_) size_ = std::min(std::max(most, first_size), size_ + size_ / 8);
  }

 private:
  static constexpr Duration slack = std::chrono::milliseconds(2);
  std::int64_t size_ = first_size;
  std::int64_t answered_ = 0;  // since the last tick
  bool is_late_ = false;
};

}  // namespace clarion
