#pragma once
// The canonical path and query of AWS signature version 4, appended to a buffer.

#include <string>
#include <string_view>

namespace clarion {

// Removes "." and ".." segments and doubled slashes, keeps a trailing slash, and encodes once more.
void append_canonical_path(std::string& out, std::string_view wire_path);
// Pairs encoded once, sorted by encoded name, then value; a name without "=" gets one.
void append_canonical_query(std::string& out, std::string_view wire_query);

}  // namespace clarion
