#include "net/response_head.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

using Header = std::pair<std::string_view, std::string_view>;

// OWASP's list for an application that is its own only client. Nothing here names the program or its version.
constexpr std::array<Header, 7> kSecurityHeaders = {{
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
}};

std::string_view reason_phrase(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 27> kReasons = {{
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  }};
  const auto found = std::ranges::find(kReasons, status, &std::pair<int, std::string_view>::first);
  return found == kReasons.end() ? std::string_view("Status") : found->second;
}

// RFC 9110 section 5.6.7.
std::string http_date(WallTime now) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(seconds));
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char c : value) head.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  head.append("\r\n");
}

bool is_set(const HttpResponse& response, std::string_view name) {
  return std::ranges::any_of(response.headers,
                             [&](const auto& header) { return equals_ignoring_case(header.first, name); });
}

}  // namespace

std::string format_response_head(const HttpResponse& response, const ResponseFraming& framing,
                                 std::string_view request_id, WallTime now) {
  std::string head;
  head.reserve(1024);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_phrase(response.status));
  head.append("\r\n");
  append_header(head, "Date", http_date(now));
  append_header(head, "X-Request-Id", request_id);
  // An empty file has a type as well; browsers refuse an empty style sheet without one.
  const bool can_have_body = response.status != 204 && response.status != 304;
  if (can_have_body && !response.content_type.empty()) append_header(head, "Content-Type", response.content_type);
  if (framing.content_length && can_have_body) {
    append_header(head, "Content-Length", std::to_string(*framing.content_length));
  }
  if (framing.is_chunked) append_header(head, "Transfer-Encoding", "chunked");
  if (!framing.keep_alive) {
    append_header(head, "Connection", "close");
  } else if (framing.is_http_1_0) {
    append_header(head, "Connection", "keep-alive");
  }
  for (const auto& [name, value] : response.headers) append_header(head, name, value);
  if (framing.is_api && !is_set(response, "Cache-Control")) append_header(head, "Cache-Control", "no-store");
  for (const auto& [name, value] : kSecurityHeaders) {
    if (!is_set(response, name)) append_header(head, name, value);
  }
  head.append("\r\n");
  return head;
}

std::string format_server_sent_event(std::string_view event, std::string_view data, std::string_view id) {
  std::string text;
  const auto add_field = [&text](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text.append(name).append(": ");
    for (const char c : value) {
      if (c != '\r' && c != '\n' && c != '\0') text.push_back(c);
    }
    text.push_back('\n');
  };
  add_field("event", event);
  add_field("id", id);
  for (;;) {
    const auto end = data.find_first_of("\r\n");
    text.append("data: ").append(data.substr(0, end)).push_back('\n');
    if (end == std::string_view::npos) break;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  text.push_back('\n');
  return text;
}

bool is_safe_request_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (lower_case(c) >= 'a' && lower_case(c) <= 'z') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace clarion
