#include "content/payload.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

TEST(Payload, IsReadableText) {
  EXPECT_EQ(write_literal_payload(SmsBody{"Hi Ana"}), "s6:Hi Ana");
  EXPECT_EQ(write_literal_payload(EmailBody{"S", "T", "", ""}), "e1:S1:T0:0:");
}

TEST(Payload, BringsLiteralMessagesBackAsTheyWere) {
  const auto sms = read_literal_payload(Channel::Sms, write_literal_payload(SmsBody{"{{x}} 3:é\n😀"}));
  ASSERT_TRUE(sms);
  EXPECT_EQ(std::get<SmsBody>(*sms).text, "{{x}} 3:é\n😀");

  const WhatsAppBody whatsapp{
      .template_name = "promo",
      .language = "de",
      .components = {
          {.kind = WhatsAppComponent::Kind::Header, .button_index = 0, .button_type = "", .parameters = {{"", "h"}}},
          {.kind = WhatsAppComponent::Kind::Body,
           .button_index = 0,
           .button_type = "",
           .parameters = {{"name", "Jo"}, {"d", "20%"}}},
          {.kind = WhatsAppComponent::Kind::Button,
           .button_index = 2,
           .button_type = "url",
           .parameters = {{"", "x"}}}}};
  const auto read = read_literal_payload(Channel::WhatsApp, write_literal_payload(whatsapp));
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<WhatsAppBody>(*read).template_name, "promo");
  EXPECT_EQ(std::get<WhatsAppBody>(*read).language, "de");
  EXPECT_EQ(std::get<WhatsAppBody>(*read).components, whatsapp.components);

  const auto email =
      read_literal_payload(Channel::Email, write_literal_payload(EmailBody{"S", "T", "<p>", "https://u"}));
  ASSERT_TRUE(email);
  const auto& body = std::get<EmailBody>(*email);
  EXPECT_EQ(body.subject + "|" + body.text + "|" + body.html + "|" + body.unsubscribe_url, "S|T|<p>|https://u");
}

TEST(Payload, RefusesWhatItNeverWrote) {
  for (const std::string_view payload : {"", "s", "s5:abc", "s1:ab", "sx:a", "s-1:a", "e1:a", "w1:a",
                                         "s99999999999999999999:a", "e1:a1:b0:0:1:c", "\xff", "s1"}) {
    EXPECT_FALSE(read_literal_payload(Channel::Sms, payload)) << payload;
    EXPECT_FALSE(read_literal_payload(Channel::Email, payload)) << payload;
  }
  for (const std::string_view payload :
       {"w1:a2:de4:body1:00:9:999999999", "w1:a2:de4:body2:110:1:0", "w1:a2:de4:body1:00:1:11:n", "w1:a"}) {
    EXPECT_FALSE(read_literal_payload(Channel::WhatsApp, payload)) << payload;
  }
}

}  // namespace
}  // namespace clarion
