#pragma once
// AwsEmailSender: email by SES v2, one SendEmail a message, text and HTML, with one-click unsubscribe (RFC 8058).
//
// Attempt   travels as the email tag "attempt" ('.' becomes '_', which tags do not allow) and comes back in events.
// Address   an internationalised domain goes out as Punycode; a local part that is not ASCII is refused here, because
//           SES has no SMTPUTF8.

#include <optional>
#include <string>

#include "aws/aws_caller.h"
#include "carriers/live_quota.h"
#include "ports/channel_sender.h"

namespace clarion {

struct AwsEmailSettings {
  std::string from;                  // SENDER_EMAIL: "news@example.com" or "Shop <news@example.com>"
  std::string configuration_set;     // SES_CONFIGURATION_SET; empty: no events come back
  std::string tenant;                // reputation apart from others of the account; empty: none
  std::optional<SenderQuota> quota;  // recipients a second; until SES has told its own
  std::int32_t bulk_size = 1;        // SES_BULK_SIZE: messages a call at most; 1: SendEmail for each
};

// "ana@bücher.example" -> "ana@xn--bcher-kva.example"; Invalid, naming what is wrong, when SES could not take it.
[[nodiscard]] Result<std::string> to_wire_mailbox(std::string_view mailbox);

// SES says "not verified" of the sender, and in its sandbox of a recipient too. Only a recipient's own is an outcome of
// that message; with the sender not verified, or when SES does not say whose it is, the channel stops. `sender` and
// `recipient` as they went out; the result names no address.
[[nodiscard]] SendFailure judge_unverified(SendFailure failure, std::string_view sender, std::string_view recipient);

class AwsEmailSender final : public ChannelSender {
 public:
  // `live` may be null: the quota of the settings stands. REQUIRES: it outlives this.
  AwsEmailSender(AwsCaller& caller, AwsEmailSettings settings, const LiveQuota* live = nullptr)
      : caller_(caller), settings_(std::move(settings)), live_(live) {}

  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return settings_.from; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override {
    return live_ != nullptr && live_->current() ? live_->current() : settings_.quota;
  }

 private:
  AwsCaller& caller_;
  AwsEmailSettings settings_;
  const LiveQuota* live_;
};

}  // namespace clarion
