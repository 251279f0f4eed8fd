#pragma once
// AwsSmsSender: SMS by AWS End User Messaging, one SendTextMessage a message.
//
// Identity  the phone pool pays; parts are counted, as the carriers count them.
// Attempt   travels as Context.attempt and comes back in every event.

#include <optional>
#include <string>

#include "aws/aws_caller.h"
#include "carriers/live_quota.h"
#include "ports/channel_sender.h"

namespace clarion {

struct AwsSmsSettings {
  std::string origination_identity;  // PHONE_POOL_ID: pool, number or sender id
  std::string configuration_set;     // SMS_CONFIGURATION_SET; empty: no events come back
  std::string message_type = "PROMOTIONAL";
  std::optional<std::int32_t> time_to_live_seconds;  // [5, 259200]
  std::string max_price_usd;                         // per message, "0.05"; empty: no limit
  std::string india_entity_id;                       // DLT registration, sent to +91 numbers only
  std::string india_template_id;                     // of templates that name none
  std::optional<SenderQuota> quota;                  // parts a second, as the operator says
};

class AwsSmsSender final : public ChannelSender {
 public:
  // `live` may be null: the quota of the settings stands. REQUIRES: it outlives this.
  AwsSmsSender(AwsCaller& caller, AwsSmsSettings settings, const LiveQuota* live = nullptr);

  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return settings_.origination_identity; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override {
    return live_ != nullptr && live_->current() ? live_->current() : settings_.quota;
  }

 private:
  AwsCaller& caller_;
  AwsSmsSettings settings_;
  const LiveQuota* live_;
  std::string members_;  // of every request: what the settings say, as JSON
};

}  // namespace clarion
