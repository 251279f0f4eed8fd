#pragma once
// Parts of a sentence's filter, how they are joined, and how far a negation reaches over the items.

#include <optional>
#include <set>
#include <vector>

#include "audience/sentence_reader.h"

namespace clarion {

// A part of the tree with its dimensions; no filter when it held only words that were reported.
struct Part {
  std::optional<Filter> filter;
  std::vector<Dimension> dimensions;
  std::size_t first = 0;  // items [first, last)
  std::size_t last = 0;
};

[[nodiscard]] Part join(std::vector<Part> parts, bool is_and);
[[nodiscard]] Part join_all(std::vector<Part> parts);

// What stands between two connectives: "people over 40 in Seattle".
struct Clause {
  std::vector<Part> parts;
  std::set<Topic> topics;   // of its conditions
  bool has_people = false;  // it begins with people of its own
};

// Whether nobody can be two of them: two cities, two countries, ages that do not meet.
[[nodiscard]] bool exclude_each_other(const std::vector<Part>& parts);
// Clauses joined by "and". Parallel ones that exclude each other are two groups of people, joined by "or"; what else
// is true of nobody is left out and put into `dropped`.
[[nodiscard]] Part join_clauses(std::vector<Clause> clauses, std::vector<Part>& dropped);

// Nobody has two of these at once, so "in Pune and Delhi" means either.
[[nodiscard]] bool is_exclusive(Topic topic);
[[nodiscard]] bool is_range(Topic topic);
[[nodiscard]] bool is_connective(Item::Kind kind);
// ", or" is one connective: the comma gives way. Returns where the connective that counts stands.
[[nodiscard]] std::size_t connective_at(const std::vector<Item>& items, std::size_t at);

// Whether a negation whose first condition is items[first] reaches over the connective at `at` to what follows it.
// "but", the end of a sentence and a positive verb end it; "or" and "nor" carry it; "and" carries "except" and
// "neither" to everything, "not" and "without" to things of the same kind.
[[nodiscard]] bool reaches(const std::vector<Item>& items, Item::Negation negation, std::size_t first, std::size_t at);

}  // namespace clarion
