#include "net/loopback_exchange.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>

namespace clarion {
namespace {

namespace http = boost::beast::http;
using asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

http::request<http::string_body> written(const LoopbackRequest& request) {
  http::request<http::string_body> out;
  const std::string_view method = to_string(request.method);
  out.method_string({method.data(), method.size()});
  out.target(request.target);
  const bool is_v6 = request.host.contains(':');
  out.set(http::field::host, fmt::format("{}{}{}:{}", is_v6 ? "[" : "", request.host, is_v6 ? "]" : "", request.port));
  out.set(http::field::connection, "close");
  for (const auto& [name, value] : request.headers) out.set(name, value);
  out.body() = request.body;
  out.prepare_payload();
  return out;
}

// Reads the whole answer, whose pieces go to `take`.
Result<int> read_reply(tcp::socket& socket, const std::function<void(int, std::string_view)>& take) {
  Code error;
  boost::beast::flat_buffer buffer;
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  http::read_header(socket, buffer, parser, error);
  std::array<char, piece_bytes> piece;
  while (!error && !parser.is_done()) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    http::read(socket, buffer, parser, error);
    if (error == http::error::need_buffer) error = {};
    const std::size_t read_bytes = piece.size() - body.size;
    if (read_bytes > 0) take(static_cast<int>(parser.get().result_int()), std::string_view(piece.data(), read_bytes));
  }
  if (error) return fail(ErrorKind::Unavailable, "the running clarion server broke off its answer; look at its log");
  return static_cast<int>(parser.get().result_int());
}

}  // namespace

Result<int> exchange_over_loopback(const LoopbackRequest& request,
                                   const std::function<void(int status, std::string_view piece)>& take) {
  Code error;
  asio::io_context context;
  tcp::socket socket(context);
  const auto address = asio::ip::make_address(request.host, error);
  if (!error) socket.connect(tcp::endpoint(address, request.port), error);
  if (error) {
    return fail(ErrorKind::Unavailable, fmt::format("the clarion server at {}:{} does not answer ({})", request.host,
                                                    request.port, error.message()));
  }
  http::write(socket, written(request), error);
  // A server that refuses a body early has answered before everything was written: its answer is worth more.
  return read_reply(socket, take);
}

}  // namespace clarion
