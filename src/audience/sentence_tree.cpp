#include "audience/sentence_tree.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "audience/sentence_clauses.h"

namespace clarion {
namespace {

constexpr int deepest_bracket = 16;

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
  if (type_of(field) == FieldType::Flag) return compare(field, op, !std::get<bool>(value));
  if (!is_count(field) || op != Operator::GreaterOrEqual || std::get<double>(value) != 1) return std::nullopt;
  return compare(field, Operator::Equal, 0.0);
}

Part negated(Part part) {
  if (const auto simple = opposite(*part.filter)) {
    part.filter = simple;
    part.dimensions.front().comparison = simple->comparison;
    return part;
  }
  part.filter = negate(std::move(*part.filter));
  for (Dimension& dimension : part.dimensions) dimension.is_negated = !dimension.is_negated;
  return part;
}

class TreeBuilder {
 public:
  explicit TreeBuilder(const std::vector<Item>& items) : items_(items) {}

  SentenceTree build() {
    std::vector<Part> parts;
    while (at_ < items_.size()) {
      const std::size_t before = at_;
      parts.push_back(read_whole(0));
      // A closing bracket without an opening one.
      if (at_ < items_.size() && at_ == before) {
        reject(at_, at_ + 1, Rejection::Why::Idle);
        ++at_;
      }
    }
    Part whole = join_all(std::move(parts));
    return {.filter = whole.filter.value_or(Filter{}),
            .dimensions = std::move(whole.dimensions),
            .rejections = std::move(rejections_)};
  }

 private:
  void reject(std::size_t first, std::size_t last, Rejection::Why why) {
    rejections_.push_back({.first = first, .last = last, .why = why});
  }
  [[nodiscard]] bool is(Item::Kind kind) const { return at_ < items_.size() && items_[at_].kind == kind; }
  [[nodiscard]] bool is_exception() const {
    return is(Item::Kind::Not) && items_[at_].negation == Item::Negation::Except;
  }

  // Joins clauses that all hold; reports those that cannot hold together.
  Part join_checked(std::vector<Clause> clauses) {
    std::vector<Part> dropped;
    Part part = join_clauses(std::move(clauses), dropped);
    for (const Part& each : dropped) reject(each.first, each.last, Rejection::Why::Impossible);
    return part;
  }

  // "but" and an exception bind last: "in Pune or over 40 except VIPs" leaves out every VIP.
  Part read_whole(int depth) {
    std::vector<Clause> clauses;
    while (true) {
      Clause clause;
      clause.parts.push_back(read_any(depth));
      clauses.push_back(std::move(clause));
      if (is(Item::Kind::But)) {
        ++at_;
      } else if (!is_exception()) {
        break;
      }
    }
    return join_checked(std::move(clauses));
  }

  Part read_any(int depth) {
    std::vector<Part> sides;
    while (true) {
      sides.push_back(read_all(depth));
      if (!is(Item::Kind::Or)) break;
      const std::size_t connective = at_++;
      const bool is_last = at_ >= items_.size() || is(Item::Kind::Close) || is(Item::Kind::But);
      if (!sides.back().filter || is_last) reject(connective, connective + 1, Rejection::Why::Idle);
    }
    return join(std::move(sides), false);
  }

  Part read_all(int depth) {
    std::vector<Clause> clauses(1);
    while (at_ < items_.size() && !is(Item::Kind::Or) && !is(Item::Kind::Close) && !is(Item::Kind::But)) {
      if (is(Item::Kind::And) || is(Item::Kind::Comma) || is(Item::Kind::Break)) {
        ++at_;
        if (!clauses.back().parts.empty()) clauses.emplace_back();
        continue;
      }
      if (is_exception() && (clauses.size() > 1 || !clauses.front().parts.empty())) break;
      const std::size_t first = at_;
      Clause& clause = clauses.back();
      if (clause.parts.empty()) clause.has_people = items_[at_].lead.has_people;
      clause.parts.push_back(read_unit(depth));
      for (std::size_t i = first; i < at_; ++i) {
        if (items_[i].kind == Item::Kind::Condition) clause.topics.insert(items_[i].topic);
      }
    }
    return join_checked(std::move(clauses));
  }

  Part read_unit(int depth) {
    if (is(Item::Kind::Not)) return read_negated(depth);
    if (is(Item::Kind::Open)) return read_bracket(depth);
    return read_list(false);
  }

  Part read_bracket(int depth) {
    const std::size_t open = at_++;
    if (depth >= deepest_bracket) {
      // Deeper ones change nothing that a person could still follow.
      reject(open, open + 1, Rejection::Why::Idle);
      return {};
    }
    Part inside = read_whole(depth + 1);
    if (is(Item::Kind::Close)) {
      ++at_;
    } else {
      reject(open, open + 1, Rejection::Why::Idle);
    }
    return inside;
  }

  // Whether an unknown word stands among the items, so that what a negation means there is not known.
  [[nodiscard]] bool has_unknown(std::size_t first, std::size_t last) const {
    return std::any_of(
        items_.begin() + static_cast<std::ptrdiff_t>(first), items_.begin() + static_cast<std::ptrdiff_t>(last),
        [](const Item& item) { return item.kind == Item::Kind::Condition && item.topic == Topic::Unknown; });
  }

  // Takes the clause that stands here; the connectives before its end are no part of it.
  void skip_clause() {
    int depth = 0;
    while (at_ < items_.size()) {
      const Item::Kind kind = items_[at_].kind;
      if (kind == Item::Kind::Close && depth == 0) break;
      // "not zqxvk non-buyers" is one clause, "not zqxvk and not in Pune" two.
      const bool is_next = kind == Item::Kind::Not && is_connective(items_[at_ - 1].kind);
      if (depth == 0 && (kind == Item::Kind::But || kind == Item::Kind::Break || is_next)) break;
      if (kind == Item::Kind::Open) ++depth;
      if (kind == Item::Kind::Close) --depth;
      ++at_;
    }
    while (is_connective(items_[at_ - 1].kind)) --at_;
  }

  Part read_negated(int depth) {
    const std::size_t first = at_;
    bool is_negated = false;
    Item::Negation negation = Item::Negation::Plain;
    bool is_clear = true;
    while (is(Item::Kind::Not)) {
      is_negated = !is_negated;
      negation = items_[at_].negation;
      is_clear = is_clear && negation != Item::Negation::Unclear;
      ++at_;
    }
    const std::size_t start = at_;
    if (at_ >= items_.size() || (!is(Item::Kind::Open) && !is(Item::Kind::Condition))) {
      // "not, in Pune": nothing tells that Pune is meant as it stands.
      if (is(Item::Kind::Comma) || is(Item::Kind::And) || is(Item::Kind::Or)) skip_clause();
      reject(first, std::max(at_, start), Rejection::Why::Idle);
      return {};
    }
    const std::size_t rejections = rejections_.size();
    Part part;
    if (is_clear) part = is_negated ? read_scope(negation, depth) : read_unit(depth);
    const bool is_cut = is(Item::Kind::Condition) && items_[at_].topic == Topic::Unknown;
    if (!is_clear || is_cut || has_unknown(start, at_)) {
      // What is left of it without the unknown words must not stand as it is, negated or not.
      rejections_.resize(rejections);
      skip_clause();
      reject(first, at_, Rejection::Why::Negation);
      return {};
    }
    if (!is_negated || !part.filter) return part;
    return negated(std::move(part));
  }

  // Everything that the negation reaches, joined by "or": who is any of it is left out.
  Part read_scope(Item::Negation negation, int depth) {
    if (is(Item::Kind::Condition) && items_[at_].lead.has_people && negation != Item::Negation::Neither) {
      negation = Item::Negation::Except;
    }
    const std::size_t first = at_;
    std::vector<Part> parts;
    parts.push_back(read_element(negation, depth));
    while (at_ < items_.size()) {
      const std::size_t connective = connective_at(items_, at_);
      if (!reaches(items_, negation, first, connective)) break;
      at_ = connective + 1;
      parts.push_back(read_element(negation, depth));
    }
    return join(std::move(parts), false);
  }

  // After an exception one noun phrase, "VIPs in London"; else one list.
  Part read_element(Item::Negation negation, int depth) {
    if (is(Item::Kind::Open)) return read_bracket(depth);
    const std::size_t first = at_;
    std::vector<Part> parts;
    parts.push_back(read_list(true));
    if (negation == Item::Negation::Except) {
      while (at_ < items_.size()) {
        // "people who bought laptops and live in Pune" is one phrase.
        const bool is_relative = items_[first].lead.has_who && is(Item::Kind::And) && at_ + 1 < items_.size() &&
                                 items_[at_ + 1].kind == Item::Kind::Condition && items_[at_ + 1].lead.has_verb &&
                                 !items_[at_ + 1].lead.has_who && !items_[at_ + 1].lead.has_people;
        if (is_relative) ++at_;
        if (!is(Item::Kind::Condition) || items_[at_].topic == Topic::Unknown) break;
        parts.push_back(read_list(true));
      }
    } else if (is(Item::Kind::Condition) && items_[at_].is_bare_time && parts.front().filter) {
      // "not laptops in the last 30 days": the time says when, not that there was one.
      parts.push_back(leaf(at_++));
    }
    return join_all(std::move(parts));
  }

  // The condition that a connective at `at` leads to, if it is of this topic.
  [[nodiscard]] bool continues_list(std::size_t at, Topic topic, bool is_negated) const {
    if (at + 1 >= items_.size() || items_[at + 1].kind != Item::Kind::Condition) return false;
    const Item::Kind kind = items_[at].kind;
    // "In Pune. In Delhi." asks for both groups of people, for nobody lives in two cities.
    const bool is_break = kind == Item::Kind::Break && is_exclusive(topic) && !is_negated;
    if (kind != Item::Kind::And && kind != Item::Kind::Or && kind != Item::Kind::Comma && !is_break) return false;
    const Item& next = items_[at + 1];
    // A verb of its own, or people of their own, begin something new.
    if (is_negated && (next.lead.has_verb || next.lead.has_who || next.lead.has_people)) return false;
    return next.topic == topic || next.topic == Topic::Unknown || topic == Topic::Unknown;
  }

  [[nodiscard]] Part leaf(std::size_t at) const {
    const Item& item = items_[at];
    Part part;
    part.first = at;
    part.last = at + 1;
    if (item.topic == Topic::Unknown) return part;
    part.filter = item.filter;
    collect(item.filter, false, static_cast<int>(at), part.dimensions);
    return part;
  }

  Part read_list(bool is_negated) {
    Topic topic = items_[at_].topic;
    std::vector<Part> parts;
    std::vector<Item::Kind> connectives;
    parts.push_back(leaf(at_++));
    while (at_ < items_.size()) {
      const std::size_t connective = connective_at(items_, at_);
      if (!continues_list(connective, topic, is_negated)) break;
      connectives.push_back(items_[connective].kind);
      at_ = connective + 1;
      if (topic == Topic::Unknown) topic = items_[at_].topic;
      parts.push_back(leaf(at_++));
    }
    return combine(std::move(parts), std::move(connectives), topic, is_negated);
  }

  Part combine(std::vector<Part> parts, std::vector<Item::Kind> connectives, Topic topic, bool is_negated) {
    // A comma means what the next word of the list says.
    Item::Kind last = is_exclusive(topic) ? Item::Kind::Or : Item::Kind::And;
    for (std::size_t i = connectives.size(); i-- > 0;) {
      if (connectives[i] == Item::Kind::Comma || connectives[i] == Item::Kind::Break) connectives[i] = last;
      last = connectives[i];
      // "without laptops and phones" is without either of them.
      if (is_exclusive(topic) || (is_negated && !is_range(topic))) connectives[i] = Item::Kind::Or;
    }
    std::vector<Part> sides;
    std::vector<Clause> side;
    const auto add = [&](Part part) {
      Clause clause;
      clause.has_people = items_[part.first].lead.has_people;
      clause.topics.insert(topic);
      clause.parts.push_back(std::move(part));
      side.push_back(std::move(clause));
    };
    add(std::move(parts.front()));
    for (std::size_t i = 0; i < connectives.size(); ++i) {
      if (connectives[i] == Item::Kind::Or) {
        sides.push_back(join_side(std::move(side), is_negated));
        side.clear();
      }
      add(std::move(parts[i + 1]));
    }
    sides.push_back(join_side(std::move(side), is_negated));
    return join(std::move(sides), false);
  }

  // "not under 25 and over 60" leaves out both.
  Part join_side(std::vector<Clause> clauses, bool is_negated) {
    if (is_negated || clauses.size() < 2) {
      std::vector<Part> parts;
      for (Clause& clause : clauses) parts.push_back(std::move(clause.parts.front()));
      const bool is_impossible = is_negated && exclude_each_other(parts);
      return join(std::move(parts), !is_impossible);
    }
    // One topic alone is no parallel: "under 25 and over 60" is nobody, "people under 25 and people over 60" are two.
    for (Clause& clause : clauses) clause.topics.clear();
    return join_checked(std::move(clauses));
  }

  const std::vector<Item>& items_;
  std::size_t at_ = 0;
  std::vector<Rejection> rejections_;
};

}  // namespace

SentenceTree build_tree(const std::vector<Item>& items) {
  return TreeBuilder(items).build();
}

}  // namespace clarion
