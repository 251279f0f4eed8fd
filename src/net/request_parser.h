#pragma once
// RequestParser: bytes of one HTTP/1 request in, an HttpRequest or a refusal out. No socket, no clock.
//
// Grammar  RFC 9112, strict where leniency has been abused: one Content-Length at most, never together with
//          Transfer-Encoding, no transfer coding but "chunked", exactly one Host in HTTP/1.1.
// Memory   the header and the body are bounded by the limits; trailers are read and dropped.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"

namespace clarion {

class RequestParser {
 public:
  struct Limits {
    std::size_t header_bytes = 16 * 1024;
    std::uint64_t body_bytes = 64ULL * 1024 * 1024;
  };
  enum class Step : unsigned char {
    NeedMore,
    Header,    // reported once, when a body follows; put() goes on
    Complete,  // the rest of the bytes belongs to the next request
    Refused,   // see refusal(); the connection cannot be used further
  };
  struct Refusal {
    int status = 400;
    std::string message;
  };

  explicit RequestParser(Limits limits);
  ~RequestParser();

  // Reads from the front of `bytes`, which must begin where `consumed` of the last call ended; sets `consumed`.
  // REQUIRES: the last step was NeedMore or Header.
  [[nodiscard]] Step put(std::string_view bytes, std::size_t& consumed);

  // From Header or Complete on; when Refused, as much as was read.
  [[nodiscard]] HttpRequest& request();
  // The authority the client asked for: of the absolute form, else the Host header.
  [[nodiscard]] const std::string& host() const;
  [[nodiscard]] const Refusal& refusal() const;
  [[nodiscard]] bool keeps_alive() const;
  [[nodiscard]] bool expects_continue() const;
  [[nodiscard]] bool is_http_1_0() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clarion
