#pragma once
// ManualClock: time that moves only when a test says so.
//
// Use  run the io_context until it is idle, then advance(); repeat. advance() wakes sleepers in deadline order and
//      lets the context run to idle between them, so that one big step equals many small ones.

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>

#include "base/clock.h"

namespace clarion::testing {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(asio::io_context& context) : context_(context) {}

  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override {
    return wall_start_ + std::chrono::floor<std::chrono::milliseconds>(now_ - start_);
  }
  Task<void> sleep_until(TimePoint deadline) override;

  // Runs what is ready, then moves time by `span`, waking sleepers on the way.
  void advance(Duration span);
  // Sets the clock on the wall forward (or back), as when a machine was suspended: nobody who sleeps is woken.
  void shift_wall(std::chrono::milliseconds by) { wall_start_ += by; }
  // Runs handlers until none is ready.
  void settle();

 private:
  struct Sleeper;
  asio::io_context& context_;
  TimePoint start_{std::chrono::hours(1)};
  TimePoint now_{start_};
  WallTime wall_start_ = *parse_iso8601("2026-11-02T10:00:00Z");
  std::multimap<TimePoint, std::weak_ptr<Sleeper>> sleepers_;
};

}  // namespace clarion::testing
