#pragma once
// Filter: the typed tree that a sentence, a JSON document and the page's conditions all become.
//
// Shape   Everyone | Compare(field, operator, value) | And(children) | Or(children) | Not(one child).
// Absent  a comparison with an unknown value is false, whatever the operator; only Exists looks at absence.
//         Consent always has a text: "unknown" can be compared with, and is the one that does not Exist.
// Number  within ±1,000,000,000, kept to six decimals, so that it reads back as it was printed.
// Text    compared after ICU case folding; cities, names and tags so "bangalore" finds "Bangalore".

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audience/field.h"
#include "base/clock.h"
#include "base/result.h"
#include "domain/contact.h"

namespace clarion {

enum class Operator : std::uint8_t {
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  In,        // Text: one of a list; TextList: shares one with the list
  Contains,  // Text: substring; TextList: has this element
  Exists,    // value true or false; TextList: is not empty
};
[[nodiscard]] std::string_view to_string(Operator op);  // "=", "!=", "<", "<=", ">", ">=", "in", "contains", "exists"
[[nodiscard]] std::optional<Operator> find_operator(std::string_view name);
// What a field of that type can be compared with, in the order above.
[[nodiscard]] std::span<const Operator> operators_of(FieldType type);

// A time relative to the moment of evaluation: Ago{90} is 90 days before it.
struct DaysAgo {
  std::int32_t days = 0;
  bool operator==(const DaysAgo&) const = default;
};

using FilterValue = std::variant<std::string, double, bool, WallTime, DaysAgo, std::vector<std::string>>;

inline constexpr double largest_filter_number = 1e9;
// Rounded to the six decimals that filters keep.
[[nodiscard]] double to_filter_number(double number);

struct Comparison {
  Field field{};
  Operator op{};
  FilterValue value;
  bool operator==(const Comparison&) const = default;
};

struct Filter {
  enum class Kind : std::uint8_t { Everyone, Compare, And, Or, Not };
  Kind kind = Kind::Everyone;
  Comparison comparison;         // Compare only
  std::vector<Filter> children;  // And, Or: at least one; Not: exactly one
  bool operator==(const Filter&) const = default;
};

[[nodiscard]] Filter compare(Field field, Operator op, FilterValue value);
[[nodiscard]] Filter all_of(std::vector<Filter> children);  // Everyone when empty; the child itself when one
[[nodiscard]] Filter any_of(std::vector<Filter> children);  // REQUIRES: not empty; the child itself when one
[[nodiscard]] Filter negate(Filter child);

// Invalid when an operator does not suit its field or a value its operator; the message starts with `path`, the
// name of the place: "filters.and[1].value must be a number".
[[nodiscard]] Result<void> check_comparison(const Comparison& comparison, std::string_view path);

// Whether `contact` matches: the definition that every faster evaluation is tested against.
[[nodiscard]] bool matches(const Filter& filter, const Contact& contact, WallTime now);

}  // namespace clarion
