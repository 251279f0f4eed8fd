#include "base/json_string.h"

namespace clarion {

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20) {
      out += c;
    } else {
      out.append("\\u00").append(1, hex[byte >> 4U]).append(1, hex[byte & 15U]);
    }
  }
  out += '"';
}

}  // namespace clarion
