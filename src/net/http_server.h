#pragma once
// HttpServer: listens, answers each connection from a Router, and drains when it is stopped.
//
// Limits   every wait for a client has a deadline, every size a bound, and connections a cap, so that slow or hostile
//          clients cost one small connection each and no worker.
// Threads  lives on one executor that one thread runs (an io_context per worker); call it from there.

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "net/cors_policy.h"
#include "net/host_policy.h"
#include "net/http.h"
#include "net/http_metrics.h"
#include "net/request_parser.h"

namespace clarion {

struct HttpServerOptions {
  using Millis = std::chrono::milliseconds;

  RequestParser::Limits limits = {};
  std::uint64_t body_bytes_in_all = 512ULL * 1024 * 1024;  // of all bodies being read or handled; beyond it 503
  std::size_t connections = 4096;                          // open at once; the next is answered 503 with Retry-After
  Millis header_timeout{10'000};                           // first byte to end of the header, in all
  Millis body_timeout{120'000};                            // the whole body
  Millis write_timeout{30'000};                            // each 256 KiB of an answer
  Millis idle_timeout{75'000};                             // between requests; above the 60 s of common load balancers
  Millis linger_timeout{2'000};  // after the last answer, so that a client still sending can read it
  Millis heartbeat{15'000};      // comment in a quiet event stream, to keep proxies from closing it
  HostPolicy hosts = HostPolicy::any();
  CorsPolicy cors = CorsPolicy();
  std::string body_advice = "send less at a time";  // ends the sentence of a 413
};

class HttpServer {
 public:
  struct Deps {
    const Router& router;
    HttpMetrics& metrics;
    Clock& clock;
  };

  HttpServer(asio::any_io_executor executor, Deps deps, HttpServerOptions options);
  ~HttpServer();  // REQUIRES: listen() was never called, or stop() has returned

  // Binds and begins to accept. `host` is an address or "localhost"; port 0 takes any free port.
  // Invalid (not an address), Conflict (port taken), Denied (no permission): each says what to change.
  Result<void> listen(const std::string& host, std::uint16_t port);
  // Accepts from the same socket as `other`, so that several loops share one port and each new connection goes to
  // whichever is free first. Unavailable when no descriptor is left. REQUIRES: other.listen() has succeeded.
  Result<void> listen_with(const HttpServer& other);
  [[nodiscard]] std::uint16_t port() const;  // the bound one; 0 before listen()
  [[nodiscard]] std::size_t connections() const;

  // Stops accepting, closes idle connections, ends event streams, and lets running requests finish until `deadline`;
  // what is left then is cancelled. Returns when no connection is left.
  Task<void> stop(TimePoint deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace clarion
