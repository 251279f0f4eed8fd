#include "carriers/aws_sms_sender.h"

#include <utility>

#include "aws/send_failures.h"
#include "carriers/json_text.h"

namespace clarion {

AwsSmsSender::AwsSmsSender(AwsCaller& caller, AwsSmsSettings settings, const LiveQuota* live)
    : caller_(caller), settings_(std::move(settings)), live_(live) {
  append_json_member(members_, "MessageType", settings_.message_type);
  append_json_member(members_, "OriginationIdentity", settings_.origination_identity);
  append_json_member(members_, "ConfigurationSetName", settings_.configuration_set);
  append_json_member(members_, "MaxPrice", settings_.max_price_usd);
  if (settings_.time_to_live_seconds) {
    members_.append(",\"TimeToLive\":").append(std::to_string(*settings_.time_to_live_seconds));
  }
}

Task<SendOutcome> AwsSmsSender::send(const Message& message) {
  const auto& sms = std::get<SmsBody>(message.body);
  std::string body;
  body.reserve(512 + sms.text.size());
  body += "{\"DestinationPhoneNumber\":";
  append_json_string(body, message.destination);
  append_json_member(body, "MessageBody", sms.text);
  body += members_;
  body += ",\"Context\":{\"attempt\":";
  append_json_string(body, to_string(message.attempt));
  body += '}';
  if (!settings_.india_entity_id.empty() && message.destination.starts_with("+91")) {
    body += ",\"DestinationCountryParameters\":{\"IN_ENTITY_ID\":";
    append_json_string(body, settings_.india_entity_id);
    append_json_member(body, "IN_TEMPLATE_ID",
                       sms.dlt_template_id.empty() ? settings_.india_template_id : sms.dlt_template_id);
    body += '}';
  }
  body += '}';

  auto reply = co_await caller_.call(
      {.target = "PinpointSMSVoiceV2.SendTextMessage", .content_type = "application/x-amz-json-1.0", .body = body});
  if (!reply) co_return std::unexpected(to_send_failure(sms_failures(), reply.error()));
  co_return read_accepted(reply->body, "MessageId", message.parts);
}

}  // namespace clarion
