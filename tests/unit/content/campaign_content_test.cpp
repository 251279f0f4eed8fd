#include "content/campaign_content.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "content/payload.h"

namespace clarion {
namespace {

Contact ana() {
  Contact contact;
  contact.id = "CUST-1";
  contact.first_name = "Ana";
  contact.city = "Bengaluru";
  contact.phone = "+14255550156";
  contact.email = "ana@example.com";
  return contact;
}

constexpr std::string_view all_channels_content = R"json({
  "templates": {
    "sms": {"name": "promotion", "version": 2, "definition": {
      "text": "Hi {{first_name}}, {{promotion.discount}} off with {{promotion.code}}. {{brand}}",
      "fallbacks": {"first_name": "there"}}},
    "whatsapp": {"definition": {"template_name": "promo", "header": ["{{promotion.headline}}"],
      "body": ["{{first_name}}", "{{promotion.code}}"], "body_text": "Hello {{1}}, use {{2}}.",
      "buttons": [{"type": "url", "index": 0, "parameters": ["{{customer_id}}"]}]}},
    "email": {"definition": {"subject": "{{first_name}}: {{promotion.headline}}",
      "text": "Hello {{first_name}}\n{{unsubscribe_url}}", "html": "<p>{{first_name}}</p><a href=\"{{unsubscribe_url}}\">x</a>",
      "unsubscribe": "https://example.com/u?c={{customer_id}}&x=1"}}},
  "variables": {"brand": "Acme", "promotion": {"discount": "20%", "code": "SAVE20", "headline": "A & B"}}})json";

std::shared_ptr<const CampaignContent> parse(std::string_view json) {
  auto content = CampaignContent::parse(json);
  EXPECT_TRUE(content) << content.error().message;
  return content ? *content : nullptr;
}

std::shared_ptr<const CampaignContent> sms_content(std::string_view definition) {
  return parse(fmt::format(R"({{"templates": {{"sms": {{"definition": {}}}}}}})", definition));
}

std::string parse_error(std::string_view json) {
  const auto content = CampaignContent::parse(json);
  return content ? "" : content.error().message;
}

// "text (payload, n parts)" or "reason: sentence".
std::string send_sms(const CampaignContent& content, const Contact& contact) {
  const auto planned = content.plan(Channel::Sms, contact);
  if (!planned) return planned.error().reason + ": " + planned.error().message;
  const auto body = content.render(Channel::Sms, planned->payload);
  if (!body) return body.error().message;
  return fmt::format("{} ({}, {} parts)", std::get<SmsBody>(*body).text, planned->payload, planned->parts);
}

TEST(CampaignContent, KeepsOnlyTheContactsValuesInThePayload) {
  const auto content = parse(all_channels_content);
  EXPECT_EQ(send_sms(*content, ana()), "Hi Ana, 20% off with SAVE20. Acme (v3:Ana, 1 parts)");
}

TEST(CampaignContent, UsesTheFallbackForAMissingValue) {
  Contact contact = ana();
  contact.first_name = "";
  EXPECT_EQ(send_sms(*parse(all_channels_content), contact), "Hi there, 20% off with SAVE20. Acme (v0:, 1 parts)");
}

TEST(CampaignContent, SkipsAContactWithoutAValueAndNamesIt) {
  Contact contact = ana();
  contact.first_name = "";
  const auto content = parse(all_channels_content);
  for (const Channel channel : {Channel::WhatsApp, Channel::Email}) {
    const auto planned = content->plan(channel, contact);
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().reason, "missing_variable");
    EXPECT_EQ(planned.error().variable, "first_name");
  }
  EXPECT_EQ(send_sms(*sms_content(R"({"text": "{{age}}"})"), contact),
            "missing_variable: The contact has no age and the sms template has no fallback for it.");
}

TEST(CampaignContent, RendersWhatsAppComponents) {
  const auto content = parse(all_channels_content);
  const auto planned = content->plan(Channel::WhatsApp, ana());
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->payload, "v3:Ana6:CUST-1");
  const auto body = content->render(Channel::WhatsApp, planned->payload);
  ASSERT_TRUE(body);
  const auto& whatsapp = std::get<WhatsAppBody>(*body);
  std::string shown = whatsapp.template_name + " " + whatsapp.language;
  for (const auto& component : whatsapp.components) {
    shown += fmt::format(" [{} {}{}:", static_cast<int>(component.kind), component.button_index, component.button_type);
    for (const auto& parameter : component.parameters) shown += fmt::format(" {}={}", parameter.name, parameter.value);
    shown += "]";
  }
  EXPECT_EQ(shown, "promo en_US [0 0: =A & B] [1 0: =Ana =SAVE20] [2 0url: =CUST-1]");
}

TEST(CampaignContent, EscapesOnlyTheHtmlAndTheLink) {
  const auto content = parse(all_channels_content);
  Contact contact = ana();
  contact.id = "C 1/é";
  contact.first_name = "<b>\"Ana\"</b>";
  const auto planned = content->plan(Channel::Email, contact);
  ASSERT_TRUE(planned);
  const auto body = content->render(Channel::Email, planned->payload);
  ASSERT_TRUE(body);
  const auto& email = std::get<EmailBody>(*body);
  EXPECT_EQ(email.subject, "<b>\"Ana\"</b>: A & B");
  EXPECT_EQ(email.unsubscribe_url, "https://example.com/u?c=C%201%2F%C3%A9&x=1");
  EXPECT_EQ(email.text, "Hello <b>\"Ana\"</b>\nhttps://example.com/u?c=C%201%2F%C3%A9&x=1");
  EXPECT_EQ(
      email.html,
      "<p>&lt;b&gt;&quot;Ana&quot;&lt;/b&gt;</p><a href=\"https://example.com/u?c=C%201%2F%C3%A9&amp;x=1\">x</a>");
}

TEST(CampaignContent, TreatsHostileValuesAsText) {
  const auto content = parse(all_channels_content);
  Contact contact = ana();
  contact.first_name = "{{promotion.code}}{{#a}}";
  EXPECT_EQ(send_sms(*content, contact),
            "Hi {{promotion.code}}{{#a}}, 20% off with SAVE20. Acme (v24:{{promotion.code}}{{#a}}, 1 parts)");
  contact.first_name = "Ana\r\nBcc: all@example.com";
  const auto planned = content->plan(Channel::Email, contact);
  ASSERT_TRUE(planned);
  const auto body = content->render(Channel::Email, planned->payload);
  EXPECT_EQ(std::get<EmailBody>(*body).subject, "Ana Bcc: all@example.com: A & B");
  contact.first_name = "5:x9:" + std::string("\0y", 2);
  EXPECT_EQ(send_sms(*content, contact), "Hi 5:x9: y, 20% off with SAVE20. Acme (v7:5:x9: y, 1 parts)");
}

TEST(CampaignContent, RefusesValuesThatCannotBeSent) {
  const auto content = parse(all_channels_content);
  Contact contact = ana();
  contact.first_name = "An\xff";
  EXPECT_EQ(send_sms(*content, contact), "invalid_content: The contact's first_name is not valid UTF-8; correct it.");
  contact.first_name = std::string(1600, 'a');
  EXPECT_EQ(send_sms(*content, contact),
            "invalid_content: The SMS has 1630 characters; 1600 is the most that is accepted.");
  contact.first_name = " \n";
  EXPECT_EQ(send_sms(*sms_content(R"({"text": "{{first_name}}"})"), contact),
            "invalid_content: The SMS text is empty.");
  const auto planned = content->plan(Channel::WhatsApp, contact);
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().message, "A WhatsApp parameter is empty, which WhatsApp refuses.");
}

TEST(CampaignContent, CountsThePartsOfTheFinishedText) {
  const auto content = sms_content(R"({"text": "{{first_name}}"})");
  Contact contact = ana();
  contact.first_name = std::string(160, 'a');
  EXPECT_EQ(content->plan(Channel::Sms, contact)->parts, 1);
  contact.first_name += 'a';
  EXPECT_EQ(content->plan(Channel::Sms, contact)->parts, 2);
  contact.first_name = "ş" + std::string(70, 'a');
  EXPECT_EQ(content->plan(Channel::Sms, contact)->parts, 2);
}

TEST(CampaignContent, AnSmsCarriesTheRegistrationOfItsOwnTemplate) {
  const auto content = sms_content(R"({"text": "x", "dlt_template_id": "1107"})");
  const auto body = content->render(Channel::Sms, content->plan(Channel::Sms, ana())->payload);
  ASSERT_TRUE(body);
  EXPECT_EQ(std::get<SmsBody>(*body).dlt_template_id, "1107");
}

TEST(CampaignContent, HasNoTemplateForAChannelThatWasLeftOut) {
  const auto content = sms_content(R"({"text": "x"})");
  EXPECT_TRUE(content->has(Channel::Sms));
  EXPECT_FALSE(content->has(Channel::Email));
  EXPECT_EQ(content->plan(Channel::Email, ana()).error().reason, "no_template");
}

TEST(CampaignContent, SendsTheLiteralMessagesOfAnExplicitList) {
  const auto content = parse("{}");
  const auto body = content->render(Channel::Sms, write_literal_payload(SmsBody{"as {{it}} is"}));
  ASSERT_TRUE(body);
  EXPECT_EQ(std::get<SmsBody>(*body).text, "as {{it}} is");
  EXPECT_FALSE(content->render(Channel::Email, write_literal_payload(SmsBody{"x"})));
}

TEST(CampaignContent, RefusesPayloadsOfAnotherTemplate) {
  const auto content = parse(all_channels_content);
  for (const std::string_view payload : {"", "v", "v3:Ana3:Bob", "v9:Ana", "x", "v3:An", "vv"}) {
    EXPECT_FALSE(content->render(Channel::Sms, payload)) << payload;
  }
}

TEST(CampaignContent, RefusesATypingErrorBeforeAnythingIsPlanned) {
  const auto with_text = [](std::string_view text) {
    return fmt::format(R"({{"templates": {{"sms": {{"definition": {{"text": "{}"}}}}}}}})", text);
  };
  EXPECT_EQ(
      parse_error(with_text("{{frist_name}}")),
      "The sms template uses {{frist_name}}, which is neither a contact field nor a variable of this campaign; give "
      "it a value under variables or a fallback in the template.");
  EXPECT_NE(parse_error(with_text("{{#frist_name}}x{{/frist_name}}")), "");
  EXPECT_NE(parse_error(with_text("{{promotion.code}}")), "");
  EXPECT_EQ(parse_error(with_text("{{#promotion.code}}{{promotion.code}}{{/promotion.code}}")), "");
}

TEST(CampaignContent, RefusesBrokenSnapshots) {
  EXPECT_EQ(parse_error("").find("The campaign's content is not valid JSON"), 0U);
  EXPECT_EQ(parse_error("[]"), "content is a list; it must be an object.");
  EXPECT_EQ(parse_error(R"({"template": {}})"),
            "content has an unknown member \"template\"; known are: templates, variables.");
  EXPECT_EQ(parse_error(R"({"templates": {"fax": {}}})"),
            "templates has an unknown member \"fax\"; known are: sms, whatsapp, email.");
  EXPECT_EQ(parse_error(R"({"templates": {"sms": {}}})"), "templates.sms.definition is missing.");
  EXPECT_EQ(parse_error(R"({"variables": 3})"), "variables is a number; it must be an object.");
  EXPECT_EQ(parse_error(R"({"variables": {"a": []}})"), "variables.a is a list; it must be a text or a number.");
  EXPECT_EQ(parse_error(R"({"variables": {"p": {"q": {"r": 1}}}})"),
            "variables.p.q is an object; it must be a text or a number.");
  EXPECT_EQ(parse_error(R"({"variables": {"first_name": "x"}})"),
            "variables.first_name has the name of a contact field; choose another.");
}

TEST(ContentPreview, ShowsTextPartsAndWhatToKnow) {
  const auto content = parse(all_channels_content);
  Contact contact = ana();
  contact.first_name = "";
  const ContentPreview sms = content->preview(Channel::Sms, contact);
  EXPECT_EQ(sms.text, "Hi there, 20% off with SAVE20. Acme");
  EXPECT_EQ(sms.sms_parts->parts, 1);
  EXPECT_EQ(fmt::format("{}", fmt::join(sms.warnings, "|")),
            "The contact has no first_name; \"there\" is used instead.");
  const ContentPreview email = content->preview(Channel::Email, contact);
  EXPECT_FALSE(email.body);
  EXPECT_EQ(email.refusal->variable, "first_name");
}

TEST(ContentPreview, FillsTheApprovedWhatsAppWordingOnce) {
  const auto content = parse(all_channels_content);
  Contact contact = ana();
  contact.first_name = "{{2}}";
  EXPECT_EQ(content->preview(Channel::WhatsApp, contact).text, "Hello {{2}}, use SAVE20.");
}

TEST(ContentPreview, WarnsOfUcs2AndSeveralParts) {
  const auto content = sms_content(R"({"text": "It’s 😀 {{first_name}}"})");
  Contact contact = ana();
  contact.first_name = std::string(70, 'x');
  const ContentPreview preview = content->preview(Channel::Sms, contact);
  EXPECT_EQ(fmt::format("{}", fmt::join(preview.warnings, "|")),
            "’ (U+2019), 😀 (U+1F600) make this a UCS-2 message with 70 characters a part instead of 160.|"
            "The message is sent and paid as 2 parts.");
}

}  // namespace
}  // namespace clarion
