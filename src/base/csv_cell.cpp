#include "base/csv_cell.h"

#include <algorithm>

namespace clarion {

std::string csv_cell(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_phone = text.size() > 1 && text.front() == '+' && std::ranges::all_of(text.substr(1), is_digit);
  const bool is_formula = !text.empty() && !is_phone && std::string_view("=+-@\t").contains(text.front());
  if (!is_formula && text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = is_formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace clarion
