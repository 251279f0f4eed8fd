#pragma once
// Clock: the only source of time and of waiting, so that tests move time by hand and never sleep.
//
// Units  TimePoint is steady (pacing, time-outs); WallTime is UTC with millisecond resolution (records, schedules).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"

namespace clarion {

using Duration = std::chrono::steady_clock::duration;
using TimePoint = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
  // Returns at `deadline`, at once when it has passed. Cancellation: ends early with operation_aborted thrown,
  // as every Asio operation does.
  virtual Task<void> sleep_until(TimePoint deadline) = 0;

  Task<void> sleep_for(Duration span) { return sleep_until(now() + span); }
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  [[nodiscard]] WallTime wall_now() const override;
  Task<void> sleep_until(TimePoint deadline) override;
};

// "2026-11-22T20:15:30.123Z".
[[nodiscard]] std::string format_iso8601(WallTime time);
// Reads the form above, with or without fraction, with "Z" or an offset such as "+05:30"; a bare date is its
// midnight UTC. nullopt when it is anything else.
[[nodiscard]] std::optional<WallTime> parse_iso8601(std::string_view text);

}  // namespace clarion
