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
  [[nodiscard]] RowPredicatePtr compile_text(const Comparison& comparison) const;
  [[nodiscard]] RowPredicatePtr compile_consent(const Comparison& comparison, Channel channel) const;
  [[nodiscard]] RowPredicatePtr compile_list(const Comparison& comparison, const TextListColumn& column) const;
  [[nodiscard]] RowPredicatePtr compile_flag(const Comparison& comparison) const;
  template <class Column>
  [[nodiscard]] RowPredicatePtr compile_ordered(const Comparison& comparison, const Column& column,
                                                std::uint16_t present_bit) const;

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
                                                std::uint16_t present_bit) const {
  const NumberColumn<std::uint16_t>& present = columns_.present;
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

RowPredicatePtr FilterCompiler::compile_text(const Comparison& comparison) const {
  const CodedTextColumn* coded = columns_.coded_text(comparison.field);
  if (comparison.op == Operator::Exists) {
    const bool* wanted = std::get_if<bool>(&comparison.value);
    if (wanted == nullptr) return nobody();
    return scan(rows_, rows_ / 2.0, [want = *wanted, field = comparison.field, &columns = columns_](RowIndex row) {
      return columns.text(row, field).empty() != want;
    });
  }
  const auto test = TextTest::make(comparison);
  if (!test) return nobody();
  if (coded == nullptr) {
    // Every value is different: rows that other conditions leave over are tested one by one.
    return scan(rows_, 3.0 * rows_, [test = *test, field = comparison.field, &columns = columns_](RowIndex row) {
      return test(columns.text(row, field));
    });
  }
  std::vector<std::uint8_t> is_wanted(coded->dictionary().size());
  double cost = 0;
  for (std::uint32_t code = 0; code < is_wanted.size(); ++code) {
    if (coded->counts()[code] == 0 || !(*test)(coded->dictionary().text(code))) continue;
    is_wanted[code] = 1;
    cost += coded->counts()[code];
  }
  if (cost == 0) return nobody();
  return scan(rows_, cost,
              [is_wanted = std::move(is_wanted), coded](RowIndex row) { return is_wanted[coded->code(row)] != 0; });
}

RowPredicatePtr FilterCompiler::compile_consent(const Comparison& comparison, Channel channel) const {
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
  return scan(rows_, rows_ / 2.0, [is_wanted, &column = columns_.consent_state[channel]](RowIndex row) {
    return is_wanted[column.at(row)];
  });
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

RowPredicatePtr FilterCompiler::compile_flag(const Comparison& comparison) const {
  const bool* wanted = std::get_if<bool>(&comparison.value);
  if (wanted == nullptr) return nobody();
  if (comparison.op != Operator::Equal) return nobody();
  return scan(
      rows_, *wanted ? rows_ / 50.0 : 1.0 * rows_,
      [want = *wanted, &column = columns_.has_open_complaint](RowIndex row) { return (column.at(row) != 0) == want; });
}

RowPredicatePtr FilterCompiler::compile(const Comparison& comparison) const {
  const ContactColumns& c = columns_;
  const auto preference = [&](Channel channel) {
    return compile_ordered(comparison, c.preference[channel], bit_of(PresentBit::Preference, index_of(channel)));
  };
  switch (comparison.field) {
    case Field::Id:
    case Field::FirstName:
    case Field::LastName:
    case Field::Phone:
    case Field::Email:
    case Field::City:
    case Field::Country:
    case Field::TimeZone:
    case Field::Language: return compile_text(comparison);
    case Field::Age: return compile_ordered(comparison, c.age, bit_of(PresentBit::Age));
    case Field::Tags: return compile_list(comparison, c.tags);
    case Field::Interests: return compile_list(comparison, c.interests);
    case Field::PurchasedSkus: return compile_list(comparison, c.purchased_skus);
    case Field::BrowsedSkus: return compile_list(comparison, c.browsed_skus);
    case Field::CartSkus: return compile_list(comparison, c.cart_skus);
    case Field::PurchaseCount: return compile_ordered(comparison, c.purchase_count, 0);
    case Field::BrowseCount: return compile_ordered(comparison, c.browse_count, 0);
    case Field::TotalSpentUsd: return compile_ordered(comparison, c.total_spent_usd, 0);
    case Field::LastPurchaseAt:
      return compile_ordered(comparison, c.last_purchase_at, bit_of(PresentBit::LastPurchaseAt));
    case Field::LastContactedAt:
      return compile_ordered(comparison, c.last_contacted_at, bit_of(PresentBit::LastContactedAt));
    case Field::Sentiment: return compile_ordered(comparison, c.sentiment, bit_of(PresentBit::Sentiment));
    case Field::ComplaintAt: return compile_ordered(comparison, c.complaint_at, bit_of(PresentBit::ComplaintAt));
    case Field::HasOpenComplaint: return compile_flag(comparison);
    case Field::BestHour: return compile_ordered(comparison, c.best_hour, bit_of(PresentBit::BestHour));
    case Field::ConsentSms: return compile_consent(comparison, Channel::Sms);
    case Field::ConsentWhatsApp: return compile_consent(comparison, Channel::WhatsApp);
    case Field::ConsentEmail: return compile_consent(comparison, Channel::Email);
    case Field::PreferenceSms: return preference(Channel::Sms);
    case Field::PreferenceWhatsApp: return preference(Channel::WhatsApp);
    case Field::PreferenceEmail: return preference(Channel::Email);
    case Field::SentSms: return compile_ordered(comparison, c.sent[Channel::Sms], 0);
    case Field::SentWhatsApp: return compile_ordered(comparison, c.sent[Channel::WhatsApp], 0);
    case Field::SentEmail: return compile_ordered(comparison, c.sent[Channel::Email], 0);
    case Field::RespondedSms: return compile_ordered(comparison, c.responded[Channel::Sms], 0);
    case Field::RespondedWhatsApp: return compile_ordered(comparison, c.responded[Channel::WhatsApp], 0);
    case Field::RespondedEmail: return compile_ordered(comparison, c.responded[Channel::Email], 0);
  }
  return nobody();
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
