// ContactTable::select: a filter over columns.
//
// Algorithm  The filter is compiled into predicates that know about how many rows they keep. A conjunction collects
//            the rows of its most selective child and lets the others refine that list. A text comparison is decided
//            once per distinct value; a SKU or tag is its posting list.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "audience/contact_columns.h"
#include "audience/contact_table.h"
#include "audience/field_table.h"
#include "audience/row_predicate.h"
#include "base/text.h"

namespace clarion {
namespace {

// A text comparison with its right side folded once.
class TextTest {
 public:
  // nullopt when the operator and value make no text comparison.
  static std::optional<TextTest> make(const Comparison& comparison) {
    TextTest test;
    test.op_ = comparison.op;
    if (const auto* one = std::get_if<std::string>(&comparison.value)) {
      if (comparison.op != Operator::Equal && comparison.op != Operator::NotEqual &&
          comparison.op != Operator::Contains) {
        return std::nullopt;
      }
      test.wanted_.push_back(fold_text(*one));
    } else if (const auto* many = std::get_if<std::vector<std::string>>(&comparison.value)) {
      if (comparison.op != Operator::In) return std::nullopt;
      for (const std::string& text : *many) test.wanted_.push_back(fold_text(text));
    } else {
      return std::nullopt;
    }
    return test;
  }
  // Unknown text never matches.
  [[nodiscard]] bool operator()(std::string_view text) const {
    if (text.empty()) return false;
    switch (op_) {
      case Operator::NotEqual: return !equals(text, wanted_[0]);
      case Operator::Contains: return fold_text(text).contains(wanted_[0]);
      default: return std::ranges::any_of(wanted_, [&](const std::string& folded) { return equals(text, folded); });
    }
  }

 private:
  static bool equals(std::string_view text, std::string_view folded) {
    if (!is_ascii(text)) return fold_text(text) == folded;
    return std::ranges::equal(text, folded, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  }
  Operator op_{};
  std::vector<std::string> wanted_;
};

// Compiles one filter for one table and one moment.
class FilterCompiler {
 public:
  FilterCompiler(const ContactColumns& columns, WallTime now) : columns_(columns), rows_(columns.rows), now_(now) {}

  [[nodiscard]] RowPredicatePtr compile(const Filter& filter) const {
    switch (filter.kind) {
      case Filter::Kind::Everyone: return everyone();
      case Filter::Kind::Compare: return compile(filter.comparison);
      case Filter::Kind::Not: return std::make_unique<NotPredicate>(rows_, compile(filter.children.front()));
      case Filter::Kind::And:
      case Filter::Kind::Or: break;
    }
    std::vector<RowPredicatePtr> children;
    children.reserve(filter.children.size());
    for (const Filter& child : filter.children) children.push_back(compile(child));
    if (children.empty()) return filter.kind == Filter::Kind::And ? everyone() : nobody();
    if (filter.kind == Filter::Kind::And) return std::make_unique<AndPredicate>(std::move(children));
    return std::make_unique<OrPredicate>(rows_, std::move(children));
  }

 private:
  [[nodiscard]] RowPredicatePtr compile(const Comparison& comparison) const;
  // A text of which every row has its own; `text_at(row)` reads it.
  template <class TextAt>
  [[nodiscard]] RowPredicatePtr compile_text(const Comparison& comparison, TextAt text_at) const;
  [[nodiscard]] RowPredicatePtr compile_coded(const Comparison& comparison, const CodedTextColumn& column) const;
  [[nodiscard]] RowPredicatePtr compile_consent(const Comparison& comparison,
                                                const NumberColumn<std::uint8_t>& column) const;
  [[nodiscard]] RowPredicatePtr compile_list(const Comparison& comparison, const TextListColumn& column) const;
  [[nodiscard]] RowPredicatePtr compile_flag(const Comparison& comparison,
                                             const NumberColumn<std::uint8_t>& column) const;
  template <class Column>
  [[nodiscard]] RowPredicatePtr compile_ordered(const Comparison& comparison, const Column& column,
                                                PresentBits present_bit) const;
  // Whether a text is known or not.
  template <class TextAt>
  [[nodiscard]] RowPredicatePtr compile_known(const Comparison& comparison, TextAt text_at) const;

  [[nodiscard]] static RowPredicatePtr nobody() { return std::make_unique<NobodyPredicate>(); }
  [[nodiscard]] RowPredicatePtr everyone() const { return std::make_unique<EveryonePredicate>(rows_); }
  [[nodiscard]] RowPredicatePtr all_or_none(bool all) const { return all ? everyone() : nobody(); }

  const ContactColumns& columns_;
  RowIndex rows_;
  WallTime now_;
};

// `visit(test)` with the comparison of a value to `right` as a callable; nobody() for operators that do not order.
template <class Right, class Visit>
RowPredicatePtr with_order(Operator op, Right right, Visit&& visit) {
  switch (op) {
    case Operator::Equal: return visit([right](Right left) { return left == right; });
    case Operator::NotEqual: return visit([right](Right left) { return left != right; });
    case Operator::Less: return visit([right](Right left) { return left < right; });
    case Operator::LessOrEqual: return visit([right](Right left) { return left <= right; });
    case Operator::Greater: return visit([right](Right left) { return left > right; });
    case Operator::GreaterOrEqual: return visit([right](Right left) { return left >= right; });
    default: return std::make_unique<NobodyPredicate>();
  }
}

template <class Column>
RowPredicatePtr FilterCompiler::compile_ordered(const Comparison& comparison, const Column& column,
                                                PresentBits present_bit) const {
  const NumberColumn<PresentBits>& present = columns_.present;
  if (comparison.op == Operator::Exists) {
    const bool* wanted = std::get_if<bool>(&comparison.value);
    if (wanted == nullptr) return nobody();
    if (present_bit == 0) return all_or_none(*wanted);
    return scan(rows_, rows_ / 2.0, [&present, present_bit, want = *wanted](RowIndex row) {
      return ((present.at(row) & present_bit) != 0) == want;
    });
  }
  const double cost = comparison.op == Operator::Equal ? rows_ / 20.0 : rows_ / 2.0;
  const auto make = [&](auto test) {
    if (present_bit == 0) return scan(rows_, cost, [&column, test](RowIndex row) { return test(column.at(row)); });
    return scan(rows_, cost, [&column, &present, present_bit, test](RowIndex row) {
      return (present.at(row) & present_bit) != 0 && test(column.at(row));
    });
  };
  if constexpr (std::is_same_v<decltype(column.at(0)), std::int64_t>) {
    std::int64_t right = 0;
    if (const auto* at = std::get_if<WallTime>(&comparison.value)) {
      right = at->time_since_epoch().count();
    } else if (const auto* ago = std::get_if<DaysAgo>(&comparison.value)) {
      right = (now_ - std::chrono::days{ago->days}).time_since_epoch().count();
    } else {
      return nobody();
    }
    return with_order(comparison.op, right, make);
  } else {
    const double* right = std::get_if<double>(&comparison.value);
    return right == nullptr ? nobody() : with_order(comparison.op, *right, make);
  }
}

template <class TextAt>
RowPredicatePtr FilterCompiler::compile_known(const Comparison& comparison, TextAt text_at) const {
  const bool* wanted = std::get_if<bool>(&comparison.value);
  if (wanted == nullptr) return nobody();
  return scan(rows_, rows_ / 2.0, [want = *wanted, text_at](RowIndex row) { return text_at(row).empty() != want; });
}

template <class TextAt>
RowPredicatePtr FilterCompiler::compile_text(const Comparison& comparison, TextAt text_at) const {
  if (comparison.op == Operator::Exists) return compile_known(comparison, text_at);
  auto test = TextTest::make(comparison);
  if (!test) return nobody();
  // Rows that other conditions leave over are tested one by one.
  return scan(rows_, 3.0 * rows_, [test = std::move(*test), text_at](RowIndex row) { return test(text_at(row)); });
}

RowPredicatePtr FilterCompiler::compile_coded(const Comparison& comparison, const CodedTextColumn& column) const {
  if (comparison.op == Operator::Exists) {
    return compile_known(comparison, [&column](RowIndex row) { return column.at(row); });
  }
  const auto test = TextTest::make(comparison);
  if (!test) return nobody();
  std::vector<std::uint8_t> is_wanted(column.dictionary().size());
  double cost = 0;
  for (std::uint32_t code = 0; code < is_wanted.size(); ++code) {
    if (column.counts()[code] == 0 || !(*test)(column.dictionary().text(code))) continue;
    is_wanted[code] = 1;
    cost += column.counts()[code];
  }
  if (cost == 0) return nobody();
  return scan(rows_, cost,
              [is_wanted = std::move(is_wanted), &column](RowIndex row) { return is_wanted[column.code(row)] != 0; });
}

RowPredicatePtr FilterCompiler::compile_consent(const Comparison& comparison,
                                                const NumberColumn<std::uint8_t>& column) const {
  std::array<bool, 3> is_wanted{};
  for (const ConsentState state : {ConsentState::Unknown, ConsentState::OptedIn, ConsentState::OptedOut}) {
    bool& wanted = is_wanted[static_cast<std::size_t>(state)];
    if (comparison.op == Operator::Exists) {
      const bool* exists = std::get_if<bool>(&comparison.value);
      wanted = exists != nullptr && *exists == (state != ConsentState::Unknown);
    } else if (const auto test = TextTest::make(comparison)) {
      wanted = (*test)(to_string(state));
    }
  }
  return scan(rows_, rows_ / 2.0, [is_wanted, &column](RowIndex row) { return is_wanted[column.at(row)]; });
}

RowPredicatePtr FilterCompiler::compile_list(const Comparison& comparison, const TextListColumn& column) const {
  if (comparison.op == Operator::Exists) {
    const bool* wanted = std::get_if<bool>(&comparison.value);
    if (wanted == nullptr) return nobody();
    const auto filled = static_cast<double>(column.filled_rows());
    return scan(rows_, *wanted ? filled : rows_ - filled,
                [&column, want = *wanted](RowIndex row) { return (column.begin(row) != column.end(row)) == want; });
  }
  std::vector<std::string> texts;
  if (const auto* one = std::get_if<std::string>(&comparison.value);
      one != nullptr && comparison.op == Operator::Contains) {
    texts.push_back(fold_text(*one));
  } else if (const auto* many = std::get_if<std::vector<std::string>>(&comparison.value);
             many != nullptr && comparison.op == Operator::In) {
    for (const std::string& text : *many) texts.push_back(fold_text(text));
  }
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t code = 0; code < column.dictionary().size() && !texts.empty(); ++code) {
    if (column.count(code) > 0 && std::ranges::find(texts, fold_text(column.dictionary().text(code))) != texts.end()) {
      wanted.push_back(code);
    }
  }
  if (wanted.empty()) return nobody();
  return std::make_unique<PostingsPredicate>(rows_, column, std::move(wanted));
}

RowPredicatePtr FilterCompiler::compile_flag(const Comparison& comparison,
                                             const NumberColumn<std::uint8_t>& column) const {
  const bool* wanted = std::get_if<bool>(&comparison.value);
  if (wanted == nullptr) return nobody();
  if (comparison.op != Operator::Equal) return nobody();
  return scan(rows_, *wanted ? rows_ / 50.0 : 1.0 * rows_,
              [want = *wanted, &column](RowIndex row) { return (column.at(row) != 0) == want; });
}

RowPredicatePtr FilterCompiler::compile(const Comparison& comparison) const {
  const PresentBits present_bit = present_bits[std::to_underlying(comparison.field)];
  return std::visit(
      [&]<class Place>(const Place& place) {
        if constexpr (std::is_same_v<Place, OfRow>) {
          return compile_text(comparison, [&columns = columns_](RowIndex row) { return columns.id(row); });
        } else {
          const auto& column = place.in(columns_);
          using Value = Place::Value;
          if constexpr (std::is_same_v<Value, ConsentState>) {
            return compile_consent(comparison, column);
          } else if constexpr (std::is_same_v<typename Place::Column, CodedTextColumn>) {
            return compile_coded(comparison, column);
          } else if constexpr (type_of_value<Value>() == FieldType::Text) {
            return compile_text(comparison, [&column](RowIndex row) { return column.at(row); });
          } else if constexpr (type_of_value<Value>() == FieldType::TextList) {
            return compile_list(comparison, column);
          } else if constexpr (type_of_value<Value>() == FieldType::Flag) {
            return compile_flag(comparison, column);
          } else {
            return compile_ordered(comparison, column, present_bit);
          }
        }
      },
      row_of(comparison.field).place);
}

}  // namespace

std::vector<ContactRow> ContactTable::select(const Filter& filter, WallTime now) const {
  const Rows rows = FilterCompiler(*columns_, now).compile(filter)->collect();
  std::vector<ContactRow> found;
  found.reserve(rows.size());
  for (const RowIndex row : rows) found.push_back(ContactRow{row});
  return found;
}

}  // namespace clarion
