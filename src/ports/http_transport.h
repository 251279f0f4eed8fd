#pragma once
// HttpTransport: one request and its reply, and on failure how far the request got.
//
// Contract  it never repeats a request. "Provably not accepted" rests on Reach: NotSent is the only failure after which
//           a request that must not happen twice may be sent again.
// Threads   one executor; many exchanges are under way at once.

#include <chrono>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/task.h"

namespace clarion {

struct HttpOrigin {
  bool is_tls = true;
  std::string host;  // a name or an address; IPv6 without brackets
  std::uint16_t port = 443;
  auto operator<=>(const HttpOrigin&) const = default;

  // "example.com", "127.0.0.1:4566" or "[::1]:80": with the port unless it is the scheme's own.
  [[nodiscard]] std::string authority() const {
    const bool is_default = port == (is_tls ? 443 : 80);
    const std::string name = host.contains(':') ? '[' + host + ']' : host;
    return is_default ? name : name + ':' + std::to_string(port);
  }
};

// The headers of one reply, in one text: hardly any is ever looked at.
class ReplyHeaders {
 public:
  ReplyHeaders() = default;
  ReplyHeaders(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    for (const auto& [name, value] : headers) add(name, value);
  }

  // `name` in any case. REQUIRES: no line feed in either, as the grammar of HTTP has it.
  void add(std::string_view name, std::string_view value);
  // The first of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view lower_case_name) const;

 private:
  std::string lines_;  // "name:value\n" each, names in lower case
};

struct HttpReply {
  int status = 0;
  ReplyHeaders headers;
  std::string body;

  [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const {
    return headers.find(lower_case_name);
  }
};

enum class Reach : std::uint8_t {
  NotSent,   // no byte of the request left us
  MaybeSent  // some bytes left us, and no whole reply came back
};

struct TransportFailure {
  Reach reach = Reach::MaybeSent;
  std::string message;  // one sentence: what failed, with the origin
};

struct HttpCall {
  const HttpOrigin& origin;
  std::string_view bytes;              // head and body, exactly as they go out; alive until the Task ends
  std::chrono::milliseconds deadline;  // for the whole exchange, connecting included
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual Task<std::expected<HttpReply, TransportFailure>> exchange(HttpCall call) = 0;
};

}  // namespace clarion
