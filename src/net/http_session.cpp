#include "net/http_session.h"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <exception>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "net/event_stream.h"
#include "net/response_head.h"

namespace clarion {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kWriteBytes = 256 * 1024;  // what one write deadline covers

std::string describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is not a std::exception";
  }
}

// An IPv4 client of an IPv6 socket is an IPv4 client.
std::string text_of(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

// Cancels what the socket is waiting for when the time is over, unless it is destroyed before. One at a time.
class HttpSession::Deadline {
 public:
  Deadline(HttpSession& session, std::chrono::milliseconds span) : session_(session) {
    session.has_timed_out_ = false;
    session.timer_.expires_after(span);
    session.timer_.async_wait(
        [self = session.shared_from_this(), mine = ++session.deadline_number_](boost::system::error_code error) {
          // An expiry may already be queued when the deadline is withdrawn; the number tells.
          if (error || self->deadline_number_ != mine) return;
          self->has_timed_out_ = true;
          self->socket_.cancel(error);
        });
  }
  ~Deadline() {
    ++session_.deadline_number_;
    session_.timer_.cancel();
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  HttpSession& session_;
};

// One request's part of the memory that all bodies may take together.
class HttpSession::BodyShare {
 public:
  explicit BodyShare(HttpSessionContext& context) : context_(context) {}
  ~BodyShare() { context_.body_bytes -= taken_; }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  // False when there is no room for so many bytes more.
  bool take(std::uint64_t bytes) {
    if (context_.body_bytes + bytes > context_.options.body_bytes_in_all) return false;
    context_.body_bytes += bytes;
    taken_ += bytes;
    return true;
  }

 private:
  HttpSessionContext& context_;
  std::uint64_t taken_ = 0;
};

HttpSession::HttpSession(asio::ip::tcp::socket socket, HttpSessionContext& context)
    : socket_(std::move(socket)), context_(context), timer_(socket_.get_executor()) {
  boost::system::error_code error;
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  const auto peer = socket_.remote_endpoint(error);
  if (!error) client_ = text_of(peer.address());
}

Task<void> HttpSession::run() {
  for (;;) {
    RequestParser parser(context_.options.limits);
    BodyShare share(context_);
    cors_ = {};
    if (!co_await read_request(parser, share)) co_return;
    HttpRequest& request = parser.request();
    HttpRequest asked;  // what counting and logging need once the request has been moved away
    asked.method = request.method;
    asked.id = request.id;
    asked.caller = request.caller;
    const bool is_head = asked.method == HttpMethod::Head;
    const TimePoint began = context_.deps.clock.now();
    HttpResponse response = co_await handle(std::move(request));
    observe(asked, response, context_.deps.clock.now() - began);

    if (response.stream && !is_head) {
      co_await write_events(response);
      co_await linger();
      co_return;
    }
    const bool keep_alive = parser.keeps_alive() && !context_.is_draining;
    if (!co_await write_response(response, is_head, keep_alive, parser.is_http_1_0())) co_return;
    if (!keep_alive) {
      co_await linger();
      co_return;
    }
  }
}

Task<HttpSession::Read> HttpSession::read_more() {
  if (has_timed_out_) co_return Read::TimedOut;
  const std::size_t had = received_.size();
  received_.resize(had + kReadBytes);
  boost::system::error_code error;
  const std::size_t got = co_await socket_.async_read_some(asio::buffer(received_.data() + had, kReadBytes),
                                                           asio::redirect_error(asio::use_awaitable, error));
  received_.resize(had + got);
  if (!error) co_return Read::Ok;
  co_return has_timed_out_ ? Read::TimedOut : Read::Ended;
}

Task<bool> HttpSession::read_request(RequestParser& parser, BodyShare& share) {
  if (received_.empty()) {
    if (context_.is_draining) co_return false;
    // Waiting without a buffer keeps an idle connection at a few hundred bytes.
    received_ = std::string();
    const Deadline idle(*this, context_.options.idle_timeout);
    is_idle_ = true;
    boost::system::error_code error;
    co_await socket_.async_wait(asio::socket_base::wait_read, asio::redirect_error(asio::use_awaitable, error));
    is_idle_ = false;
    if (error) co_return false;
  }
  std::optional<Deadline> deadline(std::in_place, *this, context_.options.header_timeout);
  bool is_admitted = false;
  for (;;) {
    std::size_t consumed = 0;
    const RequestParser::Step step = parser.put(received_, consumed);
    received_.erase(0, consumed);
    if (is_admitted && !share.take(consumed)) {
      deadline.reset();
      co_await refuse(503, "too many large requests are under way; try again in a moment", parser.request());
      co_return false;
    }
    if (step == RequestParser::Step::Refused) {
      deadline.reset();
      std::string message = parser.refusal().message;
      if (parser.refusal().status == 413) message += "; " + context_.options.body_advice;
      co_await refuse(parser.refusal().status, std::move(message), parser.request());
      co_return false;
    }
    if (step != RequestParser::Step::NeedMore && !std::exchange(is_admitted, true)) {
      deadline.reset();
      if (!co_await admit(parser)) co_return false;
    }
    if (step == RequestParser::Step::Complete) co_return true;
    if (step == RequestParser::Step::Header) {
      if (parser.expects_continue() && received_.empty()) {
        deadline.reset();
        if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
      }
      deadline.emplace(*this, context_.options.body_timeout);
      continue;
    }
    const Read read = co_await read_more();
    if (read == Read::TimedOut) {
      deadline.reset();
      co_await refuse(408, "the request did not arrive in time; send it again without pauses", parser.request());
    }
    if (read != Read::Ok) co_return false;
  }
}

Task<bool> HttpSession::admit(RequestParser& parser) {
  HttpRequest& request = parser.request();
  request.id = make_request_id(request);
  request.client = client_;
  cors_ = context_.options.cors.read(request);
  const auto host = parser.host().empty() ? std::nullopt : std::optional<std::string_view>(parser.host());
  if (const auto allowed = context_.options.hosts.check(host, request.header("Origin")); !allowed) {
    co_await refuse(403, allowed.error().message, request);
    co_return false;
  }
  std::optional<HttpResponse> refusal;
  std::exception_ptr failure;
  try {
    refusal = co_await context_.deps.router.admit(request);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    if (!is_aborted_) log_error("http_guard_failed", {{"request_id", request.id}, {"error", describe(failure)}});
    refusal = context_.deps.router.error(
        500, "something went wrong inside the server; the log has the cause under request id " + request.id, request);
  }
  if (!refusal) co_return true;
  co_await refuse_with(std::move(*refusal), request);
  co_return false;
}

void HttpSession::observe(const HttpRequest& asked, const HttpResponse& response, Duration took) {
  context_.deps.metrics.observe(to_string(asked.method), response.route, response.status, took);
  // Looking around is too frequent to be logged by default, and what fits no route is mostly noise of strangers.
  const bool is_look =
      asked.method == HttpMethod::Get || asked.method == HttpMethod::Head || asked.method == HttpMethod::Options;
  const bool is_notable = response.route.empty() ? response.status >= 500 : !is_look || response.status >= 400;
  log(is_notable ? LogLevel::Info : LogLevel::Debug, "http_request",
      {{"request_id", asked.id},
       {"method", to_string(asked.method)},
       {"route", response.route},
       {"status", std::int64_t{response.status}},
       {"ms", static_cast<double>(std::chrono::floor<std::chrono::microseconds>(took).count()) / 1000},
       {"caller", asked.caller}});
}

Task<HttpResponse> HttpSession::handle(HttpRequest request) {
  HttpRequest asked;  // what an error answer may need once the request has been moved away
  asked.method = request.method;
  asked.path = request.path;
  asked.id = request.id;
  request_id_ = request.id;
  std::exception_ptr failure;
  try {
    co_return co_await context_.deps.router.route(std::move(request));
  } catch (...) {
    failure = std::current_exception();
  }
  if (!is_aborted_) {
    log_error("http_handler_failed", {{"request_id", asked.id}, {"error", describe(failure)}});
  }
  co_return context_.deps.router.error(
      500, "something went wrong inside the server; the log has the cause under request id " + asked.id, asked);
}

Task<bool> HttpSession::write(std::string bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const Deadline deadline(*this, context_.options.write_timeout);
    boost::system::error_code error;
    sent += co_await asio::async_write(socket_,
                                       asio::buffer(bytes.data() + sent, std::min(kWriteBytes, bytes.size() - sent)),
                                       asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
  }
  co_return true;
}

Task<bool> HttpSession::write_response(HttpResponse& response, bool is_head, bool keep_alive, bool is_http_1_0) {
  context_.options.cors.add_headers(cors_, response);
  ResponseFraming framing;
  framing.is_http_1_0 = is_http_1_0;
  framing.is_api = response.route.starts_with("/api") || response.route.empty();
  if (response.chunks || response.stream) {
    framing.is_chunked = response.chunks && !is_http_1_0;
    framing.keep_alive = keep_alive && framing.is_chunked;
  } else {
    framing.content_length = response.body.size();
    framing.keep_alive = keep_alive;
  }
  std::string head = format_response_head(response, framing, request_id_, context_.deps.clock.wall_now());
  if (is_head) co_return co_await write(std::move(head)) && (framing.keep_alive || !keep_alive);
  if (response.chunks) {
    if (!co_await write(std::move(head))) co_return false;
    if (!co_await write_chunks(response, is_http_1_0)) co_return false;
    if (!framing.keep_alive) co_await linger();
    co_return framing.keep_alive;
  }
  if (response.status == 204 || response.status == 304) co_return co_await write(std::move(head));
  if (head.size() + response.body.size() <= kReadBytes) {
    head += response.body;
    co_return co_await write(std::move(head));
  }
  if (!co_await write(std::move(head))) co_return false;
  co_return co_await write(std::move(response.body));
}

Task<bool> HttpSession::write_chunks(HttpResponse& response, bool is_http_1_0) {
  std::string why;
  for (;;) {
    Result<std::string> piece;
    std::exception_ptr failure;
    try {
      piece = co_await response.chunks();
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure || !piece) {
      why = failure ? describe(failure) : piece.error().message;
      break;
    }
    if (piece->empty()) co_return is_http_1_0 || co_await write("0\r\n\r\n");
    std::string framed = is_http_1_0 ? std::move(*piece) : fmt::format("{:x}\r\n{}\r\n", piece->size(), *piece);
    if (!co_await write(std::move(framed))) co_return false;
  }
  // The status has gone out already; a body without its end is the only honest sign of failure left.
  if (!is_aborted_) log_error("http_download_broken_off", {{"request_id", request_id_}, {"error", why}});
  boost::system::error_code ignored;
  socket_.close(ignored);
  co_return false;
}

Task<void> HttpSession::write_events(HttpResponse& response) {
  response.content_type = "text/event-stream";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");
  context_.options.cors.add_headers(cors_, response);
  ResponseFraming framing;
  framing.keep_alive = false;
  if (!co_await write(format_response_head(response, framing, request_id_, context_.deps.clock.wall_now()))) co_return;
  if (context_.is_draining) co_return;

  const auto executor = co_await asio::this_coro::executor;
  const auto stream = std::make_shared<SocketEventStream>(executor);
  end_stream_ = [stream] { stream->close(); };
  asio::co_spawn(executor, response.stream(stream),
                 asio::bind_cancellation_slot(stream->handler_cancellation().slot(),
                                              [stream, id = request_id_](const std::exception_ptr& failure) {
                                                if (failure && !stream->is_closed()) {
                                                  log_error("http_stream_failed",
                                                            {{"request_id", id}, {"error", describe(failure)}});
                                                }
                                                stream->mark_finished();
                                              }));
  watch_for_close(stream);
  for (;;) {
    std::string bytes = co_await stream->next(context_.options.heartbeat);
    if (bytes.empty() || !co_await write(std::move(bytes))) break;
    stream->mark_written();
  }
  stream->close();
  co_await stream->join();
  end_stream_ = nullptr;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void HttpSession::watch_for_close(std::shared_ptr<SocketEventStream> stream) {
  const auto buffer = std::make_shared<std::array<char, 512>>();
  socket_.async_read_some(asio::buffer(*buffer), [self = shared_from_this(), stream = std::move(stream), buffer](
                                                     boost::system::error_code error, std::size_t) mutable {
    if (error || stream->is_closed()) {
      stream->close();
    } else {
      self->watch_for_close(std::move(stream));
    }
  });
}

Task<void> HttpSession::refuse(int status, std::string message, HttpRequest& request) {
  if (request.id.empty()) request.id = make_request_id(request);
  HttpResponse response = context_.deps.router.error(status, std::move(message), request);
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  co_await refuse_with(std::move(response), request);
}

Task<void> HttpSession::refuse_with(HttpResponse response, const HttpRequest& request) {
  request_id_ = request.id;
  observe(request, response, Duration::zero());
  if (co_await write_response(response, request.method == HttpMethod::Head, false, false)) co_await linger();
}

Task<void> HttpSession::refuse_for_lack_of_room() {
  HttpRequest request;
  co_await refuse(503, "too many connections are open; try again in a moment", request);
}

// Closing a socket with unread input resets the connection, and a reset may destroy the answer before the client
// has read it. So: say that we are done, then swallow what still comes.
Task<void> HttpSession::linger() {
  boost::system::error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  received_ = std::string();
  is_idle_ = true;
  const auto until = std::chrono::steady_clock::now() + context_.options.body_timeout;
  while (!context_.is_draining && std::chrono::steady_clock::now() < until) {
    const Deadline deadline(*this, context_.options.linger_timeout);
    if (co_await read_more() != Read::Ok) break;
    received_.clear();
  }
  socket_.close(error);
}

std::string HttpSession::make_request_id(const HttpRequest& request) {
  const auto given = request.header("X-Request-Id");
  if (given && is_safe_request_id(*given)) return std::string(*given);
  return fmt::format("{:016x}", mix64(context_.id_seed + context_.ids_made++));
}

void HttpSession::drain() {
  if (end_stream_) {
    end_stream_();
  } else if (is_idle_) {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
}

void HttpSession::abort() {
  is_aborted_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  // A stream's handler has its own cancellation, and the session has to live until that handler has ended.
  if (end_stream_) {
    end_stream_();
  } else {
    cancellation_.emit(asio::cancellation_type::terminal);
  }
}

}  // namespace clarion
