#include "content/campaign_content.h"

#include <fmt/format.h>

#include "base/text.h"
#include "content/bound_template.h"
#include "content/json_reader.h"
#include "content/payload.h"

namespace clarion {
namespace {

namespace json = boost::json;

ContentRefusal invalid_content(std::string message) {
  return {.reason = "invalid_content", .variable = {}, .message = std::move(message)};
}

Result<std::string> read_variable(const std::string& path, const json::value& value) {
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  if (value.is_double()) return fmt::format("{}", value.get_double());
  if (!value.is_string()) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} is {}; it must be a text or a number.", path, json_type_name(value)));
  }
  std::string text(std::string_view(value.get_string()));
  if (!clean_value(text)) return fail(ErrorKind::Invalid, fmt::format("{} is not valid UTF-8.", path));
  return text;
}

Result<void> read_variables(const std::string& prefix, const json::value& value, SharedVariables& variables) {
  const std::string path = prefix.empty() ? "variables" : "variables." + prefix;
  if (!value.is_object()) {
    return fail(ErrorKind::Invalid, fmt::format("{} is {}; it must be an object.", path, json_type_name(value)));
  }
  for (const auto& member : value.get_object()) {
    const std::string name =
        prefix.empty() ? std::string(member.key()) : fmt::format("{}.{}", prefix, std::string_view(member.key()));
    if (find_contact_variable(name) || name == unsubscribe_variable) {
      return fail(ErrorKind::Invalid,
                  fmt::format("variables.{} has the name of a contact field; choose another.", name));
    }
    if (member.value().is_null()) continue;
    if (member.value().is_object() && prefix.empty()) {
      if (auto nested = read_variables(name, member.value(), variables); !nested) return nested;
      continue;
    }
    auto text = read_variable("variables." + name, member.value());
    if (!text) return std::unexpected(text.error());
    variables.insert_or_assign(name, std::move(*text));
  }
  return {};
}

}  // namespace

CampaignContent::CampaignContent() = default;
CampaignContent::~CampaignContent() = default;

Result<std::shared_ptr<const CampaignContent>> CampaignContent::parse(std::string_view text) {
  auto document = parse_json("The campaign's content", text);
  if (!document) return std::unexpected(document.error());
  auto reader = JsonReader::open("content", *document, {"templates", "variables"});
  if (!reader) return std::unexpected(reader.error());
  SharedVariables shared;
  if (const json::value* variables = reader->find("variables")) {
    if (auto read = read_variables({}, *variables, shared); !read) return std::unexpected(read.error());
  }
  std::shared_ptr<CampaignContent> content(new CampaignContent());
  const json::value* templates = reader->find("templates");
  if (templates == nullptr) return content;
  auto channels = JsonReader::open("templates", *templates, {"sms", "whatsapp", "email"});
  if (!channels) return std::unexpected(channels.error());
  for (const Channel channel : all_channels) {
    const json::value* named = channels->find(to_string(channel));
    if (named == nullptr) continue;
    auto entry = JsonReader::open(channels->path_of(to_string(channel)), *named, {"name", "version", "definition"});
    if (!entry) return std::unexpected(entry.error());
    const json::value* definition = entry->find("definition");
    if (definition == nullptr) {
      return fail(ErrorKind::Invalid, fmt::format("{} is missing.", entry->path_of("definition")));
    }
    auto read = read_template(channel, *definition);
    if (!read) return std::unexpected(read.error());
    auto bound = BoundTemplate::bind(std::move(*read), shared);
    if (!bound) return std::unexpected(bound.error());
    content->templates_[channel] = std::move(*bound);
  }
  return content;
}

bool CampaignContent::has(Channel channel) const {
  return templates_[channel] != nullptr;
}

const WhatsAppTemplate* CampaignContent::whatsapp_template() const {
  const BoundTemplate* bound = templates_[Channel::WhatsApp].get();
  return bound == nullptr ? nullptr : &std::get<WhatsAppTemplate>(bound->definition.body);
}

std::expected<PlannedContent, ContentRefusal> CampaignContent::plan(Channel channel, const Contact& contact) const {
  const BoundTemplate* bound = templates_[channel].get();
  if (bound == nullptr) {
    return std::unexpected(
        ContentRefusal{"no_template", {}, fmt::format("This campaign has no template for {}.", to_string(channel))});
  }
  PlannedContent planned;
  planned.payload.push_back(values_payload);
  NumberText number;
  std::string cleaned;
  for (std::size_t i = 0; i < bound->slots.size(); ++i) {
    if (!bound->slots[i].contact) continue;
    cleaned = value_of(contact, *bound->slots[i].contact, number);
    if (!clean_value(cleaned)) {
      const std::string& name = bound->definition.names.all()[i].name;
      return std::unexpected(invalid_content(fmt::format("The contact's {} is not valid UTF-8; correct it.", name)));
    }
    append_field(cleaned, planned.payload);
  }
  Values values;
  // What was written above always reads back.
  (void)values.read(*bound, std::string_view(planned.payload).substr(1));
  MessageBody body;
  if (auto refusal = make_body(*bound, values, body)) return std::unexpected(std::move(*refusal));
  if (auto refusal = check_body(body, planned.parts)) return std::unexpected(std::move(*refusal));
  return planned;
}

Result<MessageBody> CampaignContent::render(Channel channel, std::string_view payload) const {
  if (payload.empty() || payload[0] != values_payload) return read_literal_payload(channel, payload);
  const BoundTemplate* bound = templates_[channel].get();
  Values values;
  if (bound == nullptr || !values.read(*bound, payload.substr(1))) {
    return fail(ErrorKind::Invalid,
                fmt::format("The stored values do not fit this campaign's {} template.", to_string(channel)));
  }
  MessageBody body;
  if (auto refusal = make_body(*bound, values, body)) return fail(ErrorKind::Invalid, std::move(refusal->message));
  return body;
}

std::optional<ContentRefusal> CampaignContent::make_body(const BoundTemplate& bound, Values& values,
                                                         MessageBody& body) const {
  std::optional<std::size_t> missing;
  const auto render = [&](const TemplateProgram& program, Escaping escaping, std::string& out) {
    if (!missing) missing = program.render(values.all(), escaping, out);
  };
  switch (bound.definition.channel()) {
    case Channel::Sms: {
      SmsBody& sms = body.emplace<SmsBody>();
      const auto& source = std::get<SmsTemplate>(bound.definition.body);
      sms.text.reserve(256);
      sms.dlt_template_id = source.dlt_template_id;
      render(source.text, Escaping::None, sms.text);
      break;
    }
    case Channel::WhatsApp: {
      const auto& source = std::get<WhatsAppTemplate>(bound.definition.body);
      WhatsAppBody& whatsapp = body.emplace<WhatsAppBody>();
      whatsapp.template_name = source.template_name;
      whatsapp.language = source.language;
      whatsapp.components.reserve(source.components.size());
      for (const auto& component : source.components) {
        WhatsAppComponent& made = whatsapp.components.emplace_back();
        made.kind = component.kind;
        made.button_index = component.button_index;
        made.button_type = component.button_type;
        made.parameters.reserve(component.parameters.size());
        for (const auto& parameter : component.parameters) {
          WhatsAppParameter& filled = made.parameters.emplace_back(parameter.name, std::string());
          render(parameter.value, Escaping::Line, filled.value);
        }
      }
      break;
    }
    case Channel::Email: {
      const auto& source = std::get<EmailTemplate>(bound.definition.body);
      EmailBody& email = body.emplace<EmailBody>();
      render(source.unsubscribe_url, Escaping::Url, email.unsubscribe_url);
      for (std::size_t i = 0; i < bound.slots.size(); ++i) {
        if (bound.slots[i].is_unsubscribe) values.views[i] = email.unsubscribe_url;
      }
      render(source.subject, Escaping::Line, email.subject);
      render(source.text, Escaping::None, email.text);
      render(source.html, Escaping::Html, email.html);
      break;
    }
  }
  if (!missing) return std::nullopt;
  const std::string& name = bound.definition.names.all()[*missing].name;
  return ContentRefusal{"missing_variable", name,
                        fmt::format("The contact has no {} and the {} template has no fallback for it.", name,
                                    to_string(bound.definition.channel()))};
}

std::optional<ContentRefusal> check_body(const MessageBody& body, std::int32_t& parts) {
  parts = 1;
  if (const auto* sms = std::get_if<SmsBody>(&body)) {
    if (trim(sms->text).empty()) return invalid_content("The SMS text is empty.");
    const auto counted = count_sms_parts(sms->text);
    if (!counted) return invalid_content(counted.error().message);
    if (static_cast<std::size_t>(counted->units) > max_sms_characters) {
      return invalid_content(fmt::format("The SMS has {} characters; {} is the most that is accepted.", counted->units,
                                         max_sms_characters));
    }
    parts = counted->parts;
  } else if (const auto* whatsapp = std::get_if<WhatsAppBody>(&body)) {
    for (const WhatsAppComponent& component : whatsapp->components) {
      for (const WhatsAppParameter& parameter : component.parameters) {
        if (trim(parameter.value).empty())
          return invalid_content("A WhatsApp parameter is empty, which WhatsApp refuses.");
      }
    }
  } else if (const auto* email = std::get_if<EmailBody>(&body)) {
    if (trim(email->subject).empty()) return invalid_content("The subject is empty.");
    if (trim(email->text).empty()) return invalid_content("The email text is empty.");
  }
  return std::nullopt;
}

}  // namespace clarion
