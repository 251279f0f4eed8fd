// What a sentence says about ages and about times without a verb.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "audience/sentence_clauses.h"
#include "audience/sentence_reader.h"

namespace clarion {
namespace {

Filter at_least(Field field, double number) {
  return compare(field, Operator::GreaterOrEqual, number);
}

// Counted or summed over all time; "bought at all" has a time, for it is of the latest purchase too.
bool is_lifetime(const Filter& filter) {
  if (filter.kind != Filter::Kind::Compare) return std::ranges::any_of(filter.children, is_lifetime);
  const auto& [field, op, value] = filter.comparison;
  if (field == Field::PurchaseCount) return op != Operator::GreaterOrEqual || std::get<double>(value) != 1;
  return field == Field::TotalSpentUsd;
}

// About something whose time is not known: views, carts, opened messages.
bool is_timeless(const Filter& filter) {
  if (filter.kind != Filter::Kind::Compare) {
    return !filter.children.empty() && std::ranges::all_of(filter.children, is_timeless);
  }
  const Field field = filter.comparison.field;
  return field == Field::BrowsedSkus || field == Field::BrowseCount || field == Field::CartSkus ||
         channel_of(field).has_value();
}

bool is_timeless(const Item& item) {
  return item.topic == Topic::Label || item.topic == Topic::Feeling || is_timeless(item.filter);
}

}  // namespace

bool SentenceReader::is_time_of_product() const {
  bool has_product = false;
  for (std::size_t i = items_.size(); i-- > 0;) {
    const Item& item = items_[i];
    if (item.kind == Item::Kind::Not) return false;
    if (item.kind == Item::Kind::Condition) {
      if (item.topic != Topic::Product && item.topic != Topic::Place) return has_product;
      has_product = has_product || item.topic == Topic::Product;
    } else if (!has_product || !is_connective(item.kind)) {
      return has_product;
    }
  }
  return has_product;
}

bool SentenceReader::read_time() {
  Cursor ahead = cursor_;
  (void)ahead.accept_any({"active", "shopped"});
  const bool is_inactive = ahead.at() == cursor_.at() &&
                           ahead.accept_any({"inactive", "dormant", "lapsed", "idle", "not active", "no activity",
                                             "without activity", "without any activity", "not been active",
                                             "havent been active", "hasnt been active", "no activity at all"});
  const auto span = read_time_span(ahead, now_);
  if (!span) return false;
  // Also "viewed laptops but not this week".
  std::size_t before = items_.size();
  while (before > 0 && items_[before - 1].kind != Item::Kind::Condition &&
         items_[before - 1].kind != Item::Kind::Open) {
    --before;
  }
  if (before > 0 && items_[before - 1].kind == Item::Kind::Condition && is_timeless(items_[before - 1])) {
    report(ahead, "when that happened is not known; only the latest purchase, contact and complaint have a time",
           "leave the time out, or say \"bought in the last 30 days\"");
    return true;
  }
  if (!items_.empty() && items_.back().kind == Item::Kind::Condition && is_lifetime(items_.back().filter)) {
    report(ahead, "only the number and the sum of all purchases ever are known, not those of a time",
           "leave the time out, or say \"bought in the last 30 days\"");
    return true;
  }
  // Negated it is safe: whoever bought nothing then bought none of these. As a wish it would take in too many.
  if (is_time_of_product()) {
    report(ahead, "when somebody bought one product is not known, only when they last bought anything",
           "leave the time out, or add \"and bought in the last 30 days\" for a purchase of any kind");
    return true;
  }
  Filter filter = to_filter(*span, Field::LastPurchaseAt);
  if (is_inactive) filter = negate(std::move(filter));
  const bool is_bare = ahead.at() > cursor_.at() && !is_inactive;
  suggest(fmt::format("\"{}\" was read as the time of the latest purchase, the only one that is known",
                      words_between(cursor_.at(), ahead.at())));
  push(Topic::Time, std::move(filter), ahead);
  items_.back().is_bare_time = is_bare;
  return true;
}

bool SentenceReader::read_age() {
  Cursor ahead = cursor_;
  if (ahead.accept_any({"adults", "adult"})) return push(Topic::Age, at_least(Field::Age, 18), ahead);
  if (ahead.accept_any({"minors", "underage"})) {
    return push(Topic::Age, compare(Field::Age, Operator::Less, 18.0), ahead);
  }
  if (ahead.accept_any({"teenagers", "teenager", "teens"})) {
    return push(Topic::Age, all_of({at_least(Field::Age, 13), compare(Field::Age, Operator::LessOrEqual, 19.0)}),
                ahead);
  }
  // "in their 30s"
  (void)ahead.accept_any({"in their", "in the", "in his", "in her"});
  constexpr std::array<std::pair<std::string_view, double>, 8> decades{{{"twenties", 20},
                                                                        {"thirties", 30},
                                                                        {"forties", 40},
                                                                        {"fifties", 50},
                                                                        {"sixties", 60},
                                                                        {"seventies", 70},
                                                                        {"eighties", 80},
                                                                        {"nineties", 90}}};
  for (const auto& [name, from] : decades) {
    if (!ahead.accept(name)) continue;
    return push(Topic::Age, all_of({at_least(Field::Age, from), compare(Field::Age, Operator::LessOrEqual, from + 9)}),
                ahead);
  }
  const std::string& decade = ahead.peek().plain;
  if (decade.size() == 3 && decade.ends_with("0s") && decade.front() >= '1' && decade.front() <= '9') {
    const double from = (decade.front() - '0') * 10;
    ahead.advance();
    return push(Topic::Age, all_of({at_least(Field::Age, from), compare(Field::Age, Operator::LessOrEqual, from + 9)}),
                ahead);
  }
  ahead = cursor_;
  // "over-40s", "under 25s"
  const bool is_over = ahead.accept("over");
  if (is_over || ahead.accept("under")) {
    (void)ahead.accept("-");
    const std::string plain = ahead.peek().plain;
    if (plain.size() == 3 && plain.back() == 's' && plain.find_first_not_of("0123456789") == 2) {
      const double years = (plain[0] - '0') * 10 + (plain[1] - '0');
      ahead.advance();
      return push(Topic::Age, compare(Field::Age, is_over ? Operator::Greater : Operator::Less, years), ahead);
    }
    return false;
  }
  if (!ahead.accept_any({"aged", "age is", "age", "ages", "whose age is"})) return false;
  const auto quantity = read_quantity(ahead);
  if (!quantity || quantity->is_money) return false;
  (void)accept_years(ahead);
  return push(Topic::Age, to_filter(*quantity, Field::Age), ahead);
}

}  // namespace clarion
