#pragma once
// JSON strings appended to a buffer, for the places where building a document costs too much.

#include <string>
#include <string_view>

namespace clarion {

// `text` in quotes, with what RFC 8259 section 7 wants escaped. REQUIRES: valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace clarion
