#include "audience/sentence_clauses.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

using Texts = std::set<std::string>;

// The only values of this text field that the filter allows; nullopt when it allows any.
std::optional<Texts> allowed_texts(const Filter& filter, Field field) {
  if (filter.kind == Filter::Kind::Compare) {
    const auto& [of, op, value] = filter.comparison;
    if (of != field) return std::nullopt;
    if (op == Operator::Equal) return Texts{fold_text(std::get<std::string>(value))};
    if (op != Operator::In) return std::nullopt;
    Texts texts;
    for (const std::string& text : std::get<std::vector<std::string>>(value)) texts.insert(fold_text(text));
    return texts;
  }
  if (filter.kind == Filter::Kind::And) {
    for (const Filter& child : filter.children) {
      if (auto texts = allowed_texts(child, field)) return texts;
    }
    return std::nullopt;
  }
  if (filter.kind != Filter::Kind::Or) return std::nullopt;
  Texts all;
  for (const Filter& child : filter.children) {
    const auto texts = allowed_texts(child, field);
    if (!texts) return std::nullopt;
    all.insert(texts->begin(), texts->end());
  }
  return all;
}

struct Interval {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

constexpr double smallest_step = 1e-6;  // of the numbers that filters keep

// The stretch of numbers that the filter allows; everything when it says nothing about the field.
Interval allowed_numbers(const Filter& filter, Field field) {
  Interval interval;
  if (filter.kind == Filter::Kind::Compare) {
    const auto& [of, op, value] = filter.comparison;
    const auto* const number = std::get_if<double>(&value);
    if (of != field || number == nullptr) return interval;
    if (op == Operator::Equal || op == Operator::GreaterOrEqual) interval.least = *number;
    if (op == Operator::Greater) interval.least = *number + smallest_step;
    if (op == Operator::Equal || op == Operator::LessOrEqual) interval.most = *number;
    if (op == Operator::Less) interval.most = *number - smallest_step;
    return interval;
  }
  if (filter.kind == Filter::Kind::And) {
    for (const Filter& child : filter.children) {
      const Interval part = allowed_numbers(child, field);
      interval.least = std::max(interval.least, part.least);
      interval.most = std::min(interval.most, part.most);
    }
  } else if (filter.kind == Filter::Kind::Or) {
    Interval hull{.least = interval.most, .most = interval.least};
    for (const Filter& child : filter.children) {
      const Interval part = allowed_numbers(child, field);
      hull.least = std::min(hull.least, part.least);
      hull.most = std::max(hull.most, part.most);
    }
    interval = hull;
  }
  return interval;
}

bool are_apart(const Filter& one, const Filter& other) {
  for (const Field field : {Field::City, Field::Country}) {
    const auto left = allowed_texts(one, field);
    const auto right = allowed_texts(other, field);
    if (!left || !right) continue;
    if (std::ranges::none_of(*left, [&](const std::string& text) { return right->contains(text); })) return true;
  }
  constexpr Field counted[] = {Field::Age, Field::PurchaseCount, Field::BrowseCount, Field::TotalSpentUsd};
  return std::ranges::any_of(counted, [&](Field field) {
    const Interval left = allowed_numbers(one, field);
    const Interval right = allowed_numbers(other, field);
    return left.most < right.least || right.most < left.least;
  });
}

bool are_apart(const Part& one, const Part& other) {
  return one.filter && other.filter && are_apart(*one.filter, *other.filter);
}

bool are_apart(const Clause& one, const Clause& other) {
  return std::ranges::any_of(one.parts, [&](const Part& part) {
    return std::ranges::any_of(other.parts, [&](const Part& with) { return are_apart(part, with); });
  });
}

// Whether the one says as much about other people as the other about its own.
bool are_parallel(const Clause& one, const Clause& other) {
  // "VIPs in London and prospects in Paris": as much is said of the one as of the other.
  const bool is_as_long = one.parts.size() > 1 && one.parts.size() == other.parts.size();
  return other.has_people || is_as_long || (!one.topics.empty() && one.topics == other.topics);
}

// Keeps `part`, or drops it when it is apart from one that is kept already.
void drop_impossible(std::vector<Part>& kept, Part part, std::vector<Part>& dropped) {
  const bool is_impossible = std::ranges::any_of(kept, [&](const Part& before) { return are_apart(before, part); });
  (is_impossible ? dropped : kept).push_back(std::move(part));
}

bool is_bare(const Item& item) {
  return !item.lead.has_verb && !item.lead.has_who && !item.lead.has_preposition;
}

// Whether a comma here is one of a list that ends in "and" or "or".
bool is_of_list(const std::vector<Item>& items, std::size_t at) {
  for (std::size_t i = at; i < items.size(); ++i) {
    if (items[i].kind == Item::Kind::And || items[i].kind == Item::Kind::Or) return true;
    if (items[i].kind != Item::Kind::Comma && items[i].kind != Item::Kind::Condition) return false;
  }
  return false;
}

}  // namespace

Part join(std::vector<Part> parts, bool is_and) {
  Part joined;
  std::vector<Filter> filters;
  joined.first = std::numeric_limits<std::size_t>::max();
  for (Part& part : parts) {
    if (!part.filter) continue;
    joined.first = std::min(joined.first, part.first);
    joined.last = std::max(joined.last, part.last);
    filters.push_back(std::move(*part.filter));
    std::ranges::move(part.dimensions, std::back_inserter(joined.dimensions));
  }
  if (!filters.empty()) joined.filter = is_and ? all_of(std::move(filters)) : any_of(std::move(filters));
  return joined;
}

Part join_all(std::vector<Part> parts) {
  return join(std::move(parts), true);
}

bool exclude_each_other(const std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t k = i + 1; k < parts.size(); ++k) {
      if (are_apart(parts[i], parts[k])) return true;
    }
  }
  return false;
}

Part join_clauses(std::vector<Clause> clauses, std::vector<Part>& dropped) {
  std::vector<Part> joined;
  std::vector<bool> is_taken(clauses.size(), false);
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    if (is_taken[i]) continue;
    std::vector<Part> alternatives;
    for (std::size_t k = i + 1; k < clauses.size(); ++k) {
      if (is_taken[k] || !are_apart(clauses[i], clauses[k]) || !are_parallel(clauses[i], clauses[k])) continue;
      is_taken[k] = true;
      alternatives.push_back(join_all(std::move(clauses[k].parts)));
    }
    std::vector<Part> kept;
    if (alternatives.empty()) {
      for (Part& part : clauses[i].parts) drop_impossible(joined, std::move(part), dropped);
      continue;
    }
    for (Part& part : clauses[i].parts) drop_impossible(kept, std::move(part), dropped);
    alternatives.insert(alternatives.begin(), join_all(std::move(kept)));
    drop_impossible(joined, join(std::move(alternatives), false), dropped);
  }
  return join_all(std::move(joined));
}

bool is_exclusive(Topic topic) {
  return topic == Topic::Place || topic == Topic::Language || topic == Topic::Person;
}

bool is_range(Topic topic) {
  return topic == Topic::Age || topic == Topic::Purchases || topic == Topic::Spend || topic == Topic::Time;
}

bool is_connective(Item::Kind kind) {
  return kind == Item::Kind::And || kind == Item::Kind::Or || kind == Item::Kind::Comma || kind == Item::Kind::Break;
}

std::size_t connective_at(const std::vector<Item>& items, std::size_t at) {
  const bool is_double = at + 1 < items.size() && items[at].kind == Item::Kind::Comma &&
                         (items[at + 1].kind == Item::Kind::Or || items[at + 1].kind == Item::Kind::And);
  return is_double ? at + 1 : at;
}

bool reaches(const std::vector<Item>& items, Item::Negation negation, std::size_t first, std::size_t at) {
  const Item::Kind kind = items[at].kind;
  if (at + 1 >= items.size() || (kind != Item::Kind::And && kind != Item::Kind::Or && kind != Item::Kind::Comma)) {
    return false;
  }
  const Item& from = items[first];
  const Item& next = items[at + 1];
  const bool is_or = kind == Item::Kind::Or ||
                     (kind == Item::Kind::Comma && is_of_list(items, at + 1) && negation != Item::Negation::Plain);
  const bool is_wide = negation == Item::Negation::Except || negation == Item::Negation::Neither;
  if (next.kind == Item::Kind::Open) return is_wide;
  if (next.kind != Item::Kind::Condition) return false;
  if (next.topic == Topic::Unknown) return true;
  if (is_wide) {
    if (is_or || next.lead.has_people) return true;
    if (next.lead.has_verb || next.lead.has_who) {
      return from.lead.has_verb == next.lead.has_verb && from.lead.has_who == next.lead.has_who;
    }
    return kind != Item::Kind::Comma || !next.lead.has_preposition || next.topic == from.topic;
  }
  if (next.lead.has_who || next.lead.has_with || next.lead.has_people) return false;
  // "never bought laptops or viewed phones"
  if (next.lead.has_verb) return is_or;
  if (next.topic == from.topic) return true;
  if (is_or && kind == Item::Kind::Or) return negation == Item::Negation::Plain || is_bare(next);
  return is_bare(from) && is_bare(next);
}

}  // namespace clarion
