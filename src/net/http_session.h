#pragma once
// HttpSession: one connection of HttpServer, from the first byte to the last.

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>

#include "net/http_server.h"

namespace clarion {

// What all connections of a server share.
struct HttpSessionContext {
  HttpServer::Deps deps;
  HttpServerOptions options;
  std::uint64_t id_seed = 0;
  std::uint64_t ids_made = 0;
  std::uint64_t body_bytes = 0;  // held by requests now
  bool is_draining = false;
};

class SocketEventStream;

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(asio::ip::tcp::socket socket, HttpSessionContext& context);

  // Serves requests until either side ends the connection. REQUIRES: spawned with cancellation().slot().
  Task<void> run();
  // Answers 503 with Retry-After and closes.
  Task<void> refuse_for_lack_of_room();

  // Closes at once when idle, else after the answer under way; ends an event stream.
  void drain();
  // Closes the socket and cancels the handler.
  void abort();
  [[nodiscard]] bool is_aborted() const { return is_aborted_; }
  [[nodiscard]] asio::cancellation_signal& cancellation() { return cancellation_; }

 private:
  class Deadline;
  class BodyShare;
  enum class Read : unsigned char { Ok, Ended, TimedOut };

  // Appends what arrives to received_; at least one byte when Ok.
  Task<Read> read_more();
  // False once the connection is of no more use.
  Task<bool> write(std::string bytes);
  Task<bool> read_request(RequestParser& parser, BodyShare& share);
  // Who asks, from where and whether they may: once the header is there, before the body is. False: refused.
  Task<bool> admit(RequestParser& parser);
  Task<HttpResponse> handle(HttpRequest request);
  // Counts and logs an answer; never the path, which may hold an address.
  void observe(const HttpRequest& asked, const HttpResponse& response, Duration took);
  Task<bool> write_response(HttpResponse& response, bool is_head, bool keep_alive, bool is_http_1_0);
  Task<bool> write_chunks(HttpResponse& response, bool is_http_1_0);
  Task<void> write_events(HttpResponse& response);
  // Closes the stream when the client closes the connection.
  void watch_for_close(std::shared_ptr<SocketEventStream> stream);
  // Sends the answer to a request that cannot be handled, and closes politely.
  Task<void> refuse(int status, std::string message, HttpRequest& request);
  Task<void> refuse_with(HttpResponse response, const HttpRequest& request);
  Task<void> linger();
  [[nodiscard]] std::string make_request_id(const HttpRequest& request);

  asio::ip::tcp::socket socket_;
  HttpSessionContext& context_;
  asio::steady_timer timer_;
  asio::cancellation_signal cancellation_;
  std::string received_;              // read, not yet used
  std::string client_;                // address of the other end
  std::string request_id_;            // of the request under way
  CorsPolicy::Asked cors_;            // of the request under way
  std::function<void()> end_stream_;  // set while events are streamed
  std::uint64_t deadline_number_ = 0;
  bool is_idle_ = false;
  bool has_timed_out_ = false;
  bool is_aborted_ = false;
};

}  // namespace clarion
