#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/text.h"
#include "net/http.h"
#include "net/target.h"

namespace clarion {
namespace {

constexpr std::array<std::string_view, 8> kMethodNames = {"GET",   "HEAD",   "POST",    "PUT",
                                                          "PATCH", "DELETE", "OPTIONS", "OTHER"};

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  return std::ranges::equal(pattern, segments, [](const std::string& wanted, const std::string& given) {
    return is_parameter(wanted) ? !given.empty() : wanted == given;
  });
}

}  // namespace

std::string_view to_string(HttpMethod method) {
  return kMethodNames.at(static_cast<std::size_t>(method));
}

HttpMethod parse_http_method(std::string_view token) {
  const auto found = std::ranges::find(kMethodNames, token);
  return found == kMethodNames.end() ? HttpMethod::Other : static_cast<HttpMethod>(found - kMethodNames.begin());
}

std::optional<std::string_view> HttpRequest::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (equals_ignoring_case(known, name)) return value;
  }
  return std::nullopt;
}

void Router::add(HttpMethod method, std::string pattern, HttpHandler handler, HttpGuard guard) {
  if (!pattern.starts_with('/') || method == HttpMethod::Other || !handler) {
    throw std::invalid_argument("a route needs a method, a handler and a pattern that begins with '/': " + pattern);
  }
  for (const Route& route : routes_) {
    if (route.method == method && route.pattern == pattern) {
      throw std::invalid_argument("the route exists already: " + std::string(to_string(method)) + " " + pattern);
    }
  }
  const auto segments = split_path(pattern);
  patterns_.emplace_back(segments.begin(), segments.end());
  routes_.push_back({method, std::move(pattern), std::move(handler), std::move(guard)});
}

void Router::split(HttpRequest& request) {
  if (!request.segments.empty()) return;
  const auto segments = split_path(request.path);
  request.segments.assign(segments.begin(), segments.end());
}

std::optional<std::size_t> Router::find(const HttpRequest& request) const {
  const HttpMethod wanted = request.method == HttpMethod::Head ? HttpMethod::Get : request.method;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (routes_[i].method == wanted && fits(patterns_[i], request.segments)) return i;
  }
  return std::nullopt;
}

Task<std::optional<HttpResponse>> Router::admit(HttpRequest& request) const {
  split(request);
  const auto found = find(request);
  if (!found || !routes_[*found].guard) co_return std::nullopt;
  request.route = routes_[*found].pattern;
  auto refusal = co_await routes_[*found].guard(request);
  if (refusal) refusal->route = routes_[*found].pattern;
  co_return refusal;
}

HttpResponse Router::not_found(const HttpRequest& request) const {
  return on_error_(404, "there is nothing at " + request.path, request);
}

Task<HttpResponse> Router::route(HttpRequest request) const {
  split(request);
  if (const auto found = find(request)) {
    const Route& route = routes_[*found];
    for (std::size_t s = 0; s < patterns_[*found].size(); ++s) {
      const std::string_view name = patterns_[*found][s];
      if (is_parameter(name)) {
        request.path_parameters[std::string(name.substr(1, name.size() - 2))] = request.segments[s];
      }
    }
    request.route = route.pattern;
    HttpResponse response = co_await route.handler(std::move(request));
    response.route = route.pattern;
    co_return response;
  }

  std::vector<std::string_view> allowed;
  std::string known_pattern;
  const auto allow = [&](std::string_view name) {
    if (std::ranges::find(allowed, name) == allowed.end()) allowed.push_back(name);
  };
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!fits(patterns_[i], request.segments)) continue;
    if (known_pattern.empty()) known_pattern = routes_[i].pattern;
    allow(to_string(routes_[i].method));
    if (routes_[i].method == HttpMethod::Get) allow("HEAD");
  }
  HttpResponse response;
  const bool is_options = request.method == HttpMethod::Options;
  if (allowed.empty() && !(is_options && request.path == "*")) {
    if (fallback_ && (request.method == HttpMethod::Get || request.method == HttpMethod::Head))
      co_return co_await fallback_(std::move(request));
    co_return not_found(request);
  }
  std::string allow_text;
  for (const std::string_view name : allowed) allow_text.append(name).append(", ");
  allow_text += "OPTIONS";
  if (is_options) {
    response.status = 204;
  } else {
    response = on_error_(405, request.path + " does not answer to this method; use " + allow_text, request);
  }
  response.headers.emplace_back("Allow", std::move(allow_text));
  response.route = std::move(known_pattern);
  co_return response;
}

}  // namespace clarion
