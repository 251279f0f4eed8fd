#pragma once
// A request target taken apart: "/api/contacts/A%2F1?limit=10" -> path, decoded segments, decoded query.
//
// Errors  Invalid, with a sentence, for a broken percent sequence, a NUL byte or text that is not UTF-8.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clarion {

struct Target {
  std::string authority;  // of the absolute form "http://host:port/path"; else empty
  std::string path;
  std::vector<std::string> segments;
  std::map<std::string, std::string> query;
};

// Reads origin form, absolute form and "*" (RFC 9112 section 3.2). Dot segments stay as they are: no route has them.
[[nodiscard]] Result<Target> parse_target(std::string_view text);
// `text` with "%41" decoded, and "+" as a space when `plus_is_space` (query strings).
[[nodiscard]] Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// The parts between slashes: "/a/b" -> {a, b}; "/" -> {""}.
[[nodiscard]] std::vector<std::string_view> split_path(std::string_view path);

}  // namespace clarion
