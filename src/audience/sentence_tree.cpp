#include "audience/sentence_tree.h"

#include <algorithm>
#include <optional>

namespace clarion {
namespace {

constexpr int deepest_bracket = 16;

// A part of the tree with its dimensions; no filter when it held only words that were reported.
struct Part {
  std::optional<Filter> filter;
  std::vector<Dimension> dimensions;
};

void collect(const Filter& filter, bool is_negated, int group, std::vector<Dimension>& dimensions) {
  if (filter.kind == Filter::Kind::Compare) {
    dimensions.push_back({.comparison = filter.comparison, .is_negated = is_negated, .words = {}, .group = group});
    return;
  }
  const bool flips = filter.kind == Filter::Kind::Not;
  for (const Filter& child : filter.children) collect(child, is_negated != flips, group, dimensions);
}

// The opposite of a comparison as one comparison, where the field is never absent; nullopt elsewhere.
std::optional<Filter> opposite(const Filter& filter) {
  if (filter.kind != Filter::Kind::Compare) return std::nullopt;
  const auto& [field, op, value] = filter.comparison;
  if (op == Operator::Exists) return compare(field, op, !std::get<bool>(value));
  if (field == Field::HasOpenComplaint) return compare(field, op, !std::get<bool>(value));
  const bool is_count = field == Field::PurchaseCount || field == Field::BrowseCount || field >= Field::SentSms;
  if (!is_count || op != Operator::GreaterOrEqual || std::get<double>(value) != 1) return std::nullopt;
  return compare(field, Operator::Equal, 0.0);
}

// Nobody has two of these at once, so "in Pune and Delhi" means either.
bool is_exclusive(Topic topic) {
  return topic == Topic::Place || topic == Topic::Language || topic == Topic::Person;
}

bool is_range(Topic topic) {
  return topic == Topic::Age || topic == Topic::Purchases || topic == Topic::Spend || topic == Topic::Time;
}

class TreeBuilder {
 public:
  explicit TreeBuilder(const std::vector<Item>& items) : items_(items) {}

  SentenceTree build() {
    std::vector<Part> parts;
    while (at_ < items_.size()) {
      const std::size_t before = at_;
      parts.push_back(read_any(0));
      // A closing bracket without an opening one.
      if (at_ < items_.size() && at_ == before) idle(at_++);
    }
    Part whole = join_all(std::move(parts));
    return {
        .filter = whole.filter.value_or(Filter{}), .dimensions = std::move(whole.dimensions), .idle = std::move(idle_)};
  }

 private:
  void idle(std::size_t item) { idle_.push_back(item); }
  [[nodiscard]] bool is(Item::Kind kind) const { return at_ < items_.size() && items_[at_].kind == kind; }

  static Part join(std::vector<Part> parts, bool is_and) {
    Part joined;
    std::vector<Filter> filters;
    for (Part& part : parts) {
      if (!part.filter) continue;
      filters.push_back(std::move(*part.filter));
      std::ranges::move(part.dimensions, std::back_inserter(joined.dimensions));
    }
    if (!filters.empty()) joined.filter = is_and ? all_of(std::move(filters)) : any_of(std::move(filters));
    return joined;
  }
  static Part join_all(std::vector<Part> parts) { return join(std::move(parts), true); }

  Part read_any(int depth) {
    std::vector<Part> sides;
    while (true) {
      sides.push_back(read_all(depth));
      if (!is(Item::Kind::Or)) break;
      const std::size_t connective = at_++;
      if (!sides.back().filter || at_ >= items_.size() || is(Item::Kind::Close)) idle(connective);
    }
    return join(std::move(sides), false);
  }

  Part read_all(int depth) {
    std::vector<Part> parts;
    while (at_ < items_.size() && !is(Item::Kind::Or) && !is(Item::Kind::Close)) {
      if (is(Item::Kind::And) || is(Item::Kind::Comma) || is(Item::Kind::Break)) {
        ++at_;
        continue;
      }
      parts.push_back(read_unit(depth));
    }
    return join_all(std::move(parts));
  }

  Part read_unit(int depth) {
    bool is_negated = false;
    std::vector<std::size_t> negations;
    while (is(Item::Kind::Not)) {
      is_negated = !is_negated;
      negations.push_back(at_++);
    }
    Part part;
    if (is(Item::Kind::Open)) {
      part = read_bracket(depth);
    } else if (is(Item::Kind::Condition)) {
      part = read_list(is_negated);
    } else {
      std::ranges::copy(negations, std::back_inserter(idle_));
      return part;
    }
    if (is_negated && part.filter) part = negated(std::move(part));
    return part;
  }

  Part read_bracket(int depth) {
    const std::size_t open = at_++;
    if (depth >= deepest_bracket) {
      // Deeper ones change nothing that a person could still follow.
      idle(open);
      return {};
    }
    Part inside = read_any(depth + 1);
    if (is(Item::Kind::Close)) {
      ++at_;
    } else {
      idle(open);
    }
    return inside;
  }

  static Part negated(Part part) {
    if (const auto simple = opposite(*part.filter)) {
      part.filter = simple;
      part.dimensions.front().comparison = simple->comparison;
      return part;
    }
    part.filter = negate(std::move(*part.filter));
    for (Dimension& dimension : part.dimensions) dimension.is_negated = !dimension.is_negated;
    return part;
  }

  // The condition that a connective at `at` leads to, if it is of this topic.
  [[nodiscard]] bool continues_list(std::size_t at, Topic topic) const {
    if (at + 1 >= items_.size() || items_[at + 1].kind != Item::Kind::Condition) return false;
    const Item::Kind kind = items_[at].kind;
    // "In Pune. In Delhi." asks for both groups of people, for nobody lives in two cities.
    const bool is_break = kind == Item::Kind::Break && is_exclusive(topic);
    if (kind != Item::Kind::And && kind != Item::Kind::Or && kind != Item::Kind::Comma && !is_break) return false;
    const Topic next = items_[at + 1].topic;
    return next == topic || next == Topic::Unknown || topic == Topic::Unknown;
  }

  Part leaf(std::size_t at) const {
    const Item& item = items_[at];
    Part part;
    if (item.topic == Topic::Unknown) return part;
    part.filter = item.filter;
    collect(item.filter, false, static_cast<int>(at), part.dimensions);
    return part;
  }

  // ", or" is one connective: the comma gives way. Returns where the connective that counts stands.
  [[nodiscard]] std::size_t connective_at(std::size_t at) const {
    const bool is_double = at + 1 < items_.size() && items_[at].kind == Item::Kind::Comma &&
                           (items_[at + 1].kind == Item::Kind::Or || items_[at + 1].kind == Item::Kind::And);
    return is_double ? at + 1 : at;
  }

  Part read_list(bool is_negated) {
    Topic topic = items_[at_].topic;
    std::vector<Part> parts;
    std::vector<Item::Kind> connectives;
    parts.push_back(leaf(at_++));
    while (at_ < items_.size()) {
      const std::size_t connective = connective_at(at_);
      if (!continues_list(connective, topic)) break;
      connectives.push_back(items_[connective].kind);
      at_ = connective + 1;
      if (topic == Topic::Unknown) topic = items_[at_].topic;
      parts.push_back(leaf(at_++));
    }
    Part list = combine(std::move(parts), std::move(connectives), topic, is_negated);
    // "not laptops in the last 30 days": the time says when, not that there was one.
    const bool is_time_next = is_negated && is(Item::Kind::Condition) && items_[at_].is_bare_time && list.filter;
    if (is_time_next) {
      std::vector<Part> both;
      both.push_back(std::move(list));
      both.push_back(leaf(at_++));
      return join_all(std::move(both));
    }
    return list;
  }

  static Part combine(std::vector<Part> parts, std::vector<Item::Kind> connectives, Topic topic, bool is_negated) {
    // A comma means what the next word of the list says.
    Item::Kind last = is_exclusive(topic) ? Item::Kind::Or : Item::Kind::And;
    for (std::size_t i = connectives.size(); i-- > 0;) {
      if (connectives[i] == Item::Kind::Comma || connectives[i] == Item::Kind::Break) connectives[i] = last;
      last = connectives[i];
      // "without laptops and phones" is without either of them.
      if (is_exclusive(topic) || (is_negated && !is_range(topic))) connectives[i] = Item::Kind::Or;
    }
    std::vector<Part> sides;
    std::vector<Part> side;
    side.push_back(std::move(parts.front()));
    for (std::size_t i = 0; i < connectives.size(); ++i) {
      if (connectives[i] == Item::Kind::Or) {
        sides.push_back(join_all(std::move(side)));
        side.clear();
      }
      side.push_back(std::move(parts[i + 1]));
    }
    sides.push_back(join_all(std::move(side)));
    return join(std::move(sides), false);
  }

  const std::vector<Item>& items_;
  std::size_t at_ = 0;
  std::vector<std::size_t> idle_;
};

}  // namespace

SentenceTree build_tree(const std::vector<Item>& items) {
  return TreeBuilder(items).build();
}

}  // namespace clarion
