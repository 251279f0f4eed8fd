// Settings as the running program obeys them; how they are read and where from is in tests/unit/app/settings_test.cpp.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "support/clarion_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;
using Environment = std::map<std::string, std::string>;

// What the simulated carriers answered for each recipient: accepted, the reason of a refusal, or silence. What they
// report later changes states, and nothing of this.
std::map<std::string, std::string> outcomes_with(Environment environment) {
  const ScratchDirectory directory;
  environment["CLARION_SIM_LATENCY_MS"] = "0";
  std::ofstream(directory.path() / "users.json") << campaign_of(300, "same", 1000);
  const auto run = [&](std::vector<std::string> arguments) {
    return run_clarion(CLARION_BINARY, directory.path(),
                       {.arguments = std::move(arguments), .environment = environment});
  };
  const auto sent = run({"send", "--users", "users.json", "--tps", "1000", "--json"});
  EXPECT_THAT(sent.code, ::testing::AnyOf(0, 3)) << sent.errors;
  const auto rows = run({"export", "deliveries", "--campaign", "same", "--format", "json"});
  std::map<std::string, std::string> outcomes;
  for (const json::value& row : json::parse(rows.output).as_array()) {
    const bool is_refused =
        row.at("state") == "failed" && row.at("reason") != "not_delivered" && row.at("reason") != "bounced";
    std::string& outcome = outcomes[row.at("contact_id").as_string().c_str()];
    outcome = row.at("provider_id").is_string() ? "accepted"
              : is_refused                      ? json::serialize(row.at("reason"))
                                                : "silence";
  }
  EXPECT_EQ(outcomes.size(), 300U);
  return outcomes;
}

TEST(SettingsInForce, TheSameSeedGivesEachRecipientTheSameOutcome) {
  const Environment seven{{"CLARION_SIM_SEED", "7"}, {"CLARION_SIM_FAILURE_RATE", "0.3"}};
  const auto first = outcomes_with(seven);
  EXPECT_EQ(first, outcomes_with(seven));
  EXPECT_NE(first, outcomes_with({{"CLARION_SIM_SEED", "8"}, {"CLARION_SIM_FAILURE_RATE", "0.3"}}));
  const auto refused = std::ranges::count_if(first, [](const auto& one) { return one.second != "accepted"; });
  EXPECT_GT(refused, 45) << "three in ten";
  EXPECT_LT(refused, 150);
  for (const auto& [id, outcome] : outcomes_with({{"CLARION_SIM_FAILURE_RATE", "0"}})) EXPECT_EQ(outcome, "accepted");
}

// The value of one line of /metrics.
double metric(const ClarionServer& server, const std::string& name) {
  const std::string text = server.get("/metrics").body;
  const auto at = text.find("\n" + name + " ");
  EXPECT_NE(at, std::string::npos) << name;
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + name.size() + 2, nullptr);
}

TEST(SettingsInForce, CarriersTakeTheirTimeAndThrottleAsTheyAreTold) {
  const std::string campaign = campaign_of(20, "slow", 100, "sms");
  const ClarionServer quick(CLARION_BINARY, {{"CLARION_SIM_LATENCY_MS", "0"}});
  const ClarionServer slow(CLARION_BINARY, {{"CLARION_SIM_LATENCY_MS", "300"}});
  const ClarionServer throttling(CLARION_BINARY, {{"CLARION_SIM_THROTTLE_RATE", "0.5"}});
  for (const ClarionServer* server : {&quick, &slow, &throttling}) {
    const HttpReply reply = server->post("/api/send-campaign", campaign);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(number(object_of(reply), "results.total_sent"), 20) << "a throttled message is sent later";
  }
  const std::string sum = "clarion_carrier_answer_seconds_sum{channel=\"sms\"}";
  EXPECT_GT(metric(slow, sum), 20 * 0.1);
  EXPECT_LT(metric(quick, sum), metric(slow, sum));
  const std::string throttled = "clarion_throttled_total{channel=\"sms\"}";
  EXPECT_EQ(metric(quick, throttled), 0);
  EXPECT_GT(metric(throttling, throttled), 0);
}

TEST(SettingsInForce, ThePublicAddressIsAnsweredToAndNoOther) {
  const ClarionServer server(CLARION_BINARY, {{"PUBLIC_URL", "https://shop.example.com/"}});
  const auto ask = [&server](const std::string& host, const std::string& origin) {
    HttpConnection connection(server.port());
    connection.send("GET /api/environment HTTP/1.1\r\nConnection: close\r\nHost: " + host +
                    (origin.empty() ? "" : "\r\nOrigin: " + origin) + "\r\n\r\n");
    return connection.read_reply().status;
  };
  EXPECT_EQ(ask("shop.example.com", ""), 200);
  EXPECT_EQ(ask("shop.example.com", "https://shop.example.com"), 200);
  EXPECT_EQ(ask("other.example.com", ""), 403);
  EXPECT_EQ(ask("shop.example.com", "https://other.example.com"), 403);
  EXPECT_EQ(object_of(server.get("/api/installation")).at("public_url"), "https://shop.example.com");
}

TEST(SettingsInForce, TheLogLevelIsTheLeastThatIsLogged) {
  const auto log_at = [](const std::string& level) {
    ClarionServer server(CLARION_BINARY, {{"CLARION_LOG_LEVEL", level}});
    server.get("/api/stats");
    EXPECT_EQ(server.stop(), 0);
    return server.process().errors();
  };
  EXPECT_THAT(log_at("info"), HasSubstr(R"("event":"started")"));
  EXPECT_THAT(log_at("off"), Not(HasSubstr(R"("event")")));
  EXPECT_THAT(log_at("error"), Not(HasSubstr(R"("level":"info")")));
}

TEST(SettingsInForce, TheStoreOfProductionIsRefusedLocally) {
  const ScratchDirectory directory;
  const auto refused = run_clarion(CLARION_BINARY, directory.path(),
                                   {.arguments = {"serve"}, .environment = {{"CLARION_STORE", "dynamodb"}}});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("CLARION_STORE"));
}

}  // namespace
}  // namespace clarion::testing
