#include "content/content_library.h"

#include <gtest/gtest.h>

#include "content/campaign_content.h"

namespace clarion {
namespace {

const WallTime today = *parse_iso8601("2026-11-22T10:00:00Z");

constexpr std::string_view no_promotions = R"({"promotions": []})";
constexpr std::string_view news_only =
    R"({"templates": [{"name": "news", "channel": "sms", "definition": {"text": "x"}}]})";

std::string promotions(std::string_view rows) {
  return R"({"promotions": [)" + std::string(rows) + "]}";
}

constexpr std::string_view open_promotion =
    R"({"sku": "A", "product": "P", "headline": "H", "discount": "1%", "code": "C", "link": "https://a"})";

std::string error_of(std::string_view templates_json, std::string_view promotions_json) {
  const auto library = ContentLibrary::parse(templates_json, promotions_json);
  return library ? "" : library.error().message;
}

TEST(ContentLibrary, BringsContentForEveryPromotionAndForNone) {
  const ContentLibrary library = ContentLibrary::built_in();
  EXPECT_GE(library.promotions().size(), 15U);
  Contact contact;
  contact.id = "CUST-1";
  contact.first_name = "Ana";
  std::vector<std::string> skus{"", "SKU-UNKNOWN"};
  for (const Promotion& promotion : library.promotions()) skus.push_back(promotion.sku);
  for (const std::string& sku : skus) {
    const auto content = CampaignContent::parse(library.default_content(sku, today));
    ASSERT_TRUE(content) << sku << content.error().message;
    for (const Channel channel : all_channels) {
      const ContentPreview preview = (*content)->preview(channel, contact);
      ASSERT_TRUE(preview.body) << sku << to_string(channel) << preview.refusal->message;
      if (preview.sms_parts) {
        EXPECT_EQ(preview.sms_parts->encoding, SmsEncoding::Gsm7) << preview.text;
        EXPECT_LE(preview.sms_parts->parts, 2) << preview.text;
      }
    }
  }
}

TEST(ContentLibrary, ChoosesTheTemplatesByPromotion) {
  const ContentLibrary library = ContentLibrary::built_in();
  Contact contact;
  contact.id = "CUST-1";
  const auto text = [&](std::string_view sku, WallTime now) {
    return (*CampaignContent::parse(library.default_content(sku, now)))->preview(Channel::Sms, contact).text;
  };
  EXPECT_EQ(text("SKU-LAPTOP-1", today),
            "Hi there, 15% off the AeroBook 14 Laptop with code AERO15 until 31 Dec 2030: "
            "https://shop.example.com/laptop-1 Fernhill Store. Reply STOP to opt out");
  EXPECT_EQ(
      text("", today),
      "Hi there, there is something new for you at Fernhill Store: https://shop.example.com Reply STOP to opt out");
  EXPECT_EQ(text("SKU-LAPTOP-1", *parse_iso8601("2031-01-01T00:00:00Z")), text("", today)) << "it has ended";
  EXPECT_EQ(text("SKU-LAPTOP-1", *parse_iso8601("2030-12-31T23:59:59Z")), text("SKU-LAPTOP-1", today));
}

TEST(ContentLibrary, RefusesWhatIsWrongAndSaysWhere) {
  EXPECT_EQ(error_of(news_only, no_promotions), "");
  EXPECT_EQ(error_of("", no_promotions).find("templates.json is not valid JSON"), 0U);
  EXPECT_EQ(error_of("{}", no_promotions), "templates.json.templates must be a list (of templates).");
  EXPECT_EQ(error_of(R"({"templates": [{"name": "a", "channel": "fax", "definition": {}}]})", no_promotions),
            "templates.json.templates[0].channel is \"fax\"; it must be sms, whatsapp or email.");
  EXPECT_EQ(error_of(R"({"templates": [{"name": "a", "channel": "sms", "definition": {}}]})", no_promotions),
            "templates.json.templates[0]: sms.text is missing; it must be a text that is not empty.");
  EXPECT_EQ(error_of(R"({"templates": [{"name": "a", "channel": "sms", "definition": {"text": "x"}},
                                       {"name": "a", "channel": "sms", "definition": {"text": "y"}}]})",
                     no_promotions),
            "templates.json.templates[1] is a second sms template named \"a\".");
  EXPECT_EQ(error_of(R"({"templates": [{"name": "news", "channel": "sms", "definition": {"text": "{{shop}}"}}]})",
                     no_promotions)
                .find("The default content is not usable: The sms template uses {{shop}}"),
            0U);
  EXPECT_EQ(error_of(news_only, "[]"), "promotions.json is a list; it must be an object.");
  EXPECT_EQ(error_of(news_only, promotions(R"({"sku": "A"})")),
            "promotions.json.promotions[0].product is missing; it must be a text that is not empty.");
  EXPECT_EQ(error_of(news_only, promotions(std::string(open_promotion) + "," + std::string(open_promotion))),
            "promotions.json.promotions[1] is a second promotion of \"A\".");
  EXPECT_EQ(
      error_of(news_only, promotions(R"({"sku": "A", "product": "P", "headline": "H", "discount": "1%", "code": "C",
                                               "link": "https://a", "ends_on": "soon"})")),
      "promotions.json.promotions[0].ends_on is \"soon\"; write a date like 2030-12-31.");
}

TEST(ContentLibrary, APromotionWithoutAnEndIsAlwaysRunning) {
  const auto library = ContentLibrary::parse(news_only, promotions(open_promotion));
  ASSERT_TRUE(library) << library.error().message;
  EXPECT_NE(library->find_promotion("A", *parse_iso8601("2999-01-01T00:00:00Z")), nullptr);
  EXPECT_EQ(library->find_promotion("B", today), nullptr);
}

}  // namespace
}  // namespace clarion
