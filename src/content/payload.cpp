#include "content/payload.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace clarion {
namespace {

constexpr PerChannel<char> literal_letters{{'s', 'w', 'e'}};

void append_number(std::size_t number, std::string& payload) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  payload.append(digits.data(), end);
}

void append_component(const WhatsAppComponent& component, std::string& payload) {
  constexpr std::array<std::string_view, 3> kinds{"header", "body", "button"};
  append_field(kinds[static_cast<std::size_t>(component.kind)], payload);
  append_field(std::to_string(component.button_index), payload);
  append_field(component.button_type, payload);
  append_field(std::to_string(component.parameters.size()), payload);
  for (const WhatsAppParameter& parameter : component.parameters) {
    append_field(parameter.name, payload);
    append_field(parameter.value, payload);
  }
}

std::optional<std::size_t> read_number(FieldReader& reader) {
  const auto text = reader.next();
  std::size_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<WhatsAppComponent> read_component(FieldReader& reader) {
  const auto kind = reader.next();
  const auto index = read_number(reader);
  const auto type = reader.next();
  const auto count = read_number(reader);
  if (!kind || !index || *index > 9 || !type || !count) return std::nullopt;
  WhatsAppComponent component;
  component.kind = *kind == "header" ? WhatsAppComponent::Kind::Header
                   : *kind == "body" ? WhatsAppComponent::Kind::Body
                                     : WhatsAppComponent::Kind::Button;
  component.button_index = static_cast<std::int32_t>(*index);
  component.button_type = *type;
  for (std::size_t i = 0; i < *count; ++i) {
    const auto name = reader.next();
    const auto value = reader.next();
    if (!name || !value) return std::nullopt;
    component.parameters.push_back({std::string(*name), std::string(*value)});
  }
  return component;
}

std::optional<MessageBody> read_body(Channel channel, FieldReader reader) {
  const auto first = reader.next();
  if (!first) return std::nullopt;
  if (channel == Channel::Sms) {
    if (!reader.is_at_end()) return std::nullopt;
    return SmsBody{std::string(*first)};
  }
  const auto second = reader.next();
  if (!second) return std::nullopt;
  if (channel == Channel::WhatsApp) {
    WhatsAppBody body{.template_name = std::string(*first), .language = std::string(*second), .components = {}};
    while (!reader.is_at_end()) {
      auto component = read_component(reader);
      if (!component) return std::nullopt;
      body.components.push_back(std::move(*component));
    }
    return body;
  }
  const auto html = reader.next();
  const auto unsubscribe = reader.next();
  if (!html || !unsubscribe || !reader.is_at_end()) return std::nullopt;
  return EmailBody{std::string(*first), std::string(*second), std::string(*html), std::string(*unsubscribe)};
}

}  // namespace

void append_field(std::string_view field, std::string& payload) {
  append_number(field.size(), payload);
  payload.push_back(':');
  payload.append(field);
}

std::optional<std::string_view> FieldReader::next() {
  std::size_t length = 0;
  const char* const begin = rest_.data();
  const char* const end = begin + rest_.size();
  const auto [colon, error] = std::from_chars(begin, end, length);
  if (error != std::errc{} || colon == end || *colon != ':') return std::nullopt;
  const auto available = static_cast<std::size_t>(end - colon - 1);
  if (length > available) return std::nullopt;
  const std::string_view field(colon + 1, length);
  rest_ = std::string_view(colon + 1 + length, available - length);
  return field;
}

std::string write_literal_payload(const MessageBody& body) {
  std::string payload(1, literal_letters.values[body.index()]);
  if (const auto* sms = std::get_if<SmsBody>(&body)) append_field(sms->text, payload);
  if (const auto* whatsapp = std::get_if<WhatsAppBody>(&body)) {
    append_field(whatsapp->template_name, payload);
    append_field(whatsapp->language, payload);
    for (const WhatsAppComponent& component : whatsapp->components) append_component(component, payload);
  }
  if (const auto* email = std::get_if<EmailBody>(&body)) {
    for (const std::string& part : {email->subject, email->text, email->html, email->unsubscribe_url}) {
      append_field(part, payload);
    }
  }
  return payload;
}

Result<MessageBody> read_literal_payload(Channel channel, std::string_view payload) {
  if (!payload.empty() && payload[0] == literal_letters[channel]) {
    if (auto body = read_body(channel, FieldReader(payload.substr(1)))) return std::move(*body);
  }
  return fail(ErrorKind::Invalid, fmt::format("The stored content is not a {} message.", to_string(channel)));
}

}  // namespace clarion
