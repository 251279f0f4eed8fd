#pragma once
// SHA-256 as 64 hexadecimal digits: names for contents.

#include <string>
#include <string_view>

namespace clarion {

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace clarion
