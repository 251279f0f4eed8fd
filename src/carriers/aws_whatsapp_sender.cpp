#include "carriers/aws_whatsapp_sender.h"

#include "aws/base64.h"
#include "aws/send_failures.h"
#include "carriers/json_text.h"

namespace clarion {
namespace {

void append_component(std::string& out, const WhatsAppComponent& component) {
  using Kind = WhatsAppComponent::Kind;
  const bool is_payload = component.kind == Kind::Button && component.button_type == "quick_reply";
  out += "{\"type\":";
  append_json_string(out, component.kind == Kind::Header ? "header" : component.kind == Kind::Body ? "body" : "button");
  if (component.kind == Kind::Button) {
    append_json_member(out, "sub_type", component.button_type);
    append_json_member(out, "index", std::to_string(component.button_index));
  }
  out += ",\"parameters\":[";
  bool is_first = true;
  for (const WhatsAppParameter& parameter : component.parameters) {
    if (!is_first) out += ',';
    is_first = false;
    out += is_payload ? "{\"type\":\"payload\"" : "{\"type\":\"text\"";
    append_json_member(out, "parameter_name", parameter.name);
    // Never left out, even when empty: Meta matches parameters by order.
    out += is_payload ? ",\"payload\":" : ",\"text\":";
    append_json_string(out, parameter.value);
    out += '}';
  }
  out += "]}";
}

}  // namespace

std::string write_meta_message(const Message& message) {
  const auto& body = std::get<WhatsAppBody>(message.body);
  std::string out;
  out.reserve(512);
  out += R"({"messaging_product":"whatsapp","recipient_type":"individual","to":)";
  append_json_string(out, message.destination);
  out += R"(,"type":"template","biz_opaque_callback_data":)";
  append_json_string(out, to_string(message.attempt));
  out += R"(,"template":{"name":)";
  append_json_string(out, body.template_name);
  out += R"(,"language":{"code":)";
  append_json_string(out, body.language);
  out += '}';
  if (!body.components.empty()) {
    out += ",\"components\":[";
    for (std::size_t i = 0; i < body.components.size(); ++i) {
      if (i > 0) out += ',';
      append_component(out, body.components[i]);
    }
    out += ']';
  }
  out += "}}";
  return out;
}

Task<SendOutcome> AwsWhatsAppSender::send(const Message& message) {
  if (const Duration wait = pairs_.take_or_wait(message.destination, clock_.now()); wait > Duration::zero()) {
    co_return std::unexpected(SendFailure{.failure = FailureClass::RecipientBusy,
                                          .code = "PairLimit",
                                          .detail = "",
                                          .retry_after = std::chrono::ceil<std::chrono::milliseconds>(wait)});
  }
  std::string body = "{\"originationPhoneNumberId\":";
  append_json_string(body, settings_.phone_number_id);
  append_json_member(body, "message", base64_encode(write_meta_message(message)));
  append_json_member(body, "metaApiVersion", settings_.meta_api_version);
  body += '}';
  auto reply = co_await caller_.call({.path = "/v1/whatsapp/send", .content_type = "application/json", .body = body});
  if (!reply) {
    SendFailure failure = to_send_failure(whatsapp_failures(), reply.error());
    if (failure.failure != FailureClass::Ambiguous) pairs_.give_back(message.destination);
    co_return std::unexpected(std::move(failure));
  }
  co_return read_accepted(reply->body, "messageId", 1);
}

}  // namespace clarion
