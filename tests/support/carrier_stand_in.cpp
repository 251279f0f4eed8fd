#include "support/carrier_stand_in.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <sstream>

namespace clarion::testing {
namespace {

using asio::ip::tcp;

tcp::endpoint loopback(std::uint16_t port) {
  return {asio::ip::address_v4::loopback(), port};
}

}  // namespace

CarrierStandIn::CarrierStandIn(asio::io_context& context, std::chrono::milliseconds most_latency, std::uint64_t seed)
    : acceptor_(context, loopback(0)), most_latency_(most_latency), random_(seed) {}

std::uint16_t CarrierStandIn::port() const {
  return acceptor_.local_endpoint().port();
}

Task<void> CarrierStandIn::serve() {
  const auto executor = co_await asio::this_coro::executor;
  for (;;) {
    tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
    asio::co_spawn(executor, talk(std::move(socket)), asio::detached);
  }
}

std::string CarrierStandIn::dump() const {
  std::string text;
  for (const auto& [contact, count] : counts_) text += contact + ' ' + std::to_string(count) + '\n';
  return text + ".\n";
}

Task<void> CarrierStandIn::talk(tcp::socket socket) {
  std::string buffer;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  try {
    for (;;) {
      const std::size_t length =
          co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer, 4096), '\n', asio::use_awaitable);
      std::istringstream line(buffer.substr(0, length));
      buffer.erase(0, length);
      std::string verb;
      std::string contact;
      line >> verb >> contact;
      std::string answer;
      if (verb == "SEND") {
        ++counts_[contact];
        answer = "OK " + std::to_string(++taken_) + '\n';
        timer.expires_after(std::chrono::milliseconds(
            static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most_latency_.count()) + 1))));
        co_await timer.async_wait(asio::use_awaitable);
      } else {
        answer = dump();
      }
      co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // The other side has gone, which is what these tests are about.
  }
}

Task<SendOutcome> LoopbackSender::send(const Message& message) {
  const std::string request = "SEND " + message.contact_id + ' ' + to_string(message.attempt) + '\n';
  std::optional<tcp::socket> socket;
  if (!idle_.empty()) {
    socket.emplace(std::move(idle_.back()));
    idle_.pop_back();
  } else {
    socket.emplace(co_await asio::this_coro::executor);
    try {
      co_await socket->async_connect(loopback(port_), asio::use_awaitable);
    } catch (const boost::system::system_error& error) {
      co_return std::unexpected(SendFailure{FailureClass::NotConnected, "connect", error.code().message()});
    }
  }
  try {
    co_await asio::async_write(*socket, asio::buffer(request), asio::use_awaitable);
    std::string answer;
    co_await asio::async_read_until(*socket, asio::dynamic_buffer(answer, 256), '\n', asio::use_awaitable);
    idle_.push_back(std::move(*socket));
    co_return Accepted{.provider_id = answer.substr(0, answer.size() - 1), .parts = 1, .cost = {}};
  } catch (const boost::system::system_error& error) {
    co_return std::unexpected(SendFailure{FailureClass::Ambiguous, "connection", error.code().message()});
  }
}

std::map<std::string, int> ask_counts(std::uint16_t port) {
  asio::io_context context;
  tcp::socket socket(context);
  socket.connect(loopback(port));
  asio::write(socket, asio::buffer(std::string("COUNTS\n")));
  std::string text;
  asio::read_until(socket, asio::dynamic_buffer(text), "\n.\n");
  std::istringstream lines(text);
  std::map<std::string, int> counts;
  std::string contact;
  for (int count = 0; lines >> contact && contact != "." && lines >> count;) counts[contact] = count;
  return counts;
}

}  // namespace clarion::testing
