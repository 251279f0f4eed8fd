#pragma once
// Template definitions: the JSON that an operator saves for one channel, checked and compiled.
//
// SMS       {"text": "Hi {{first_name}}, ...", "dlt_template_id": "1107...", "fallbacks": {"first_name": "there"}}
//            "dlt_template_id" is where this text is registered in India; without one the sender's own is sent.
// WhatsApp  {"template_name": "promotion", "language": "en_US", "body": ["{{first_name}}", "{{promotion.code}}"],
//            "header": ["{{promotion.headline}}"], "buttons": [{"type": "url", "index": 0, "parameters":
//            ["{{customer_id}}"]}], "body_text": "Hi {{1}}, use {{2}}.", "fallbacks": {}} A list holds positional
//            parameters, an object named ones. "body_text" is the approved wording, for previews.
// Email     {"subject": "...", "text": "...", "html": "...", "unsubscribe": "https://example.com/u/{{customer_id}}",
//            "fallbacks": {}}; {{unsubscribe_url}} in text and html is the unsubscribe link.
// Errors    Invalid: names the member, what it is and the rule. Unknown members are refused, so a typing error shows.

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "content/template_program.h"
#include "domain/channel.h"
#include "domain/message.h"

namespace clarion {

struct SmsTemplate {
  TemplateProgram text;
  std::string dlt_template_id;  // may be empty
};

struct WhatsAppTemplate {
  struct Parameter {
    std::string name;  // empty for a positional parameter
    TemplateProgram value;
  };
  struct Component {
    WhatsAppComponent::Kind kind = WhatsAppComponent::Kind::Body;
    std::int32_t button_index = 0;
    std::string button_type = {};
    std::vector<Parameter> parameters = {};
  };
  std::string template_name;
  std::string language;
  std::vector<Component> components;
  std::string body_text;  // may be empty
};

struct EmailTemplate {
  TemplateProgram subject;
  TemplateProgram text;
  TemplateProgram html;             // may be empty
  TemplateProgram unsubscribe_url;  // may be empty
};

struct TemplateDefinition {
  TemplateNames names;
  std::map<std::string, std::string, std::less<>> fallbacks;
  std::variant<SmsTemplate, WhatsAppTemplate, EmailTemplate> body;  // index = index_of(Channel)

  [[nodiscard]] Channel channel() const { return static_cast<Channel>(body.index()); }
};

[[nodiscard]] Result<TemplateDefinition> read_template(Channel channel, const boost::json::value& definition);
[[nodiscard]] Result<TemplateDefinition> parse_template(Channel channel, std::string_view json);

// The name under which text and html find the rendered unsubscribe link.
inline constexpr std::string_view unsubscribe_variable = "unsubscribe_url";
// AWS End User Messaging SMS, SendTextMessage MessageBody: 1 to 1600 characters (service model, 2026-08).
inline constexpr std::size_t max_sms_characters = 1600;

}  // namespace clarion
