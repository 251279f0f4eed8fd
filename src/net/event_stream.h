#pragma once
// SocketEventStream: the hand-over between a handler that sends events and the session that writes them.
//
// Threads  one executor. The handler waits in send() until the session has written, so that a client that reads
//          slowly slows its handler down and nothing piles up.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "net/http.h"

namespace clarion {

class SocketEventStream final : public EventStream {
 public:
  explicit SocketEventStream(const asio::any_io_executor& executor);

  Task<Result<void>> send(std::string event, std::string data, std::string id) override;

  // The session's side. next() returns what is to be written, a heartbeat comment after `heartbeat` without events, or
  // nothing once the handler has finished or the stream is closed.
  Task<std::string> next(Duration heartbeat);
  void mark_written();
  // Fails present and future sends and cancels the handler.
  void close();
  void mark_finished();
  // Returns when the handler has finished.
  Task<void> join();
  [[nodiscard]] bool is_closed() const { return is_closed_; }
  [[nodiscard]] asio::cancellation_signal& handler_cancellation() { return handler_cancellation_; }

 private:
  asio::steady_timer wake_;     // the session waits here
  asio::steady_timer written_;  // handlers wait here
  asio::cancellation_signal handler_cancellation_;
  std::string pending_;
  std::uint64_t queued_count_ = 0;
  std::uint64_t taken_count_ = 0;
  std::uint64_t written_count_ = 0;
  bool is_closed_ = false;
  bool is_finished_ = false;
};

}  // namespace clarion
