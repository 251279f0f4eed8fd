#pragma once
// AwsWhatsAppSender: WhatsApp template messages by AWS End User Messaging Social.
//
// Attempt   travels as biz_opaque_callback_data and comes back in Meta's status events.
// Accepted  means that AWS took it; what WhatsApp thinks of it comes as an event.

#include <optional>
#include <string>

#include "aws/aws_caller.h"
#include "ports/channel_sender.h"

namespace clarion {

struct AwsWhatsAppSettings {
  std::string phone_number_id;  // WHATSAPP_PHONE_NUMBER_ID: AWS's id, "phone-number-id-<32 hex>"
  std::string meta_api_version = "v20.0";
  std::optional<SenderQuota> quota;  // messages a second
};

// The message as Meta's Cloud API takes it.
[[nodiscard]] std::string write_meta_message(const Message& message);

class AwsWhatsAppSender final : public ChannelSender {
 public:
  AwsWhatsAppSender(AwsCaller& caller, AwsWhatsAppSettings settings)
      : caller_(caller), settings_(std::move(settings)) {}

  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return settings_.phone_number_id; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return settings_.quota; }

 private:
  AwsCaller& caller_;
  AwsWhatsAppSettings settings_;
};

}  // namespace clarion
