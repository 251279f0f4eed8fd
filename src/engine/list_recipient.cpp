#include "engine/list_recipient.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "content/template_program.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::size_t max_customer_id_bytes = 256;
constexpr std::size_t max_sentence_bytes = 500;

std::unexpected<ListProblem> wrong_type(std::string_view member, std::string_view rule) {
  return std::unexpected(ListProblem{fmt::format("invalid_{}", member), fmt::format("{} {}.", member, rule)});
}

std::unexpected<ListProblem> invalid_content(std::string sentence) {
  return std::unexpected(ListProblem{"invalid_content", std::move(sentence)});
}

// Absent, null and "" are all empty.
std::expected<std::string, ListProblem> read_text(const json::object& entry, std::string_view member) {
  const json::value* value = entry.if_contains(member);
  if (value == nullptr || value->is_null()) return std::string();
  if (!value->is_string()) return wrong_type(member, "must be a text");
  std::string text(std::string_view(value->get_string()));
  // The document is UTF-8; this takes control characters out.
  if (!clean_value(text)) return wrong_type(member, "must be valid UTF-8");
  return text;
}

bool has_text(const json::object& entry, std::string_view member) {
  const json::value* value = entry.if_contains(member);
  // A value of a wrong type counts, so that its own error is reported.
  return value != nullptr && !value->is_null() && !(value->is_string() && trim(value->get_string()).empty());
}

std::string one_line(std::string_view text) {
  std::string line;
  append_escaped(text, Escaping::Line, line);
  return line;
}

std::expected<WhatsAppParameter, ListProblem> read_parameter(std::string_view member, std::string name,
                                                             const json::value& value) {
  std::string text;
  if (value.is_string()) {
    text = std::string_view(value.get_string());
  } else if (value.is_int64()) {
    text = std::to_string(value.get_int64());
  } else if (value.is_double()) {
    text = fmt::format("{}", value.get_double());
  } else {
    return wrong_type(member, "must hold texts and numbers only");
  }
  if (!clean_value(text)) return wrong_type(member, "must be valid UTF-8");
  return WhatsAppParameter{std::move(name), one_line(text)};
}

// The parameters of one member, by name (an object) or by position (a list); none when it is absent.
std::expected<WhatsAppComponent, ListProblem> read_component(const json::object& entry, std::string_view member) {
  WhatsAppComponent component;
  const json::value* parameters = entry.if_contains(member);
  if (parameters == nullptr || parameters->is_null()) return component;
  const auto add = [&](std::string name, const json::value& value) -> std::optional<ListProblem> {
    auto parameter = read_parameter(member, std::move(name), value);
    if (!parameter) return parameter.error();
    component.parameters.push_back(std::move(*parameter));
    return std::nullopt;
  };
  if (const auto* named = parameters->if_object()) {
    for (const auto& pair : *named) {
      if (auto problem = add(std::string(pair.key()), pair.value())) return std::unexpected(std::move(*problem));
    }
  } else if (const auto* positional = parameters->if_array()) {
    for (const json::value& value : *positional) {
      if (auto problem = add({}, value)) return std::unexpected(std::move(*problem));
    }
  } else {
    return wrong_type(member, "must be an object of named or a list of positional parameters");
  }
  return component;
}

// {"type": "url" or "quick_reply", "index": 0 to 9, "parameters": [one text]}
std::expected<WhatsAppComponent, ListProblem> read_button(const json::value& value) {
  constexpr std::string_view member = "template_buttons";
  const json::object* button = value.if_object();
  const json::value* type = button == nullptr ? nullptr : button->if_contains("type");
  const json::value* index = button == nullptr ? nullptr : button->if_contains("index");
  const bool has_type = type != nullptr && (*type == "url" || *type == "quick_reply");
  const bool has_index = index != nullptr && index->is_int64() && index->get_int64() >= 0 && index->get_int64() <= 9;
  if (!has_type || !has_index)
    return wrong_type(member, "must have a type (url or quick_reply) and an index from 0 to 9");
  auto component = read_component(*button, "parameters");
  if (!component || component->parameters.size() != 1) return wrong_type(member, "must have one text as parameters");
  component->kind = WhatsAppComponent::Kind::Button;
  component->button_type = std::string_view(type->get_string());
  component->button_index = static_cast<std::int32_t>(index->get_int64());
  return component;
}

std::expected<MessageBody, ListProblem> make_whatsapp(const json::object& entry) {
  WhatsAppBody body;
  auto name = read_text(entry, "template_name");
  if (!name) return std::unexpected(name.error());
  if (trim(*name).empty()) {
    return invalid_content("template_name is missing; WhatsApp campaigns need an approved template.");
  }
  body.template_name = trim(*name);
  auto language = read_text(entry, "template_language");
  if (!language) return std::unexpected(language.error());
  if (!language->empty()) body.language = std::move(*language);
  using Kind = WhatsAppComponent::Kind;
  for (const auto& [member, kind] :
       {std::pair{"template_header", Kind::Header}, std::pair{"template_parameters", Kind::Body}}) {
    auto component = read_component(entry, member);
    if (!component) return std::unexpected(component.error());
    component->kind = kind;
    if (!component->parameters.empty()) body.components.push_back(std::move(*component));
  }
  const json::value* buttons = entry.if_contains("template_buttons");
  if (buttons == nullptr || buttons->is_null()) return body;
  if (!buttons->is_array()) return wrong_type("template_buttons", "must be a list of buttons");
  for (const json::value& value : buttons->get_array()) {
    auto button = read_button(value);
    if (!button) return std::unexpected(button.error());
    body.components.push_back(std::move(*button));
  }
  return body;
}

std::expected<MessageBody, ListProblem> make_email(const json::object& entry) {
  EmailBody body;
  for (const auto& [member, target] :
       {std::pair{"subject", &EmailBody::subject}, std::pair{"message", &EmailBody::text},
        std::pair{"message_html", &EmailBody::html}, std::pair{"unsubscribe_url", &EmailBody::unsubscribe_url}}) {
    auto text = read_text(entry, member);
    if (!text) return std::unexpected(text.error());
    body.*target = std::move(*text);
  }
  body.subject = one_line(body.subject);
  if (trim(body.subject).empty()) return invalid_content("subject is missing; an email needs one.");
  if (trim(body.text).empty()) return invalid_content("message is missing; an email needs a plain text.");
  const std::string& link = body.unsubscribe_url;
  if (!link.empty() && (!link.starts_with("https://") || link.find_first_of(" \n<>\"") != std::string::npos)) {
    return wrong_type("unsubscribe_url", "must be an https:// address without spaces (RFC 8058)");
  }
  return body;
}

}  // namespace

ListRecipient read_list_recipient(const json::value& entry) {
  ListRecipient recipient;
  const auto note = [&](ListProblem problem) {
    if (!recipient.problem) recipient.problem = std::move(problem);
  };
  recipient.json = entry.if_object();
  if (recipient.json == nullptr) {
    note({"invalid_user", "The entry is not an object with customer_id, an address and a message."});
    return recipient;
  }
  const json::object& user = *recipient.json;
  for (const auto& [member, target] :
       {std::pair{"customer_id", &ListRecipient::customer_id}, std::pair{"phone", &ListRecipient::phone},
        std::pair{"email", &ListRecipient::email}}) {
    auto text = read_text(user, member);
    if (!text) {
      note(std::move(text.error()));
    } else {
      recipient.*target = trim(*text);
    }
  }
  if (recipient.customer_id.size() > max_customer_id_bytes) {
    recipient.customer_id.clear();
    note({"invalid_customer_id", fmt::format("customer_id is longer than {} bytes.", max_customer_id_bytes)});
  }
  auto selected = read_text(user, "selected_channel");
  if (!selected) {
    note(std::move(selected.error()));
  } else if (!selected->empty()) {
    recipient.channel = parse_channel(fold_text(*selected));
    if (!recipient.channel) {
      note({"unknown_channel",
            fmt::format("selected_channel is \"{}\"; it must be sms, whatsapp or email.", selected->substr(0, 40))});
    }
  }
  if (const json::value* reason = user.if_contains("reason"); reason != nullptr && reason->is_string()) {
    std::string sentence(std::string_view(reason->get_string()));
    if (sentence.size() <= max_sentence_bytes && clean_value(sentence)) recipient.sentence = std::move(sentence);
  }
  if (const json::value* chance = user.if_contains("probability"); chance != nullptr && chance->is_number()) {
    recipient.probability = std::clamp(chance->to_number<double>(), 0.0, 1.0);
  }
  recipient.has_content[Channel::Sms] = has_text(user, "message");
  recipient.has_content[Channel::WhatsApp] = has_text(user, "template_name");
  recipient.has_content[Channel::Email] = has_text(user, "message") && has_text(user, "subject");
  return recipient;
}

std::expected<MessageBody, ListProblem> make_list_message(const json::object& entry, Channel channel) {
  if (channel == Channel::WhatsApp) return make_whatsapp(entry);
  if (channel == Channel::Email) return make_email(entry);
  auto text = read_text(entry, "message");
  if (!text) return std::unexpected(text.error());
  if (trim(*text).empty()) return invalid_content("message is missing; an SMS needs a text.");
  return SmsBody{std::move(*text)};
}

}  // namespace clarion
