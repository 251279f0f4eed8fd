#pragma once
// AwsCaller: one signed request to one service endpoint, and what came of it. Never repeats a request that may have
// been accepted; only a reply that proves the opposite (expired token, skewed clock) is answered by one more attempt.
//
// Errors    AwsFailure says how far the request got and what the service called it; the tables of each client map that.
// Clock     the endpoint's offset is learnt from its replies, so a wrong clock costs one attempt.
// Threads   one executor; many calls at once.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"
#include "ports/http_transport.h"

namespace clarion {

struct AwsEndpoint {
  HttpOrigin origin;
  std::string base_path;     // of an override such as http://127.0.0.1:4566/ses; without trailing slash
  std::string region;        // signed for, whatever the origin
  std::string signing_name;  // "sms-voice", "ses", "dynamodb"
};

struct AwsRequest {
  std::string_view method = "POST";
  std::string_view path = "/";         // percent-encoded
  std::string_view query = {};         // percent-encoded, without "?"
  std::string_view target = {};        // X-Amz-Target of JSON 1.0 services
  std::string_view content_type = {};  // none for a request without body
  std::string_view body = {};
  std::chrono::milliseconds deadline{0};  // zero: the caller's own
};

struct AwsReply {
  int status = 0;
  std::string body;
  ReplyHeaders headers;
};

struct AwsFailure {
  Reach reach = Reach::MaybeSent;  // of the transport; meaningful when status == 0
  int status = 0;                  // 0: no reply
  std::string code;  // "ThrottlingException"; the status as text when the body names none; "NoCredentials": never asked
  std::string message;  // the service's words without what they quote of the request, or the transport's
  std::string request_id;
  std::optional<std::chrono::milliseconds> retry_after;
  std::string body;  // of the reply: services put reasons into it; empty when it quotes the request. Never logged
};

// The code and message of an error reply, by header or body, JSON or XML.
[[nodiscard]] AwsFailure read_aws_error(const HttpReply& reply);

class AwsCaller {
 public:
  struct Deps {
    HttpTransport& transport;
    CredentialsSource& credentials;
    Clock& clock;
  };
  AwsCaller(Deps deps, AwsEndpoint endpoint, std::chrono::milliseconds deadline);

  Task<std::expected<AwsReply, AwsFailure>> call(AwsRequest request);
  [[nodiscard]] const AwsEndpoint& endpoint() const { return endpoint_; }
  // By how much the endpoint's clock is ahead of ours, once that matters (4 minutes and more).
  [[nodiscard]] std::chrono::milliseconds clock_offset() const { return clock_offset_; }

 private:
  void use_keys(const AwsCredentials& keys);
  [[nodiscard]] std::string write_request(const AwsRequest& request);
  void keep_buffer(std::string buffer);
  void learn_clock(const HttpReply& reply, TimePoint began);

  Deps deps_;
  AwsEndpoint endpoint_;
  std::chrono::milliseconds deadline_;
  std::chrono::milliseconds clock_offset_{0};
  std::shared_ptr<RequestSigner> signer_;
  std::string authority_;
  UnsignedRequest draft_;             // of the last request: its memory serves the next
  std::vector<std::string> buffers_;  // of requests that have been answered
};

}  // namespace clarion
