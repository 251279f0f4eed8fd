// Events that SNS posts, end to end: the built program fetches the certificate through a proxy from a server that has
// the name of SNS, over TLS that it verifies, so nothing about it is other than in production but who signs.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view topic = "arn:aws:sns:us-east-1:123456789012:clarion-events";

class SnsStandIn : public NodeServer {
 public:
  SnsStandIn() : NodeServer("sns_stand_in.js") {}
  [[nodiscard]] std::string sign(const json::object& message) const {
    return http_post(port(), "/__sign", json::serialize(message)).body;
  }
  [[nodiscard]] std::vector<std::string> seen() const {
    std::vector<std::string> requests;
    const json::object answer = object_of(http_get(port(), "/__seen"));
    for (const json::value& one : answer.at("requests").as_array()) requests.emplace_back(one.as_string().c_str());
    return requests;
  }
};

json::object notification(std::string_view message, std::string id = "m-1") {
  return {{"Type", "Notification"},
          {"MessageId", id},
          {"TopicArn", topic},
          {"Message", message},
          {"Timestamp", format_iso8601(SystemClock().wall_now())}};
}

class ProductionSns : public ::testing::Test {
 protected:
  ProductionSns() { std::ofstream(authority()) << http_get(sns_.port(), "/__ca").body; }
  std::filesystem::path authority() const { return directory_.path() / "ca.pem"; }
  std::map<std::string, std::string> with_topic() const {
    return {{"EVENTS_TOPIC_ARNS", std::string(topic)},
            {"HTTPS_PROXY", sns_.url()},
            {"AWS_CA_BUNDLE", authority().string()}};
  }
  static HttpReply post(const ProductionServer& production, std::string_view body, HttpHeaders more = {}) {
    HttpHeaders headers{{"Content-Type", "text/plain; charset=UTF-8"}, {"x-amz-sns-topic-arn", std::string(topic)}};
    std::ranges::move(more, std::back_inserter(headers));
    return http_request(production.port(), "POST", "/api/events/sns", body, headers);
  }
  static json::object source(const ProductionServer& production) {
    return object_of(production.get("/api/events")).at("sources").at(0).as_object();
  }

  ScratchDirectory directory_;
  SnsStandIn sns_;
};

TEST_F(ProductionSns, ASignedEventReachesTheLedgerAndTwiceIsOnce) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws, with_topic());
  ASSERT_THAT(production.post("/api/send-campaign", campaign_of(1, "told", 10, "sms")).status, AnyOf(200, 202));
  ASSERT_EQ(number(production.follow("told"), "accepted"), 1);
  const json::object page = object_of(production.get("/api/deliveries?campaign_id=told"));
  const std::string id = page.at("deliveries").at(0).at("delivery_id").as_string().c_str();
  const std::string event = fmt::format(
      R"({{"eventType":"TEXT_DELIVERED","messageId":"m","eventTimestamp":{},"context":{{"attempt":"{}.1"}}}})",
      SystemClock().wall_now().time_since_epoch().count(), id);

  const HttpReply first = post(production, sns_.sign(notification(event)));
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(number(object_of(production.get("/api/campaigns/told")), "delivered"), 1) << "before it was answered";
  json::object old_signature = notification(event);
  old_signature["SignatureVersion"] = "1";
  old_signature["Subject"] = "With a subject";
  EXPECT_EQ(post(production, sns_.sign(old_signature)).status, 200);
  const json::object health = source(production);
  EXPECT_EQ(health.at("source"), "sns");
  EXPECT_EQ(number(health, "applied"), 1);
  EXPECT_EQ(number(health, "duplicates"), 1);
  EXPECT_THAT(sns_.seen(), ElementsAre("GET /SimpleNotificationService-1.pem")) << "the certificate is kept";
  EXPECT_THAT(production.run({"doctor"}).output, AllOf(HasSubstr("EVENTS_TOPIC_ARNS"), HasSubstr("2 received")));
}

TEST_F(ProductionSns, WhatIsNotProvenIsRefused) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws, with_topic());
  const std::string stop = R"({"originationNumber":"+14255550182","messageBody":"STOP","inboundMessageId":"i"})";
  const std::string good = sns_.sign(notification(stop));
  std::string changed = good;
  changed.replace(changed.find("+14255550182"), 12, "+14255550183");
  EXPECT_EQ(post(production, changed).status, 403);

  // Each as another key would sign it, or the right key for something else.
  const auto refused = [&](std::string_view member, const std::string& value) {
    json::object message = notification(stop);
    message[member] = value;
    return post(production, sns_.sign(message)).status;
  };
  EXPECT_EQ(refused("TopicArn", "arn:aws:sns:us-east-1:999999999999:theirs"), 403);
  EXPECT_EQ(refused("Timestamp", format_iso8601(SystemClock().wall_now() - std::chrono::hours(2))), 403);
  EXPECT_EQ(refused("Timestamp", format_iso8601(SystemClock().wall_now() + std::chrono::hours(1))), 403);
  EXPECT_EQ(refused("SigningCertURL", "https://sns.us-east-1.amazonaws.com.example.com/x.pem"), 403);
  EXPECT_EQ(refused("SigningCertURL", "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem"), 403);
  EXPECT_EQ(refused("SigningCertURL", "https://sns.us-east-1.amazonaws.com/missing.pem"), 503);
  EXPECT_EQ(post(production, "{}").status, 400);

  HttpHeaders other{{"x-amz-sns-topic-arn", "arn:aws:sns:us-east-1:999999999999:theirs"}};
  EXPECT_EQ(http_request(production.port(), "POST", "/api/events/sns", good, other).status, 403);
  EXPECT_EQ(post(production, good, {{"x-amz-sns-rawdelivery", "true"}}).status, 403);
  EXPECT_EQ(post(production, std::string(2'000'000, 'x')).status, 413);

  EXPECT_THAT(production.get("/api/suppressions").body, HasSubstr(R"("total":0)"));
  EXPECT_EQ(post(production, good).status, 200);
  EXPECT_THAT(production.get("/api/suppressions").body, HasSubstr(R"("source":"sns")"));
}

TEST_F(ProductionSns, ASubscriptionOfTheTopicIsConfirmedAtSnsAndNowhereElse) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws, with_topic());
  json::object asked = notification("You have chosen to subscribe.");
  asked["Type"] = "SubscriptionConfirmation";
  asked["Token"] = "2336412f37";
  asked["SubscribeURL"] = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37";
  EXPECT_EQ(post(production, sns_.sign(asked)).status, 200);
  EXPECT_THAT(sns_.seen(),
              ElementsAre("GET /SimpleNotificationService-1.pem", "GET /?Action=ConfirmSubscription&Token=2336412f37"));
  asked["SubscribeURL"] = "https://127.0.0.1/?Action=ConfirmSubscription";
  EXPECT_EQ(post(production, sns_.sign(asked)).status, 403) << "though it is signed";
  EXPECT_EQ(sns_.seen().size(), 2U);
}

TEST_F(ProductionSns, WithoutATopicNothingIsTaken) {
  const AwsStandIn aws;
  auto environment = with_topic();
  environment.erase("EVENTS_TOPIC_ARNS");
  const ProductionServer production(CLARION_BINARY, aws, environment);
  EXPECT_EQ(post(production, sns_.sign(notification("{}"))).status, 404);
  EXPECT_TRUE(sns_.seen().empty());
}

TEST_F(ProductionSns, ACertificateOfAnotherAuthorityIsNotBelieved) {
  const AwsStandIn aws;
  auto environment = with_topic();
  environment.erase("AWS_CA_BUNDLE");
  const ProductionServer production(CLARION_BINARY, aws, environment);
  EXPECT_EQ(post(production, sns_.sign(notification("{}"))).status, 503);
  EXPECT_TRUE(sns_.seen().empty());
}

}  // namespace
}  // namespace clarion::testing
