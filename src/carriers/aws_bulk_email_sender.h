#pragma once
// AwsBulkEmailSender: email by SES v2, up to 50 messages a call (SendBulkEmail). What the engine hands over within a
// few milliseconds goes out together; each message gets the outcome of its own entry.
//
// Content   one template of nothing but variables; every entry brings its whole rendered text as their values. SES
//           replaces variables of such templates once and escapes nothing
//           (docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html, November 2026).
// Limit     SES counts recipients as ever. Calls of SendBulkEmail may be limited to 1 a second (its page of quotas
//           names SendEmail alone as free of that): what is refused for that is throttled, and sent later.
// Alone     content with text only and with HTML never share a call; what is too large for a value goes by SendEmail.
// Threads   one executor. REQUIRES at destruction: no send is under way.

#include <array>
#include <memory>
#include <span>

#include "aws/send_failures.h"
#include "base/clock.h"
#include "carriers/aws_email_sender.h"

namespace clarion {

// What each Status of an entry means, with one row a status.
[[nodiscard]] std::span<const SendFailureRow> bulk_entry_failures();

class AwsBulkEmailSender final : public ChannelSender {
 public:
  static constexpr std::int32_t most_entries = 50;
  static constexpr std::chrono::milliseconds linger{5};  // of the first message of a call, for others to join

  // `live` as AwsEmailSender. REQUIRES: settings.bulk_size in [2, most_entries].
  AwsBulkEmailSender(AwsCaller& caller, Clock& clock, AwsEmailSettings settings, const LiveQuota* live = nullptr);

  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return single_.identity(); }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return single_.quota(); }

 private:
  struct Batch;
  Task<void> lead(std::shared_ptr<Batch> batch);
  [[nodiscard]] std::string write_request(const Batch& batch) const;
  void close(const std::shared_ptr<Batch>& batch);

  AwsCaller& caller_;
  Clock& clock_;
  AwsEmailSettings settings_;
  AwsEmailSender single_;                       // for what cannot go in bulk
  std::array<std::shared_ptr<Batch>, 2> open_;  // that still take messages: of text only, with HTML
};

}  // namespace clarion
