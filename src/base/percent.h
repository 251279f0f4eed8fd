#pragma once
// Percent-encoding (RFC 3986 section 2.1), appended to a buffer.

#include <string>
#include <string_view>

namespace clarion {

// Encodes everything but the unreserved A-Z a-z 0-9 - . _ ~ and the characters of `kept`; hexadecimal in capitals.
void append_percent_encoded(std::string& out, std::string_view text, std::string_view kept = {});

}  // namespace clarion
