#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/http_server_fixture.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;

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

}  // namespace
}  // namespace clarion::testing
