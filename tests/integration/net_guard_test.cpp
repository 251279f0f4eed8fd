// Guards and CORS over real connections: who is refused, and when.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/http_server_fixture.h"

namespace clarion::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(HttpServerTest, AGuardRefusesBeforeTheBodyIsRead) {
  HttpConnection connection(start());
  connection.send("POST /guarded HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\nExpect: 100-continue\r\n\r\n");
  const HttpReply refused = connection.read_reply();
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "who are you? /guarded");
  EXPECT_EQ(refused.header("connection"), "close");
  EXPECT_EQ(seen_->calls, 0);
}

TEST_F(HttpServerTest, AGuardLetsInAndTheHandlerKnowsWhoAsks) {
  HttpConnection connection(start());
  for (int i = 0; i < 2; ++i) {
    connection.send_request("POST", "/guarded", "hello", {{"X-Pass", "ana"}});
    EXPECT_EQ(connection.read_reply().body, "ana from 127.0.0.1 says hello");
  }
}

TEST_F(HttpServerTest, AGuardThatThrowsLetsNobodyIn) {
  EXPECT_THAT(answer_to("POST /guarded HTTP/1.1\r\nHost: localhost\r\nX-Pass: ana\r\nX-Fault: 1\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("boom"))));
  EXPECT_EQ(seen_->calls, 0);
}

TEST_F(HttpServerTest, PagesOfListedOriginsMayReadEveryAnswer) {
  options_.hosts = HostPolicy::any_host({"https://a.example"});
  options_.cors = CorsPolicy({"https://a.example"});
  const std::string common = "Host: localhost\r\nOrigin: https://a.example\r\nConnection: close\r\n";
  const auto allowed = HasSubstr("\r\nAccess-Control-Allow-Origin: https://a.example\r\n");
  EXPECT_THAT(answer_to("GET /hello/a HTTP/1.1\r\n" + common + "\r\n"), AllOf(StartsWith("HTTP/1.1 200 "), allowed));
  EXPECT_THAT(answer_to("POST /guarded HTTP/1.1\r\n" + common + "\r\n"), AllOf(StartsWith("HTTP/1.1 401 "), allowed));
  EXPECT_THAT(answer_to("GET /events?count=1 HTTP/1.1\r\n" + common + "\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 "), allowed));
  EXPECT_THAT(
      answer_to("OPTIONS /guarded HTTP/1.1\r\n" + common + "Access-Control-Request-Method: POST\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 204 "), allowed, HasSubstr("\r\nAccess-Control-Allow-Methods: POST, OPTIONS\r\n"),
            HasSubstr("\r\nAccess-Control-Allow-Headers: Authorization, ")));
  EXPECT_THAT(answer_to("GET /hello/a HTTP/1.1\r\nHost: localhost\r\nOrigin: https://b.example\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("\r\nVary: Origin\r\n"),
                    Not(HasSubstr("Access-Control-Allow-Origin"))));
}

}  // namespace
}  // namespace clarion::testing
