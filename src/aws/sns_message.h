#pragma once
// SnsMessage: what a topic of SNS posts to a subscriber over HTTP, and the proof that SNS wrote it. Pure but for
// OpenSSL.
//
// Source   https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html,
//          .../sns-verify-signature-of-message.html (2026-11); the pattern of hosts: aws/aws-js-sns-message-validator.
// Signed   the members that make the message, its time and its topic; not its attributes, nor the URL of the
//          certificate: what that URL may be is this file's rule.
// Errors   Invalid: not such a message. Denied: not proven to be from SNS. No message quotes the input.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "ports/http_transport.h"

namespace clarion {

struct SnsMessage {
  enum class Type : std::uint8_t { Notification, SubscriptionConfirmation, UnsubscribeConfirmation };
  Type type{};
  std::string message_id;
  std::string topic_arn;
  std::string message;
  std::optional<std::string> subject;
  std::string timestamp;  // as it was signed
  WallTime at{};
  std::string token;          // of the confirmations, as is
  std::string subscribe_url;  // the next one
  int signature_version = 0;  // 1 or 2
  std::string signature;      // decoded
  std::string certificate_url;
};

[[nodiscard]] Result<SnsMessage> parse_sns_message(std::string_view body);

// The text that SNS signs.
[[nodiscard]] std::string sns_signed_text(const SnsMessage& message);

// Where a URL of SNS leads. Denied unless it is https://sns.REGION.amazonaws.com or .com.cn on the usual port, without
// user or fragment.
struct SnsUrl {
  HttpOrigin origin;
  std::string target;  // path and query
};
[[nodiscard]] Result<SnsUrl> read_sns_url(std::string_view url);
// The same of a certificate, whose path ends in ".pem" and which has no query.
[[nodiscard]] Result<SnsUrl> read_sns_certificate_url(std::string_view url);

// Denied when the certificate's key did not make the signature, is no RSA key of 2048 bits or more, or the certificate
// is not valid at `now`.
[[nodiscard]] Result<void> verify_sns_signature(const SnsMessage& message, std::string_view certificate_pem,
                                                WallTime now);

}  // namespace clarion
