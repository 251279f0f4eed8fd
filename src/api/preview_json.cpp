#include "api/preview_json.h"

#include <cmath>

#include "api/campaign_json.h"
#include "api/delivery_json.h"
#include "api/json_text.h"

namespace clarion {
namespace {

namespace json = boost::json;

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

// An object of named or a list of positional parameters.
json::value parameters_to_json(const WhatsAppComponent& component) {
  json::object named;
  json::array positional;
  for (const WhatsAppParameter& parameter : component.parameters) {
    if (parameter.name.empty()) {
      positional.emplace_back(parameter.value);
    } else {
      named[parameter.name] = parameter.value;
    }
  }
  if (positional.empty()) return named;
  return positional;
}

struct AddMessage {
  json::object& user;

  void operator()(const SmsBody& body) const { user["message"] = body.text; }
  void operator()(const WhatsAppBody& body) const {
    user["template_name"] = body.template_name;
    user["template_language"] = body.language;
    for (const WhatsAppComponent& component : body.components) {
      switch (component.kind) {
        case WhatsAppComponent::Kind::Header: user["template_header"] = parameters_to_json(component); break;
        case WhatsAppComponent::Kind::Body: user["template_parameters"] = parameters_to_json(component); break;
        case WhatsAppComponent::Kind::Button: {
          json::value& buttons = user["template_buttons"];
          if (!buttons.is_array()) buttons = json::array();
          buttons.as_array().push_back(json::object{{"type", component.button_type},
                                                    {"index", component.button_index},
                                                    {"parameters", parameters_to_json(component)}});
          break;
        }
      }
    }
  }
  void operator()(const EmailBody& body) const {
    user["subject"] = body.subject;
    user["message"] = body.text;
    if (!body.html.empty()) user["message_html"] = body.html;
    if (!body.unsubscribe_url.empty()) user["unsubscribe_url"] = body.unsubscribe_url;
  }
};

}  // namespace

void add_message_members(const MessageBody& body, json::object& user) {
  std::visit(AddMessage{user}, body);
}

namespace {

json::object user_to_json(const PreviewedRecipient& recipient) {
  json::object user{{"customer_id", recipient.contact_id},
                    {"name", or_null(recipient.name)},
                    {"selected_channel", to_string(recipient.channel)}};
  user[recipient.channel == Channel::Email ? "email" : "phone"] = recipient.destination;
  add_message_members(recipient.body, user);
  user["parts"] = recipient.parts;
  user["cost"] = money_to_json(recipient.cost);
  user["expected_response"] = rounded(recipient.expected_response);
  user["probability"] = rounded(recipient.probability);
  user["is_exploration"] = recipient.is_exploration;
  user["is_override"] = recipient.is_override;
  user["send_at"] = time_to_json(recipient.due_at);
  user["reason"] = recipient.sentence;
  return user;
}

json::object exclusion_to_json(const PreviewedExclusion& exclusion) {
  return {{"customer_id", exclusion.contact_id},
          {"name", or_null(exclusion.name)},
          {"channel", exclusion.channel ? json::value(to_string(*exclusion.channel)) : json::value(nullptr)},
          {"rule", exclusion.rule},
          {"value", exclusion.value},
          {"threshold", exclusion.threshold},
          {"reason", exclusion.sentence}};
}

json::object sample_to_json(const PreviewedSample& sample) {
  json::object row{{"customer_id", sample.contact_id},
                   {"name", or_null(sample.name)},
                   {"channel", to_string(sample.message.channel)},
                   {"message", sample.message.text}};
  if (sample.message.body) row["content"] = message_to_json(*sample.message.body);
  if (sample.message.sms_parts) row["sms_parts"] = sample.message.sms_parts->parts;
  return row;
}

json::object overrides_to_json(const AudiencePreview& preview) {
  json::array refused;
  for (const PreviewedOverride& each : preview.refused_overrides) {
    refused.push_back(
        json::object{{"customer_id", each.contact_id},
                     {"name", or_null(each.name)},
                     {"wanted_channel", to_string(each.wanted)},
                     {"selected_channel", each.channel ? json::value(to_string(*each.channel)) : json::value(nullptr)},
                     {"rule", each.rule},
                     {"reason", each.sentence}});
  }
  json::array absent;
  for (const std::string& id : preview.absent_overrides) absent.emplace_back(id);
  return {{"honoured", preview.honoured_overrides},
          {"refused", std::move(refused)},
          {"not_in_audience", std::move(absent)}};
}

}  // namespace

json::object outlook_to_json(const Outlook& outlook) {
  json::object by_channel;
  json::object cost_by_channel;
  for (const Channel channel : all_channels) {
    by_channel[to_string(channel)] = outlook.messages_by_channel[channel];
    cost_by_channel[to_string(channel)] = money_to_json(outlook.cost_by_channel[channel]);
  }
  const auto cost = outlook.cost_per_response();
  return {{"contacts", outlook.contacts},
          {"messages", outlook.messages},
          {"messages_by_channel", std::move(by_channel)},
          {"cost", money_to_json(outlook.cost)},
          {"cost_by_channel", std::move(cost_by_channel)},
          {"expected_responses", rounded(outlook.expected_responses)},
          {"expected_opt_outs", rounded(outlook.expected_opt_outs)},
          {"cost_per_response", cost ? json::value(rounded(*cost)) : json::value(nullptr)},
          {"currency", "USD"}};
}

json::object preview_to_json(const AudiencePreview& preview) {
  json::array users;
  for (const PreviewedRecipient& recipient : preview.eligible_users) users.push_back(user_to_json(recipient));
  json::array suppressed;
  for (const PreviewedExclusion& exclusion : preview.suppressed_users)
    suppressed.push_back(exclusion_to_json(exclusion));
  json::object by_rule;
  for (const auto& [rule, count] : preview.suppressed_by_rule) by_rule[rule] = count;
  json::array whatsapp;
  for (const std::string& id : preview.whatsapp_users) whatsapp.push_back(json::object{{"customer_id", id}});
  json::array later;
  for (const auto& user : preview.time_optimized_users) {
    later.push_back(json::object{{"customer_id", user.contact_id}, {"send_at", format_iso8601(user.due_at)}});
  }
  json::object parts;
  for (const Channel channel : all_channels) parts[to_string(channel)] = preview.parts_by_channel[channel];
  json::array samples;
  for (const PreviewedSample& sample : preview.samples) samples.push_back(sample_to_json(sample));
  return {
      {"total_matched", preview.matched},
      {"sample_messages", std::move(samples)},
      {"suppressed",
       {{"count", preview.suppressed}, {"users", std::move(suppressed)}, {"by_rule", std::move(by_rule)}}},
      {"whatsapp_routing", {{"count", preview.whatsapp}, {"users", std::move(whatsapp)}}},
      {"time_optimized",
       {{"count", preview.time_optimized},
        {"users", std::move(later)},
        {"first_at", time_to_json(preview.first_due)},
        {"last_at", time_to_json(preview.last_due)}}},
      {"eligible_count", preview.eligible},
      {"eligible_users", std::move(users)},
      {"is_truncated", preview.is_truncated()},
      {"parts_by_channel", std::move(parts)},
      {"cost_range",
       {{"lowest", money_to_json(preview.cost_range.lowest)}, {"highest", money_to_json(preview.cost_range.highest)}}},
      {"channel_overrides", overrides_to_json(preview)},
      {"before_metrics", outlook_to_json(preview.before)},
      {"after_metrics", outlook_to_json(preview.after)}};
}

}  // namespace clarion
