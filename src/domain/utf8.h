#pragma once
// UTF-8, one character at a time, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
//
// Source  RFC 3629 section 4.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clarion {

struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 1..4
};

// The character that starts at text[at]; nullopt when those bytes are not one. REQUIRES: at < text.size().
[[nodiscard]] constexpr std::optional<Utf8Character> decode_utf8(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80U) return Utf8Character{first, 1};
  const std::size_t bytes = first >= 0xf0U ? 4 : first >= 0xe0U ? 3 : 2;
  // 0x80-0xc1 would be a stray continuation or an overlong form of ASCII.
  if (first < 0xc2U || first > 0xf4U || text.size() - at < bytes) return std::nullopt;
  std::uint32_t code = first & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const std::uint32_t next = byte(at + i);
    if ((next & 0xc0U) != 0x80U) return std::nullopt;
    code = (code << 6U) | (next & 0x3fU);
  }
  const std::uint32_t least = bytes == 4 ? 0x10000U : bytes == 3 ? 0x800U : 0x80U;
  if (code < least || code > 0x10ffffU || (code >= 0xd800U && code <= 0xdfffU)) return std::nullopt;
  return Utf8Character{code, bytes};
}

}  // namespace clarion
