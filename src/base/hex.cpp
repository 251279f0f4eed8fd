#include "base/hex.h"

#include <string_view>

namespace clarion {

void append_hex(std::string& out, std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t before = out.size();
  const std::size_t after = before + bytes.size() * 2;
  // The size it hands over is not used: libstdc++ 12 makes it the capacity.
  out.resize_and_overwrite(after, [&](char* text, std::size_t /*size*/) {
    char* next = text + before;
    for (const unsigned char byte : bytes) {
      *next++ = digits[byte >> 4U];
      *next++ = digits[byte & 15U];
    }
    return after;
  });
}

}  // namespace clarion
