#include "api/delivery_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/campaign_json.h"
#include "api/json_text.h"
#include "api/person_search.h"
#include "base/csv_cell.h"
#include "decision/exclusion.h"
#include "domain/send_outcome.h"

namespace clarion {
namespace {

namespace json = boost::json;

// The order of the columns after sent_at: what a carrier can say. What a person settled stands in `events`.
constexpr std::array kinds_with_a_column{DeliveryEventKind::Delivered,  DeliveryEventKind::Opened,
                                         DeliveryEventKind::Clicked,    DeliveryEventKind::Replied,
                                         DeliveryEventKind::Bounced,    DeliveryEventKind::Failed,
                                         DeliveryEventKind::Complained, DeliveryEventKind::OptedOut};

json::array parameters_to_json(const std::vector<WhatsAppParameter>& parameters) {
  json::array rows;
  for (const WhatsAppParameter& parameter : parameters) {
    json::object row{{"type", "text"}, {"text", parameter.value}};
    if (!parameter.name.empty()) row["parameter_name"] = parameter.name;
    rows.push_back(std::move(row));
  }
  return rows;
}

json::object component_to_json(const WhatsAppComponent& component) {
  using Kind = WhatsAppComponent::Kind;
  json::object row;
  row["type"] = component.kind == Kind::Header ? "header" : component.kind == Kind::Body ? "body" : "button";
  if (component.kind == Kind::Button) {
    row["sub_type"] = component.button_type;
    row["index"] = component.button_index;
  }
  row["parameters"] = parameters_to_json(component.parameters);
  return row;
}

struct BodyToJson {
  json::object operator()(const SmsBody& body) const { return {{"channel", "sms"}, {"text", body.text}}; }
  json::object operator()(const WhatsAppBody& body) const {
    json::array components;
    for (const WhatsAppComponent& component : body.components) components.push_back(component_to_json(component));
    return {{"channel", "whatsapp"},
            {"template_name", body.template_name},
            {"language", body.language},
            {"components", std::move(components)}};
  }
  json::object operator()(const EmailBody& body) const {
    return {{"channel", "email"},
            {"subject", body.subject},
            {"text", body.text},
            {"html", or_null(body.html)},
            {"unsubscribe_url", or_null(body.unsubscribe_url)}};
  }
};

}  // namespace

json::value explain_reason(DeliveryState state, std::string_view reason) {
  // A rule and a refusal of the carrier can have one name; whom we skipped, a rule skipped.
  if (state == DeliveryState::Skipped) {
    if (const auto rule = parse_rule(reason)) return json::value(explain(*rule));
  }
  // Refused before any carrier saw it, too.
  if (reason == "invalid_content") {
    return "The content is not complete, such as an empty message or an email without subject, or the carrier refuses "
           "it (template, size or encoding); the delivery says which.";
  }
  if (const auto failure = parse_failure_class(reason)) return json::value(explain(*failure));
  if (reason == "not_delivered") {
    return "The carrier took the message and later said that it did not arrive; a retry leaves it out, another channel "
           "may reach them.";
  }
  if (reason == "settled_not_arrived") {
    return "It was in doubt, and a person settled that it did not arrive; it is not sent again by itself.";
  }
  if (reason == "not_a_contact") return "This person is no contact any more; nothing was sent.";
  if (reason == "cancelled") return "The campaign was cancelled before their turn; clone it to write to them.";
  if (reason == "process ended while sending") {
    return "Clarion ended between handing the message over and writing that down; the carrier's events will say "
           "whether it was sent. It is not sent again by itself.";
  }
  if (reason == "no_channel") {
    return "This person is no contact here and their entry in the list names no channel, so none could be chosen; give "
           "selected_channel.";
  }
  if (reason == "unknown_channel") return "selected_channel of their entry must be sms, whatsapp or email.";
  if (reason == "duplicate_contact") {
    return "The same customer_id stands earlier in the list; one message goes to each.";
  }
  if (reason == "invalid_user") {
    return "Their entry in the list is not an object with customer_id, an address and a message.";
  }
  if (reason == "invalid_customer_id") return "customer_id of their entry must be a text of at most 256 bytes.";
  if (constexpr std::string_view wrong = "invalid_"; reason.starts_with(wrong)) {
    return json::value(
        fmt::format("The member {} of their entry in the list has a wrong value; the delivery says what "
                    "it must be.",
                    reason.substr(wrong.size())));
  }
  if (reason == "bounced") return "The mailbox refused the message for good; the address is suppressed.";
  return nullptr;
}

json::object delivery_to_json(const Delivery& delivery, const ContactTable& contacts) {
  return {{"delivery_id", to_string(delivery.id)},
          {"campaign_id", delivery.campaign_id},
          {"contact_id", delivery.contact_id},
          {"contact_name", or_null(name_of(contacts, delivery.contact_id))},
          {"channel", delivery.channel ? json::value(to_string(*delivery.channel)) : json::value(nullptr)},
          {"state", to_string(delivery.state)},
          {"reason", or_null(delivery.reason)},
          {"reason_text", explain_reason(delivery.state, delivery.reason)},
          {"destination", or_null(delivery.destination)},
          {"parts", delivery.parts},
          {"attempts", delivery.attempts},
          {"cost", money_to_json(delivery.cost)},
          {"provider_id", or_null(delivery.provider_id)},
          {"due_at", time_to_json(delivery.due_at)},
          {"sent_at", time_to_json(delivery.sent_at)},
          {"updated_at", format_iso8601(delivery.updated_at)}};
}

json::array events_to_json(const Delivery& delivery) {
  json::array events;
  for (const DeliveryEvent& event : delivery.events) {
    events.push_back(
        json::object{{"kind", to_string(event.kind)}, {"at", format_iso8601(event.at)}, {"detail", event.detail}});
  }
  return events;
}

json::object message_to_json(const MessageBody& body) {
  return std::visit(BodyToJson{}, body);
}

std::string delivery_csv_header() {
  return "delivery_id,campaign_id,contact_id,channel,state,reason,destination,parts,attempts,cost_usd,provider_id,"
         "due_at,updated_at,why,sent_at,delivered_at,opened_at,clicked_at,replied_at,bounced_at,failed_at,"
         "complained_at,opted_out_at,events\r\n";
}

void append_delivery_csv(std::string& out, const Delivery& delivery) {
  const auto add = [&out](std::string_view cell) {
    out += csv_cell(cell);
    out += ',';
  };
  add(to_string(delivery.id));
  add(delivery.campaign_id);
  add(delivery.contact_id);
  add(delivery.channel ? to_string(*delivery.channel) : std::string_view());
  add(to_string(delivery.state));
  add(delivery.reason);
  add(delivery.destination);
  add(std::to_string(delivery.parts));
  add(std::to_string(delivery.attempts));
  add(fmt::format("{:.6f}", delivery.cost.usd()));
  add(delivery.provider_id);
  add(delivery.due_at ? format_iso8601(*delivery.due_at) : std::string());
  add(format_iso8601(delivery.updated_at));
  add(delivery.why);
  add(delivery.sent_at ? format_iso8601(*delivery.sent_at) : std::string());
  for (const DeliveryEventKind kind : kinds_with_a_column) {
    const auto first = std::ranges::find(delivery.events, kind, &DeliveryEvent::kind);
    add(first == delivery.events.end() ? std::string() : format_iso8601(first->at));
  }
  if (!delivery.events.empty()) out += csv_cell(write_json(events_to_json(delivery)));
  out += "\r\n";
}

}  // namespace clarion
