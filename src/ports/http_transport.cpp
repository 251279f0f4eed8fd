#include "ports/http_transport.h"

#include <algorithm>

namespace clarion {

void ReplyHeaders::add(std::string_view name, std::string_view value) {
  constexpr std::size_t usual_size = 256;
  if (lines_.empty()) lines_.reserve(usual_size);
  const auto at = static_cast<std::ptrdiff_t>(lines_.size());
  lines_.append(name);
  std::transform(lines_.begin() + at, lines_.end(), lines_.begin() + at,
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  lines_.append(1, ':').append(value).append(1, '\n');
}

std::optional<std::string_view> ReplyHeaders::find(std::string_view lower_case_name) const {
  for (std::string_view rest = lines_; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.starts_with(lower_case_name) && line.substr(lower_case_name.size()).starts_with(':')) {
      return line.substr(lower_case_name.size() + 1);
    }
    rest.remove_prefix(line.size() + 1);
  }
  return std::nullopt;
}

}  // namespace clarion
