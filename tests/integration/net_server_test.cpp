#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "support/http_client.h"
#include "support/loopback_server.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

HttpResponse plain(int status, std::string body) {
  return {.status = status, .content_type = "text/plain", .body = std::move(body)};
}

Task<void> sleep(std::chrono::milliseconds span) {
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

TEST_F(HttpServerTest, AnswersByRouteAndKeepsTheConnection) {
  HttpConnection connection(start());
  for (int i = 0; i < 3; ++i) {
    connection.send_request("GET", "/hello/J%C3%B3%2Fa?q=a+b%26c");
    const HttpReply reply = connection.read_reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hello Jó/a a b&c");
    EXPECT_FALSE(reply.headers.contains("connection"));
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  const std::string two =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\noneGET /slow HTTP/1.1\r\nHost: "
      "localhost\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
      "chunked\r\n\r\n2\r\nth\r\n3;x=y\r\nree\r\n0\r\nX-T: "
      "1\r\n\r\n";
  HttpConnection connection(start());
  connection.send(two);
  EXPECT_EQ(connection.read_reply().body, "one");
  EXPECT_EQ(connection.read_reply().body, "slow");
  EXPECT_EQ(connection.read_reply().body, "three");
}

TEST_F(HttpServerTest, TakesARequestByteByByte) {
  HttpConnection connection(start());
  for (const char c : std::string("\r\nPOST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab")) {
    ASSERT_TRUE(connection.send({&c, 1}));
  }
  EXPECT_EQ(connection.read_reply().body, "ab");
}

TEST_F(HttpServerTest, ClosesWhenAskedAndSpeaksHttp10) {
  EXPECT_THAT(answer_to("GET /hello/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Connection: close\r\n")));
  EXPECT_THAT(answer_to("GET /hello/a HTTP/1.0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Connection: close\r\n")));
  EXPECT_THAT(answer_to("GET /hello/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
              HasSubstr("Connection: keep-alive\r\n"));
}

TEST_F(HttpServerTest, AnswersHeadAndOptionsAndWrongMethods) {
  HttpConnection connection(start());
  connection.send_request("HEAD", "/hello/abc");
  HttpReply reply = connection.read_reply(true);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-length"), "10");
  connection.send_request("OPTIONS", "/hello/abc");
  reply = connection.read_reply();
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("allow"), "GET, HEAD, OPTIONS");
  connection.send_request("BREW", "/hello/abc");
  reply = connection.read_reply();
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.header("allow"), "GET, HEAD, OPTIONS");
  connection.send_request("GET", "/nothing/here");
  reply = connection.read_reply();
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "there is nothing at /nothing/here [/nothing/here]");
}

TEST_F(HttpServerTest, RefusesWhatIsNotHttp) {
  const std::string get = "GET /hello/a HTTP/1.1\r\nHost: localhost\r\n";
  const std::string post = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"garbage\r\n\r\n", "400"},
      {std::string("\x16\x03\x01\x02\x00", 5) + "\x01\x00\r\n\r\n", "400"},
      {"GET /hello/a HTTP/1.1\r\n\r\n", "400 Bad Request.*needs a Host"},
      {get + "Host: other\r\n\r\n", "400.*more than once"},
      {"GET /hello/a HTTP/1.1\r\nHost: a b\r\n\r\n", "400.*Host header must be"},
      {"GET /hello/a HTTP/3.7\r\nHost: localhost\r\n\r\n", "505"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
      {"G@T /hello/a HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"},
      {"GET hello HTTP/1.1\r\nHost: localhost\r\n\r\n", "400.*must begin with"},
      {"GET /hello/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "400.*hexadecimal"},
      {"GET /hello/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400.*NUL"},
      {"GET /hello/%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", "400.*UTF-8"},
      {get + std::string("X-A: b\0c\r\n\r\n", 12), "400"},
      {get + "No colon here\r\n\r\n", "400"},
      {get + "X-A : b\r\n\r\n", "400"},
      {post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "400.*Content-Length"},
      {post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "400.*Content-Length"},
      {post + "Content-Length: -1\r\n\r\n", "400.*Content-Length"},
      {post + "Content-Length: 99999999999999999999\r\n\r\n", "400.*Content-Length"},
      {post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400.*Content-Length"},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", "400.*Transfer-Encoding"},
      {post + "Transfer-Encoding: gzip\r\n\r\n", "501.*chunked"},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501.*chunked"},
      {post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "501.*chunked"},
      {"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400.*Transfer-Encoding"},
      {post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "400.*chunk"},
      {post + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", "400.*chunk"},
      {post + "Transfer-Encoding: chunked\r\n\r\n" + std::string(30'000, '0') + "\r\n", "400.*chunk"},
      {post + "Expect: wonders\r\nContent-Length: 1\r\n\r\na", "417"},
      {get + "X-Large: " + std::string(17'000, 'x') + "\r\n\r\n", "431.*header is larger than 16 KiB"},
      {"GET /" + std::string(17'000, 'x') + " HTTP/1.1\r\n\r\n", "431"},
  };
  for (const auto& [bytes, wanted] : cases) {
    const std::string answer = answer_to(bytes);
    const auto body_at = answer.find("\r\n\r\n");
    const std::string summary = answer.substr(0, answer.find("\r\n")) + " " +
                                (body_at == std::string::npos ? std::string() : answer.substr(body_at + 4));
    EXPECT_THAT(summary, ::testing::ContainsRegex("HTTP/1.1 " + wanted)) << bytes.substr(0, 200);
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n")) << bytes.substr(0, 200);
  }
  EXPECT_EQ(seen_->calls, 0);
}

TEST_F(HttpServerTest, NothingIsAnsweredBehindARefusedRequest) {
  const std::string answer = answer_to(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      "GET /hello/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(answer.find("smuggled"), std::string::npos) << answer;
  EXPECT_EQ(seen_->calls, 0);
}

TEST_F(HttpServerTest, RefusesATooLargeBodyBeforeReadingIt) {
  HttpConnection connection(start());
  connection.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n");
  const HttpReply reply = connection.read_reply();
  EXPECT_EQ(reply.status, 413);
  EXPECT_THAT(reply.body, HasSubstr("limit of 1000 bytes; import it and send to a segment [/echo]"));
}

TEST_F(HttpServerTest, AClientThatSendsAHugeBodyWithoutLookingStillSeesThe413) {
  HttpConnection connection(start());
  connection.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n");
  EXPECT_TRUE(connection.send(std::string(50'000'000, 'x')));
  EXPECT_EQ(connection.read_reply().status, 413);
}

TEST_F(HttpServerTest, RefusesAChunkedBodyThatGrowsOverTheLimit) {
  std::string bytes = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 3; ++i) bytes += "190\r\n" + std::string(400, 'x') + "\r\n";
  EXPECT_THAT(answer_to(bytes), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, BodiesTogetherStayWithinTheirShareOfMemory) {
  options_.body_bytes_in_all = 1000;
  HttpConnection first(start());
  first.send_request("POST", "/slow", std::string(900, 'x'));
  wait_for(seen_->calls, 1);  // its handler runs and holds the body
  const HttpReply refused = http_post(server_->port(), "/echo", std::string(900, 'x'));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(first.read_reply().status, 200);
  EXPECT_EQ(http_post(server_->port(), "/echo", std::string(900, 'x')).status, 200);
}

TEST_F(HttpServerTest, SaysContinueToAClientThatWaitsForIt) {
  HttpConnection connection(start());
  connection.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(connection.read_head().status, 100);
  connection.send("ok");
  EXPECT_EQ(connection.read_reply().body, "ok");
  connection.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(connection.read_head().status, 413);
}

TEST_F(HttpServerTest, SlowClientsAreAnswered408AndClosed) {
  options_.header_timeout = 50ms;
  options_.body_timeout = 50ms;
  HttpConnection header(start());
  HttpConnection body(server_->port());
  header.send("GET /hello/a HTTP/1.1\r\nHost: loc");
  body.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(header.read_until_closed().value_or("open"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(body.read_until_closed().value_or("open"), StartsWith("HTTP/1.1 408 "));
}

TEST_F(HttpServerTest, IdleConnectionsAreClosedWithoutAnAnswer) {
  options_.idle_timeout = 50ms;
  HttpConnection silent(start());
  EXPECT_EQ(silent.read_until_closed(), "");
  HttpConnection used(server_->port());
  used.send_request("GET", "/hello/a");
  EXPECT_EQ(used.read_reply().status, 200);
  EXPECT_EQ(used.read_until_closed(), "");
}

TEST_F(HttpServerTest, AHandlerThatThrowsIs500AndTheConnectionGoesOn) {
  HttpConnection connection(start());
  connection.send_request("GET", "/throws", {}, {{"X-Request-Id", "req-1"}});
  const HttpReply reply = connection.read_reply();
  EXPECT_EQ(reply.status, 500);
  EXPECT_THAT(reply.body, AllOf(HasSubstr("req-1"), Not(HasSubstr("boom"))));
  connection.send_request("GET", "/hello/a");
  EXPECT_EQ(connection.read_reply().status, 200);
}

TEST_F(HttpServerTest, TakesASafeRequestIdAndReplacesAnUnsafeOne) {
  start();
  EXPECT_EQ(http_get(server_->port(), "/hello/a", {{"X-Request-Id", "abc-1.2_3"}}).header("x-request-id"), "abc-1.2_3");
  for (const std::string& unsafe : {std::string("a b"), std::string("<script>"), std::string(65, 'x')}) {
    const std::string made = http_get(server_->port(), "/hello/a", {{"X-Request-Id", unsafe}}).header("x-request-id");
    EXPECT_THAT(made, ::testing::MatchesRegex("[0-9a-f]+")) << unsafe;
    EXPECT_EQ(made.size(), 16U);
  }
}

TEST_F(HttpServerTest, EveryAnswerCarriesTheSecurityHeadersAndNoVersion) {
  start();
  for (const std::string path : {"/hello/a", "/api/thing", "/nothing", "/throws"}) {
    const HttpReply reply = http_get(server_->port(), path);
    EXPECT_THAT(reply.header("content-security-policy"), StartsWith("default-src 'self';")) << path;
    EXPECT_EQ(reply.header("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(reply.header("referrer-policy"), "no-referrer") << path;
    EXPECT_EQ(reply.header("cross-origin-opener-policy"), "same-origin") << path;
    EXPECT_FALSE(reply.headers.contains("server")) << path;
    EXPECT_FALSE(reply.headers.contains("set-cookie")) << path;
    EXPECT_THAT(reply.header("date"), ::testing::MatchesRegex("..., .. ... .... ..:..:.. GMT")) << path;
  }
  EXPECT_EQ(http_get(server_->port(), "/api/thing").header("cache-control"), "no-store");
  EXPECT_EQ(http_get(server_->port(), "/api/thing").header("x-trick"), "a  Set-Cookie: b");
}

TEST_F(HttpServerTest, LocalServersRefuseForeignHostsAndOrigins) {
  options_.hosts = HostPolicy::local({"clarion.test"});
  const std::uint16_t port = start();
  const std::string own = "localhost:" + std::to_string(port);
  const auto status = [&](const HttpHeaders& headers) { return http_get(port, "/hello/a", headers).status; };
  EXPECT_EQ(status({{"Host", own}}), 200);
  EXPECT_EQ(status({{"Host", "clarion.test"}}), 200);
  EXPECT_EQ(status({{"Host", own}, {"Origin", "http://" + own}}), 200);
  EXPECT_EQ(status({{"Host", "evil.example"}}), 403);
  EXPECT_EQ(status({{"Host", own}, {"Origin", "http://evil.example"}}), 403);
  EXPECT_EQ(status({{"Host", own}, {"Origin", "null"}}), 403);
  EXPECT_EQ(status({{"Host", own}, {"Origin", "http://localhost:1"}}), 403);
  // The refusal comes before the body is read.
  HttpConnection connection(port);
  connection.send("POST /echo HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 900\r\n\r\n");
  EXPECT_EQ(connection.read_reply().status, 403);
  // The absolute form overrides the Host header (RFC 9112 section 3.2.2).
  EXPECT_THAT(answer_to("GET http://evil.example/hello/a HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              StartsWith("HTTP/1.1 403 "));
}

TEST_F(HttpServerTest, ThousandsOfIdleConnectionsAreHeldUpToTheCapAndTheNextIs503) {
  options_.connections = 2000;
  start();
  std::vector<HttpConnection> held;
  held.reserve(options_.connections);
  for (std::size_t i = 0; i < options_.connections; ++i) {
    held.emplace_back(server_->port());
    ASSERT_TRUE(held.back().is_open()) << i;
  }
  HttpConnection next(server_->port());
  next.send_request("GET", "/hello/a");
  const HttpReply refused = next.read_reply();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  held.front().send_request("GET", "/hello/a");
  EXPECT_EQ(held.front().read_reply().status, 200);
}

TEST_F(HttpServerTest, AClientThatVanishesMidwayCostsNothing) {
  const std::uint16_t port = start();
  for (int i = 0; i < 50; ++i) {
    HttpConnection connection(port);
    connection.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nab");
  }
  EXPECT_EQ(http_get(port, "/hello/a").status, 200);
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (server_->connections() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpServerTest, SendsADownloadInChunks) {
  HttpConnection connection(start());
  connection.send_request("GET", "/download");
  const HttpReply reply = connection.read_reply();
  EXPECT_EQ(reply.body, std::string(100'000, 'c') + std::string(100'000, 'b'));
  connection.send_request("GET", "/hello/a");
  EXPECT_EQ(connection.read_reply().status, 200);
  const std::string old = answer_to("GET /download HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old, Not(HasSubstr("Transfer-Encoding")));
  EXPECT_TRUE(old.ends_with(std::string(100'000, 'b')));
}

TEST_F(HttpServerTest, ADownloadThatFailsMidwayIsVisiblyCutOff) {
  HttpConnection connection(start());
  connection.send_request("GET", "/download?break=1");
  EXPECT_EQ(connection.read_head().status, 200);
  EXPECT_FALSE(connection.read_until_closed()->ends_with("0\r\n\r\n"));
}

TEST_F(HttpServerTest, StreamsEventsWithHeartbeats) {
  options_.heartbeat = 20ms;
  HttpConnection connection(start());
  connection.send_request("GET", "/events", {}, {{"Last-Event-ID", "6"}});
  const HttpReply head = connection.read_head();
  EXPECT_EQ(head.header("content-type"), "text/event-stream");
  EXPECT_EQ(head.header("cache-control"), "no-store");
  const auto event = connection.read_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->event, "begin");
  EXPECT_EQ(event->data, "after 6\nsecond line");
  EXPECT_EQ(event->id, "7");
  EXPECT_EQ(connection.comments(), 0);
  EXPECT_EQ(connection.read_event().value_or(ServerEvent{}).event, "later");
  EXPECT_GE(connection.comments(), 1);
  auto stopping = server_->begin_stop(60s);
  EXPECT_FALSE(connection.read_event());
  stopping.get();
  EXPECT_EQ(seen_->streams_ended, 1);
}

TEST_F(HttpServerTest, AStreamEndsItsHandlerWhenTheClientGoes) {
  const std::uint16_t port = start();
  {
    HttpConnection connection(port);
    connection.send_request("GET", "/events");
    ASSERT_TRUE(connection.read_head().status == 200 && connection.read_event());
  }
  wait_for(seen_->streams_ended, 1);
}

TEST_F(HttpServerTest, AStreamThatEndsByItselfClosesTheConnection) {
  HttpConnection connection(start());
  connection.send_request("GET", "/events?count=3");
  EXPECT_EQ(connection.read_head().status, 200);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(connection.read_event());
  EXPECT_FALSE(connection.read_event());
}

TEST_F(HttpServerTest, AClientThatNeverReadsItsStreamIsCutOff) {
  options_.write_timeout = 100ms;
  HttpConnection connection(start());
  connection.set_receive_buffer(4096);
  connection.send_request("GET", "/events?count=1000000");
  wait_for(seen_->streams_ended, 1);
  EXPECT_LT(seen_->events_sent, 2000);  // socket buffers hold some; nothing else piles up
}

TEST_F(HttpServerTest, StoppingFinishesRunningRequestsAndClosesIdleConnections) {
  HttpConnection idle(start());
  HttpConnection running(server_->port());
  running.send_request("GET", "/slow");
  wait_for(seen_->calls, 1);
  auto stopping = server_->begin_stop(60s);
  EXPECT_EQ(idle.read_until_closed(), "");
  const HttpReply reply = running.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("connection"), "close");
  stopping.get();
  EXPECT_FALSE(HttpConnection(server_->port()).is_open());
}

TEST_F(HttpServerTest, StoppingCancelsWhatIsLeftAtTheDeadline) {
  HttpConnection stuck(start());
  stuck.send_request("GET", "/stuck");
  HttpConnection streaming(server_->port());
  streaming.send_request("GET", "/events");
  wait_for(seen_->calls, 1);
  wait_for(seen_->streams_begun, 1);
  const auto began = std::chrono::steady_clock::now();
  server_->stop(50ms);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  EXPECT_EQ(stuck.read_reply().status, 0);
  EXPECT_EQ(seen_->streams_ended, 1);
}

TEST_F(HttpServerTest, CountsRequestsByRouteAndStatus) {
  const std::uint16_t port = start();
  http_get(port, "/hello/a");
  http_get(port, "/hello/b");
  http_get(port, "/secret/%2B14255550156");
  server_->stop(1s);
  const std::string text = render_metrics(server_->registry());
  EXPECT_THAT(text,
              HasSubstr("clarion_http_requests_total{method=\"GET\",route=\"/hello/{name}\",status=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("clarion_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("clarion_http_request_seconds_count{route=\"/hello/{name}\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("clarion_http_connections 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("4255550156")));
}

TEST_F(HttpServerTest, SaysWhatToDoWhenThePortIsTakenOrTheAddressIsNotOurs) {
  const std::uint16_t taken = start();
  asio::io_context context;
  const Router router = make_router();
  prometheus::Registry registry;
  HttpMetrics metrics(registry);
  SystemClock clock;
  HttpServer second(context.get_executor(), {router, metrics, clock}, {});
  const auto conflict = second.listen("127.0.0.1", taken);
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(conflict.error().message, "127.0.0.1 port " + std::to_string(taken) +
                                          " is already in use; stop the program that uses it, or choose another with "
                                          "--port or CLARION_PORT");
  EXPECT_EQ(second.listen("not an address", 0).error().kind, ErrorKind::Invalid);
  EXPECT_EQ(second.listen("192.0.2.1", 0).error().kind, ErrorKind::Invalid);
}

}  // namespace
}  // namespace clarion::testing
