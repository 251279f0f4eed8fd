#include "aws/plain_exchange.h"

#include <algorithm>

namespace clarion {

bool is_header_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c >= ' ' && c < 0x7f; });
}

Task<std::expected<HttpReply, TransportFailure>> exchange_plain(HttpTransport& transport, Clock& clock,
                                                                PlainRequest request) {
  std::string bytes;
  bytes.append(request.method).append(1, ' ').append(request.target);
  bytes.append(" HTTP/1.1\r\nHost: ").append(request.origin.authority()).append("\r\nUser-Agent: clarion");
  for (const auto& [name, value] : request.headers) bytes.append("\r\n").append(name).append(": ").append(value);
  if (!request.body.empty() || request.method != "GET") {
    bytes.append("\r\nContent-Length: ").append(std::to_string(request.body.size()));
  }
  bytes.append("\r\n\r\n").append(request.body);
  for (std::int32_t attempt = 1;; ++attempt) {
    auto reply = co_await transport.exchange({request.origin, bytes, request.deadline});
    const bool may_help = !reply || reply->status == 429 || reply->status >= 500;
    if (!may_help || attempt >= request.attempts) co_return reply;
    co_await clock.sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace clarion
