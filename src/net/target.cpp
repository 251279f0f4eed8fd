#include "net/target.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<void> add_query(std::string_view text, std::map<std::string, std::string>& query) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    if (!name) return std::unexpected(name.error());
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!value) return std::unexpected(value.error());
    query.insert_or_assign(std::move(*name), std::move(*value));
  }
  return {};
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return fail(ErrorKind::Invalid,
                    "the address has a '%' that two hexadecimal digits do not follow; write it as %25");
      }
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return fail(ErrorKind::Invalid, "the address has a NUL byte (%00); remove it");
    decoded.push_back(c);
  }
  if (!is_valid_utf8(decoded)) {
    return fail(ErrorKind::Invalid, "the address is not valid UTF-8; percent-encode its UTF-8 bytes");
  }
  return decoded;
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  for (;;) {
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

Result<Target> parse_target(std::string_view text) {
  Target target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    const auto end = std::min(text.find_first_of("/?"), text.size());
    target.authority = text.substr(0, end);
    text.remove_prefix(end);
    break;
  }
  if (const auto fragment = text.find('#'); fragment != std::string_view::npos) text = text.substr(0, fragment);
  const auto question = text.find('?');
  std::string_view path = text.substr(0, question);
  if (path.empty() && !target.authority.empty()) path = "/";
  if (path != "*" && !path.starts_with('/')) {
    return fail(ErrorKind::Invalid, "the address must begin with '/'");
  }
  for (const std::string_view segment : split_path(path)) {
    auto decoded = percent_decode(segment);
    if (!decoded) return std::unexpected(decoded.error());
    if (path != "*") target.path += '/';
    target.path += *decoded;
    target.segments.push_back(std::move(*decoded));
  }
  if (question != std::string_view::npos) {
    if (auto added = add_query(text.substr(question + 1), target.query); !added) return std::unexpected(added.error());
  }
  return target;
}

}  // namespace clarion
