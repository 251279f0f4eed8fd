#include "content/template_definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "content/contact_variables.h"
#include "content/json_reader.h"

namespace clarion {
namespace {

namespace json = boost::json;

Result<TemplateProgram> compile_member(const JsonReader& reader, std::string_view name, bool is_required,
                                       TemplateNames& names) {
  auto text = is_required ? reader.required_text(name) : reader.optional_text(name);
  if (!text) return std::unexpected(text.error());
  if (is_required && trim(*text).empty()) {
    return fail(ErrorKind::Invalid, fmt::format("{} holds only spaces; write the text to send.", reader.path_of(name)));
  }
  return TemplateProgram::compile(reader.path_of(name), *text, names);
}

Result<SmsTemplate> read_sms(const JsonReader& reader, TemplateNames& names) {
  auto text = compile_member(reader, "text", true, names);
  if (!text) return std::unexpected(text.error());
  auto registered = reader.optional_text("dlt_template_id");
  if (!registered) return std::unexpected(registered.error());
  // SendTextMessage, DestinationCountryParameters (service model, 2026-08).
  const bool is_sendable = registered->size() <= 64 && std::ranges::all_of(*registered, [](char c) {
                             return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f;
                           });
  if (!is_sendable) {
    return fail(
        ErrorKind::Invalid,
        fmt::format("{} is no template id: it has up to 64 characters and no spaces; copy it from the DLT portal.",
                    reader.path_of("dlt_template_id")));
  }
  return SmsTemplate{std::move(*text), std::move(*registered)};
}

// WhatsApp template names are lower-case letters, digits and '_', at most 512 (Meta, template guidelines, 2026-08).
bool is_template_name(std::string_view name) {
  return name.size() <= 512 &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_language(std::string_view code) {
  return code.size() >= 2 && code.size() <= 10 &&
         std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; });
}

Result<WhatsAppTemplate::Parameter> read_parameter(const std::string& path, std::string name, const json::value& value,
                                                   TemplateNames& names) {
  if (!value.is_string() || trim(value.get_string()).empty()) {
    return fail(ErrorKind::Invalid, fmt::format("{} is {}; a parameter must be a text that is not empty.", path,
                                                value.is_string() ? "blank" : json_type_name(value)));
  }
  auto program = TemplateProgram::compile(path, value.get_string(), names);
  if (!program) return std::unexpected(program.error());
  return WhatsAppTemplate::Parameter{std::move(name), std::move(*program)};
}

Result<std::vector<WhatsAppTemplate::Parameter>> read_parameters(const std::string& path, const json::value& value,
                                                                 TemplateNames& names) {
  std::vector<WhatsAppTemplate::Parameter> parameters;
  const auto add = [&](const std::string& member, std::string name, const json::value& text) -> Result<void> {
    auto parameter = read_parameter(member, std::move(name), text, names);
    if (!parameter) return std::unexpected(parameter.error());
    parameters.push_back(std::move(*parameter));
    return {};
  };
  if (const auto* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (auto added = add(fmt::format("{}[{}]", path, i), {}, (*list)[i]); !added) {
        return std::unexpected(added.error());
      }
    }
    return parameters;
  }
  if (const auto* named = value.if_object()) {
    for (const auto& member : *named) {
      const std::string name(member.key());
      if (name.empty() || !is_template_name(name)) {
        return fail(ErrorKind::Invalid,
                    fmt::format("{} names a parameter \"{}\"; names are lower-case letters, digits and '_'.", path,
                                name.substr(0, 64)));
      }
      if (auto added = add(fmt::format("{}.{}", path, name), name, member.value()); !added) {
        return std::unexpected(added.error());
      }
    }
    return parameters;
  }
  return fail(ErrorKind::Invalid,
              fmt::format("{} is {}; it must be a list of texts (positional) or an object of texts (named).", path,
                          json_type_name(value)));
}

Result<WhatsAppTemplate::Component> read_button(const std::string& path, const json::value& value,
                                                TemplateNames& names) {
  auto reader = JsonReader::open(path, value, {"type", "index", "parameters"});
  if (!reader) return std::unexpected(reader.error());
  WhatsAppTemplate::Component button{.kind = WhatsAppComponent::Kind::Button};
  auto type = reader->required_text("type");
  if (!type) return std::unexpected(type.error());
  if (*type != "url" && *type != "quick_reply") {
    return fail(ErrorKind::Invalid, fmt::format("{}.type is \"{}\"; it must be url or quick_reply.", path, *type));
  }
  button.button_type = *type;
  const json::value* index = reader->find("index");
  if (index == nullptr || !index->is_int64() || index->get_int64() < 0 || index->get_int64() > 9) {
    return fail(ErrorKind::Invalid, fmt::format("{}.index must be a whole number from 0 to 9.", path));
  }
  button.button_index = static_cast<std::int32_t>(index->get_int64());
  const json::value* parameters = reader->find("parameters");
  if (parameters == nullptr || !parameters->is_array() || parameters->get_array().size() != 1) {
    return fail(ErrorKind::Invalid, fmt::format("{}.parameters must be a list with one text.", path));
  }
  auto read = read_parameters(path + ".parameters", *parameters, names);
  if (!read) return std::unexpected(read.error());
  button.parameters = std::move(*read);
  return button;
}

// The approved wording must ask for exactly the parameters that are sent: Meta refuses others (error 132000).
Result<void> check_body_text(const std::string& path, std::string_view text,
                             const std::vector<WhatsAppTemplate::Parameter>& parameters) {
  if (text.empty()) return {};
  std::vector<std::string> expected;
  expected.reserve(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    expected.push_back(parameters[i].name.empty() ? std::to_string(i + 1) : parameters[i].name);
  }
  std::vector<std::string> found;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
    const std::size_t end = text.find("}}", at);
    if (end == std::string_view::npos) break;
    found.emplace_back(text.substr(at + 2, end - at - 2));
  }
  for (const std::string& name : found) {
    if (std::ranges::find(expected, name) == expected.end()) {
      return fail(ErrorKind::Invalid, fmt::format("{} asks for {{{{{}}}}}, which the body parameters do not have.",
                                                  path, name.substr(0, 64)));
    }
  }
  for (const std::string& name : expected) {
    if (std::ranges::find(found, name) == found.end()) {
      return fail(
          ErrorKind::Invalid,
          fmt::format("{} does not use the body parameter {{{{{}}}}}; give the wording as approved.", path, name));
    }
  }
  return {};
}

Result<WhatsAppTemplate> read_whatsapp(const JsonReader& reader, TemplateNames& names) {
  WhatsAppTemplate result;
  auto name = reader.required_text("template_name");
  if (!name) return std::unexpected(name.error());
  if (!is_template_name(*name)) {
    return fail(
        ErrorKind::Invalid,
        fmt::format("{} is \"{}\"; WhatsApp template names are lower-case letters, digits and '_', at most 512.",
                    reader.path_of("template_name"), name->substr(0, 64)));
  }
  result.template_name = std::move(*name);
  auto language = reader.optional_text("language");
  if (!language) return std::unexpected(language.error());
  result.language = language->empty() ? "en_US" : std::move(*language);
  if (!is_language(result.language)) {
    return fail(ErrorKind::Invalid, fmt::format("{} is \"{}\"; write it like en or en_US.", reader.path_of("language"),
                                                result.language.substr(0, 64)));
  }
  using Kind = WhatsAppComponent::Kind;
  for (const auto& [member, kind] : {std::pair{"header", Kind::Header}, std::pair{"body", Kind::Body}}) {
    const json::value* value = reader.find(member);
    if (value == nullptr) continue;
    auto parameters = read_parameters(reader.path_of(member), *value, names);
    if (!parameters) return std::unexpected(parameters.error());
    if (kind == Kind::Header && parameters->size() > 1) {
      return fail(ErrorKind::Invalid, fmt::format("{} has {} parameters; a WhatsApp header takes one at most.",
                                                  reader.path_of(member), parameters->size()));
    }
    if (!parameters->empty()) result.components.push_back({.kind = kind, .parameters = std::move(*parameters)});
  }
  auto body_text = reader.optional_text("body_text");
  if (!body_text) return std::unexpected(body_text.error());
  const auto body = std::ranges::find(result.components, Kind::Body, &WhatsAppTemplate::Component::kind);
  const std::vector<WhatsAppTemplate::Parameter> none;
  if (auto checked = check_body_text(reader.path_of("body_text"), *body_text,
                                     body == result.components.end() ? none : body->parameters);
      !checked) {
    return std::unexpected(checked.error());
  }
  result.body_text = std::move(*body_text);
  if (const json::value* buttons = reader.find("buttons")) {
    if (!buttons->is_array()) {
      return fail(ErrorKind::Invalid, fmt::format("{} is {}; it must be a list of buttons.", reader.path_of("buttons"),
                                                  json_type_name(*buttons)));
    }
    for (std::size_t i = 0; i < buttons->get_array().size(); ++i) {
      auto button = read_button(fmt::format("{}[{}]", reader.path_of("buttons"), i), buttons->get_array()[i], names);
      if (!button) return std::unexpected(button.error());
      result.components.push_back(std::move(*button));
    }
  }
  return result;
}

Result<EmailTemplate> read_email(const JsonReader& reader, TemplateNames& names) {
  auto subject_text = reader.required_text("subject");
  if (!subject_text) return std::unexpected(subject_text.error());
  if (subject_text->find_first_of("\r\n") != std::string::npos) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} has a line break; a subject is one line.", reader.path_of("subject")));
  }
  auto link_text = reader.optional_text("unsubscribe");
  if (!link_text) return std::unexpected(link_text.error());
  // RFC 8058 section 3.1: one-click needs an HTTPS URI.
  if (!link_text->empty() &&
      (!link_text->starts_with("https://") || link_text->find_first_of(" \t\r\n<>\"") != std::string::npos)) {
    return fail(ErrorKind::Invalid, fmt::format("{} must be an https:// address without spaces (RFC 8058).",
                                                reader.path_of("unsubscribe")));
  }
  EmailTemplate result;
  auto unsubscribe = compile_member(reader, "unsubscribe", false, names);
  if (!unsubscribe) return std::unexpected(unsubscribe.error());
  if (names.find(unsubscribe_variable)) {
    return fail(ErrorKind::Invalid, fmt::format("{} uses {{{{{}}}}}, which it defines.", reader.path_of("unsubscribe"),
                                                unsubscribe_variable));
  }
  auto html = compile_member(reader, "html", false, names);
  if (!html) return std::unexpected(html.error());
  // Contacts write their own names: unescaped they could bring markup or another address.
  for (const TemplateNames::Use& use : names.all()) {
    if (use.is_unescaped && find_contact_variable(use.name)) {
      return fail(ErrorKind::Invalid,
                  fmt::format("{0} prints {{{{{{{1}}}}}}} unescaped, but it comes from the contact; "
                              "write {{{{{1}}}}}.",
                              reader.path_of("html"), use.name));
    }
  }
  auto subject = compile_member(reader, "subject", true, names);
  if (!subject) return std::unexpected(subject.error());
  auto text = compile_member(reader, "text", true, names);
  if (!text) return std::unexpected(text.error());
  if (names.find(unsubscribe_variable) && unsubscribe->is_empty()) {
    return fail(ErrorKind::Invalid, fmt::format("{{{{{}}}}} is used but {} is not given.", unsubscribe_variable,
                                                reader.path_of("unsubscribe")));
  }
  return EmailTemplate{std::move(*subject), std::move(*text), std::move(*html), std::move(*unsubscribe)};
}

Result<void> read_fallbacks(const JsonReader& reader, TemplateDefinition& definition) {
  const json::value* fallbacks = reader.find("fallbacks");
  if (fallbacks == nullptr) return {};
  const std::string path = reader.path_of("fallbacks");
  if (!fallbacks->is_object()) {
    return fail(ErrorKind::Invalid, fmt::format("{} is {}; it must be an object of texts by variable name.", path,
                                                json_type_name(*fallbacks)));
  }
  for (const auto& member : fallbacks->get_object()) {
    const std::string name(member.key());
    if (!definition.names.find(name)) {
      return fail(ErrorKind::Invalid, fmt::format("{} has \"{}\", but the template does not use {{{{{}}}}}.", path,
                                                  name.substr(0, 64), name.substr(0, 64)));
    }
    if (!member.value().is_string()) {
      return fail(ErrorKind::Invalid,
                  fmt::format("{}.{} is {}; it must be a string.", path, name, json_type_name(member.value())));
    }
    std::string value(std::string_view(member.value().get_string()));
    if (!clean_value(value)) return fail(ErrorKind::Invalid, fmt::format("{}.{} is not valid UTF-8.", path, name));
    definition.fallbacks.emplace(name, std::move(value));
  }
  return {};
}

template <class Body>
Result<TemplateDefinition> read_as(std::string_view path, const json::value& value,
                                   std::initializer_list<std::string_view> known,
                                   Result<Body> (*read)(const JsonReader&, TemplateNames&)) {
  auto reader = JsonReader::open(std::string(path), value, known);
  if (!reader) return std::unexpected(reader.error());
  TemplateDefinition definition;
  auto body = read(*reader, definition.names);
  if (!body) return std::unexpected(body.error());
  definition.body = std::move(*body);
  if (auto fallbacks = read_fallbacks(*reader, definition); !fallbacks) return std::unexpected(fallbacks.error());
  return definition;
}

}  // namespace

Result<TemplateDefinition> read_template(Channel channel, const json::value& definition) {
  const std::string_view path = to_string(channel);
  switch (channel) {
    case Channel::Sms:
      return read_as<SmsTemplate>(path, definition, {"text", "dlt_template_id", "fallbacks"}, read_sms);
    case Channel::WhatsApp:
      return read_as<WhatsAppTemplate>(
          path, definition, {"template_name", "language", "header", "body", "buttons", "body_text", "fallbacks"},
          read_whatsapp);
    case Channel::Email:
      return read_as<EmailTemplate>(path, definition, {"subject", "text", "html", "unsubscribe", "fallbacks"},
                                    read_email);
  }
  return fail(ErrorKind::Internal, "The channel is unknown.");
}

Result<TemplateDefinition> parse_template(Channel channel, std::string_view text) {
  auto value = parse_json(fmt::format("The {} template", to_string(channel)), text);
  if (!value) return std::unexpected(value.error());
  return read_template(channel, *value);
}

}  // namespace clarion
