#pragma once
// Items of a sentence to one filter: grouping, precedence, negation.
//
// Grammar  whole := any (("but" | exception) any)*
//          any   := all ("or" all)*            an "or" between conditions of different topics
//          all   := unit (["and" | ","] unit)*
//          unit  := negation scope | list | "(" whole ")"
//          list  := condition (("or" | "and" | ",") condition)*   all of one topic
// A comma in a list means what the next word of the list says; at its end, "or" for places, else "and".
// How far a negation reaches is said at reaches() in sentence_clauses.h. A negation that stands before a word that
// was not understood is rejected with the rest of its clause: what remains would say the opposite.

#include <cstdint>
#include <vector>

#include "audience/sentence_reader.h"

namespace clarion {

// Items that mean nothing where they stand.
struct Rejection {
  enum class Why : std::uint8_t {
    Idle,        // "not" or "or" beside nothing, a bracket without its other half
    Negation,    // a negated clause with words that were not understood
    Impossible,  // together with what stands before it, it is true of nobody
  };
  std::size_t first = 0;  // items [first, last)
  std::size_t last = 0;
  Why why{};
};

struct SentenceTree {
  Filter filter;
  std::vector<Dimension> dimensions;  // `words` empty, `group` is the index of the item
  std::vector<Rejection> rejections;
};

[[nodiscard]] SentenceTree build_tree(const std::vector<Item>& items);

}  // namespace clarion
