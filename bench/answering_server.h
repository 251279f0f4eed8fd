#pragma once
// AnsweringServer: a carrier that only answers, as cheaply as can be, in a process of its own so that its time is not
// counted. Over TLS with a certificate of its own.

#include <sched.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/task.h"

namespace clarion::bench {

// A certificate for "localhost", made by the openssl command; it is its own authority.
class Certificate {
 public:
  explicit Certificate(const std::filesystem::path& directory)
      : key_(directory / "key.pem"), certificate_(directory / "certificate.pem") {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout " +
        key_ + " -out " + certificate_ + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl cannot make a certificate");
  }
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] const std::string& file() const { return certificate_; }

 private:
  std::string key_;
  std::string certificate_;
};

class AnsweringServer {
 public:
  // Over TLS when it has a certificate.
  explicit AnsweringServer(const Certificate* certificate = nullptr) {
    asio::io_context context{1};
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    port_ = acceptor.local_endpoint().port();
    context.notify_fork(asio::io_context::fork_prepare);
    pid_ = ::fork();
    if (pid_ == 0) {
      context.notify_fork(asio::io_context::fork_child);
      // Else each request would wake it on the sender's core and push the sender out, which the sender pays for.
      const sched_param usual{};
      ::sched_setscheduler(0, SCHED_BATCH, &usual);
      asio::co_spawn(context, accept_all(acceptor, certificate), asio::detached);
      context.run();
      ::_exit(0);
    }
    context.notify_fork(asio::io_context::fork_parent);
  }
  ~AnsweringServer() { ::kill(pid_, SIGKILL); }
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  using tcp = asio::ip::tcp;

  // It finds where a request ends and nothing else.
  template <class Stream>
  static Task<void> answer(Stream stream) {
    // With the headers that the service sends.
    constexpr std::string_view body = R"({"MessageId":"00000000-0000-4000-8000-000000000000"})";
    const std::string reply =
        "HTTP/1.1 200 OK\r\nx-amzn-RequestId: 11111111-0000-4000-8000-000000000000\r\n"
        "Content-Type: application/x-amz-json-1.0\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\nDate: Mon, 30 Nov 2026 12:00:00 GMT\r\n\r\n" + std::string(body);
    if constexpr (requires { stream.next_layer(); }) {
      co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    }
    std::string received;
    for (;;) {
      const std::size_t head = co_await asio::async_read_until(stream, asio::dynamic_buffer(received),
                                                               std::string_view("\r\n\r\n"), asio::use_awaitable);
      const auto length_at = received.find("Content-Length: ");
      const std::size_t length = length_at < head ? std::strtoul(received.c_str() + length_at + 16, nullptr, 10) : 0;
      if (received.size() < head + length) {
        co_await asio::async_read(stream, asio::dynamic_buffer(received),
                                  asio::transfer_exactly(head + length - received.size()), asio::use_awaitable);
      }
      received.erase(0, head + length);
      co_await asio::async_write(stream, asio::buffer(reply), asio::use_awaitable);
    }
  }

  static Task<void> accept_all(tcp::acceptor& acceptor, const Certificate* certificate) {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    if (certificate != nullptr) {
      tls.use_certificate_chain_file(certificate->file());
      tls.use_private_key_file(certificate->key(), asio::ssl::context::pem);
    }
    for (;;) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      socket.set_option(tcp::no_delay(true));
      const auto ignore_end = [](const std::exception_ptr&) {};
      if (certificate == nullptr) {
        asio::co_spawn(acceptor.get_executor(), answer(std::move(socket)), ignore_end);
      } else {
        asio::co_spawn(acceptor.get_executor(), answer(asio::ssl::stream<tcp::socket>(std::move(socket), tls)),
                       ignore_end);
      }
    }
  }

  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace clarion::bench
