#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "audience/sentence_cursor.h"

namespace clarion {
namespace {

using NamedNumber = std::pair<std::string_view, double>;
constexpr std::array<NamedNumber, 20> small_numbers{{
    {"zero", 0},     {"one", 1},      {"two", 2},        {"three", 3},     {"four", 4},
    {"five", 5},     {"six", 6},      {"seven", 7},      {"eight", 8},     {"nine", 9},
    {"ten", 10},     {"eleven", 11},  {"twelve", 12},    {"thirteen", 13}, {"fourteen", 14},
    {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19},
}};
constexpr std::array<NamedNumber, 8> tens{{{"twenty", 20},
                                           {"thirty", 30},
                                           {"forty", 40},
                                           {"fifty", 50},
                                           {"sixty", 60},
                                           {"seventy", 70},
                                           {"eighty", 80},
                                           {"ninety", 90}}};
constexpr std::array<NamedNumber, 6> whole_phrases{
    {{"a dozen", 12}, {"a couple of", 2}, {"a couple", 2}, {"a hundred", 100}, {"a thousand", 1000}, {"dozen", 12}}};

template <std::size_t N>
std::optional<double> accept_named(Cursor& cursor, const std::array<NamedNumber, N>& names) {
  for (const auto& [name, number] : names) {
    if (cursor.accept(name)) return number;
  }
  return std::nullopt;
}

struct Comparator {
  std::string_view phrase;
  Operator op;
  bool is_age = false;
};

bool accept_age_words(Cursor& cursor) {
  return cursor.accept_any({"the age of", "the ages of", "age of", "ages of", "age", "ages", "an age of"});
}

// Longer phrases stand before their beginnings.
constexpr std::array<Comparator, 62> comparators{{
    {"greater than or equal to", Operator::GreaterOrEqual},
    {"more than or equal to", Operator::GreaterOrEqual},
    {"less than or equal to", Operator::LessOrEqual},
    {"no older than", Operator::LessOrEqual, true},
    {"not older than", Operator::LessOrEqual, true},
    {"no younger than", Operator::GreaterOrEqual, true},
    {"not younger than", Operator::GreaterOrEqual, true},
    {"no less than", Operator::GreaterOrEqual},
    {"not less than", Operator::GreaterOrEqual},
    {"no fewer than", Operator::GreaterOrEqual},
    {"not fewer than", Operator::GreaterOrEqual},
    {"no more than", Operator::LessOrEqual},
    {"not more than", Operator::LessOrEqual},
    {"not over", Operator::LessOrEqual},
    {"not above", Operator::LessOrEqual},
    {"not under", Operator::GreaterOrEqual},
    {"not below", Operator::GreaterOrEqual},
    {"a minimum of", Operator::GreaterOrEqual},
    {"minimum of", Operator::GreaterOrEqual},
    {"a maximum of", Operator::LessOrEqual},
    {"maximum of", Operator::LessOrEqual},
    {"at least", Operator::GreaterOrEqual},
    {"atleast", Operator::GreaterOrEqual},
    {"at the least", Operator::GreaterOrEqual},
    {"at most", Operator::LessOrEqual},
    {"at the most", Operator::LessOrEqual},
    {"up to", Operator::LessOrEqual},
    {"upto", Operator::LessOrEqual},
    {"upwards of", Operator::GreaterOrEqual},
    {"in excess of", Operator::Greater},
    {"older than", Operator::Greater, true},
    {"younger than", Operator::Less, true},
    {"more than", Operator::Greater},
    {"greater than", Operator::Greater},
    {"higher than", Operator::Greater},
    {"bigger than", Operator::Greater},
    {"larger than", Operator::Greater},
    {"longer than", Operator::Greater},
    {"less than", Operator::Less},
    {"fewer than", Operator::Less},
    {"lower than", Operator::Less},
    {"smaller than", Operator::Less},
    {"equal to", Operator::Equal},
    {"equals", Operator::Equal},
    {"minimum", Operator::GreaterOrEqual},
    {"min", Operator::GreaterOrEqual},
    {"maximum", Operator::LessOrEqual},
    {"max", Operator::LessOrEqual},
    {"exceeding", Operator::Greater},
    {"exceeds", Operator::Greater},
    {"over", Operator::Greater},
    {"above", Operator::Greater},
    {"under", Operator::Less},
    {"below", Operator::Less},
    {"exactly", Operator::Equal},
    {"precisely", Operator::Equal},
    {">=", Operator::GreaterOrEqual},
    {"<=", Operator::LessOrEqual},
    {">", Operator::Greater},
    {"<", Operator::Less},
    {"=", Operator::Equal},
    {"!=", Operator::NotEqual},
}};

struct Amount {
  double number = 0;
  bool is_money = false;
};

std::optional<Amount> read_amount(Cursor& cursor) {
  const bool is_number = cursor.peek().kind == Token::Kind::Number;
  const bool is_money = is_number && cursor.peek().is_money;
  const auto number = read_number(cursor);
  if (!number) return std::nullopt;
  const bool has_currency = cursor.accept_any({"us dollars", "dollars", "dollar", "usd", "bucks"});
  return Amount{.number = *number, .is_money = is_money || has_currency};
}

// "at least 40" says of what less than "over 40" does.
bool is_limit(std::string_view phrase) {
  constexpr std::array<std::string_view, 8> positions{"over",     "above",     "under",     "below",
                                                      "not over", "not above", "not under", "not below"};
  return std::ranges::find(positions, phrase) == positions.end();
}

std::optional<Quantity> read_range(Cursor& cursor) {
  Cursor ahead = cursor;
  const bool is_between = ahead.accept("between");
  if (!is_between) (void)ahead.accept("from");
  const bool is_age = accept_age_words(ahead);
  const auto low = read_amount(ahead);
  if (!low) return std::nullopt;
  const bool is_joined =
      ahead.accept_any({"to", "-", "through", "till", "until"}) || (is_between && ahead.accept("and"));
  if (!is_joined) return std::nullopt;
  const auto high = read_amount(ahead);
  if (!high) return std::nullopt;
  cursor = ahead;
  const auto [least, most] = std::minmax(low->number, high->number);
  return Quantity{.bounds = {{Operator::GreaterOrEqual, least}, {Operator::LessOrEqual, most}},
                  .is_money = low->is_money || high->is_money,
                  .has_comparator = true,
                  .is_age = is_age,
                  .is_limit = false};
}

}  // namespace

std::optional<double> read_number(Cursor& cursor) {
  const Token& token = cursor.peek();
  if (token.kind == Token::Kind::Number && !token.is_percent) {
    if (token.number > largest_filter_number) return std::nullopt;
    cursor.advance();
    return to_filter_number(token.number);
  }
  if (const auto phrase = accept_named(cursor, whole_phrases)) return phrase;
  std::optional<double> number;
  if (const auto ten = accept_named(cursor, tens)) {
    Cursor ahead = cursor;
    (void)ahead.accept("-");
    const auto unit = accept_named(ahead, small_numbers);
    number = ten;
    if (unit && *unit > 0 && *unit < 10) {
      number = *ten + *unit;
      cursor = ahead;
    }
  } else {
    number = accept_named(cursor, small_numbers);
  }
  if (number && cursor.accept("hundred")) number = *number * 100;
  if (number && cursor.accept("thousand")) number = *number * 1000;
  return number;
}

std::optional<Quantity> read_quantity(Cursor& cursor) {
  if (auto range = read_range(cursor)) return range;
  Cursor ahead = cursor;
  const auto* const comparator =
      std::ranges::find_if(comparators, [&](const Comparator& each) { return ahead.accept(each.phrase); });
  const bool has_comparator = comparator != comparators.end();
  const bool is_of_age = has_comparator && accept_age_words(ahead);
  const auto amount = read_amount(ahead);
  if (!amount) return std::nullopt;
  Quantity quantity{.bounds = {{has_comparator ? comparator->op : Operator::Equal, amount->number}},
                    .is_money = amount->is_money,
                    .has_comparator = has_comparator,
                    .is_age = is_of_age || (has_comparator && comparator->is_age),
                    .is_limit = has_comparator && is_limit(comparator->phrase)};
  if (!has_comparator) {
    if (ahead.accept_any({"or more", "or above", "or over", "or higher", "or greater", "and above", "and over",
                          "and up", "and more", "plus", "+"})) {
      quantity.bounds.front().op = Operator::GreaterOrEqual;
      quantity.has_comparator = true;
    } else if (ahead.accept_any({"or older", "and older"})) {
      quantity.bounds.front().op = Operator::GreaterOrEqual;
      quantity.has_comparator = quantity.is_age = true;
    } else if (ahead.accept_any({"or less", "or fewer", "or under", "or below", "or lower", "and under", "and below",
                                 "and less", "at most", "max"})) {
      quantity.bounds.front().op = Operator::LessOrEqual;
      quantity.has_comparator = true;
    } else if (ahead.accept_any({"or younger", "and younger"})) {
      quantity.bounds.front().op = Operator::LessOrEqual;
      quantity.has_comparator = quantity.is_age = true;
    }
  }
  cursor = ahead;
  return quantity;
}

bool accept_years(Cursor& cursor) {
  return cursor.accept_any(
      {"years old", "year old", "year olds", "years of age", "yrs old", "yo", "y o", "years", "yrs", "in age"});
}

Filter to_filter(const Quantity& quantity, Field field) {
  std::vector<Filter> bounds;
  bounds.reserve(quantity.bounds.size());
  for (const auto& [op, number] : quantity.bounds) bounds.push_back(compare(field, op, number));
  return all_of(std::move(bounds));
}

}  // namespace clarion
