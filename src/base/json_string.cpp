#include "base/json_string.h"

#include <algorithm>

namespace clarion {
namespace {

bool must_be_escaped(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  // Most texts have nothing to escape and are appended at once.
  for (auto plain = text.begin();;) {
    const auto special = std::find_if(plain, text.end(), must_be_escaped);
    out.append(plain, special);
    if (special == text.end()) break;
    if (const auto byte = static_cast<unsigned char>(*special); byte < 0x20) {
      out.append("\\u00").append(1, hex[byte >> 4U]).append(1, hex[byte & 15U]);
    } else {
      out.append(1, '\\').append(1, *special);
    }
    plain = special + 1;
  }
  out += '"';
}

}  // namespace clarion
