#pragma once
// Items of a sentence to one filter: grouping, precedence, negation.
//
// Grammar  any  := all ("or" all)*            an "or" between conditions of different topics
//          all  := unit (["and" | ","] unit)*
//          unit := "not"* (list | "(" any ")")
//          list := condition (("or" | "and" | ",") condition)*   all of one topic
// A comma in a list means what the next word of the list says; at its end, "or" for places, else "and".

#include <vector>

#include "audience/sentence_reader.h"

namespace clarion {

struct SentenceTree {
  Filter filter;
  std::vector<Dimension> dimensions;  // `words` empty, `group` is the index of the item
  std::vector<std::size_t> idle;      // items that mean nothing where they stand: "not" before nothing
};

[[nodiscard]] SentenceTree build_tree(const std::vector<Item>& items);

}  // namespace clarion
