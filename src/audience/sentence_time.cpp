#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include "audience/sentence_cursor.h"

namespace clarion {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// A stretch of time: [start, end).
struct Period {
  FilterValue start;
  FilterValue end;
};

Period period(sys_days start, sys_days end) {
  return {.start = WallTime(start), .end = WallTime(end)};
}

constexpr std::array<std::pair<std::string_view, int>, 10> unit_days{{{"days", 1},
                                                                      {"day", 1},
                                                                      {"weeks", 7},
                                                                      {"week", 7},
                                                                      {"months", 30},
                                                                      {"month", 30},
                                                                      {"quarters", 91},
                                                                      {"quarter", 91},
                                                                      {"years", 365},
                                                                      {"year", 365}}};

constexpr std::array<std::pair<std::string_view, unsigned>, 24> month_names{
    {{"january", 1}, {"february", 2}, {"march", 3},     {"april", 4},    {"may", 5},       {"june", 6},
     {"july", 7},    {"august", 8},   {"september", 9}, {"october", 10}, {"november", 11}, {"december", 12},
     {"jan", 1},     {"feb", 2},      {"mar", 3},       {"apr", 4},      {"jun", 6},       {"jul", 7},
     {"aug", 8},     {"sep", 9},      {"sept", 9},      {"oct", 10},     {"nov", 11},      {"dec", 12}}};

constexpr std::array<std::string_view, 7> weekday_names{"sunday",   "monday", "tuesday", "wednesday",
                                                        "thursday", "friday", "saturday"};

// A number of days from "3 months"; nullopt when no such thing stands here or it is beyond a century.
std::optional<std::int32_t> read_day_count(Cursor& cursor) {
  Cursor ahead = cursor;
  auto count = read_number(ahead);
  if (!count && ahead.accept_any({"a", "an", "one"})) count = 1;
  if (!count) return std::nullopt;
  for (const auto& [name, per_unit] : unit_days) {
    if (!ahead.accept(name)) continue;
    const double total = std::round(*count * per_unit);
    if (total < 0 || total > 36'500) return std::nullopt;
    cursor = ahead;
    return static_cast<std::int32_t>(total);
  }
  return std::nullopt;
}

std::optional<std::int32_t> read_unit(Cursor& cursor) {
  for (const auto& [name, per_unit] : unit_days) {
    if (cursor.accept(name)) return per_unit;
  }
  return std::nullopt;
}

std::optional<int> read_year(Cursor& cursor) {
  const Token& token = cursor.peek();
  if (token.kind != Token::Kind::Number || token.is_money || token.is_percent) return std::nullopt;
  if (token.number < 1990 || token.number > 2100 || token.number != std::trunc(token.number)) return std::nullopt;
  const int number = static_cast<int>(token.number);
  cursor.advance();
  return number;
}

// "1" or "1st" as a day of a month.
std::optional<unsigned> read_day_of_month(Cursor& cursor) {
  const std::string& plain = cursor.peek().plain;
  std::size_t digits = 0;
  while (digits < plain.size() && plain[digits] >= '0' && plain[digits] <= '9') ++digits;
  if (digits == 0 || digits > 2) return std::nullopt;
  const std::string_view rest = std::string_view(plain).substr(digits);
  if (!rest.empty() && rest != "st" && rest != "nd" && rest != "rd" && rest != "th") return std::nullopt;
  unsigned day = 0;
  for (std::size_t i = 0; i < digits; ++i) day = day * 10 + static_cast<unsigned>(plain[i] - '0');
  if (day < 1 || day > 31) return std::nullopt;
  cursor.advance();
  return day;
}

std::optional<unsigned> read_month_name(Cursor& cursor) {
  for (const auto& [name, number] : month_names) {
    if (cursor.accept(name)) return number;
  }
  return std::nullopt;
}

// "June", "June 2025", "1 June 2025", "June 1st"; without a year the latest one that has begun.
std::optional<Period> read_month(Cursor& cursor, sys_days today) {
  Cursor ahead = cursor;
  auto day = read_day_of_month(ahead);
  if (day) (void)ahead.accept("of");
  const auto month = read_month_name(ahead);
  if (!month) return std::nullopt;
  if (!day) {
    Cursor after = ahead;
    day = read_day_of_month(after);
    if (day) ahead = after;
  }
  Cursor after = ahead;
  (void)after.accept(",");
  auto in_year = read_year(after);
  if (in_year) ahead = after;
  if (!in_year) {
    const int this_year = static_cast<int>(year_month_day(today).year());
    const year_month_day begins{year(this_year), std::chrono::month(*month), std::chrono::day(day.value_or(1))};
    in_year = sys_days(begins) <= today ? this_year : this_year - 1;
  }
  const year_month_day begins{year(*in_year), std::chrono::month(*month), std::chrono::day(day.value_or(1))};
  if (!begins.ok()) return std::nullopt;
  cursor = ahead;
  if (day) return period(sys_days(begins), sys_days(begins) + days(1));
  return period(sys_days(begins), sys_days(begins + months(1)));
}

// "last month" (steps = -1) or "this month" (0), by the calendar in UTC; weeks begin on Monday.
Period calendar_period(std::string_view unit, int steps, sys_days today) {
  const year_month_day date(today);
  if (unit.starts_with("day")) return period(today + days(steps), today + days(steps + 1));
  if (unit.starts_with("week")) {
    const sys_days monday = today - (std::chrono::weekday(today) - std::chrono::Monday);
    return period(monday + days(7 * steps), monday + days(7 * (steps + 1)));
  }
  if (unit.starts_with("year")) {
    const year_month_day begins{date.year() + std::chrono::years(steps), std::chrono::January, std::chrono::day(1)};
    return period(sys_days(begins), sys_days(begins + std::chrono::years(1)));
  }
  const bool is_quarter = unit.starts_with("quarter");
  const unsigned number = static_cast<unsigned>(date.month());
  const unsigned first = is_quarter ? (number - 1) / 3 * 3 + 1 : number;
  const int length = is_quarter ? 3 : 1;
  const year_month_day base{date.year(), std::chrono::month(first), std::chrono::day(1)};
  return period(sys_days(base + months(steps * length)), sys_days(base + months((steps + 1) * length)));
}

std::optional<Period> read_point(Cursor& cursor, WallTime now) {
  const sys_days today = std::chrono::floor<days>(now);
  if (cursor.accept("today")) return period(today, today + days(1));
  if (cursor.accept("yesterday")) return period(today - days(1), today);
  if (cursor.peek().kind == Token::Kind::Date) {
    const auto date = std::chrono::floor<days>(cursor.peek().date);
    cursor.advance();
    return period(date, date + days(1));
  }
  Cursor ahead = cursor;
  if (const auto ago = read_day_count(ahead); ago && ahead.accept("ago")) {
    cursor = ahead;
    return Period{.start = DaysAgo{*ago}, .end = DaysAgo{*ago}};
  }
  ahead = cursor;
  (void)ahead.accept("the");
  const bool is_last = ahead.accept_any({"last", "previous"});
  const bool is_this = !is_last && ahead.accept_any({"this", "current"});
  (void)ahead.accept("start of");
  if (is_last || is_this) {
    const std::string unit = ahead.peek().plain;
    if (read_unit(ahead)) {
      cursor = ahead;
      return calendar_period(unit, is_last ? -1 : 0, today);
    }
  }
  if (auto month = read_month(ahead, today)) {
    cursor = ahead;
    return month;
  }
  for (unsigned i = 0; i < weekday_names.size(); ++i) {
    if (!ahead.accept(weekday_names[i])) continue;
    cursor = ahead;
    const auto back = std::chrono::weekday(today) - std::chrono::weekday(i);
    const sys_days date = today - (back.count() == 0 ? days(7) : back);
    return period(date, date + days(1));
  }
  if (const auto in_year = read_year(cursor)) {
    const year_month_day begins{year(*in_year), std::chrono::January, std::chrono::day(1)};
    return period(sys_days(begins), sys_days(begins + std::chrono::years(1)));
  }
  return std::nullopt;
}

// "in the last 90 days", "for 3 months", "the past week"; "last month" without "the" is a calendar month.
std::optional<TimeSpan> read_rolling(Cursor& cursor) {
  Cursor ahead = cursor;
  // "over the last 90 days" is a time, "over 40 years old" and "over 40 days" are none.
  const bool is_spread = ahead.accept("over");
  const bool has_lead = is_spread || ahead.accept_any({"in", "within", "during", "for", "since", "in over",
                                                       "in more than", "for over", "for more than", "for at least"});
  const bool has_article = ahead.accept("the");
  const bool is_past = ahead.accept_any({"past", "trailing"});
  const bool is_last = !is_past && ahead.accept_any({"last", "previous", "preceding"});
  auto count = read_day_count(ahead);
  if (!count && (is_past || (is_last && has_article))) count = read_unit(ahead);
  if (!count) return std::nullopt;
  if (!is_past && !is_last && (!has_lead || is_spread || ahead.accept_any({"ago", "old", "of age"}))) {
    return std::nullopt;
  }
  cursor = ahead;
  return TimeSpan{.from = DaysAgo{*count}, .until = std::nullopt};
}

// "more than 90 days ago", "less than a week ago".
std::optional<TimeSpan> read_distance(Cursor& cursor) {
  Cursor ahead = cursor;
  const bool is_far = ahead.accept_any({"more than", "over", "at least", "longer than", ">", ">="});
  if (!is_far && !ahead.accept_any({"less than", "under", "within", "at most", "up to", "<", "<="}))
    return std::nullopt;
  const auto count = read_day_count(ahead);
  if (!count || !ahead.accept_any({"ago", "back"})) return std::nullopt;
  cursor = ahead;
  if (is_far) return TimeSpan{.from = std::nullopt, .until = DaysAgo{*count}};
  return TimeSpan{.from = DaysAgo{*count}, .until = std::nullopt};
}

std::optional<TimeSpan> read_between(Cursor& cursor, WallTime now) {
  Cursor ahead = cursor;
  if (!ahead.accept_any({"between", "from"})) return std::nullopt;
  const auto first = read_point(ahead, now);
  if (!first || !ahead.accept_any({"and", "to", "until", "till", "-"})) return std::nullopt;
  const auto last = read_point(ahead, now);
  if (!last) return std::nullopt;
  cursor = ahead;
  return TimeSpan{.from = first->start, .until = last->end};
}

}  // namespace

std::optional<TimeSpan> read_time_span(Cursor& cursor, WallTime now) {
  if (auto span = read_rolling(cursor)) return span;
  if (auto span = read_distance(cursor)) return span;
  if (auto span = read_between(cursor, now)) return span;
  Cursor ahead = cursor;
  const bool is_since = ahead.accept_any({"since", "starting"});
  const bool is_after = !is_since && ahead.accept("after");
  const bool is_before = !is_since && !is_after && ahead.accept_any({"before", "prior to", "earlier than"});
  const bool is_until = !is_since && !is_after && !is_before && ahead.accept_any({"until", "till", "up to"});
  const bool has_lead = is_since || is_after || is_before || is_until || ahead.accept_any({"in", "during", "on"});
  const Cursor lead_end = ahead;
  const auto point = read_point(ahead, now);
  if (!point) return std::nullopt;
  // Without a preposition only "last month", "this year", "today", "yesterday" are times; "May" and "2025" are not.
  const std::string& first = lead_end.peek().plain;
  const bool is_plain_time =
      first == "today" || first == "yesterday" || first == "last" || first == "this" || first == "previous";
  // "90 days ago" alone is one instant: nobody means that.
  const bool is_instant = std::holds_alternative<DaysAgo>(point->start);
  if (!has_lead && (!is_plain_time || is_instant)) return std::nullopt;
  if (is_instant && !is_since && !is_after && !is_before && !is_until) return std::nullopt;
  cursor = ahead;
  if (is_since) return TimeSpan{.from = point->start, .until = std::nullopt};
  if (is_after) return TimeSpan{.from = point->end, .until = std::nullopt};
  if (is_before) return TimeSpan{.from = std::nullopt, .until = point->start};
  if (is_until) return TimeSpan{.from = std::nullopt, .until = point->end};
  return TimeSpan{.from = point->start, .until = point->end};
}

Filter to_filter(const TimeSpan& span, Field field) {
  std::vector<Filter> bounds;
  if (span.from) bounds.push_back(compare(field, Operator::GreaterOrEqual, *span.from));
  if (span.until) bounds.push_back(compare(field, Operator::Less, *span.until));
  return all_of(std::move(bounds));
}

}  // namespace clarion
