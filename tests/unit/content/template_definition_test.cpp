#include "content/template_definition.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

std::string error_of(Channel channel, std::string_view json) {
  const auto definition = parse_template(channel, json);
  return definition ? "" : definition.error().message;
}

TEST(TemplateDefinition, ReadsAllThreeChannels) {
  EXPECT_EQ(error_of(Channel::Sms, R"({"text": "Hi {{first_name}}", "fallbacks": {"first_name": "there"}})"), "");
  EXPECT_EQ(error_of(Channel::WhatsApp, R"({"template_name": "promo_1", "header": ["{{promotion.headline}}"],
      "body": {"name": "{{first_name}}"}, "body_text": "Hi {{name}}",
      "buttons": [{"type": "url", "index": 0, "parameters": ["{{customer_id}}"]}]})"),
            "");
  EXPECT_EQ(
      error_of(Channel::Email, R"({"subject": "S", "text": "T {{unsubscribe_url}}", "html": "<p>{{first_name}}</p>",
      "unsubscribe": "https://example.com/u/{{customer_id}}"})"),
      "");
  const auto whatsapp = parse_template(Channel::WhatsApp, R"({"template_name": "x"})");
  ASSERT_TRUE(whatsapp);
  EXPECT_EQ(std::get<WhatsAppTemplate>(whatsapp->body).language, "en_US");
}

TEST(TemplateDefinition, RefusesWhatIsNotTheDocument) {
  EXPECT_EQ(error_of(Channel::Sms, "").find("The sms template is not valid JSON"), 0U);
  EXPECT_EQ(error_of(Channel::Sms, "{\"text\": \"\xff\"}").find("The sms template is not valid JSON"), 0U);
  EXPECT_EQ(error_of(Channel::Sms, std::string_view("\xff\xfe{\0", 4)).find("The sms template is not valid JSON"), 0U);
  EXPECT_EQ(error_of(Channel::Sms, std::string(100'000, '[')).find("The sms template is not valid JSON"), 0U);
  EXPECT_EQ(error_of(Channel::Sms, "[]"), "sms is a list; it must be an object.");
  EXPECT_EQ(error_of(Channel::Sms, R"({"text": "a", "txt": "b"})"),
            "sms has an unknown member \"txt\"; known are: text, dlt_template_id, fallbacks.");
}

TEST(TemplateDefinition, NamesTheMemberAndTheRule) {
  struct Case {
    Channel channel;
    std::string_view json;
    std::string_view error;
  };
  const Case cases[] = {
      {Channel::Sms, "{}", "sms.text is missing; it must be a text that is not empty."},
      {Channel::Sms, R"({"text": 5})", "sms.text is a number; it must be a string."},
      {Channel::Sms, R"({"text": " \n "})", "sms.text holds only spaces; write the text to send."},
      {Channel::Sms, R"({"text": "{{a"})", "sms.text has a tag that is not closed at byte 0; write {{name}}."},
      {Channel::Sms, R"({"text": "a", "dlt_template_id": "11 07"})",
       "sms.dlt_template_id is no template id: it has up to 64 characters and no spaces; copy it from the DLT portal."},
      {Channel::Sms, R"({"text": "a", "fallbacks": []})",
       "sms.fallbacks is a list; it must be an object of texts by variable name."},
      {Channel::Sms, R"({"text": "{{a}}", "fallbacks": {"a": 1}})",
       "sms.fallbacks.a is a number; it must be a string."},
      {Channel::Sms, R"({"text": "{{a}}", "fallbacks": {"b": "x"}})",
       "sms.fallbacks has \"b\", but the template does not use {{b}}."},
      {Channel::WhatsApp, R"({"template_name": "Promo 1"})",
       "whatsapp.template_name is \"Promo 1\"; WhatsApp template names are lower-case letters, digits and '_', at most "
       "512."},
      {Channel::WhatsApp, R"({"template_name": "a", "language": "english!"})",
       "whatsapp.language is \"english!\"; write it like en or en_US."},
      {Channel::WhatsApp, R"({"template_name": "a", "header": ["x", "y"]})",
       "whatsapp.header has 2 parameters; a WhatsApp header takes one at most."},
      {Channel::WhatsApp, R"({"template_name": "a", "body": "x"})",
       "whatsapp.body is a string; it must be a list of texts (positional) or an object of texts (named)."},
      {Channel::WhatsApp, R"({"template_name": "a", "body": ["x", ""]})",
       "whatsapp.body[1] is blank; a parameter must be a text that is not empty."},
      {Channel::WhatsApp, R"({"template_name": "a", "body": {"A": "x"}})",
       "whatsapp.body names a parameter \"A\"; names are lower-case letters, digits and '_'."},
      {Channel::WhatsApp, R"({"template_name": "a", "body": ["x"], "body_text": "Hi {{1}} {{2}}"})",
       "whatsapp.body_text asks for {{2}}, which the body parameters do not have."},
      {Channel::WhatsApp, R"({"template_name": "a", "body": ["x"], "body_text": "Hi"})",
       "whatsapp.body_text does not use the body parameter {{1}}; give the wording as approved."},
      {Channel::WhatsApp, R"({"template_name": "a", "buttons": {}})",
       "whatsapp.buttons is an object; it must be a list of buttons."},
      {Channel::WhatsApp, R"({"template_name": "a", "buttons": [{"type": "call"}]})",
       "whatsapp.buttons[0].type is \"call\"; it must be url or quick_reply."},
      {Channel::WhatsApp, R"({"template_name": "a", "buttons": [{"type": "url", "index": 10}]})",
       "whatsapp.buttons[0].index must be a whole number from 0 to 9."},
      {Channel::WhatsApp, R"({"template_name": "a", "buttons": [{"type": "url", "index": 0, "parameters": []}]})",
       "whatsapp.buttons[0].parameters must be a list with one text."},
      {Channel::Email, R"({"text": "a"})", "email.subject is missing; it must be a text that is not empty."},
      {Channel::Email, R"({"subject": "a\r\nBcc: x", "text": "a"})",
       "email.subject has a line break; a subject is one line."},
      {Channel::Email, R"({"subject": "a", "text": "b", "unsubscribe": "http://example.com"})",
       "email.unsubscribe must be an https:// address without spaces (RFC 8058)."},
      {Channel::Email, R"({"subject": "a", "text": "{{unsubscribe_url}}"})",
       "{{unsubscribe_url}} is used but email.unsubscribe is not given."},
      {Channel::Email, R"({"subject": "a", "text": "b", "html": "{{{first_name}}}"})",
       "email.html prints {{{first_name}}} unescaped, but it comes from the contact; write {{first_name}}."},
      {Channel::Email, R"({"subject": "a", "text": "b", "html": "{{&email}}"})",
       "email.html prints {{{email}}} unescaped, but it comes from the contact; write {{email}}."},
  };
  for (const Case& c : cases) EXPECT_EQ(error_of(c.channel, c.json), c.error) << c.json;
}

}  // namespace
}  // namespace clarion
