#include <fmt/format.h>

#include "content/bound_template.h"
#include "content/campaign_content.h"
#include "domain/utf8.h"

namespace clarion {
namespace {

// Most phones show about this much of a subject.
constexpr std::size_t long_subject_bytes = 70;
// Meta, template components: body text at most 1024 characters (2026-08).
constexpr std::size_t max_whatsapp_body = 1024;

std::string list_characters(std::string_view characters) {
  std::string text;
  for (std::size_t at = 0; at < characters.size();) {
    const auto character = decode_utf8(characters, at);
    if (!character) break;
    fmt::format_to(std::back_inserter(text), "{}{} (U+{:04X})", text.empty() ? "" : ", ",
                   characters.substr(at, character->bytes), static_cast<std::uint32_t>(character->code));
    at += character->bytes;
  }
  return text;
}

void look_at_sms(const SmsBody& sms, ContentPreview& preview) {
  preview.text = sms.text;
  auto parts = count_sms_parts(sms.text);
  if (!parts) return;
  if (!parts->forced_by.empty()) {
    preview.warnings.push_back(fmt::format("{} make this a UCS-2 message with 70 characters a part instead of 160.",
                                           list_characters(parts->forced_by)));
  }
  if (parts->parts > 1) {
    preview.warnings.push_back(fmt::format("The message is sent and paid as {} parts.", parts->parts));
  }
  preview.sms_parts = std::move(*parts);
}

void look_at_whatsapp(const WhatsAppBody& whatsapp, const WhatsAppTemplate& source, ContentPreview& preview) {
  std::string text = source.body_text;
  for (const WhatsAppComponent& component : whatsapp.components) {
    if (component.kind != WhatsAppComponent::Kind::Body) continue;
    // One pass over the approved wording, so that "{{2}}" inside a value stays a value.
    std::string filled;
    for (std::size_t at = 0; at < text.size();) {
      bool was_placeholder = false;
      for (std::size_t i = 0; i < component.parameters.size() && !was_placeholder; ++i) {
        const WhatsAppParameter& parameter = component.parameters[i];
        const std::string mark =
            fmt::format("{{{{{}}}}}", parameter.name.empty() ? std::to_string(i + 1) : parameter.name);
        if (std::string_view(text).substr(at).starts_with(mark)) {
          filled += parameter.value;
          at += mark.size();
          was_placeholder = true;
        }
      }
      if (!was_placeholder) filled.push_back(text[at++]);
    }
    text = std::move(filled);
  }
  if (source.body_text.empty()) {
    text = fmt::format("[template {}]", whatsapp.template_name);
    for (const WhatsAppComponent& component : whatsapp.components) {
      for (const WhatsAppParameter& parameter : component.parameters) {
        fmt::format_to(std::back_inserter(text), " {}{}{}", parameter.name, parameter.name.empty() ? "" : "=",
                       parameter.value);
      }
    }
    preview.warnings.emplace_back("Without body_text only the parameters can be shown, not the approved wording.");
  }
  if (text.size() > max_whatsapp_body) {
    preview.warnings.push_back(
        fmt::format("The body has more than {} bytes; WhatsApp may refuse it.", max_whatsapp_body));
  }
  preview.text = std::move(text);
}

void look_at_email(const EmailBody& email, ContentPreview& preview) {
  preview.text = email.text;
  if (email.subject.size() > long_subject_bytes) {
    preview.warnings.push_back(
        fmt::format("The subject is longer than {} characters; phones cut it.", long_subject_bytes));
  }
  if (email.unsubscribe_url.empty()) {
    preview.warnings.emplace_back("There is no unsubscribe link; Gmail and Yahoo require one for bulk mail.");
  }
}

}  // namespace

std::string_view to_string(PreviewedValue::Source source) {
  switch (source) {
    case PreviewedValue::Source::Contact: return "contact";
    case PreviewedValue::Source::Campaign: return "campaign";
    case PreviewedValue::Source::Fallback: return "fallback";
    case PreviewedValue::Source::UnsubscribeLink: return "unsubscribe_link";
    case PreviewedValue::Source::None: return "none";
  }
  return "none";
}

std::vector<PreviewedValue> CampaignContent::values_of(Channel channel, const Contact& contact) const {
  std::vector<PreviewedValue> values;
  const BoundTemplate& bound = *templates_[channel];
  NumberText number;
  for (std::size_t i = 0; i < bound.slots.size(); ++i) {
    const BoundTemplate::Slot& slot = bound.slots[i];
    PreviewedValue& value = values.emplace_back(bound.definition.names.all()[i].name);
    const auto fallback = bound.definition.fallbacks.find(value.name);
    if (fallback != bound.definition.fallbacks.end()) value.fallback = fallback->second;
    if (slot.contact) value.value = value_of(contact, *slot.contact, number);
    if (!value.value.empty()) {
      value.source = PreviewedValue::Source::Contact;
    } else if (slot.is_unsubscribe) {
      value.source = PreviewedValue::Source::UnsubscribeLink;
    } else if (slot.otherwise) {
      value.value = *slot.otherwise;
      value.source = slot.is_fallback ? PreviewedValue::Source::Fallback : PreviewedValue::Source::Campaign;
    }
  }
  return values;
}

ContentPreview CampaignContent::preview(Channel channel, const Contact& contact) const {
  ContentPreview preview{.channel = channel};
  if (has(channel)) preview.values = values_of(channel, contact);
  auto planned = plan(channel, contact);
  if (!planned) {
    preview.refusal = std::move(planned.error());
    return preview;
  }
  auto body = render(channel, planned->payload);
  if (!body) {
    preview.refusal = ContentRefusal{"invalid_content", {}, body.error().message};
    return preview;
  }
  const BoundTemplate& bound = *templates_[channel];
  if (const auto* sms = std::get_if<SmsBody>(&*body)) look_at_sms(*sms, preview);
  if (const auto* whatsapp = std::get_if<WhatsAppBody>(&*body)) {
    look_at_whatsapp(*whatsapp, std::get<WhatsAppTemplate>(bound.definition.body), preview);
  }
  if (const auto* email = std::get_if<EmailBody>(&*body)) look_at_email(*email, preview);
  for (std::size_t i = 0; i < bound.slots.size(); ++i) {
    const PreviewedValue& value = preview.values[i];
    if (bound.slots[i].contact && bound.slots[i].otherwise && value.source != PreviewedValue::Source::Contact) {
      preview.warnings.push_back(
          fmt::format("The contact has no {}; \"{}\" is used instead.", value.name, value.value));
    }
  }
  preview.body = std::move(*body);
  return preview;
}

}  // namespace clarion
