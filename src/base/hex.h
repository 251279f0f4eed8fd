#pragma once
// Bytes as lower-case hexadecimal digits, appended to a buffer.

#include <cstddef>
#include <span>
#include <string>

namespace clarion {

void append_hex(std::string& out, std::span<const unsigned char> bytes);

}  // namespace clarion
