#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/http_server_fixture.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

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
      {std::string("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 11), "400"},
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
      {post + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n", "400.*chunk"},
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
  const std::vector<char> body(50'000'000, 'x');
  EXPECT_TRUE(connection.send({body.data(), body.size()}));
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
