#include "net/cors_policy.h"

#include <algorithm>

#include "base/text.h"
#include "net/host_policy.h"

namespace clarion {
namespace {

// What our API reads beyond the headers that every page may send.
constexpr std::string_view request_headers = "Authorization, Content-Type, Last-Event-ID, Prefer, X-Request-Id";
constexpr std::string_view answer_headers =
    "Content-Disposition, Location, Preference-Applied, Retry-After, WWW-Authenticate, X-Request-Id";
constexpr std::string_view preflight_seconds = "600";

bool is_origin(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (text.starts_with(scheme)) return host_name_of(text.substr(scheme.size())).has_value();
  }
  return false;
}

}  // namespace

CorsPolicy::Asked CorsPolicy::read(const HttpRequest& request) const {
  const auto origin = request.header("Origin");
  if (!origin || std::ranges::find(origins_, lower_case(*origin)) == origins_.end()) return {};
  return {.origin = std::string(*origin),
          .is_preflight = request.method == HttpMethod::Options && request.header("Access-Control-Request-Method")};
}

void CorsPolicy::add_headers(const Asked& asked, HttpResponse& response) const {
  if (origins_.empty()) return;
  response.headers.emplace_back("Vary", "Origin");
  if (asked.origin.empty()) return;
  const auto allow = std::ranges::find(response.headers, "Allow", &std::pair<std::string, std::string>::first);
  const std::string methods = allow == response.headers.end() ? std::string() : allow->second;
  response.headers.emplace_back("Access-Control-Allow-Origin", asked.origin);
  if (!asked.is_preflight) {
    response.headers.emplace_back("Access-Control-Expose-Headers", answer_headers);
  } else if (response.status == 204) {
    response.headers.emplace_back("Access-Control-Allow-Methods", methods);
    response.headers.emplace_back("Access-Control-Allow-Headers", request_headers);
    response.headers.emplace_back("Access-Control-Max-Age", preflight_seconds);
  }
}

Result<std::vector<std::string>> parse_origins(std::string_view text) {
  std::vector<std::string> origins;
  while (!trim(text).empty()) {
    const auto comma = text.find(',');
    const std::string origin = lower_case(trim(text.substr(0, comma)));
    if (origin == "*") {
      return fail(ErrorKind::Invalid, "must name each origin: '*' would let every web page in");
    }
    if (!is_origin(origin)) {
      return fail(ErrorKind::Invalid, "must be origins such as https://console.example.com, with commas; '" + origin +
                                          "' is not scheme, host and port alone");
    }
    origins.push_back(origin);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return origins;
}

}  // namespace clarion
