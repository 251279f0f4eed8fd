#include "support/production_server.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <utility>

namespace clarion::testing {

std::map<std::string, std::string> production_environment(const NodeServer& aws) {
  return {{"CLARION_ENV", "production"},
          {"CLARION_STORE", "sqlite"},
          {"CLARION_HOST", "127.0.0.1"},
          {"AWS_REGION", "us-east-1"},
          {"AWS_ENDPOINT_URL", aws.url()},
          {"AWS_EC2_METADATA_DISABLED", "true"},
          {"AWS_ACCESS_KEY_ID", "ASIASTANDIN"},
          {"AWS_SECRET_ACCESS_KEY", "stand-in-session-secret"},
          {"AWS_SESSION_TOKEN", "stand-in-session-token"},
          {"PHONE_POOL_ID", "pool-0123456789abcdef0123456789abcdef"},
          {"SMS_CONFIGURATION_SET", "clarion"},
          {"WHATSAPP_PHONE_NUMBER_ID", "phone-number-id-0123456789abcdef0123456789abcdef"},
          {"WHATSAPP_MESSAGES_PER_SECOND", "1000"},
          {"SENDER_EMAIL", "Shop <news@example.com>"},
          {"SES_CONFIGURATION_SET", "clarion"}};
}

namespace {

// What of a campaign changes only when something happens.
std::string counts_of(const boost::json::object& campaign) {
  std::string counts;
  for (const char* name : {"status", "status_reason", "planned", "waiting", "sending", "accepted", "delivered",
                           "failed", "skipped", "in_doubt"}) {
    const auto* value = campaign.if_contains(name);
    counts.append(value != nullptr ? boost::json::serialize(*value) : "-").append(1, ' ');
  }
  return counts;
}

std::map<std::string, std::string> with(std::map<std::string, std::string> changes,
                                        const std::map<std::string, std::string>& defaults) {
  changes.insert(defaults.begin(), defaults.end());
  return changes;
}

}  // namespace

std::map<std::string, std::string> records_in_dynamodb(const std::string& binary, const NodeServer& dynamo,
                                                       const NodeServer& aws) {
  std::map<std::string, std::string> environment{{"CLARION_STORE", "dynamodb"},
                                                 {"AWS_ENDPOINT_URL_DYNAMODB", dynamo.url()}};
  for (const char* table : {"CAMPAIGNS_TABLE", "DELIVERY_TRACKING_TABLE", "RATE_LIMITS_TABLE", "CONTACTS_TABLE"}) {
    environment[table] = table;
  }
  const ScratchDirectory directory;
  const FinishedProcess made =
      run_clarion(binary, directory.path(),
                  {.arguments = {"doctor", "--create"}, .environment = with(environment, production_environment(aws))});
  EXPECT_NE(made.output.find("table CAMPAIGNS_TABLE"), std::string::npos) << made.errors;
  return environment;
}

ProductionServer::ProductionServer(const std::string& binary, const NodeServer& aws,
                                   const std::map<std::string, std::string>& environment)
    : binary_(binary), server_(binary, with(environment, production_environment(aws))) {
  const FinishedProcess made =
      run({"token", "create", "--name", "test-" + std::to_string(server_.port()), "--scope", "read,write,send"});
  EXPECT_EQ(made.code, 0) << made.errors;
  token_ = made.output.substr(0, made.output.find('\n'));
}

FinishedProcess ProductionServer::run(std::vector<std::string> arguments) const {
  return run_clarion(binary_, server_.directory(),
                     {.arguments = std::move(arguments), .environment = server_.environment()});
}

HttpConnection ProductionServer::begin_campaign(std::string_view body) const {
  HttpConnection connection(server_.port(), std::chrono::seconds(60));
  HttpHeaders headers = authorization();
  headers.emplace_back("Content-Type", "application/json");
  connection.send_request("POST", "/api/send-campaign", body, headers);
  return connection;
}

boost::json::object ProductionServer::follow(std::string_view campaign,
                                             const std::function<bool(const boost::json::object&)>& is_enough) const {
  // The request that makes it may still be on its way.
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (get("/api/campaigns/" + std::string(campaign)).status == 404 &&
         std::chrono::steady_clock::now() < give_up_at) {
  }
  HttpConnection connection(server_.port(), std::chrono::seconds(60));
  connection.send_request("GET", "/api/campaigns/" + std::string(campaign) + "/stream", {}, authorization());
  EXPECT_EQ(connection.read_head().status, 200);
  // Progress is told whenever anything of it changes, the time that is left included; so it is judged by its counts.
  std::string counts;
  auto changed_at = std::chrono::steady_clock::now();
  while (const auto event = connection.read_event()) {
    boost::json::object document = boost::json::parse(event->data).as_object();
    if (event->event == "end" || (is_enough && is_enough(document))) return document;
    const auto now = std::chrono::steady_clock::now();
    if (std::string seen = counts_of(document); seen != counts) {
      counts = std::move(seen);
      changed_at = now;
    }
    if (now - changed_at > std::chrono::minutes(1)) break;
  }
  ADD_FAILURE() << "campaign " << campaign << " stands still";
  return {};
}

}  // namespace clarion::testing
