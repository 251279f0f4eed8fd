#pragma once
// ReplyReader: bytes of one HTTP/1 reply in, an HttpReply out. No socket.
//
// Grammar  Beast's parser (RFC 9112): chunked and sized bodies, bodies that end with the connection, interim 1xx
//          replies skipped. Trailers are dropped.

#include <memory>
#include <string_view>

#include "ports/http_transport.h"

namespace clarion {

class ReplyReader {
 public:
  enum class Step : std::uint8_t { NeedMore, Complete, Broken };

  explicit ReplyReader(std::size_t max_body_bytes);
  ~ReplyReader();

  // Forgets everything; ready for the next reply. A reply to HEAD has no body whatever its header says.
  void reset(bool is_head);
  // Reads all of `bytes`; Broken also when something follows a complete reply, since nobody asked for it.
  [[nodiscard]] Step put(std::string_view bytes);
  // The peer closed: Complete when the body was to end with the connection.
  [[nodiscard]] Step put_end();
  // REQUIRES: Complete.
  [[nodiscard]] HttpReply take();
  [[nodiscard]] bool keeps_alive() const { return keeps_alive_; }

 private:
  struct State;
  [[nodiscard]] Step finish();
  std::size_t max_body_bytes_;
  std::unique_ptr<State> state_;
  bool is_head_ = false;
  bool keeps_alive_ = false;
};

}  // namespace clarion
