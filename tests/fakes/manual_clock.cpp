#include "fakes/manual_clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace clarion::testing {

// A timer that never expires by itself: advance() cancels it, and the sleeper looks at the clock to tell that from
// being cancelled from outside.
struct ManualClock::Sleeper {
  asio::steady_timer timer;
  bool is_due = false;
};

Task<void> ManualClock::sleep_until(TimePoint deadline) {
  if (deadline <= now_) {
    co_return;
  }
  const auto sleeper = std::make_shared<Sleeper>(
      Sleeper{asio::steady_timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max())});
  sleepers_.emplace(deadline, sleeper);
  boost::system::error_code error;
  co_await sleeper->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (!sleeper->is_due) throw boost::system::system_error(error);
}

void ManualClock::settle() {
  context_.restart();
  while (context_.poll() > 0) context_.restart();
}

void ManualClock::advance(Duration span) {
  const TimePoint end = now_ + span;
  settle();
  while (!sleepers_.empty() && sleepers_.begin()->first <= end) {
    now_ = std::max(now_, sleepers_.begin()->first);
    const auto sleeper = sleepers_.begin()->second.lock();
    sleepers_.erase(sleepers_.begin());
    if (sleeper) {
      sleeper->is_due = true;
      sleeper->timer.cancel();
    }
    settle();
  }
  now_ = end;
  settle();
}

}  // namespace clarion::testing
