#pragma once
// The few XML texts that STS and error replies carry; no general reader of XML.

#include <string>
#include <string_view>

namespace clarion {

// The text of the first <tag> without attributes, entities resolved; empty when there is none.
[[nodiscard]] std::string find_xml_text(std::string_view document, std::string_view tag);

}  // namespace clarion
