#pragma once
// A sentence about people becomes a filter: "laptops in Bangalore with at least 2 purchases".
//
// Promise     every word is used, a known filler, or reported; nothing is dropped silently (ParsedSentence::words).
// Products    "laptops" alone means bought, viewed or in the cart; "bought", "viewed", "in the cart" narrow it.
// Precedence  or/and between two of a kind binds first: "in Pune or Delhi with laptops" is (Pune or Delhi) and
//             laptops. Then everything side by side is and; then "or" between different kinds; "but" and "except"
//             bind last. A place list joined by "and" means any of them.
// Negation    how far it reaches: sentence_clauses.h. One with a word that was not understood is reported whole, with
//             the rest of its clause; what would be true of nobody is reported too.
// Algorithm   greedy longest match over a closed grammar; no model, no network: same words, vocabulary and now,
//             same answer. Work grows with the length of the text.
// Limits      2,000 bytes.

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "audience/filter.h"
#include "audience/vocabulary.h"

namespace clarion {

// One comparison of the filter, with the words it came from.
struct Dimension {
  Comparison comparison;
  bool is_negated = false;
  std::string words;  // "" when the filter did not come from a sentence
  int group = 0;      // comparisons with one group come from the same words
};

struct Unsupported {
  std::string words;
  std::string reason;
  std::string suggestion;
  std::size_t first = 0;  // of the words of the sentence
  std::size_t last = 0;   // behind them
};

// Words that may mean several things. The filter takes all of them until the operator chooses.
struct Ambiguity {
  std::string words;
  std::vector<std::string> candidates;
};

// Grammar: it joins or negates conditions and is part of none.
enum class WordUse : std::uint8_t { Used, Grammar, Filler, Reported };

struct ParsedSentence {
  Filter filter;  // normalised
  std::vector<Dimension> dimensions;
  std::vector<Unsupported> unsupported;
  std::vector<Ambiguity> ambiguities;
  std::vector<std::string> suggestions;  // what was assumed, and what else could be said
  struct Word {
    std::string text;
    WordUse use{};
  };
  std::vector<Word> words;  // every word, number and mark in order
};

// Invalid when the text is empty, longer than 2,000 bytes or not UTF-8. `now` gives "June" and "last month" their year.
[[nodiscard]] Result<ParsedSentence> parse_sentence(std::string_view text, const Vocabulary& vocabulary, WallTime now);

// The comparisons of a filter that did not come from a sentence.
[[nodiscard]] std::vector<Dimension> dimensions_of(const Filter& filter);

// `parsed_dimensions`: [{"field", "operator", "value", "negated", "label", "text", "group"}], one per comparison.
[[nodiscard]] boost::json::array dimensions_json(const std::vector<Dimension>& dimensions);
// `unsupported_dimensions`: [{"words", "reason", "suggestion"}]; ambiguities [{"words", "candidates"}].
[[nodiscard]] boost::json::array unsupported_json(const std::vector<Unsupported>& unsupported);
[[nodiscard]] boost::json::array ambiguities_json(const std::vector<Ambiguity>& ambiguities);

}  // namespace clarion
