#include "net/host_policy.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_character(char c) {
  return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'z') || c == '-' || c == '.' || c == '_';
}
bool is_address_character(char c) {
  return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'f') || c == ':' || c == '.';
}

}  // namespace

std::optional<std::string> host_name_of(std::string_view host_header) {
  std::string_view name = host_header;
  std::string_view rest;
  if (host_header.starts_with('[')) {
    const auto close = host_header.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    name = host_header.substr(0, close + 1);
    rest = host_header.substr(close + 1);
    if (!std::ranges::all_of(name.substr(1, name.size() - 2), is_address_character)) return std::nullopt;
  } else {
    const auto colon = std::min(host_header.find(':'), host_header.size());
    name = host_header.substr(0, colon);
    rest = host_header.substr(colon);
    if (!std::ranges::all_of(name, is_name_character)) return std::nullopt;
  }
  if (name.empty() || name.size() > 255) return std::nullopt;
  if (!rest.empty() && (rest.front() != ':' || rest.size() > 6 || !std::ranges::all_of(rest.substr(1), is_digit))) {
    return std::nullopt;
  }
  return lower_case(name);
}

HostPolicy HostPolicy::any() {
  return {};
}

HostPolicy HostPolicy::any_host(std::vector<std::string> origins) {
  HostPolicy policy;
  policy.checks_origin_ = true;
  for (const std::string& origin : origins) policy.origins_.push_back(lower_case(origin));
  return policy;
}

HostPolicy HostPolicy::local(std::vector<std::string> hosts, std::vector<std::string> origins) {
  HostPolicy policy = any_host(std::move(origins));
  policy.checks_host_ = true;
  policy.hosts_ = {"localhost", "127.0.0.1", "[::1]"};
  for (const std::string& host : hosts) policy.hosts_.push_back(lower_case(host));
  return policy;
}

Result<void> HostPolicy::check(std::optional<std::string_view> host, std::optional<std::string_view> origin) const {
  const auto name = host ? host_name_of(*host) : std::nullopt;
  if (checks_host_ && (!name || std::ranges::find(hosts_, *name) == hosts_.end())) {
    return fail(ErrorKind::Denied,
                "this server answers only to localhost and configured names; open it as http://localhost and its port, "
                "or set PUBLIC_URL to the name you use");
  }
  if (!origin || !checks_origin_) return {};
  const std::string from = lower_case(*origin);
  const std::string own = lower_case(host.value_or(""));
  if (from == "http://" + own || from == "https://" + own || std::ranges::find(origins_, from) != origins_.end()) {
    return {};
  }
  return fail(ErrorKind::Denied,
              "a page of another site may not call this server; open Clarion's own page instead, or set PUBLIC_URL or "
              "CLARION_CORS_ORIGINS to where that page comes from");
}

}  // namespace clarion
