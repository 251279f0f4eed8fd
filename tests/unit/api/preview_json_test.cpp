#include "api/preview_json.h"

#include <gtest/gtest.h>

#include "content/payload.h"
#include "engine/list_recipient.h"

namespace clarion {
namespace {

// What a query shows for one message, taken by send-campaign again: the payload of the plan.
std::string sent_again(const MessageBody& body) {
  AudiencePreview preview;
  const auto channel = static_cast<Channel>(body.index());
  PreviewedRecipient& shown = preview.eligible_users.emplace_back();
  shown.contact_id = "CUST-1";
  shown.name = "Ana";
  shown.channel = channel;
  shown.destination = "x";
  shown.body = body;
  shown.sentence = "why";
  const boost::json::object document = preview_to_json(preview);
  const boost::json::value& user = document.at("eligible_users").as_array().at(0);
  const ListRecipient recipient = read_list_recipient(user);
  if (recipient.problem) return recipient.problem->sentence;
  EXPECT_EQ(recipient.channel, channel);
  EXPECT_EQ(recipient.sentence, "why");
  const auto message = make_list_message(*recipient.json, channel);
  return message ? write_literal_payload(*message) : message.error().sentence;
}

TEST(PreviewJson, ShowsEveryMessageSoThatItCanBeSentAsItIs) {
  const MessageBody bodies[] = {
      SmsBody{"Hi Ana"},
      EmailBody{"Subject", "text", "<p>html</p>", "https://example.com/u"},
      WhatsAppBody{.template_name = "promo",
                   .language = "de",
                   .components = {{.kind = WhatsAppComponent::Kind::Header,
                                   .button_index = 0,
                                   .button_type = "",
                                   .parameters = {{"", "head"}}},
                                  {.kind = WhatsAppComponent::Kind::Body,
                                   .button_index = 0,
                                   .button_type = "",
                                   .parameters = {{"name", "Ana"}, {"code", "A1"}}},
                                  {.kind = WhatsAppComponent::Kind::Button,
                                   .button_index = 2,
                                   .button_type = "url",
                                   .parameters = {{"", "A1"}}}}},
      WhatsAppBody{.template_name = "plain", .language = "en_US", .components = {}},
  };
  for (const MessageBody& body : bodies) EXPECT_EQ(sent_again(body), write_literal_payload(body));
}

}  // namespace
}  // namespace clarion
