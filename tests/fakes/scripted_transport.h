#pragma once
// ScriptedTransport: answers exchanges from a list and keeps what was asked.

#include <deque>
#include <string>
#include <vector>

#include "ports/http_transport.h"

namespace clarion::testing {

using TransportAnswer = std::expected<HttpReply, TransportFailure>;

class ScriptedTransport final : public HttpTransport {
 public:
  Task<TransportAnswer> exchange(HttpCall call) override {
    requests.emplace_back(call.bytes);
    if (answers.empty()) co_return std::unexpected(TransportFailure{Reach::NotSent, "no answer was scripted"});
    TransportAnswer answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }

  std::deque<TransportAnswer> answers;
  std::vector<std::string> requests;
};

// The body of a request as it went out.
inline std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

}  // namespace clarion::testing
