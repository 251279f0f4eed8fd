#pragma once
// A small blocking HTTP client for tests: raw bytes when the bytes matter, simple requests when they do not.
//
// It shares no code with the server, so that one cannot hide a mistake of the other. Every read has a time limit.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clarion::testing {

struct HttpReply {
  int status = 0;                              // 0: the connection ended before a whole reply
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::string header(const std::string& lower_case_name) const;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct ServerEvent {
  std::string event;
  std::string data;
  std::string id;
};

class HttpConnection {
 public:
  // Connects to 127.0.0.1; is_open() is false when nobody listens.
  explicit HttpConnection(std::uint16_t port, std::chrono::milliseconds patience = std::chrono::seconds(10));
  ~HttpConnection();
  HttpConnection(HttpConnection&& other) noexcept;
  HttpConnection& operator=(HttpConnection&&) = delete;

  [[nodiscard]] bool is_open() const { return socket_ >= 0; }
  // False when the other side no longer takes bytes.
  bool send(std::string_view bytes);
  // "GET /path HTTP/1.1", Host, headers and Content-Length when there is a body.
  bool send_request(std::string_view method, std::string_view path, std::string_view body = {},
                    const HttpHeaders& headers = {});
  void finish_sending();  // half-close
  void set_receive_buffer(int bytes);

  // Reads one reply; without body when it answers a HEAD. Skips "100 Continue".
  HttpReply read_reply(bool is_head = false);
  // The next status line and headers only: what follows is for read_event() or read_until_closed().
  HttpReply read_head();
  // Everything until the other side closes; nullopt when it did not in time.
  std::optional<std::string> read_until_closed();
  // The next server-sent event; comments are counted in comments(). nullopt when the stream ended.
  std::optional<ServerEvent> read_event();
  [[nodiscard]] int comments() const { return comments_; }

 private:
  bool receive();  // appends to received_
  std::optional<std::string> read_line();

  int socket_ = -1;
  std::string received_;
  int comments_ = 0;
  bool has_timed_out_ = false;
};

// One request on a connection of its own.
HttpReply http_request(std::uint16_t port, std::string_view method, std::string_view path, std::string_view body = {},
                       const HttpHeaders& headers = {});
inline HttpReply http_get(std::uint16_t port, std::string_view path, const HttpHeaders& headers = {}) {
  return http_request(port, "GET", path, {}, headers);
}
// With Content-Type: application/json.
HttpReply http_post(std::uint16_t port, std::string_view path, std::string_view body, HttpHeaders headers = {});

}  // namespace clarion::testing
