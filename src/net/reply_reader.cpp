#include "net/reply_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace clarion {
namespace {

namespace http = boost::beast::http;
using Code = boost::system::error_code;

// Beast's grammar; what it finds goes straight into the reply.
class Parser final : public http::basic_parser<false> {
 public:
  HttpReply reply;

 private:
  using Text = boost::beast::string_view;

  void on_request_impl(http::verb /*method*/, Text /*name*/, Text /*target*/, int /*version*/, Code& /*error*/) final {}
  void on_response_impl(int status, Text /*reason*/, int /*version*/, Code& /*error*/) final { reply.status = status; }
  void on_field_impl(http::field /*field*/, Text name, Text value, Code& /*error*/) final {
    const bool is_trailer = is_header_done();
    if (!is_trailer) reply.headers.add(name, value);
  }
  void on_header_impl(Code& /*error*/) final {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code& /*error*/) final {
    if (!length) return;
    // A length beyond the limit is refused here already; what is reserved may not depend on a peer's word alone.
    constexpr std::uint64_t most_reserved = 64U * 1024U;
    reply.body.reserve(static_cast<std::size_t>(std::min(*length, most_reserved)));
  }
  std::size_t on_body_impl(Text piece, Code& /*error*/) final {
    reply.body.append(piece);
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, Text /*extensions*/, Code& /*error*/) final {}
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, Text piece, Code& /*error*/) final {
    reply.body.append(piece);
    return piece.size();
  }
  void on_finish_impl(Code& /*error*/) final {}
};

}  // namespace

struct ReplyReader::State {
  std::optional<Parser> parser;
  std::string pending;  // what the parser could not use yet: an unfinished line
};

ReplyReader::ReplyReader(std::size_t max_body_bytes)
    : max_body_bytes_(max_body_bytes), state_(std::make_unique<State>()) {
  reset(false);
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::reset(bool is_head) {
  is_head_ = is_head;
  keeps_alive_ = false;
  state_->pending.clear();
  state_->parser.emplace();
  state_->parser->body_limit(max_body_bytes_);
  state_->parser->header_limit(64U * 1024U);
  state_->parser->skip(is_head);
  state_->parser->eager(true);
}

ReplyReader::Step ReplyReader::put(std::string_view bytes) {
  std::string& pending = state_->pending;
  const bool was_pending = !pending.empty();
  if (was_pending) {
    pending.append(bytes);
    bytes = pending;
  }
  std::size_t used = 0;
  while (used < bytes.size()) {
    Code error;
    const std::size_t taken = state_->parser->put(asio::buffer(bytes.data() + used, bytes.size() - used), error);
    used += taken;
    if (error == http::error::need_more) break;
    if (error) return Step::Broken;
    if (state_->parser->is_done()) {
      const auto status = state_->parser->reply.status;
      if (status >= 200) return used == bytes.size() ? finish() : Step::Broken;
      // An interim reply; the real one follows.
      std::string rest(bytes.substr(used));
      reset(is_head_);
      return rest.empty() ? Step::NeedMore : put(rest);
    }
    if (taken == 0) break;
  }
  state_->pending = std::string(bytes.substr(used));
  return Step::NeedMore;
}

ReplyReader::Step ReplyReader::put_end() {
  // Beast's parser may only be told of the end once it has had a byte.
  if (!state_->parser->got_some()) return Step::Broken;
  Code error;
  state_->parser->put_eof(error);
  if (error || !state_->parser->is_done()) return Step::Broken;
  return finish();
}

ReplyReader::Step ReplyReader::finish() {
  keeps_alive_ = state_->parser->keep_alive();
  return Step::Complete;
}

HttpReply ReplyReader::take() {
  return std::move(state_->parser->reply);
}

}  // namespace clarion
