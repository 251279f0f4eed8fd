// Email: every type of event that SES publishes.
#include "carriers/ses_events.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "unit/carriers/event_text.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string ours = to_string(make_delivery_id(CampaignNumber{3}, 7));

// An event of SES with our tag, whose own part is `particular`: "\"open\":{...}".
std::string event(std::string_view type, std::string_view particular, std::string_view tags = "") {
  return fmt::format(
      R"({{"eventType":"{}",{},"mail":{{"timestamp":"2026-11-30T10:00:00.000Z","messageId":"0100-m-000000",)"
      R"("source":"Shop <news@example.com>","destination":["Ana@example.com"],"tags":{{{}"ses:source-ip":["192.0.2.0"]}}}}}})",
      type, particular, tags.empty() ? fmt::format(R"("attempt":["{}_2"],)", ours) : std::string(tags));
}

std::string bounce(std::string_view type, std::string_view sub) {
  return event(
      "Bounce",
      fmt::format(R"("bounce":{{"bounceType":"{}","bounceSubType":"{}","timestamp":"2026-11-30T10:00:05.250Z",)"
                  R"("bouncedRecipients":[{{"emailAddress":"ana@example.com","status":"5.1.1",)"
                  R"("diagnosticCode":"smtp; 550 5.1.1 <ana@example.com> user unknown"}}]}})",
                  type, sub));
}

std::string complaint(std::string_view feedback) {
  return event("Complaint",
               fmt::format(R"("complaint":{{"complainedRecipients":[{{"emailAddress":"ana@example.com"}}],)"
                           R"("timestamp":"2026-11-30T10:00:09Z","complaintFeedbackType":"{}"}})",
                           feedback));
}

std::string subscription(std::string_view now, std::string_view before) {
  return event("Subscription",
               fmt::format(R"("subscription":{{"timestamp":"2026-11-30T10:00:09Z","source":"UnsubscribeHeader",)"
                           R"("newTopicPreferences":{},"oldTopicPreferences":{}}})",
                           now, before));
}

TEST(SesEvents, EveryTypeMeansWhatTheTableSays) {
  const std::string who = "email {} " + ours + " <Ana@example.com>";
  const auto of = [&who](std::string_view kind) { return fmt::format(fmt::runtime(who), kind); };
  const std::string bounced = "email bounced " + ours + " <ana@example.com> ";
  const std::string bad = "email bounced! " + ours + " <ana@example.com> ";
  const std::pair<std::string, std::string> rows[] = {
      {event("Send", R"("send":{})"), "informative 1"},
      {event("Delivery", R"("delivery":{"timestamp":"2026-11-30T10:00:01Z","smtpResponse":"250 ok ana@example.com"})"),
       of("delivered")},
      {bounce("Permanent", "General"), bad + "[Permanent/General 5.1.1]"},
      {bounce("Permanent", "NoEmail"), bad + "[Permanent/NoEmail 5.1.1]"},
      {bounce("Permanent", "Suppressed"), bad + "[Permanent/Suppressed 5.1.1]"},
      {bounce("Permanent", "OnAccountSuppressionList"), bad + "[Permanent/OnAccountSuppressionList 5.1.1]"},
      {bounce("Permanent", "OnTenantSuppressionList"), bad + "[Permanent/OnTenantSuppressionList 5.1.1]"},
      {bounce("Permanent", "EmailValidationSuppressed"), bad + "[Permanent/EmailValidationSuppressed 5.1.1]"},
      {bounce("Transient", "General"), bounced + "[Transient/General 5.1.1]"},
      {bounce("Transient", "MailboxFull"), bounced + "[Transient/MailboxFull 5.1.1]"},
      {bounce("Transient", "MessageTooLarge"), bounced + "[Transient/MessageTooLarge 5.1.1]"},
      {bounce("Transient", "CustomTimeoutExceeded"), bounced + "[Transient/CustomTimeoutExceeded 5.1.1]"},
      {bounce("Transient", "ContentRejected"), bounced + "[Transient/ContentRejected 5.1.1]"},
      {bounce("Transient", "AttachmentRejected"), bounced + "[Transient/AttachmentRejected 5.1.1]"},
      {bounce("Undetermined", "Undetermined"), bounced + "[Undetermined/Undetermined 5.1.1]"},
      {bounce("SomethingNew", "General"), bounced + "[SomethingNew/General 5.1.1]"},
      {complaint("abuse"), "email complained " + ours + " <ana@example.com> [abuse]"},
      {complaint("fraud"), "email complained " + ours + " <ana@example.com> [fraud]"},
      {complaint(""), "email complained " + ours + " <ana@example.com>"},
      {complaint("not-spam"), "informative 1"},
      {event("Reject", R"("reject":{"reason":"Bad content"})"), of("failed") + " [rejected: Bad content]"},
      {event("Rendering Failure",
             R"("failure":{"errorMessage":"Attribute 'name' is not present.","templateName":"t"})"),
       of("failed") + " [not rendered: Attribute 'name' is not present.]"},
      {event("Open", R"("open":{"timestamp":"2026-11-30T10:01:00Z","userAgent":"Mozilla"})"), of("opened")},
      {event("Open", R"("open":{"timestamp":"2026-11-30T10:01:00Z","isBotEvent":"Unlikely"})"), of("opened")},
      {event("Open", R"("open":{"timestamp":"2026-11-30T10:01:00Z","isBotEvent":"Likely"})"), "informative 1"},
      {event("Click",
             R"("click":{"timestamp":"2026-11-30T10:02:00Z","link":"https://example.com/?who=ana@example.com"})"),
       of("clicked")},
      {event("Click", R"("click":{"timestamp":"2026-11-30T10:02:00Z","isBotEvent":"Likely"})"), "informative 1"},
      {event("DeliveryDelay", R"("deliveryDelay":{"timestamp":"2026-11-30T10:02:00Z","delayType":"MailboxFull"})"),
       "informative 1"},
      {subscription(R"({"unsubscribeAll":true})", R"({"unsubscribeAll":false})"),
       of("opted_out") + " [unsubscribed: UnsubscribeHeader]"},
  };
  std::set<std::string_view> types;
  for (const SesEventRow& row : ses_event_rows()) types.insert(row.type);
  for (const auto& [body, wanted] : rows) {
    EXPECT_EQ(read_text(body), wanted) << body;
    std::erase_if(types, [&text = body](std::string_view type) { return text.contains(fmt::format("\"{}\"", type)); });
  }
  EXPECT_TRUE(types.empty()) << "without a line above: " << *types.begin();
}

TEST(SesEvents, PreferencesThatGetBetterUnsubscribeNobody) {
  const auto topic = [](std::string_view status) {
    return fmt::format(
        R"({{"unsubscribeAll":false,"topicSubscriptionStatus":[{{"topicName":"t","subscriptionStatus":"{}"}}]}})",
        status);
  };
  EXPECT_THAT(read_text(subscription(topic("OptOut"), topic("OptIn"))), StartsWith("email opted_out"));
  EXPECT_EQ(read_text(subscription(topic("OptIn"), topic("OptOut"))), "informative 1");
  EXPECT_EQ(read_text(subscription(topic("OptOut"), topic("OptOut"))), "informative 1");
}

TEST(SesEvents, TheTimeIsTheEventsOwnAndElseTheMails) {
  const auto at = [](std::string_view body) { return read_carrier_events(body, received_at)->events.at(0).at; };
  EXPECT_EQ(format_iso8601(at(bounce("Permanent", "General"))), "2026-11-30T10:00:05.250Z");
  EXPECT_EQ(format_iso8601(at(event("Reject", R"("reject":{"reason":"Bad content"})"))), "2026-11-30T10:00:00.000Z")
      << "the same whenever it comes again";
  EXPECT_EQ(read_carrier_events(bounce("Permanent", "General"), received_at)->events[0].message_id, "0100-m-000000");
}

TEST(SesEvents, NotificationsOfAnIdentityHaveNoTagAndAnotherName) {
  EXPECT_EQ(
      read_text(R"({"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[)"
                R"({"emailAddress":"a@x.example"},{"emailAddress":"B <b@x.example>"}]},"mail":{"messageId":"m"}})"),
      "email bounced! <a@x.example> [Permanent]; email bounced! <b@x.example> [Permanent]")
      << "a mail of somebody else may have many recipients";
}

TEST(SesEvents, AMessageOfOursHasOneRecipient) {
  const std::string two = event("Complaint", R"("complaint":{"complainedRecipients":[{"emailAddress":"a@x.example"},)"
                                             R"({"emailAddress":"b@x.example"}]})");
  EXPECT_EQ(read_text(two), "email complained " + ours + " <a@x.example>");
}

TEST(SesEvents, ATagThatIsNotOursIsNone) {
  for (const char* tags : {R"("attempt":["x"],)", R"("attempt":[],)", R"("attempt":"d-a_1",)", R"("a":["b"],)"}) {
    EXPECT_EQ(read_text(event("Delivery", R"("delivery":{})", tags)), "email delivered <Ana@example.com>") << tags;
  }
}

TEST(SesEvents, WhatIsNotUnderstoodIsSaidWithoutItsContents) {
  for (const std::string& body : {event("Bounce", R"("open":{})"), event("Delivery", R"("delivery":"ana@example.com")"),
                                  std::string(R"({"eventType":"Bounce","bounce":{},"mail":"ana@example.com"})"),
                                  std::string(R"({"mail":{"destination":["ana@example.com"]}})")}) {
    const std::string text = read_text(body);
    EXPECT_THAT(text, StartsWith("error: an SES event")) << body;
    EXPECT_THAT(text, Not(HasSubstr("@")));
  }
  EXPECT_EQ(read_text(event("InventedNextYear", R"("invented":{})")), "informative 1");
}

}  // namespace
}  // namespace clarion::testing
