#pragma once
// JSON text appended to a buffer: what a carrier's request needs, without building a document.

#include <string>
#include <string_view>

#include "base/json_string.h"

namespace clarion {

// ,"name":"value" - and nothing at all when `value` is empty, since services refuse empty members.
void append_json_member(std::string& out, std::string_view name, std::string_view value);

// The text of a top-level string member of a small reply, such as {"MessageId":"..."}; empty when it has none.
[[nodiscard]] std::string read_json_member(std::string_view document, std::string_view name);

}  // namespace clarion
