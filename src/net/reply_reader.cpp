#include "net/reply_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <optional>

namespace clarion {

namespace http = boost::beast::http;

struct ReplyReader::State {
  std::optional<http::response_parser<http::string_body>> parser;
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
    boost::system::error_code error;
    const std::size_t taken = state_->parser->put(asio::buffer(bytes.data() + used, bytes.size() - used), error);
    used += taken;
    if (error == http::error::need_more) break;
    if (error) return Step::Broken;
    if (state_->parser->is_done()) {
      const auto status = state_->parser->get().result_int();
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
  boost::system::error_code error;
  state_->parser->put_eof(error);
  if (error || !state_->parser->is_done()) return Step::Broken;
  return finish();
}

ReplyReader::Step ReplyReader::finish() {
  keeps_alive_ = state_->parser->keep_alive();
  return Step::Complete;
}

HttpReply ReplyReader::take() {
  auto& message = state_->parser->get();
  HttpReply reply;
  reply.status = static_cast<int>(message.result_int());
  reply.headers.reserve(8);
  for (const auto& field : message) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    reply.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  reply.body = std::move(message.body());
  return reply;
}

}  // namespace clarion
