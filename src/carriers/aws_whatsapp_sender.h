#pragma once
// AwsWhatsAppSender: WhatsApp template messages by AWS End User Messaging Social.
//
// Attempt   travels as biz_opaque_callback_data and comes back in Meta's status events.
// Accepted  means that AWS took it; what WhatsApp thinks of it comes as an event.
// Pair      one person gets one message in `pair_gap`, whatever campaigns want: what comes sooner is not handed over
//           (RecipientBusy). Meta allows one in 6 s, and bursts that the next minutes pay for (131056 else).

#include <optional>
#include <string>

#include "aws/aws_caller.h"
#include "carriers/pair_limit.h"
#include "ports/channel_sender.h"

namespace clarion {

struct AwsWhatsAppSettings {
  std::string phone_number_id;  // WHATSAPP_PHONE_NUMBER_ID: AWS's id, "phone-number-id-<32 hex>"
  std::string meta_api_version = "v20.0";
  std::optional<SenderQuota> quota;       // messages a second
  std::chrono::milliseconds pair_gap{0};  // zero: no limit of our own
};

// The message as Meta's Cloud API takes it.
[[nodiscard]] std::string write_meta_message(const Message& message);

class AwsWhatsAppSender final : public ChannelSender {
 public:
  // REQUIRES: `caller` and `clock` outlive this.
  AwsWhatsAppSender(AwsCaller& caller, Clock& clock, AwsWhatsAppSettings settings)
      : caller_(caller), clock_(clock), settings_(std::move(settings)), pairs_(settings_.pair_gap) {}

  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return settings_.phone_number_id; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return settings_.quota; }

 private:
  AwsCaller& caller_;
  Clock& clock_;
  AwsWhatsAppSettings settings_;
  PairLimit pairs_;
};

}  // namespace clarion
