#include "net/loopback_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <string>
#include <thread>

namespace clarion::testing {
namespace {

using asio::ip::tcp;
using ::testing::HasSubstr;

// Takes one connection, reads one header, answers with `bytes` and closes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string bytes)
      : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        port_(acceptor_.local_endpoint().port()),
        thread_([this, answer = std::move(bytes)] {
          tcp::socket socket(context_);
          acceptor_.accept(socket);
          asio::read_until(socket, asio::dynamic_buffer(request_), "\r\n\r\n");
          boost::system::error_code ignored;
          asio::write(socket, asio::buffer(answer), ignored);
        }) {}
  ~OneAnswer() { wait(); }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  const std::string& request() {
    wait();
    return request_;
  }

 private:
  void wait() {
    if (thread_.joinable()) thread_.join();
  }
  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::string request_;
  std::thread thread_;
};

struct Heard {
  Result<int> status = 0;
  std::string body;
  int pieces = 0;
};

Heard ask(std::uint16_t port) {
  Heard heard;
  heard.status =
      exchange_over_loopback({.host = "127.0.0.1", .port = port, .target = "/a?b=c", .headers = {{"X-A", "1"}}},
                             [&heard](int /*status*/, std::string_view piece) {
                               heard.body += piece;
                               ++heard.pieces;
                             });
  return heard;
}

TEST(LoopbackExchange, AsksOnceAndReadsASizedAnswer) {
  OneAnswer server("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
  const auto heard = ask(server.port());
  ASSERT_TRUE(heard.status) << heard.status.error().message;
  EXPECT_EQ(*heard.status, 404);
  EXPECT_EQ(heard.body, "gone");
  EXPECT_THAT(server.request(), ::testing::StartsWith("GET /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(server.request(), HasSubstr("X-A: 1\r\n"));
}

TEST(LoopbackExchange, HandsALongAnswerOnInPieces) {
  const std::string chunk(1 << 20, 'x');
  OneAnswer server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + chunk + "\r\n100000\r\n" +
                   chunk + "\r\n0\r\n\r\n");
  const auto heard = ask(server.port());
  ASSERT_TRUE(heard.status) << heard.status.error().message;
  EXPECT_EQ(heard.body, chunk + chunk);
  EXPECT_GE(heard.pieces, 32) << "64 KiB at most each";
}

TEST(LoopbackExchange, SaysSoWhenTheAnswerBreaksOff) {
  for (const std::string answer :
       {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "nonsense\r\n\r\n"}) {
    OneAnswer server(answer);
    const auto heard = ask(server.port());
    ASSERT_FALSE(heard.status) << answer;
    EXPECT_EQ(heard.status.error().kind, ErrorKind::Unavailable);
    EXPECT_THAT(heard.status.error().message, HasSubstr("broke off"));
  }
}

TEST(LoopbackExchange, SaysWhereNobodyAnswers) {
  std::uint16_t port = 0;
  {
    asio::io_context context;
    port = tcp::acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)).local_endpoint().port();
  }
  const auto heard = ask(port);
  ASSERT_FALSE(heard.status);
  EXPECT_THAT(heard.status.error().message, HasSubstr("does not answer"));
}

}  // namespace
}  // namespace clarion::testing
