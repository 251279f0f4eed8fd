#include "app/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace clarion {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Settings production(std::map<std::string, std::string> environment) {
  environment["CLARION_ENV"] = "production";
  environment.emplace("CLARION_HOST", "127.0.0.1");
  auto settings = load_settings({.flags = {}, .environment = std::move(environment), .dotenv = {}});
  EXPECT_TRUE(settings) << settings.error().message;
  return settings.value_or(Settings{});
}

std::string refusal(const Settings& settings) {
  const auto checks = check_settings(settings);
  const auto refused = refuse_when_failed(checks);
  if (refused) return "none";
  EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
  return refused.error().message;
}

TEST(Checks, ProductionNamesEverythingThatIsMissingAtOnce) {
  EXPECT_THAT(refusal(production({})), AllOf(HasSubstr("senders: no channel has a sender. Set PHONE_POOL_ID"),
                                             HasSubstr("CAMPAIGNS_TABLE: not set. Name the DynamoDB table"),
                                             HasSubstr("DELIVERY_TRACKING_TABLE"), HasSubstr("RATE_LIMITS_TABLE")));
}

TEST(Checks, OneSenderAndALocalLedgerAreEnoughOfSettings) {
  EXPECT_EQ(refusal(production({{"CLARION_STORE", "sqlite"}, {"PHONE_POOL_ID", "pool-1"}})), "none");
}

TEST(Checks, SendersThatCannotBeOnesAreRefused) {
  EXPECT_THAT(refusal(production({{"CLARION_STORE", "sqlite"},
                                  {"PHONE_POOL_ID", "pool 1"},
                                  {"WHATSAPP_PHONE_NUMBER_ID", "15550001111"},
                                  {"SENDER_EMAIL", "news at example.com"}})),
              AllOf(HasSubstr("PHONE_POOL_ID: 'pool 1' is not the id"), HasSubstr("WHATSAPP_PHONE_NUMBER_ID"),
                    HasSubstr("SENDER_EMAIL: it is not a mailbox"), Not(HasSubstr("senders: no channel"))));
  EXPECT_EQ(refusal(production({{"CLARION_STORE", "sqlite"},
                                {"WHATSAPP_PHONE_NUMBER_ID", "phone-number-id-976c72a700aac43eaf573ae050e0a1b2"},
                                {"SENDER_EMAIL", "Shop <news@example.com>"}})),
            "none");
}

TEST(Checks, WithoutAQueueOfEventsItIsSaidWhatThatMeans) {
  std::map<std::string, std::string> environment{{"CLARION_STORE", "sqlite"}, {"PHONE_POOL_ID", "pool-1"}};
  const auto row = [&environment] {
    const auto checks = check_settings(production(environment));
    return *std::ranges::find(checks, "EVENTS_QUEUE_URL", &Check::subject);
  };
  EXPECT_EQ(row().outcome, CheckOutcome::Warning);
  EXPECT_THAT(row().found, HasSubstr("nothing becomes delivered"));
  EXPECT_FALSE(row().is_essential);
  environment["EVENTS_QUEUE_URL"] = "https://sqs.example.com/1/q";
  EXPECT_EQ(row().outcome, CheckOutcome::Good);
}

TEST(Checks, AWorkQueueIsOfNoUseToRecordsOnThisMachine) {
  const auto found = [](const std::string& store) {
    const auto checks = check_settings(production(
        {{"CLARION_STORE", store}, {"PHONE_POOL_ID", "pool-1"}, {"WORK_QUEUE_URL", "https://sqs.example.com/1/work"}}));
    const auto queue = std::ranges::find(checks, "WORK_QUEUE_URL", &Check::subject);
    EXPECT_FALSE(queue->is_essential);
    return std::string(to_string(queue->outcome)) + ": " + queue->found;
  };
  EXPECT_EQ(found("sqlite"), "warning: it is not used with CLARION_STORE=sqlite");
  EXPECT_EQ(found("dynamodb"), "ok: https://sqs.example.com/1/work");
}

TEST(Checks, TheLocalEnvironmentAsksForNothing) {
  const auto settings = load_settings({.flags = {}, .environment = {{"CLARION_PORTT", "1"}}, .dotenv = {}});
  const auto checks = check_settings(*settings);
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_THAT(checks[0].found, HasSubstr("simulated"));
  EXPECT_EQ(checks[1].subject, "CLARION_PORTT");
  EXPECT_EQ(checks[1].outcome, CheckOutcome::Warning);
  EXPECT_TRUE(refuse_when_failed(checks));
}

TEST(Checks, AServerThatOthersReachNeedsAToken) {
  const auto tokens_row = [](std::map<std::string, std::string> environment) {
    environment["CLARION_DATA_DIR"] = "/nonexistent/clarion";
    const auto settings = load_settings({.flags = {}, .environment = std::move(environment), .dotenv = {}});
    const auto checks = check_machine(*settings);
    const auto row = std::ranges::find(checks, "tokens", &Check::subject);
    return row == checks.end() ? "none" : std::string(to_string(row->outcome)) + (row->is_essential ? "!" : "");
  };
  EXPECT_EQ(tokens_row({}), "none");
  EXPECT_EQ(tokens_row({{"CLARION_HOST", "0.0.0.0"}}), "warning");
  EXPECT_EQ(tokens_row({{"CLARION_ENV", "production"}, {"CLARION_STORE", "sqlite"}}), "failed!");
  EXPECT_EQ(tokens_row({{"CLARION_ENV", "production"}, {"CLARION_STORE", "sqlite"}, {"CLARION_HOST", "127.0.0.1"}}),
            "warning");
}

}  // namespace
}  // namespace clarion
