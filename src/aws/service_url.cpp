#include "aws/service_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace clarion {
namespace {

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_ipv6_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

// Anything else would have to be encoded, or would end the request line early.
bool is_target_character(char c) {
  return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '#';
}

// "host", "host:8080" or "[::1]:8080" into `origin`, whose port holds the scheme's default.
bool read_authority(std::string_view authority, HttpOrigin& origin) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return false;
    origin.host = authority.substr(1, close - 1);
    if (!std::ranges::all_of(origin.host, is_ipv6_character)) return false;
    port = authority.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) return false;
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    origin.host = authority.substr(0, colon);
    if (!std::ranges::all_of(origin.host, is_host_character)) return false;
    port = authority.substr(colon);
  }
  if (origin.host.empty()) return false;
  if (port.empty()) return true;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), origin.port);
  return error == std::errc{} && end == port.data() + port.size() && origin.port != 0;
}

}  // namespace

Result<ServiceUrl> parse_service_url(std::string_view name, std::string_view url) {
  const auto wrong = [&] {
    // The value is not repeated: it may hold a password.
    return fail(ErrorKind::Invalid, fmt::format("{} must be a URL such as https://host or http://127.0.0.1:4566/path, "
                                                "without user, password or fragment.",
                                                name));
  };
  ServiceUrl parsed;
  if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
    parsed.origin.is_tls = false;
    parsed.origin.port = 80;
  } else {
    return wrong();
  }
  const auto authority_end = std::min(url.find_first_of("/?#"), url.size());
  if (!read_authority(url.substr(0, authority_end), parsed.origin)) return wrong();
  std::string_view target = url.substr(authority_end);
  if (!std::ranges::all_of(target, is_target_character)) return wrong();
  const auto question = std::min(target.find('?'), target.size());
  if (question < target.size()) parsed.query = target.substr(question + 1);
  target = target.substr(0, question);
  while (target.ends_with('/')) target.remove_suffix(1);
  parsed.path = target;
  return parsed;
}

}  // namespace clarion
