#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <charconv>
#include <istream>

#include "app/api_client.h"
#include "base/text.h"

namespace clarion {
namespace {

using asio::ip::tcp;

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view text, std::string_view kept) {
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

// Reads one answer from a connection that the server closes after it.
class ReplyReader {
 public:
  explicit ReplyReader(tcp::socket& socket) : socket_(socket) {}

  Result<ApiReply> read(const std::function<void(std::string_view)>& sink) {
    ApiReply reply;
    const auto status_line = read_line();
    if (!status_line || status_line->size() < 12 || !status_line->starts_with("HTTP/1.")) return broken();
    std::from_chars(status_line->data() + 9, status_line->data() + 12, reply.status);
    bool is_chunked = false;
    std::size_t length = 0;
    for (auto line = read_line();; line = read_line()) {
      if (!line) return broken();
      if (line->empty()) break;
      const auto colon = line->find(':');
      if (colon == std::string::npos) return broken();
      const std::string name = lower(std::string_view(*line).substr(0, colon));
      const std::string_view value = trim(std::string_view(*line).substr(colon + 1));
      if (name == "transfer-encoding") is_chunked = lower(value) == "chunked";
      if (name == "content-length") std::from_chars(value.data(), value.data() + value.size(), length);
    }
    const auto take = [&reply, &sink](std::string_view piece) {
      if (sink && reply.is_success()) {
        sink(piece);
      } else {
        reply.body += piece;
      }
    };
    const bool is_whole = is_chunked ? read_chunks(take) : read_bytes(length, take);
    if (!is_whole) return broken();
    return reply;
  }

 private:
  std::unexpected<Error> broken() const {
    return fail(ErrorKind::Unavailable, "the running clarion server broke off its answer; look at its log");
  }

  std::optional<std::string> read_line() {
    boost::system::error_code error;
    asio::read_until(socket_, buffer_, "\r\n", error);
    if (error) return std::nullopt;
    std::istream stream(&buffer_);
    std::string line;
    std::getline(stream, line);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

  template <class Take>
  bool read_bytes(std::size_t count, const Take& take) {
    std::string piece;
    while (count > 0) {
      boost::system::error_code error;
      if (buffer_.size() == 0) asio::read(socket_, buffer_, asio::transfer_at_least(1), error);
      if (buffer_.size() == 0) return false;
      piece.resize(std::min({count, buffer_.size(), piece_bytes}));
      buffer_.sgetn(piece.data(), static_cast<std::streamsize>(piece.size()));
      take(std::string_view(piece));
      count -= piece.size();
    }
    return true;
  }

  template <class Take>
  bool read_chunks(const Take& take) {
    while (true) {
      const auto line = read_line();
      if (!line) return false;
      std::size_t size = 0;
      const auto [end, error] = std::from_chars(line->data(), line->data() + line->size(), size, 16);
      if (error != std::errc{}) return false;
      if (!read_bytes(size, take)) return false;
      if (!read_line()) return false;
      if (size == 0) return true;
    }
  }

  tcp::socket& socket_;
  asio::streambuf buffer_;
};

class LoopbackApiClient final : public ApiClient {
 public:
  LoopbackApiClient(std::string host, std::uint16_t port, std::string token)
      : host_(std::move(host)), port_(port), token_(std::move(token)) {}

  Result<ApiReply> call(ApiCall call) override {
    boost::system::error_code error;
    asio::io_context context;
    tcp::socket socket(context);
    const auto address = asio::ip::make_address(host_, error);
    if (!error) socket.connect(tcp::endpoint(address, port_), error);
    if (error) {
      return fail(ErrorKind::Unavailable,
                  fmt::format("the clarion server at {}:{} does not answer ({})", host_, port_, error.message()));
    }
    const bool is_v6 = host_.find(':') != std::string::npos;
    std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\nContent-Length: {}\r\n",
                                   to_string(call.method), encode_target(call.path, call.query),
                                   is_v6 ? "[" + host_ + "]" : host_, port_, call.body.size());
    if (!token_.empty()) head += fmt::format("Authorization: Bearer {}\r\n", token_);
    if (!call.body.empty()) head += "Content-Type: application/json\r\n";
    for (const auto& [name, value] : call.headers) head += fmt::format("{}: {}\r\n", name, value);
    head += "\r\n";
    asio::write(socket, std::array{asio::buffer(head), asio::buffer(call.body)}, error);
    // A server that refuses a body early has answered before everything was written: its answer is worth more.
    return ReplyReader(socket).read(call.sink);
  }

 private:
  std::string host_;
  std::uint16_t port_;
  std::string token_;
};

}  // namespace

std::string encode_target(std::string_view path, const std::map<std::string, std::string>& query) {
  std::string target;
  append_encoded(target, path, "/:@");
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += std::exchange(separator, '&');
    append_encoded(target, name, "");
    target += '=';
    append_encoded(target, value, "");
  }
  return target;
}

std::unique_ptr<ApiClient> make_loopback_client(std::string host, std::uint16_t port, std::string token) {
  return std::make_unique<LoopbackApiClient>(std::move(host), port, std::move(token));
}

}  // namespace clarion
