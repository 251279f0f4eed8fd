#include "base/alarm.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace clarion {
Task<void> WaitList::wait() {
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [this](auto handler) { waiting_.emplace_back(std::move(handler)); }, asio::use_awaitable);
}

// The coroutine goes on through its own executor, so that waking is never a call into somebody else's code.
bool WaitList::wake_one() {
  if (waiting_.empty()) return false;
  Parked woken = std::move(waiting_.back());
  waiting_.pop_back();
  asio::post(std::move(woken));
  return true;
}

void WaitList::wake_all() {
  auto all = std::exchange(waiting_, {});
  for (Parked& woken : all) asio::post(std::move(woken));
}

Task<void> Alarm::sleep_until(TimePoint deadline) {
  if (!std::exchange(is_rung_, false)) {
    if (deadline == TimePoint::max()) {
      co_await parked_.wait();
    } else {
      is_timed_ = true;
      // A coroutine of its own, so that cutting the sleep short does not cancel the sleeper.
      co_await asio::co_spawn(co_await asio::this_coro::executor, clock_.sleep_until(deadline),
                              asio::bind_cancellation_slot(cut_short_.slot(), asio::as_tuple(asio::use_awaitable)));
      is_timed_ = false;
    }
    is_rung_ = false;
  }
}

void Alarm::ring() {
  if (is_rung_) return;
  is_rung_ = true;
  if (is_timed_) {
    cut_short_.emit(asio::cancellation_type::terminal);
  } else {
    parked_.wake_one();
  }
}

}  // namespace clarion
