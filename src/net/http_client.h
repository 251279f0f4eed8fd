#pragma once
// HttpClient: pooled keep-alive connections to a few origins; the HttpTransport of production.
//
// TLS        1.2 and up, the peer's certificate and host name verified, SNI sent.
// Proxy      for a TLS origin, a tunnel by CONNECT; a plain origin is always reached directly.
// Deadlines  every exchange has one, looking up its name included; a coarse sweep closes what is late, so no exchange
//            pays for a timer of its own.
// Pool       latest used first; a connection that has idled, whose peer has closed it, or that is so old that its name
//            should be looked up again, is never used again.
// Cancelled  an exchange ends as failed, or with operation_aborted thrown; its connection is closed.
// Threads    one executor. Await close() before destruction.

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task_group.h"
#include "net/host_resolver.h"
#include "ports/http_transport.h"

namespace clarion {

struct HttpProxy {
  std::string host;
  std::uint16_t port = 0;
  std::vector<std::string> no_proxy;  // hosts and ".suffixes" reached directly; "*" is all
  std::string authorization;          // of the tunnel: "Basic ..."; empty: none. A secret
};

struct HttpClientOptions {
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds max_idle{20'000};  // unused for longer: closed, before the peer does it in mid-request
  // A name that gets another address is followed by then, however busy its connections are.
  std::chrono::milliseconds max_age{300'000};
  // As many as the engine has sends under way on one channel at most: fewer would be closed and made again at every
  // short pause, and a TLS handshake costs more than a hundred requests.
  std::size_t max_idle_per_origin = 1024;
  std::size_t max_reply_bytes = 16U << 20U;
  std::optional<HttpProxy> proxy;
  std::string ca_file;                // PEM; empty: the system's
  HostResolver::LookUp look_up_host;  // empty: the system's
};

class HttpClient final : public HttpTransport {
 public:
  // Throws std::runtime_error when the certificates of authorities cannot be read.
  HttpClient(asio::any_io_executor executor, Clock& clock, HttpClientOptions options);
  ~HttpClient() override;

  Task<std::expected<HttpReply, TransportFailure>> exchange(HttpCall call) override;
  // Ends every exchange under way, closes every connection, and returns when nothing runs any more.
  Task<void> close();
  // Connections made since the start: for tests and metrics.
  [[nodiscard]] std::uint64_t connections_made() const { return connections_made_; }
  // Open connections, used or not, and those being made.
  [[nodiscard]] std::size_t connections_open() const { return open_.size(); }

 private:
  class Connection;
  struct Tls;
  using Connected = std::expected<std::unique_ptr<Connection>, TransportFailure>;
  Task<Connected> connect(const HttpOrigin& origin, TimePoint deadline);
  [[nodiscard]] bool is_fresh(const Connection& connection, TimePoint now) const;
  std::unique_ptr<Connection> take_idle(const HttpOrigin& origin, TimePoint now);
  void put_idle(std::unique_ptr<Connection> connection);
  // Closes what is past its deadline, or has idled too long.
  Task<void> sweep();

  asio::any_io_executor executor_;
  Clock& clock_;
  HttpClientOptions options_;
  std::unique_ptr<Tls> tls_;
  HostResolver resolver_;
  std::list<Connection*> open_;  // all of them: what the sweep looks at
  std::map<HttpOrigin, std::vector<std::unique_ptr<Connection>>> idle_;
  TaskGroup group_;
  bool is_closed_ = false;
  std::uint64_t connections_made_ = 0;
};

// The proxy of HTTPS_PROXY (or https_proxy) and NO_PROXY (or no_proxy); `get` looks a variable up. Invalid when the
// address is not http://host:port, with or without "user:password@" (percent-encoded).
[[nodiscard]] Result<std::optional<HttpProxy>> proxy_from_environment(
    const std::function<std::optional<std::string>(const std::string&)>& get);

}  // namespace clarion
