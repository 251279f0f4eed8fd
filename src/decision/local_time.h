#pragma once
// LocalTimes: what the clock on the wall says where a contact lives, and when it will say something else.
//
// Zones    IANA names through ICU. Without a zone, every zone of the country counts; without either, the operator's
//          fallback zone. So a contact of unknown zone is written to only when it is a good time in all of them.
// DST      an end that the clock skips is the moment of the change, one that it shows twice is the second of the two:
//          quiet hours never end early.
// Cost     ICU is asked once per zone for each stretch of quiet or waking hours; after that a look-up of about 20 ns.
// Threads  not thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace clarion {

// Minutes after local midnight, [0, 1440). start > end crosses midnight; start == end is never quiet.
struct QuietHours {
  std::int32_t start_minute = 21 * 60;
  std::int32_t end_minute = 8 * 60;
  bool operator==(const QuietHours&) const = default;
};

class LocalTimes {
 public:
  // An unknown fallback zone is UTC.
  LocalTimes(WallTime now, QuietHours quiet, std::string fallback_zone);
  ~LocalTimes();
  LocalTimes(LocalTimes&&) noexcept;
  LocalTimes& operator=(LocalTimes&&) noexcept;

  // The end of the quiet hours that `at` is in; nullopt when it is not in any.
  [[nodiscard]] std::optional<WallTime> quiet_until(std::string_view zone, std::string_view country, WallTime at);
  [[nodiscard]] std::optional<WallTime> quiet_until(std::string_view zone, std::string_view country);  // at now
  // The next time the local clock shows hour:00, now included when it is within that hour, and moved to the end of
  // quiet hours when it lies in them; in a country of several zones that of the first of them that ICU lists.
  // REQUIRES: 0 <= hour < 24.
  [[nodiscard]] WallTime next_hour(std::string_view zone, std::string_view country, std::int32_t hour);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clarion
