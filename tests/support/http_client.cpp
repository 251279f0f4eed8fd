#include "support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace clarion::testing {
namespace {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::size_t parse_number(std::string_view text, int base) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

}  // namespace

std::string HttpReply::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string() : found->second;
}

HttpConnection::HttpConnection(std::uint16_t port, std::chrono::milliseconds patience)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval limit{.tv_sec = patience.count() / 1000, .tv_usec = (patience.count() % 1000) * 1000};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &address, sizeof generic);
  if (::connect(socket_, &generic, sizeof generic) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

HttpConnection::HttpConnection(HttpConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      received_(std::move(other.received_)),
      comments_(other.comments_),
      has_timed_out_(other.has_timed_out_) {}

HttpConnection::~HttpConnection() {
  if (socket_ >= 0) ::close(socket_);
}

bool HttpConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpConnection::send_request(std::string_view method, std::string_view path, std::string_view body,
                                  const HttpHeaders& headers) {
  std::string text;
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\n");
  const bool has_host =
      std::ranges::any_of(headers, [](const auto& header) { return lower_case(header.first) == "host"; });
  if (!has_host) text.append("Host: localhost\r\n");
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  if (!body.empty() || method == "POST")
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  text.append("\r\n").append(body);
  return send(text);
}

void HttpConnection::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void HttpConnection::set_receive_buffer(int bytes) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool HttpConnection::receive() {
  std::array<char, 64 * 1024> buffer;  // filled by the call below
  const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) has_timed_out_ = true;
  if (got <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> HttpConnection::read_line() {
  std::size_t end = 0;
  while ((end = received_.find('\n')) == std::string::npos) {
    if (!receive()) return std::nullopt;
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

HttpReply HttpConnection::read_head() {
  HttpReply reply;
  const auto status_line = read_line();
  if (!status_line || !status_line->starts_with("HTTP/1.1 ") || status_line->size() < 12) return reply;
  const auto status = static_cast<int>(parse_number(status_line->substr(9, 3), 10));
  for (;;) {
    const auto line = read_line();
    if (!line) return HttpReply{};
    if (line->empty()) break;
    const auto colon = line->find(": ");
    if (colon == std::string::npos) return HttpReply{};
    reply.headers[lower_case(line->substr(0, colon))] = line->substr(colon + 2);
  }
  reply.status = status;
  return reply;
}

HttpReply HttpConnection::read_reply(bool is_head) {
  HttpReply reply = read_head();
  while (reply.status == 100) reply = read_head();
  if (reply.status == 0 || is_head || reply.status == 204 || reply.status == 304) return reply;
  const auto take = [&](std::size_t count) {
    while (received_.size() < count) {
      if (!receive()) return false;
    }
    reply.body += received_.substr(0, count);
    received_.erase(0, count);
    return true;
  };
  if (reply.headers.contains("content-length")) {
    if (!take(parse_number(reply.header("content-length"), 10))) reply.status = 0;
  } else if (reply.header("transfer-encoding") == "chunked") {
    for (;;) {
      const auto size_line = read_line();
      if (!size_line) return HttpReply{};
      const std::size_t size = parse_number(*size_line, 16);
      if (!take(size) || !read_line()) return HttpReply{};
      if (size == 0) break;
    }
  } else {
    const auto rest = read_until_closed();
    if (!rest) return HttpReply{};
    reply.body = *rest;
  }
  return reply;
}

std::optional<std::string> HttpConnection::read_until_closed() {
  while (receive()) {
  }
  if (has_timed_out_) return std::nullopt;
  return std::exchange(received_, {});
}

std::optional<ServerEvent> HttpConnection::read_event() {
  ServerEvent event;
  bool has_field = false;
  for (;;) {
    const auto line = read_line();
    if (!line) return std::nullopt;
    if (line->empty()) {
      if (has_field) return event;
      continue;
    }
    if (line->starts_with(':')) {
      ++comments_;
      continue;
    }
    const auto colon = line->find(": ");
    if (colon == std::string::npos) return std::nullopt;
    const std::string name = line->substr(0, colon);
    const std::string value = line->substr(colon + 2);
    if (name == "event") event.event = value;
    if (name == "id") event.id = value;
    if (name == "data") event.data += (event.data.empty() ? "" : "\n") + value;
    has_field = true;
  }
}

HttpReply http_request(std::uint16_t port, std::string_view method, std::string_view path, std::string_view body,
                       const HttpHeaders& headers) {
  HttpConnection connection(port, std::chrono::seconds(90));
  if (!connection.is_open()) return {};
  connection.send_request(method, path, body, headers);
  return connection.read_reply(method == "HEAD");
}

HttpReply http_post(std::uint16_t port, std::string_view path, std::string_view body, HttpHeaders headers) {
  headers.emplace_back("Content-Type", "application/json");
  return http_request(port, "POST", path, body, headers);
}

}  // namespace clarion::testing
