#include "aws/canonical_uri.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/percent.h"

namespace clarion {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// What the wire form means; a '%' that starts no escape stands for itself.
std::string decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::string encoded_once(std::string_view wire) {
  std::string out;
  append_percent_encoded(out, decode(wire));
  return out;
}

}  // namespace

void append_canonical_path(std::string& out, std::string_view wire_path) {
  if (wire_path.empty() || wire_path == "/") {
    out += '/';
    return;
  }
  std::vector<std::string_view> segments;
  std::string_view rest = wire_path;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  for (const std::string_view segment : segments) {
    out += '/';
    append_percent_encoded(out, segment);
  }
  if (segments.empty() || wire_path.ends_with('/')) out += '/';
}

void append_canonical_query(std::string& out, std::string_view wire_query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!wire_query.empty()) {
    const auto ampersand = wire_query.find('&');
    const std::string_view pair = wire_query.substr(0, ampersand);
    wire_query = ampersand == std::string_view::npos ? std::string_view() : wire_query.substr(ampersand + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    pairs.emplace_back(encoded_once(pair.substr(0, equals)), encoded_once(value));
  }
  std::ranges::sort(pairs);
  bool is_first = true;
  for (const auto& [name, value] : pairs) {
    if (!is_first) out += '&';
    is_first = false;
    out.append(name).append(1, '=').append(value);
  }
}

}  // namespace clarion
