#pragma once
// Text as people and protocols compare it: case folding, UTF-8 validity, trimming.
//
// Algorithm  folding is Unicode NFKC_Casefold (UAX #44) by ICU, so composed, decomposed and full-width forms of a
//            word are one; pure ASCII takes a byte loop that gives the same answer.

#include <string>
#include <string_view>

namespace clarion {

// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms, no cut sequence).
[[nodiscard]] bool is_valid_utf8(std::string_view text);

// True when every byte is below 0x80.
[[nodiscard]] bool is_ascii(std::string_view text);

// The form in which two texts are compared: "BANGALORE" and "bangalore" fold to the same. Malformed UTF-8 becomes
// U+FFFD, never an error.
[[nodiscard]] std::string fold_text(std::string_view text);

// `text` without leading and trailing spaces, tabs and line ends; a view into it.
[[nodiscard]] std::string_view trim(std::string_view text);

// For names of protocols, which are ASCII: only A to Z change.
[[nodiscard]] constexpr char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace clarion
