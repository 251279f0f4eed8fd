#pragma once
// A place in the tokens of a sentence, and the small phrases that are read there: numbers, bounds, times.
//
// Every read_… either takes all its words and returns a value, or takes nothing.

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "audience/filter.h"
#include "audience/sentence_tokens.h"

namespace clarion {

class Cursor {
 public:
  explicit Cursor(std::span<const Token> tokens) : tokens_(tokens) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool is_end() const { return at_ >= tokens_.size(); }
  // The token `ahead` of here, an empty mark beyond the end.
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  void advance(std::size_t count = 1) { at_ += count; }
  void move_to(std::size_t at) { at_ = at; }
  // Takes the phrase ("at least") when it stands here.
  bool accept(std::string_view phrase);
  // Takes the longest of the phrases that stands here.
  bool accept_any(std::initializer_list<std::string_view> phrases);
  // Takes "the", "a", "their", "our", …; any number of them.
  void skip_articles();

 private:
  std::span<const Token> tokens_;
  std::size_t at_ = 0;
};

// "at least 2", "between 25 and 35", "40+", "twenty or more", "$500".
struct Quantity {
  struct Bound {
    Operator op{};
    double number = 0;
  };
  std::vector<Bound> bounds;  // one, or two that both hold
  bool is_money = false;
  bool has_comparator = false;  // false for a bare number
  bool is_age = false;          // "older than 40"
  bool is_limit = false;        // "at least", "up to", "more than": what it counts must be said or plain
};
[[nodiscard]] std::optional<double> read_number(Cursor& cursor);
[[nodiscard]] std::optional<Quantity> read_quantity(Cursor& cursor);
// "years old", "years": what may follow a number that is an age.
bool accept_years(Cursor& cursor);
// The quantity as a condition on a number field.
[[nodiscard]] Filter to_filter(const Quantity& quantity, Field field);

// "in the last 90 days", "since June", "last month", "more than 30 days ago", "before 2025".
struct TimeSpan {
  std::optional<FilterValue> from;   // at or after
  std::optional<FilterValue> until;  // before
};
[[nodiscard]] std::optional<TimeSpan> read_time_span(Cursor& cursor, WallTime now);
[[nodiscard]] Filter to_filter(const TimeSpan& span, Field field);

}  // namespace clarion
