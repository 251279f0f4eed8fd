#pragma once
// Cells of the CSV files that Clarion writes.

#include <string>
#include <string_view>

namespace clarion {

// One cell (RFC 4180), in quotation marks where it needs them. What a spreadsheet would take for a formula has an
// apostrophe before it: text that begins with = + - @ or a tab, except a plus sign with digits alone behind it, which
// is a phone number.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace clarion
