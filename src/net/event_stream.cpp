#include "net/event_stream.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "net/response_head.h"

namespace clarion {

SocketEventStream::SocketEventStream(const asio::any_io_executor& executor)
    : wake_(executor), written_(executor, asio::steady_timer::time_point::max()) {}

Task<Result<void>> SocketEventStream::send(std::string event, std::string data, std::string id) {
  if (!is_closed_) {
    pending_ += format_server_sent_event(event, data, id);
    const std::uint64_t mine = ++queued_count_;
    wake_.cancel();
    while (!is_closed_ && written_count_ < mine) {
      boost::system::error_code woken;
      co_await written_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) break;
    }
    if (written_count_ >= mine) co_return Result<void>{};
  }
  co_return fail(ErrorKind::Unavailable, "the client has gone");
}

Task<std::string> SocketEventStream::next(Duration heartbeat) {
  while (pending_.empty() && !is_closed_ && !is_finished_) {
    boost::system::error_code error;
    wake_.expires_after(heartbeat);
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (!error && pending_.empty()) pending_ = ": heartbeat\n\n";
  }
  taken_count_ = queued_count_;
  if (is_closed_) co_return std::string{};
  co_return std::exchange(pending_, {});
}

void SocketEventStream::mark_written() {
  written_count_ = taken_count_;
  written_.cancel();
}

void SocketEventStream::close() {
  if (std::exchange(is_closed_, true)) return;
  wake_.cancel();
  written_.cancel();
  if (!is_finished_) handler_cancellation_.emit(asio::cancellation_type::terminal);
}

void SocketEventStream::mark_finished() {
  is_finished_ = true;
  wake_.cancel();
}

Task<void> SocketEventStream::join() {
  while (!is_finished_) {
    boost::system::error_code woken;
    wake_.expires_at(asio::steady_timer::time_point::max());
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

}  // namespace clarion
