#pragma once
// Tokens of a sentence: words, numbers, dates and marks, each with its place in the text.
//
// Errors  none: every byte that is not white space lands in exactly one token, so nothing can be lost.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace clarion {

struct Token {
  enum class Kind : std::uint8_t { Word, Number, Date, Mark };
  Kind kind{};
  std::string_view text;  // as written; points into the sentence
  std::string plain;      // folded words separated by one space; a mark as itself
  std::size_t begin = 0;  // bytes in the sentence
  std::size_t end = 0;
  double number = 0;        // Number
  bool is_money = false;    // Number with a dollar sign
  bool is_percent = false;  // Number with a percent sign
  WallTime date{};          // Date: its midnight UTC
};

// REQUIRES: text is valid UTF-8 and outlives the tokens.
[[nodiscard]] std::vector<Token> read_tokens(std::string_view text);

// Folded, apostrophes dropped, every other mark a space, single spaces: "SKU-Laptop 1" -> "sku laptop 1".
[[nodiscard]] std::string plain_words(std::string_view text);
[[nodiscard]] std::vector<std::string> split_words(std::string_view spaced);

}  // namespace clarion
