#include "base/clock.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>

namespace clarion {

TimePoint SystemClock::now() const {
  return std::chrono::steady_clock::now();
}

WallTime SystemClock::wall_now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Task<void> SystemClock::sleep_until(TimePoint deadline) {
  asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
  co_await timer.async_wait(asio::use_awaitable);
}

std::string format_iso8601(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

namespace {

// Takes `width` digits off the front of `text`; false when they are not all digits.
bool take_number(std::string_view& text, std::size_t width, int& value) {
  if (text.size() < width) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + width, value);
  if (error != std::errc{} || end != text.data() + width || text.front() == '-') return false;
  text.remove_prefix(width);
  return true;
}

// "2026-11-22T20:15:30Z" and nothing else.
std::optional<WallTime> parse_plain_utc(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != std::string_view("2026-11-22T20:15:30Z").size()) return std::nullopt;
  // Read first and judged once: no branch for each character.
  bool is_wrong =
      text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z';
  const auto digit = [&](std::size_t at) {
    const auto value = static_cast<unsigned>(static_cast<unsigned char>(text[at])) - '0';
    is_wrong |= value > 9;
    return value;
  };
  const auto two = [&](std::size_t at) { return digit(at) * 10 + digit(at + 1); };
  const year_month_day date{year{static_cast<int>(two(0) * 100 + two(2))}, month{two(5)}, day{two(8)}};
  const unsigned hour = two(11);
  const unsigned minute = two(14);
  const unsigned second = two(17);
  if (is_wrong || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return sys_days(date) + hours{hour} + minutes{minute} + seconds{second};
}

bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || !any_of.contains(text.front())) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<WallTime> parse_iso8601(std::string_view text) {
  using namespace std::chrono;
  // Files hold millions of times, nearly all in this one form.
  if (const auto time = parse_plain_utc(text)) return time;
  int year = 0, month = 0, day = 0;
  if (!take_number(text, 4, year) || !take_char(text, "-") || !take_number(text, 2, month) || !take_char(text, "-") ||
      !take_number(text, 2, day)) {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  WallTime time = sys_days(date);
  if (text.empty()) return time;

  int hour = 0, minute = 0, second = 0;
  if (!take_char(text, "Tt ") || !take_number(text, 2, hour) || !take_char(text, ":") ||
      !take_number(text, 2, minute)) {
    return std::nullopt;
  }
  if (take_char(text, ":") && !take_number(text, 2, second)) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  time += hours{hour} + minutes{minute} + seconds{second};
  if (take_char(text, ".,")) {
    int digits = 0;
    int milliseconds_part = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      if (digits < 3) milliseconds_part = milliseconds_part * 10 + (text.front() - '0');
      ++digits;
      text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) milliseconds_part *= 10;
    time += milliseconds{milliseconds_part};
  }
  if (take_char(text, "Zz")) return text.empty() ? std::optional(time) : std::nullopt;
  if (text.empty()) return time;
  const bool east = text.front() == '+';
  if (!take_char(text, "+-")) return std::nullopt;
  int offset_hours = 0, offset_minutes = 0;
  if (!take_number(text, 2, offset_hours)) return std::nullopt;
  take_char(text, ":");
  if (!text.empty() && !take_number(text, 2, offset_minutes)) return std::nullopt;
  if (!text.empty() || offset_hours > 23 || offset_minutes > 59) return std::nullopt;
  const minutes offset = hours{offset_hours} + minutes{offset_minutes};
  return east ? time - offset : time + offset;
}

}  // namespace clarion
