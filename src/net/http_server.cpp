#include "net/http_server.h"

#include <fcntl.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <random>
#include <set>
#include <utility>

#include "base/log.h"
#include "net/http_session.h"

namespace clarion {
namespace {

using asio::ip::tcp;

// Connections beyond the cap that may wait for their 503; the next are closed without an answer.
constexpr std::size_t kRefusedAtOnce = 256;
constexpr std::chrono::milliseconds kAcceptPause{100};

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

Error explain_listen_error(const boost::system::error_code& error, const std::string& host, std::uint16_t port) {
  const std::string where = host + " port " + std::to_string(port);
  if (error == asio::error::address_in_use) {
    return {ErrorKind::Conflict, where +
                                     " is already in use; stop the program that uses it, or choose another with "
                                     "--port or CLARION_PORT"};
  }
  if (error == asio::error::access_denied) {
    return {ErrorKind::Denied, where +
                                   " may not be used by this user; choose a port above 1023 with --port or "
                                   "CLARION_PORT"};
  }
  return {ErrorKind::Invalid, "cannot listen on " + where + " (" + error.message() +
                                  "); --host or CLARION_HOST must "
                                  "be an address of this machine"};
}

}  // namespace

struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  State(asio::any_io_executor on, Deps deps, HttpServerOptions options)
      : executor(std::move(on)),
        context{deps, std::move(options), random_seed()},
        acceptor(executor),
        all_gone(executor) {}

  asio::any_io_executor executor;
  HttpSessionContext context;
  tcp::acceptor acceptor;
  asio::steady_timer all_gone;
  std::set<std::shared_ptr<HttpSession>> sessions;
  std::uint16_t port = 0;
  bool is_accepting = false;

  void begin_accepting();
  Task<void> accept_until_closed();
  void serve(tcp::socket socket);
  Task<void> wait_until_gone(asio::steady_timer::time_point deadline);
  [[nodiscard]] bool is_gone() const { return sessions.empty() && !is_accepting; }
};

void HttpServer::State::begin_accepting() {
  is_accepting = true;
  asio::co_spawn(executor, accept_until_closed(), [state = shared_from_this()](const std::exception_ptr&) {
    state->is_accepting = false;
    state->all_gone.cancel();
  });
}

Task<void> HttpServer::State::accept_until_closed() {
  while (acceptor.is_open()) {
    tcp::socket socket(executor);
    boost::system::error_code error;
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (!acceptor.is_open()) break;
    if (!error) {
      serve(std::move(socket));
    } else if (error != asio::error::connection_aborted) {
      // Out of file descriptors, most likely: asking again at once would only burn the processor.
      log_warn("http_accept_failed", {{"error", error.message()}});
      asio::steady_timer pause(executor, kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

void HttpServer::State::serve(tcp::socket socket) {
  const bool has_room = sessions.size() < context.options.connections;
  if (!has_room && sessions.size() >= context.options.connections + kRefusedAtOnce) return;
  const auto session = std::make_shared<HttpSession>(std::move(socket), context);
  sessions.insert(session);
  context.deps.metrics.connection_opened();
  const auto on_end = [self = shared_from_this(), session](const std::exception_ptr& failure) {
    if (failure && !session->is_aborted()) log_error("http_session_failed", {});
    self->sessions.erase(session);
    self->context.deps.metrics.connection_closed();
    self->all_gone.cancel();
  };
  asio::co_spawn(executor, has_room ? session->run() : session->refuse_for_lack_of_room(),
                 asio::bind_cancellation_slot(session->cancellation().slot(), on_end));
}

Task<void> HttpServer::State::wait_until_gone(asio::steady_timer::time_point deadline) {
  while (!is_gone() && std::chrono::steady_clock::now() < deadline) {
    boost::system::error_code woken;
    all_gone.expires_at(deadline);
    co_await all_gone.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

HttpServer::HttpServer(asio::any_io_executor executor, Deps deps, HttpServerOptions options)
    : state_(std::make_shared<State>(std::move(executor), deps, std::move(options))) {}

HttpServer::~HttpServer() = default;

Result<void> HttpServer::listen(const std::string& host, std::uint16_t port) {
  State& s = *state_;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  const tcp::endpoint endpoint(address, port);
  if (!error) s.acceptor.open(endpoint.protocol(), error);
  // Without it, a restart within a minute of the last connection fails (TIME_WAIT).
  if (!error) s.acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) s.acceptor.bind(endpoint, error);
  if (!error) s.acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    boost::system::error_code ignored;
    s.acceptor.close(ignored);
    return std::unexpected(explain_listen_error(error, host, port));
  }
  s.port = s.acceptor.local_endpoint().port();
  s.begin_accepting();
  return {};
}

Result<void> HttpServer::listen_with(const HttpServer& other) {
  State& s = *state_;
  const bool is_v4 = other.state_->acceptor.local_endpoint().protocol() == tcp::v4();
  const int shared = ::fcntl(other.state_->acceptor.native_handle(), F_DUPFD_CLOEXEC, 0);
  boost::system::error_code error;
  if (shared >= 0) s.acceptor.assign(is_v4 ? tcp::v4() : tcp::v6(), shared, error);
  if (shared < 0 || error) {
    return fail(ErrorKind::Unavailable,
                "another event loop cannot listen: no file descriptor is left; raise ulimit -n");
  }
  s.port = other.port();
  s.begin_accepting();
  return {};
}

std::uint16_t HttpServer::port() const {
  return state_->port;
}
std::size_t HttpServer::connections() const {
  return state_->sessions.size();
}

Task<void> HttpServer::stop(TimePoint deadline) {
  const auto state = state_;
  state->context.is_draining = true;
  boost::system::error_code ignored;
  state->acceptor.close(ignored);
  const auto draining = state->sessions;
  for (const auto& session : draining) session->drain();
  const Duration left = deadline - state->context.deps.clock.now();
  co_await state->wait_until_gone(std::chrono::steady_clock::now() + std::max(left, Duration::zero()));

  const auto stuck = state->sessions;
  if (!stuck.empty()) {
    log_warn("http_stop_cancelled_requests", {{"connections", static_cast<std::int64_t>(stuck.size())}});
  }
  for (const auto& session : stuck) session->abort();
  co_await state->wait_until_gone(asio::steady_timer::time_point::max());
}

}  // namespace clarion
