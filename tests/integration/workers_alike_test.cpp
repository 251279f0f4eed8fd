// `--workers 4` in one process and four processes: the same campaign has the same outcomes at the same rate.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;

constexpr int recipients = 400;
constexpr int rate = 40;

// Every twentieth has no address that can be one, every thirtieth none at all.
std::string mixed_campaign() {
  json::object body = json::parse(campaign_of(recipients, "alike", rate, "sms")).as_object();
  int number = 0;
  for (json::value& user : body.at("eligible_users").as_array()) {
    if (++number % 20 == 0) user.as_object()["phone"] = "+12";
    if (number % 30 == 0) user.as_object().erase("phone");
  }
  return json::serialize(body);
}

struct Outcome {
  std::map<std::string, std::string> states;  // by customer
  double burst = 0;                           // above the rate, that any stretch of time held
};

Outcome outcome_with(int processes, const std::string& workers) {
  const DynamoDbEmulator dynamo;
  const AwsStandIn aws;
  auto environment = records_in_dynamodb(CLARION_BINARY, dynamo, aws);
  environment["CLARION_WORKERS"] = workers;
  std::vector<std::unique_ptr<ProductionServer>> servers;
  for (int i = 0; i < processes; ++i) {
    servers.push_back(std::make_unique<ProductionServer>(CLARION_BINARY, aws, environment));
  }
  const HttpConnection asking = servers.front()->begin_campaign(mixed_campaign());
  EXPECT_EQ(servers.back()->follow("alike").at("status"), "completed");
  Outcome outcome;
  const FinishedProcess exported =
      servers.front()->run({"export", "deliveries", "--campaign", "alike", "--format", "json"});
  for (const json::value& row : json::parse(exported.output).as_array()) {
    outcome.states[row.at("contact_id").as_string().c_str()] =
        json::serialize(row.at("state")) + " " + json::serialize(row.at("reason"));
  }
  const json::object counts = aws.counts();
  for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  outcome.burst = burst_needed(counts, "sms", rate);
  return outcome;
}

TEST(WorkersAlike, FourThreadsOfOneProcessAndFourProcessesDoTheSame) {
  const Outcome threads = outcome_with(1, "4");
  const Outcome processes = outcome_with(4, "1");
  EXPECT_EQ(threads.states.size(), static_cast<std::size_t>(recipients));
  EXPECT_EQ(threads.states, processes.states);
  // A quarter of a second of the rate for what the network bunches.
  for (const Outcome& outcome : {threads, processes}) EXPECT_LE(outcome.burst, 5.25 * rate);
}

}  // namespace
}  // namespace clarion::testing
