#pragma once
// CampaignContent: the templates and shared variables of one campaign, as CampaignDefinition.content keeps them.
//
// JSON      {"templates": {"sms": {"name": "promotion", "version": 3, "definition": {...}}, ...},
//            "variables": {"brand": "Acme", "promotion": {"code": "SAVE20"}}}
//           Any channel may be absent. A nested variable is named with a dot: {{promotion.code}}. "{}" is the content
//           of an explicit list: its deliveries carry their messages.
// Values    of a name: the contact's field, else the campaign's variable, else the template's fallback. A printed name
//           without any of them skips the recipient (missing_variable); one that no recipient could have is refused
//           by parse().
// Steps     plan() keeps only the contact's values; render() makes the same message from them later. Both run the same
//           code, so what was planned, counted and priced is what is sent.
// Threads   immutable: share it.

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "content/template_definition.h"
#include "domain/contact.h"
#include "domain/message.h"
#include "domain/sms_parts.h"

namespace clarion {

struct PlannedContent {
  std::string payload;     // for render()
  std::int32_t parts = 1;  // SMS parts, otherwise 1
};

// Why a contact gets no message on a channel.
struct ContentRefusal {
  std::string reason;    // "missing_variable", "invalid_content" or "no_template"
  std::string variable;  // missing_variable: its name
  std::string message;   // one sentence for people
};

// A name that the template uses, with what this contact gets in its place.
struct PreviewedValue {
  enum class Source : std::uint8_t { Contact, Campaign, Fallback, UnsubscribeLink, None };
  std::string name;
  std::string value;  // empty: None, or a link that is made while rendering
  Source source = Source::None;
  std::optional<std::string> fallback;  // the template's own
};
[[nodiscard]] std::string_view to_string(PreviewedValue::Source source);  // "contact", ..., "unsubscribe_link", "none"

// A message as an operator looks at it before sending.
struct ContentPreview {
  Channel channel{};
  std::optional<MessageBody> body = {};        // none when it is refused
  std::optional<ContentRefusal> refusal = {};  // none when there is a body
  std::string text = {};                       // what the person reads; of WhatsApp the approved wording, filled in
  std::optional<SmsParts> sms_parts = {};
  std::vector<std::string> warnings = {};   // one sentence each
  std::vector<PreviewedValue> values = {};  // in the order of their first use; also of a refused message
};

class CampaignContent {
 public:
  // Invalid names the member and the rule.
  static Result<std::shared_ptr<const CampaignContent>> parse(std::string_view json);
  ~CampaignContent();
  CampaignContent(const CampaignContent&) = delete;
  CampaignContent& operator=(const CampaignContent&) = delete;

  [[nodiscard]] bool has(Channel channel) const;
  // The provider's template that WhatsApp messages are made of; null without WhatsApp content.
  [[nodiscard]] const WhatsAppTemplate* whatsapp_template() const;
  [[nodiscard]] std::expected<PlannedContent, ContentRefusal> plan(Channel channel, const Contact& contact) const;
  // Takes payloads of plan() and of write_literal_payload(). Invalid when it is neither.
  [[nodiscard]] Result<MessageBody> render(Channel channel, std::string_view payload) const;
  [[nodiscard]] ContentPreview preview(Channel channel, const Contact& contact) const;

 private:
  struct BoundTemplate;
  struct Values;
  CampaignContent();
  [[nodiscard]] std::vector<PreviewedValue> values_of(Channel channel, const Contact& contact) const;
  [[nodiscard]] std::optional<ContentRefusal> make_body(const BoundTemplate& bound, Values& values,
                                                        MessageBody& body) const;

  PerChannel<std::unique_ptr<const BoundTemplate>> templates_;
};

// Invalid content of a finished message: blank or too long. Counts an SMS's parts into `parts` (1 for others).
[[nodiscard]] std::optional<ContentRefusal> check_body(const MessageBody& body, std::int32_t& parts);

}  // namespace clarion
