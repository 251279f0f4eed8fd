#include "net/response_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clarion {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const WallTime kNow = *parse_iso8601("2026-11-02T09:05:07.999Z");

TEST(ResponseHead, BeginsWithStatusDateIdAndFraming) {
  EXPECT_THAT(format_response_head({.status = 202, .body = "abc"}, {.content_length = 3}, "id-1", kNow),
              ::testing::StartsWith("HTTP/1.1 202 Accepted\r\n"
                                    "Date: Mon, 02 Nov 2026 09:05:07 GMT\r\n"
                                    "X-Request-Id: id-1\r\n"
                                    "Content-Type: application/json\r\n"
                                    "Content-Length: 3\r\n"
                                    "Content-Security-Policy: "));
}

TEST(ResponseHead, AnEmptyAnswerHasNoType) {
  const std::string head = format_response_head({.status = 204}, {.content_length = 0}, "x", kNow);
  EXPECT_THAT(head, Not(HasSubstr("\nContent-Type:")));
  const HttpResponse empty{.content_type = "text/css"};
  EXPECT_THAT(format_response_head(empty, {.content_length = 0}, "x", kNow),
              HasSubstr("\r\nContent-Type: text/css\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("\nContent-Length:")));
}

TEST(ResponseHead, TheHandlersHeaderReplacesOurs) {
  const HttpResponse response{.headers = {{"cache-control", "max-age=60"}, {"content-security-policy", "none"}}};
  const std::string head = format_response_head(response, {.content_length = 1, .is_api = true}, "x", kNow);
  EXPECT_THAT(head, HasSubstr("cache-control: max-age=60\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("no-store")));
  EXPECT_THAT(head, Not(HasSubstr("default-src")));
}

TEST(ResponseHead, NoValueCanEndItsLine) {
  const HttpResponse response{.content_type = "a\r\nb: c", .headers = {{"X-A", std::string("1\r\n\r\n<x>\0y", 10)}}};
  const std::string head = format_response_head(response, {.content_length = 1}, "x", kNow);
  EXPECT_THAT(head, HasSubstr("Content-Type: a  b: c\r\n"));
  EXPECT_THAT(head, HasSubstr("X-A: 1    <x> y\r\n"));
}

TEST(ServerSentEvent, EveryLineOfTheDataIsADataLine) {
  EXPECT_EQ(format_server_sent_event("tick", "a\nb\r\nc\rd", "7"),
            "event: tick\nid: 7\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(format_server_sent_event("", "", ""), "data: \n\n");
  EXPECT_EQ(format_server_sent_event("a\nretry: 1", "x", std::string("b\0\rc", 4)),
            "event: aretry: 1\nid: bc\ndata: x\n\n");
}

TEST(RequestId, OnlyShortPlainTokensAreSafe) {
  EXPECT_TRUE(is_safe_request_id("1-67.a_B"));
  EXPECT_TRUE(is_safe_request_id(std::string(64, 'a')));
  for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("a b"), std::string("a\n"),
                                 std::string("é"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(is_safe_request_id(bad)) << bad;
  }
}

}  // namespace
}  // namespace clarion
