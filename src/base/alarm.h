#pragma once
// Waiting without polling: WaitList parks coroutines until somebody wakes them; Alarm is a sleep that can be cut short.
//
// Threads  one executor; all calls from there. Whoever is woken is resumed through its executor, never inside wake.

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <deque>

#include "base/clock.h"
#include "base/task.h"

namespace clarion {

class WaitList {
 public:
  // Returns when woken. Not cancellable: whoever parks here is woken by its owner.
  Task<void> wait();
  // Wakes the one that came last, whose memory is still warm; false when nobody waits.
  bool wake_one();
  void wake_all();
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  // The suspended coroutine itself: parking costs no allocation beyond its frame.
  using Parked = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;
  std::deque<Parked> waiting_;
};

class Alarm {
 public:
  explicit Alarm(Clock& clock) : clock_(clock) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // Returns at `deadline` or when rung, whichever is first; TimePoint::max() waits for the ring alone. A ring while
  // nobody slept ends the next sleep at once. REQUIRES: one sleeper at a time.
  Task<void> sleep_until(TimePoint deadline);
  void ring();

 private:
  Clock& clock_;
  bool is_rung_ = false;
  bool is_timed_ = false;  // the sleeper waits on the clock, not in parked_
  asio::cancellation_signal cut_short_;
  WaitList parked_;
};

}  // namespace clarion
