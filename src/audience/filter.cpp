#include "audience/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "audience/filter_value.h"

namespace clarion {
namespace {

constexpr std::array<std::string_view, 9> operator_names{"=", "!=", "<", "<=", ">", ">=", "in", "contains", "exists"};

bool is_consent_state(std::string_view text) {
  return text == "opted_in" || text == "opted_out" || text == "unknown";
}

// "=, !=, in, contains or exists"
std::string show_operators(FieldType type) {
  const auto operators = operators_of(type);
  std::string shown;
  for (const Operator& op : operators) {
    if (&op != operators.data()) shown += &op == &operators.back() ? " or " : ", ";
    shown += to_string(op);
  }
  return shown;
}

Result<void> check_consent_text(Field field, std::string_view text, std::string_view path) {
  if (!is_consent(field) || is_consent_state(text)) return {};
  return fail(ErrorKind::Invalid, fmt::format("{}.value must be \"opted_in\", \"opted_out\" or \"unknown\" for {}",
                                              path, to_string(field)));
}

}  // namespace

std::string_view to_string(Operator op) {
  return operator_names[std::to_underlying(op)];
}

std::optional<Operator> find_operator(std::string_view name) {
  const auto* const found = std::ranges::find(operator_names, name);
  if (found == operator_names.end()) return std::nullopt;
  return static_cast<Operator>(found - operator_names.begin());
}

std::span<const Operator> operators_of(FieldType type) {
  using enum Operator;
  static constexpr std::array for_text{Equal, NotEqual, In, Contains, Exists};
  static constexpr std::array for_what_is_ordered{Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Exists};
  static constexpr std::array for_list{In, Contains, Exists};
  static constexpr std::array for_flag{Equal};
  switch (type) {
    case FieldType::Text: return for_text;
    case FieldType::Number:
    case FieldType::Time: return for_what_is_ordered;
    case FieldType::TextList: return for_list;
    case FieldType::Flag: break;
  }
  return for_flag;
}

double to_filter_number(double number) {
  constexpr double decimals = 1e6;
  const double rounded = std::round(number * decimals) / decimals;
  return rounded == 0 ? 0 : rounded;  // never -0
}

Filter compare(Field field, Operator op, FilterValue value) {
  return {.kind = Filter::Kind::Compare,
          .comparison = {.field = field, .op = op, .value = std::move(value)},
          .children = {}};
}

Filter all_of(std::vector<Filter> children) {
  if (children.empty()) return {};
  if (children.size() == 1) return std::move(children.front());
  return {.kind = Filter::Kind::And, .comparison = {}, .children = std::move(children)};
}

Filter any_of(std::vector<Filter> children) {
  if (children.size() == 1) return std::move(children.front());
  return {.kind = Filter::Kind::Or, .comparison = {}, .children = std::move(children)};
}

Filter negate(Filter child) {
  Filter result{.kind = Filter::Kind::Not, .comparison = {}, .children = {}};
  result.children.push_back(std::move(child));
  return result;
}

Result<void> check_comparison(const Comparison& comparison, std::string_view path) {
  const auto [field, op, value] = comparison;
  const FieldType type = type_of(field);
  const auto must_be = [&](std::string_view what) {
    return fail(ErrorKind::Invalid, fmt::format("{}.value must be {}", path, what));
  };
  const auto operators = operators_of(type);
  if (std::ranges::find(operators, op) == operators.end()) {
    return fail(ErrorKind::Invalid, fmt::format("{}.operator \"{}\" does not suit {}; use {}", path, to_string(op),
                                                to_string(field), show_operators(type)));
  }
  if (op == Operator::Exists || type == FieldType::Flag) {
    if (!std::holds_alternative<bool>(value)) return must_be("true or false");
    return {};
  }
  if (op == Operator::In) {
    const auto* const texts = std::get_if<std::vector<std::string>>(&value);
    if (texts == nullptr) return must_be("a list of texts");
    if (texts->empty()) return must_be("a list of at least one text");
    for (const std::string& text : *texts) {
      if (auto checked = check_consent_text(field, text, path); !checked) return checked;
    }
    return {};
  }
  switch (type) {
    case FieldType::Number: {
      const auto* const number = std::get_if<double>(&value);
      if (number == nullptr || !std::isfinite(*number)) return must_be("a number");
      if (std::abs(*number) > largest_filter_number) return must_be("a number from -1000000000 to 1000000000");
      return {};
    }
    case FieldType::Time:
      if (!std::holds_alternative<WallTime>(value) && !std::holds_alternative<DaysAgo>(value)) {
        return must_be("a time such as \"2026-06-01T00:00:00Z\" or {\"days_ago\": 90}");
      }
      return {};
    case FieldType::Text:
    case FieldType::TextList: {
      const auto* const text = std::get_if<std::string>(&value);
      if (text == nullptr) return must_be("a text");
      return op == Operator::Contains ? Result<void>{} : check_consent_text(field, *text, path);
    }
    case FieldType::Flag: break;
  }
  return {};
}

bool matches(const Filter& filter, const Contact& contact, WallTime now) {
  const auto match_child = [&](const Filter& child) { return matches(child, contact, now); };
  switch (filter.kind) {
    case Filter::Kind::Everyone: return true;
    case Filter::Kind::Compare: return comparison_holds(filter.comparison, contact, now);
    case Filter::Kind::And: return std::ranges::all_of(filter.children, match_child);
    case Filter::Kind::Or: return std::ranges::any_of(filter.children, match_child);
    case Filter::Kind::Not: return !match_child(filter.children.front());
  }
  return false;
}

}  // namespace clarion
