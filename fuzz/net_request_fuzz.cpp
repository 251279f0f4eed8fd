// Any bytes, in pieces: the request parser must not crash, and must say the same however the bytes are cut.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/host_policy.h"
#include "net/request_parser.h"

namespace {

using clarion::RequestParser;

struct Outcome {
  RequestParser::Step step = RequestParser::Step::NeedMore;
  int status = 0;
  std::string path;
  std::string body;
  std::size_t left = 0;
  bool operator==(const Outcome&) const = default;
};

Outcome parse(std::string_view bytes, std::size_t piece) {
  RequestParser parser({.header_bytes = 512, .body_bytes = 512});
  std::string buffer;
  Outcome outcome;
  for (std::size_t fed = 0; fed < bytes.size();) {
    const std::string_view next = bytes.substr(fed, piece);
    buffer += next;
    fed += next.size();
    do {
      std::size_t consumed = 0;
      outcome.step = parser.put(buffer, consumed);
      if (consumed > buffer.size()) std::abort();
      buffer.erase(0, consumed);
    } while (outcome.step == RequestParser::Step::Header);
    if (outcome.step == RequestParser::Step::Refused) {
      outcome.status = parser.refusal().status;
      if (outcome.status < 400 || parser.refusal().message.empty()) std::abort();
      return outcome;
    }
    if (outcome.step == RequestParser::Step::Complete) {
      outcome.path = parser.request().path;
      outcome.body = parser.request().body;
      outcome.left = buffer.size() + bytes.size() - fed;
      if (outcome.body.size() > 512) std::abort();
      static_cast<void>(clarion::HostPolicy::local().check(parser.host(), parser.request().header("Origin")));
      return outcome;
    }
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  const Outcome whole = parse(bytes, bytes.size() + 1);
  const Outcome cut = parse(bytes, size % 7 + 1);
  // What one accepts the other accepts as the same. Only the header limit may differ by a request line: the parser
  // counts that line apart when it comes in a piece of its own.
  if (whole.status == 431 || cut.status == 431) return 0;
  const bool is_accepted = whole.step == RequestParser::Step::Complete || cut.step == RequestParser::Step::Complete;
  if (is_accepted && whole != cut) std::abort();
  return 0;
}
