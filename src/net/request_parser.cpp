#include "net/request_parser.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "net/host_policy.h"
#include "net/target.h"

namespace clarion {
namespace http = boost::beast::http;
namespace {

// Beyond this, a chunk header or trailer that has not ended is an attack, not a request.
constexpr std::size_t kLongestChunkLine = 16 * 1024;
// "0" CRLF CRLF. No valid last chunk is shorter, and Beast 1.81 asserts (n >= 5) when one comes in pieces smaller than
// that. A last chunk may follow the line end of the one before.
constexpr std::size_t kShortestChunkedEnd = 5;

bool may_be_part_of_last_chunk(std::string_view bytes) {
  if (bytes.size() >= kShortestChunkedEnd) return false;
  bytes.remove_prefix(bytes.starts_with("\r\n") ? 2 : 0);
  return bytes.empty() || bytes.front() == '0' || bytes.front() == '\r';
}

// Whether the first line ends as a request line does: Beast says bad_version for a bare line feed too.
bool names_a_version(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  return line.ends_with('\r') && line.contains(" HTTP/");
}

// "64 MiB" where it is a whole number of them.
std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
  if (bytes >= mebibyte && bytes % mebibyte == 0) return std::to_string(bytes / mebibyte) + " MiB";
  return std::to_string(bytes) + " bytes";
}

}  // namespace

struct RequestParser::State {
  explicit State(Limits given) : limits(given) {
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(limits.body_bytes);
  }

  Limits limits;
  http::request_parser<http::string_body> parser;
  HttpRequest request;
  std::string host;
  Refusal refusal;
  bool has_begun = false;
  bool is_header_reported = false;
  bool is_chunked = false;

  Step refuse(int status, std::string message) {
    refusal = {status, std::move(message)};
    return Step::Refused;
  }
  Step refuse_error(boost::system::error_code error, bool names_a_version);
  // The request line and headers as plain values; an empty message when they are acceptable.
  Refusal take_header();
};

RequestParser::Step RequestParser::State::refuse_error(boost::system::error_code error, bool names_a_version) {
  // What has been read of the request line lets the error be reported in the right form for its path.
  if (!is_header_reported) {
    request.method = parse_http_method({parser.get().method_string().data(), parser.get().method_string().size()});
    if (auto target = parse_target({parser.get().target().data(), parser.get().target().size()})) {
      request.path = std::move(target->path);
    }
  }
  if (error == http::error::header_limit) {
    return refuse(431, "the request header is larger than " + std::to_string(limits.header_bytes / 1024) +
                           " KiB; send fewer or shorter header fields");
  }
  if (error == http::error::body_limit || error == http::error::buffer_overflow) {
    return refuse(413, "the request body is larger than the limit of " + size_text(limits.body_bytes));
  }
  if (error == http::error::bad_version && names_a_version)
    return refuse(505, "this server speaks HTTP/1.1 and HTTP/1.0");
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length) {
    return refuse(400, "Content-Length must be one decimal number, given once and without Transfer-Encoding");
  }
  if (error == http::error::bad_transfer_encoding) {
    return refuse(400, "Transfer-Encoding must be given once and without Content-Length");
  }
  if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension) {
    return refuse(400, "the chunked body is broken: a chunk does not begin with its size in hexadecimal");
  }
  return refuse(400, "this is not a well-formed HTTP/1.1 request (" + error.message() + ")");
}

RequestParser::Refusal RequestParser::State::take_header() {
  const auto& message = parser.get();
  request.method = parse_http_method({message.method_string().data(), message.method_string().size()});
  int hosts = 0;
  int lengths = 0;
  std::string coding;
  std::string expectation;
  for (const auto& field : message) {
    const std::string_view name(field.name_string().data(), field.name_string().size());
    const std::string_view value(field.value().data(), field.value().size());
    request.headers.emplace_back(name, value);
    if (field.name() == http::field::host) {
      ++hosts;
      host = value;
    }
    if (field.name() == http::field::content_length) ++lengths;
    if (field.name() == http::field::transfer_encoding) coding = value;
    if (field.name() == http::field::expect) expectation = value;
  }
  auto target = parse_target({message.target().data(), message.target().size()});
  if (!target) return {400, target.error().message};
  request.path = std::move(target->path);
  request.segments = std::move(target->segments);
  request.query = std::move(target->query);
  if (!target->authority.empty()) host = target->authority;

  if (hosts > 1) return {400, "the Host header is given more than once"};
  if (hosts == 0 && message.version() >= 11) return {400, "an HTTP/1.1 request needs a Host header"};
  if (hosts > 0 && !host_name_of(host)) return {400, "the Host header must be a name or address, and a port"};
  if (lengths > 1) return {400, "Content-Length is given more than once"};
  if (!coding.empty() && (message.version() < 11))
    return {400, "HTTP/1.0 has no Transfer-Encoding; use Content-Length"};
  if (!coding.empty() && !equals_ignoring_case(coding, "chunked")) {
    return {501, "the only transfer coding understood is 'chunked'"};
  }
  if (!expectation.empty() && !equals_ignoring_case(expectation, "100-continue")) {
    return {417, "the only expectation understood is '100-continue'"};
  }
  return {200, ""};
}

RequestParser::RequestParser(Limits limits) : state_(std::make_unique<State>(limits)) {}
RequestParser::~RequestParser() = default;

RequestParser::Step RequestParser::put(std::string_view bytes, std::size_t& consumed) {
  State& s = *state_;
  consumed = 0;
  // RFC 9112 section 2.2: empty lines before the request line are skipped.
  while (!s.has_begun && bytes.substr(consumed).starts_with("\r\n")) consumed += 2;
  if (!s.has_begun && bytes.substr(consumed) == "\r") return Step::NeedMore;

  for (;;) {
    const std::string_view rest = bytes.substr(consumed);
    if (rest.empty()) return Step::NeedMore;
    if (s.is_chunked && may_be_part_of_last_chunk(rest)) return Step::NeedMore;
    s.has_begun = true;
    boost::system::error_code error;
    const std::size_t taken = s.parser.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    consumed += taken;
    if (error == http::error::need_more) {
      if (s.is_header_reported && rest.size() - taken > kLongestChunkLine) {
        return s.refuse(400, "the chunked body is broken: a chunk's header line is too long");
      }
      return Step::NeedMore;
    }
    if (error) return s.refuse_error(error, names_a_version(rest));
    if (s.parser.is_header_done() && !s.is_header_reported) {
      if (Refusal refusal = s.take_header(); !refusal.message.empty()) {
        return s.refuse(refusal.status, std::move(refusal.message));
      }
      s.is_header_reported = true;
      s.is_chunked = s.parser.chunked();
      if (!s.parser.is_done()) return Step::Header;
    }
    if (s.parser.is_done()) {
      s.request.body = std::move(s.parser.get().body());
      return Step::Complete;
    }
    if (taken == 0) return Step::NeedMore;
  }
}

HttpRequest& RequestParser::request() {
  return state_->request;
}
const std::string& RequestParser::host() const {
  return state_->host;
}
const RequestParser::Refusal& RequestParser::refusal() const {
  return state_->refusal;
}
bool RequestParser::keeps_alive() const {
  return state_->parser.keep_alive();
}
bool RequestParser::expects_continue() const {
  return !is_http_1_0() && state_->request.header("Expect").has_value();
}
bool RequestParser::is_http_1_0() const {
  return state_->parser.get().version() < 11;
}

}  // namespace clarion
