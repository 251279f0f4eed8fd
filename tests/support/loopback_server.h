#pragma once
// LoopbackServer: an HttpServer on a free port of 127.0.0.1, run by a thread of its own.
//
// Link clarion_net in the test program that includes this.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

#include "net/http_server.h"

namespace clarion::testing {

class LoopbackServer {
 public:
  LoopbackServer(Router router, HttpServerOptions options)
      : router_(std::move(router)),
        metrics_(registry_),
        server_(context_.get_executor(), {router_, metrics_, clock_}, std::move(options)) {
    if (const auto listening = server_.listen("127.0.0.1", 0); !listening) {
      throw std::runtime_error(listening.error().message);
    }
    port_ = server_.port();
    thread_ = std::jthread([this] { context_.run(); });
  }
  ~LoopbackServer() {
    if (thread_.joinable()) stop(std::chrono::milliseconds(0));
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] prometheus::Registry& registry() { return registry_; }
  // Begins to stop; the future is ready when no connection is left.
  std::future<void> begin_stop(std::chrono::milliseconds patience) {
    return asio::co_spawn(context_, server_.stop(clock_.now() + patience), asio::use_future);
  }
  void stop(std::chrono::milliseconds patience) {
    begin_stop(patience).get();
    work_.reset();
    thread_.join();
  }
  // How many connections are open, asked on the server's own thread.
  std::size_t connections() {
    return asio::post(context_, std::packaged_task<std::size_t()>([this] { return server_.connections(); })).get();
  }

 private:
  asio::io_context context_{1};
  // Keeps the thread for a second stop() after begin_stop().
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(context_);
  SystemClock clock_;
  prometheus::Registry registry_;
  Router router_;
  HttpMetrics metrics_;
  HttpServer server_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

}  // namespace clarion::testing
