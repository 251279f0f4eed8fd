#pragma once
// The bytes before an answer's body: status line, the handler's headers and the security headers of every answer.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/http.h"

namespace clarion {

struct ResponseFraming {
  std::optional<std::uint64_t> content_length;  // none: chunked or until close
  bool is_chunked = false;
  bool keep_alive = true;
  bool is_http_1_0 = false;
  bool is_api = false;  // answers under /api are never cached
};

// A header that the handler sets replaces ours of the same name. Line breaks in values become spaces, so that no
// handler can be made to split an answer.
[[nodiscard]] std::string format_response_head(const HttpResponse& response, const ResponseFraming& framing,
                                               std::string_view request_id, WallTime now);

// One server-sent event; line breaks in `data` become several data lines, in `event` and `id` they are dropped.
[[nodiscard]] std::string format_server_sent_event(std::string_view event, std::string_view data, std::string_view id);

// True for 1 to 64 letters, digits, '.', '_' and '-': safe to take from a client into logs and answers.
[[nodiscard]] bool is_safe_request_id(std::string_view id);

}  // namespace clarion
