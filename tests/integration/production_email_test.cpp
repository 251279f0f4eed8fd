// Email in production, one call for each message and in bulk: the built program against a SES that misbehaves, and
// against one that other people wrote.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <map>
#include <string>

#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::AnyOf;

std::string mailbox(int number) {
  return fmt::format("p{}@example.com", number);
}

// Everybody's message is another, and holds what a template or an encoding could change.
std::string subject_of(int number) {
  return fmt::format("Grüße Nr. {}, \"Ana\" {{{{subject}}}}", number);
}
std::string text_of(int number) {
  return fmt::format("Hi {},\na < b & {{{{text}}}} \\ 🎉", number);
}
std::string html_of(int number) {
  return number % 2 == 0 ? "" : fmt::format("<p title=\"x\">Hi {} &amp; {{{{#if}}}} é</p>", number);
}
std::string unsubscribe_of(int number) {
  return fmt::format("https://shop.example/u/{}?k=a%2Fb", number);
}

std::string emails(int recipients, std::string_view id) {
  json::array users;
  for (int i = 0; i < recipients; ++i) {
    json::object user{{"customer_id", fmt::format("C-{}", i)},
                      {"selected_channel", "email"},
                      {"email", mailbox(i)},
                      {"subject", subject_of(i)},
                      {"message", text_of(i)},
                      {"unsubscribe_url", unsubscribe_of(i)}};
    if (const std::string html = html_of(i); !html.empty()) user["message_html"] = html;
    users.push_back(std::move(user));
  }
  return json::serialize(
      json::value{{"campaign_id", id}, {"throughput_tps", 500}, {"eligible_users", std::move(users)}});
}

std::map<std::string, std::string> unsubscribe_headers(int number) {
  return {{"List-Unsubscribe", '<' + unsubscribe_of(number) + '>'},
          {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}};
}
std::map<std::string, std::string> headers_of(const json::value& list, std::string_view name, std::string_view value) {
  std::map<std::string, std::string> headers;
  for (const json::value& header : list.as_array()) {
    headers[header.at(name).as_string().c_str()] = header.at(value).as_string().c_str();
  }
  return headers;
}

// Each recipient's state by its mailbox, as the ledger has it.
std::map<std::string, json::object> deliveries(const ProductionServer& production, const std::string& campaign) {
  const FinishedProcess exported = production.run({"export", "deliveries", "--campaign", campaign, "--format", "json"});
  EXPECT_EQ(exported.code, 0) << exported.errors;
  std::map<std::string, json::object> rows;
  for (const json::value& row : json::parse(exported.output).as_array()) {
    EXPECT_TRUE(rows.emplace(row.at("destination").as_string().c_str(), row.as_object()).second);
  }
  return rows;
}

TEST(ProductionBulkEmail, EveryRecipientHasOneOutcomeAndNobodyGetsTwo) {
  // Of calls and of single entries; with calls of fifty a share of them is a good part of all messages.
  const AwsStandIn aws(R"({"seed":5,"throttle":0.08,"fail_before":0.03,"fail_after":0.05,"reset_before":0.03,)"
                       R"("reset_after":0.05,"reset_bytes":40,)"
                       R"("outcomes":{"ACCOUNT_THROTTLED":0.05,"TRANSIENT_FAILURE":0.03}})");
  constexpr int planned = 2000;
  ProductionServer production(CLARION_BINARY, aws, {{"SES_BULK_SIZE", "50"}, {"SES_TENANT", "shop"}});
  ASSERT_THAT(production.post("/api/send-campaign", emails(planned, "bulk")).status, AnyOf(200, 202));
  const json::object ended = production.follow("bulk");
  EXPECT_EQ(ended.at("status"), "completed");

  const json::object counts = aws.counts();
  const auto email = [&counts](std::string_view name) { return number(counts, "channels.email." + std::string(name)); };
  EXPECT_EQ(email("refused"), 0) << counts.at("refusals");
  EXPECT_EQ(number(counts, "unsigned"), 0);
  EXPECT_LT(email("bulk_calls"), email("requests")) << "they went out in company";
  const std::int64_t lost_after = email("fail_after") + email("reset_after");
  const std::int64_t lost_before = email("fail_before") + email("reset_before");
  EXPECT_GT(lost_after, 0);
  EXPECT_GT(lost_before, 0);
  EXPECT_GT(email("throttled"), planned / 40);
  EXPECT_EQ(number(ended, "in_doubt"), lost_after + lost_before);
  EXPECT_EQ(number(ended, "accepted"), planned - lost_after - lost_before);
  EXPECT_EQ(number(ended, "accepted") + lost_after, email("accepted"));
  for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  for (const auto& [attempt, times] : counts.at("attempts").as_object()) EXPECT_EQ(times, 1) << attempt;
  EXPECT_EQ(counts.at("attempts").as_object().size(), static_cast<std::size_t>(email("accepted")));

  // Recipient by recipient.
  const auto rows = deliveries(production, "bulk");
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(planned));
  for (const auto& [to, row] : rows) {
    if (row.at("state") == "accepted") EXPECT_TRUE(counts.at("recipients").as_object().contains(to)) << to;
  }
  for (const auto& [to, times] : counts.at("throttled").as_object()) {
    EXPECT_NE(rows.at(std::string(to)).at("state"), "waiting") << to << " was throttled and forgotten";
  }
  EXPECT_EQ(production.server().stop(), 0);
}

TEST(ProductionBulkEmail, EachEntryHasItsOwnContentHeadersTagAndOutcome) {
  const AwsStandIn aws(R"({"answers":{"p7@example.com":{"code":"MESSAGE_REJECTED","message":"Rejected."},)"
                       R"("p8@example.com":{"code":"INVALID_PARAMETER","message":"Illegal address"}}})");
  const ProductionServer production(CLARION_BINARY, aws, {{"SES_BULK_SIZE", "20"}, {"SES_TENANT", "shop"}});
  constexpr int planned = 60;
  ASSERT_EQ(production.post("/api/send-campaign", emails(planned, "content")).status, 200);
  EXPECT_EQ(number(production.follow("content"), "accepted"), planned - 2);
  const auto rows = deliveries(production, "content");
  EXPECT_EQ(rows.at(mailbox(7)).at("reason"), "invalid_content");
  EXPECT_EQ(rows.at(mailbox(8)).at("reason"), "invalid_address");
  for (int i = 0; i < planned; ++i) {
    if (i == 7 || i == 8) continue;
    const json::object message = aws.message_to(mailbox(i));
    EXPECT_EQ(at_path(message, "Content.Simple.Subject.Data"), json::value(subject_of(i)));
    EXPECT_EQ(at_path(message, "Content.Simple.Body.Text.Data"), json::value(text_of(i)));
    EXPECT_EQ(at_path(message, "ConfigurationSetName"), "clarion");
    EXPECT_EQ(at_path(message, "TenantName"), "shop");
    EXPECT_EQ(message.at("EmailTags"),
              json::value(json::array{
                  {{"Name", "attempt"},
                   {"Value", rows.at(mailbox(i)).at("delivery_id").as_string().c_str() + std::string("_1")}}}));
    EXPECT_EQ(headers_of(at_path(message, "Content.Simple.Headers"), "Name", "Value"), unsubscribe_headers(i));
    const json::value html = at_path(message, "Content.Simple.Body.Html.Data");
    EXPECT_EQ(html.is_string() ? std::string(html.as_string().c_str()) : "", html_of(i));
  }
}

// How many messages a call may hold.
class ProductionEmailEmulator : public ::testing::TestWithParam<int> {};

TEST_P(ProductionEmailEmulator, TakesEveryEmailAsItWasMeant) {
  const EmailEmulator mail;
  const AwsStandIn aws;  // for the rest
  const ProductionServer production(
      CLARION_BINARY, aws, {{"AWS_ENDPOINT_URL_SESV2", mail.url()}, {"SES_BULK_SIZE", std::to_string(GetParam())}});
  constexpr int planned = 100;
  ASSERT_EQ(production.post("/api/send-campaign", emails(planned, "mail")).status, 200);
  const json::object ended = production.follow("mail");
  EXPECT_EQ(number(ended, "accepted"), planned) << json::serialize(ended);
  EXPECT_EQ(total(aws.counts(), "requests"), 0);

  const auto rows = deliveries(production, "mail");
  HttpConnection connection(mail.port(), std::chrono::seconds(20));
  connection.send_request("GET", "/store", {}, {});
  const json::value store = json::parse(connection.read_reply().body);
  const json::array& sent = store.at("emails").as_array();
  ASSERT_EQ(sent.size(), static_cast<std::size_t>(planned));
  std::map<std::string, json::object> received;
  for (const json::value& one : sent) {
    ASSERT_EQ(one.at("destination").at("to").as_array().size(), 1U);
    const std::string to = one.at("destination").at("to").at(0).as_string().c_str();
    EXPECT_TRUE(received.emplace(to, one.as_object()).second) << to << " got two";
  }
  for (int i = 0; i < planned; ++i) {
    const json::object& one = received.at(mailbox(i));
    EXPECT_EQ(one.at("from"), "Shop <news@example.com>");
    EXPECT_EQ(one.at("messageId"), rows.at(mailbox(i)).at("provider_id")) << mailbox(i);
    EXPECT_EQ(one.at("subject"), json::value(subject_of(i)));
    EXPECT_EQ(at_path(one, "body.text"), json::value(text_of(i)));
    const json::value html = at_path(one, "body.html");
    EXPECT_EQ(html.is_string() ? std::string(html.as_string().c_str()) : "", html_of(i));
    EXPECT_EQ(headers_of(one.at("headers"), "name", "value"), unsubscribe_headers(i));
  }
}

INSTANTIATE_TEST_SUITE_P(MessagesACall, ProductionEmailEmulator, ::testing::Values(1, 50),
                         [](const auto& test) { return std::to_string(test.param); });

}  // namespace
}  // namespace clarion::testing
