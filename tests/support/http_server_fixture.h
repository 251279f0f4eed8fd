#pragma once
// HttpServerTest: a server with a route for each thing that can happen, started when the test has set the options.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "support/http_client.h"
#include "support/loopback_server.h"

namespace clarion::testing {

using namespace std::chrono_literals;

inline HttpResponse plain(int status, std::string body) {
  return {.status = status, .content_type = "text/plain", .body = std::move(body)};
}

inline Task<void> sleep(std::chrono::milliseconds span) {
  asio::steady_timer timer(co_await asio::this_coro::executor, span);
  co_await timer.async_wait(asio::use_awaitable);
}

// What the handlers of the test router have seen.
struct Seen {
  std::atomic<int> calls = 0;
  std::atomic<int> streams_begun = 0;
  std::atomic<int> streams_ended = 0;
  std::atomic<int> events_sent = 0;
};

class HttpServerTest : public ::testing::Test {
 protected:
  std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
  HttpServerOptions options_ = [] {
    HttpServerOptions options;
    options.limits.body_bytes = 1000;
    options.linger_timeout = 200ms;
    options.body_advice = "import it and send to a segment";
    return options;
  }();
  std::optional<LoopbackServer> server_;

  Router make_router() {
    Router router([](int status, std::string message, const HttpRequest& request) {
      return plain(status, message + " [" + request.path + "]");
    });
    const auto seen = seen_;
    router.add(HttpMethod::Get, "/hello/{name}", [seen](HttpRequest request) -> Task<HttpResponse> {
      ++seen->calls;
      co_return plain(200, "hello " + request.path_parameters["name"] + " " + request.query["q"]);
    });
    router.add(HttpMethod::Post, "/echo", [seen](HttpRequest request) -> Task<HttpResponse> {
      ++seen->calls;
      co_return plain(200, request.body);
    });
    const auto slow = [seen](HttpRequest) -> Task<HttpResponse> {
      ++seen->calls;
      co_await sleep(300ms);
      co_return plain(200, "slow");
    };
    router.add(HttpMethod::Get, "/slow", slow);
    router.add(HttpMethod::Post, "/slow", slow);
    router.add(HttpMethod::Get, "/stuck", [seen](HttpRequest) -> Task<HttpResponse> {
      ++seen->calls;
      co_await sleep(1h);
      co_return plain(200, "never");
    });
    router.add(HttpMethod::Get, "/throws", [](HttpRequest request) -> Task<HttpResponse> {
      if (request.path == "/throws") throw std::runtime_error("boom");
      co_return plain(200, "");
    });
    router.add(
        HttpMethod::Post, "/guarded",
        [seen](HttpRequest request) -> Task<HttpResponse> {
          ++seen->calls;
          co_return plain(200, request.caller + " from " + request.client + " says " + request.body);
        },
        [](HttpRequest& request) -> Task<std::optional<HttpResponse>> {
          if (request.header("X-Fault")) throw std::runtime_error("boom");
          if (!request.header("X-Pass")) co_return plain(401, "who are you? " + request.route);
          request.caller = *request.header("X-Pass");
          co_return std::nullopt;
        });
    router.add(HttpMethod::Get, "/api/thing", [](HttpRequest) -> Task<HttpResponse> {
      HttpResponse response = plain(200, "thing");
      response.headers = {{"X-Trick", "a\r\nSet-Cookie: b"}};
      co_return response;
    });
    router.add(HttpMethod::Get, "/download", [](HttpRequest request) -> Task<HttpResponse> {
      HttpResponse response = plain(200, "");
      response.chunks = [left = 3, breaks = request.query.contains("break")]() mutable -> Task<Result<std::string>> {
        if (--left == 0 && breaks) co_return fail(ErrorKind::Unavailable, "the store is gone");
        co_return left <= 0 ? std::string() : std::string(100'000, static_cast<char>('a' + left));
      };
      co_return response;
    });
    router.add(HttpMethod::Get, "/events", [seen](HttpRequest request) -> Task<HttpResponse> {
      HttpResponse response;
      const std::string last(request.header("Last-Event-ID").value_or("none"));
      const int count = request.query.contains("count") ? std::stoi(request.query["count"]) : 0;
      response.stream = [seen, last, count](std::shared_ptr<EventStream> stream) -> Task<void> {
        ++seen->streams_begun;
        const auto guard = std::shared_ptr<void>(nullptr, [seen](void*) { ++seen->streams_ended; });
        static_cast<void>(co_await stream->send("begin", "after " + last + "\nsecond line", "7"));
        for (int i = 0; i < count; ++i) {
          if (!co_await stream->send("tick", std::string(10'000, 'x'), "")) co_return;
          ++seen->events_sent;
        }
        if (count > 0) co_return;
        co_await sleep(100ms);
        static_cast<void>(co_await stream->send("later", "", ""));
        co_await sleep(1h);
      };
      co_return response;
    });
    return router;
  }

  std::uint16_t start() {
    server_.emplace(make_router(), options_);
    return server_->port();
  }
  // The whole answer to raw bytes on a connection of its own, up to the server's close.
  std::string answer_to(std::string_view bytes) {
    HttpConnection connection(server_ ? server_->port() : start());
    connection.send(bytes);
    connection.finish_sending();
    return connection.read_until_closed().value_or("(no answer in time)");
  }
  static void wait_for(const std::atomic<int>& count, int wanted) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (count < wanted && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    ASSERT_GE(count, wanted);
  }
};

}  // namespace clarion::testing
