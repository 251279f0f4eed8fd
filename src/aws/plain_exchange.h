#pragma once
// PlainExchange: one unsigned request to a place that hands out credentials, asked again when that may help. Every such
// request only reads, so it may be repeated.

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "ports/http_transport.h"

namespace clarion {

struct PlainRequest {
  std::string_view method = "GET";
  HttpOrigin origin;
  std::string target = "/";  // percent-encoded, with its query
  std::vector<std::pair<std::string_view, std::string>> headers = {};
  std::string_view body = {};
  std::chrono::milliseconds deadline{2000};  // of each attempt
  std::int32_t attempts = 1;                 // in all, 1 s apart: after no reply, 429 and 5xx
};

// True when `value` may stand in a header: printable, so that it cannot begin another line.
[[nodiscard]] bool is_header_value(std::string_view value);

// REQUIRES: is_header_value for every header.
Task<std::expected<HttpReply, TransportFailure>> exchange_plain(HttpTransport& transport, Clock& clock,
                                                                PlainRequest request);

}  // namespace clarion
