#include "api/contact_json.h"

#include <gtest/gtest.h>

#include "api/json_text.h"
#include "audience/field.h"

namespace clarion {
namespace {

namespace json = boost::json;

TEST(ContactToJson, HasEveryFieldKnownOrNot) {
  Contact nobody;
  nobody.id = "C-0";
  const json::object document = contact_to_json(nobody);
  EXPECT_EQ(document.at("customer_id"), "C-0");
  for (const Field field : all_fields) {
    if (field == Field::Id || channel_of(field)) continue;
    ASSERT_TRUE(document.contains(to_string(field))) << to_string(field);
    const json::value& value = document.at(to_string(field));
    if (type_of(field) == FieldType::TextList) {
      EXPECT_EQ(value, json::array()) << to_string(field);
    } else if (type_of(field) == FieldType::Flag) {
      EXPECT_EQ(value, false) << to_string(field);
    } else if (!is_count(field) && field != Field::TotalSpentUsd) {
      EXPECT_TRUE(value.is_null()) << to_string(field);
    }
  }
}

TEST(ContactToJson, ShowsWhatIsKnownInOneOrder) {
  Contact contact;
  contact.id = "C-1";
  contact.first_name = "Ana";
  contact.age = 40;
  contact.tags = {"vip", "new"};
  contact.purchase_count = 2;
  contact.total_spent_usd = 99.5;
  contact.last_purchase_at = WallTime(std::chrono::sys_days{std::chrono::year{2026} / 6 / 1});
  contact.sentiment = -0.25;
  contact.has_open_complaint = true;
  contact.consent[Channel::Sms].state = ConsentState::OptedIn;
  contact.engagement[Channel::Email] = {.preference = 0.25, .sent = 8, .responded = 3, .last_at = {}};
  const std::string nothing = R"({"state":"unknown","source":null,"at":null})";
  const std::string none = R"({"preference":null,"sent":0,"responded":0,"last_at":null})";
  EXPECT_EQ(write_json(contact_to_json(contact)),
            R"({"customer_id":"C-1","first_name":"Ana","last_name":null,"phone":null,"email":null,"city":null,)"
            R"("country":null,"time_zone":null,"language":null,"age":40,"tags":["vip","new"],"interests":[],)"
            R"("purchased_skus":[],"browsed_skus":[],"cart_skus":[],"purchase_count":2,"browse_count":0,)"
            R"("total_spent_usd":99.5,"last_purchase_at":"2026-06-01T00:00:00.000Z","last_contacted_at":null,)"
            R"("sentiment":-0.25,"complaint_at":null,"has_open_complaint":true,"best_hour":null,"consent":{)"
            R"("sms":{"state":"opted_in","source":null,"at":null},"whatsapp":)" +
                nothing + R"(,"email":)" + nothing + R"(},"engagement":{"sms":)" + none + R"(,"whatsapp":)" + none +
                R"(,"email":{"preference":0.25,"sent":8,"responded":3,"last_at":null}}})");
}

}  // namespace
}  // namespace clarion
