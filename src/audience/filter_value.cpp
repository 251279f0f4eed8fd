#include "audience/filter_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

template <class T>
bool is_ordered(Operator op, const T& left, const T& right) {
  switch (op) {
    case Operator::Equal: return left == right;
    case Operator::NotEqual: return left != right;
    case Operator::Less: return left < right;
    case Operator::LessOrEqual: return left <= right;
    case Operator::Greater: return left > right;
    case Operator::GreaterOrEqual: return left >= right;
    default: return false;
  }
}

bool is_one_of(const std::string& folded, const FilterValue& value) {
  const auto* const texts = std::get_if<std::vector<std::string>>(&value);
  return texts != nullptr &&
         std::ranges::any_of(*texts, [&](const std::string& text) { return fold_text(text) == folded; });
}

bool text_holds(Operator op, const FilterValue& value, std::string_view actual) {
  const std::string folded = fold_text(actual);
  if (op == Operator::In) return is_one_of(folded, value);
  const auto* const text = std::get_if<std::string>(&value);
  if (text == nullptr) return false;
  const std::string wanted = fold_text(*text);
  if (op == Operator::Contains) return folded.contains(wanted);
  if (op == Operator::Equal) return folded == wanted;
  return op == Operator::NotEqual && folded != wanted;
}

bool list_holds(Operator op, const FilterValue& value, std::span<const std::string> actual) {
  return std::ranges::any_of(actual, [&](const std::string& element) {
    const std::string folded = fold_text(element);
    if (op == Operator::In) return is_one_of(folded, value);
    const auto* const text = std::get_if<std::string>(&value);
    return op == Operator::Contains && text != nullptr && folded == fold_text(*text);
  });
}

bool time_holds(Operator op, const FilterValue& value, WallTime actual, WallTime now) {
  if (const auto* const ago = std::get_if<DaysAgo>(&value)) {
    return is_ordered(op, actual, now - std::chrono::days(ago->days));
  }
  const auto* const time = std::get_if<WallTime>(&value);
  return time != nullptr && is_ordered(op, actual, *time);
}

bool number_holds(Operator op, const FilterValue& value, double actual) {
  const auto* const wanted = std::get_if<double>(&value);
  return wanted != nullptr && is_ordered(op, actual, *wanted);
}

bool flag_holds(Operator op, const FilterValue& value, bool actual) {
  const auto* const wanted = std::get_if<bool>(&value);
  return op == Operator::Equal && wanted != nullptr && actual == *wanted;
}

bool is_known(Field field, const FieldValue& actual) {
  if (is_consent(field)) return std::get<std::string_view>(actual) != to_string(ConsentState::Unknown);
  return !std::holds_alternative<std::monostate>(actual);
}

}  // namespace

bool comparison_holds(const Comparison& comparison, const Contact& contact, WallTime now) {
  const auto& [field, op, value] = comparison;
  const FieldValue actual = value_of(field, contact);
  if (op == Operator::Exists) {
    const auto* const wanted = std::get_if<bool>(&value);
    return wanted != nullptr && type_of(field) != FieldType::Flag && is_known(field, actual) == *wanted;
  }
  return std::visit(
      [&]<class Actual>(const Actual& known) {
        if constexpr (std::is_same_v<Actual, std::monostate>) {
          return false;
        } else if constexpr (std::is_same_v<Actual, std::string_view>) {
          return text_holds(op, value, known);
        } else if constexpr (std::is_same_v<Actual, std::span<const std::string>>) {
          return list_holds(op, value, known);
        } else if constexpr (std::is_same_v<Actual, WallTime>) {
          return time_holds(op, value, known, now);
        } else if constexpr (std::is_same_v<Actual, bool>) {
          return flag_holds(op, value, known);
        } else {
          return number_holds(op, value, known);
        }
      },
      actual);
}

std::string number_text(double number) {
  constexpr double largest_exact = 9007199254740992.0;  // 2^53
  if (std::trunc(number) == number && std::abs(number) < largest_exact) {
    return fmt::format("{}", static_cast<std::int64_t>(number));
  }
  return fmt::format("{}", number);
}

}  // namespace clarion
