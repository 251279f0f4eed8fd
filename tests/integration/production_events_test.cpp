// Events of real carriers, end to end: the stand-in publishes what became of the messages it took to a topic, in the
// shapes of AWS, twice and out of order, and the built program reads them from the topic's queue.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "support/events_queue.h"
#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ProductionEvents : public ::testing::Test {
 protected:
  std::map<std::string, std::string> with_queue() const {
    return {{"AWS_ENDPOINT_URL_SQS", queues_.url()}, {"EVENTS_QUEUE_URL", queue_.url()}, {"SMS_REPLIES", "yes"}};
  }
  // What the stand-in says, and has published.
  json::object publish(const AwsStandIn& aws, int seed, int malformed = 0, int foreign = 0) const {
    return aws.publish_events(
        fmt::format(R"({{"seed":{},"topic_arn":"{}","endpoint":"{}","malformed":{},"foreign":{}}})", seed,
                    queue_.topic_arn(), queues_.url(), malformed, foreign));
  }
  static json::object source(const ProductionServer& production) {
    return object_of(production.get("/api/events")).at("sources").at(0).as_object();
  }
  // Waits until the server has received so many.
  static json::object wait_for(const ProductionServer& production, std::int64_t received) {
    const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    json::object now = source(production);
    while (number(now, "received") < received && std::chrono::steady_clock::now() < give_up_at) {
      now = source(production);
    }
    EXPECT_GE(number(now, "received"), received) << json::serialize(now);
    return now;
  }
  static std::set<std::string> suppressions(const ProductionServer& production) {
    std::set<std::string> lines;
    const json::object all = object_of(production.get("/api/suppressions"));
    for (const json::value& one : all.at("suppressions").as_array()) {
      lines.insert(fmt::format("{} {} {}", one.at("channel").as_string().c_str(), one.at("address").as_string().c_str(),
                               one.at("reason").as_string().c_str()));
    }
    return lines;
  }

  QueueEmulator queues_;
  EventsQueue queue_{queues_, 2, 4};
};

TEST_F(ProductionEvents, EndWithTheCarriersOwnCountsAndSettleWhatWasInDoubt) {
  const AwsStandIn aws(R"({"seed":11,"fail_before":0.01,"fail_after":0.04,"reset_after":0.04,"reset_bytes":20})");
  ProductionServer production(CLARION_BINARY, aws, with_queue());
  constexpr int planned = 600;
  ASSERT_THAT(production.post("/api/send-campaign", campaign_of(planned, "told", 500)).status, AnyOf(200, 202));
  const json::object sent = production.follow("told");
  const json::object taken = aws.counts();
  const std::int64_t lost = total(taken, "fail_before");
  EXPECT_EQ(number(sent, "in_doubt"), lost + total(taken, "fail_after") + total(taken, "reset_after"));
  EXPECT_GT(number(sent, "in_doubt"), lost + 20);
  EXPECT_EQ(number(sent, "delivered"), 0);

  constexpr int malformed = 21;
  constexpr int foreign = 5;
  const json::object said = publish(aws, 3, malformed, foreign);
  const json::object health = wait_for(production, number(said, "published"));
  EXPECT_EQ(number(health, "malformed"), malformed);
  EXPECT_EQ(number(health, "received"), number(health, "applied") + number(health, "duplicates") +
                                            number(health, "unmatched") + number(health, "informative") + malformed)
      << json::serialize(health);
  EXPECT_GT(number(health, "duplicates"), 50);
  EXPECT_GE(number(health, "unmatched"), foreign);

  // The ledger against the carriers' own account.
  const json::object ended = object_of(production.get("/api/campaigns/told"));
  const json::object analytics = object_of(production.get("/api/analytics/campaigns/told"));
  for (const std::string channel : {"sms", "whatsapp", "email"}) {
    const std::string of_channel = "by_channel." + channel + ".";
    const json::object& truth = said.at(channel).as_object();
    EXPECT_EQ(number(ended, of_channel + "delivered"), number(truth, "ends.delivered")) << channel;
    EXPECT_EQ(number(ended, of_channel + "failed"), number(truth, "ends.failed")) << channel;
    EXPECT_EQ(number(ended, of_channel + "accepted"), number(truth, "ends.delivered")) << channel;
    EXPECT_EQ(number(ended, of_channel + "in_doubt"), number(taken, "channels." + channel + ".fail_before"));
    for (const auto& [kind, value] : truth.at("events").as_object()) {
      if (kind == "delivered" || kind == "failed") continue;  // they are states
      const auto count = value.to_number<std::int64_t>();
      const std::int64_t counted = number(analytics, "response." + channel + "." + std::string(kind));
      // An SMS is answered by the carrier's own id, which a message whose answer was lost has not.
      const bool is_answer = kind == "replied" || kind == "opted_out";
      EXPECT_LE(counted, count) << channel << " " << kind;
      EXPECT_GE(counted, is_answer ? count / 2 : count) << channel << " " << kind;
    }
  }
  EXPECT_EQ(number(ended, "planned"), number(ended, "accepted") + number(ended, "failed") + number(ended, "in_doubt"));

  // Suppressed is who said so or cannot be reached, and nobody else.
  std::set<std::string> wanted;
  for (const json::value& one : said.at("suppressed").as_array()) {
    wanted.insert(fmt::format("{} {} {}", one.at("channel").as_string().c_str(), one.at("address").as_string().c_str(),
                              one.at("reason").as_string().c_str()));
  }
  EXPECT_GT(wanted.size(), 30U);
  EXPECT_EQ(suppressions(production), wanted);

  // What nobody understands is given up by the queue, and nothing else is.
  EXPECT_EQ(queue_.take_dead(malformed), malformed);
  EXPECT_EQ(queue_.left(), 0);
  EXPECT_EQ(number(source(production), "malformed"), malformed) << "once each, however often they come";

  // The next campaign leaves them alone.
  ASSERT_THAT(production.post("/api/send-campaign", campaign_of(planned, "next", 500)).status, AnyOf(200, 202));
  const json::object next = production.follow("next");
  EXPECT_EQ(number(next, "skipped"), static_cast<std::int64_t>(wanted.size()));
  const json::object after = aws.counts();
  for (const json::value& one : said.at("suppressed").as_array()) {
    EXPECT_EQ(after.at("recipients").at(one.at("address").as_string()), 1);
  }

  EXPECT_EQ(production.server().stop(), 0);
  EXPECT_THAT(production.log(), Not(HasSubstr("@example.com")));
  EXPECT_THAT(production.log(), Not(HasSubstr("+1206")));
  EXPECT_THAT(production.log(), HasSubstr("event_malformed"));
}

TEST_F(ProductionEvents, AnAccountThatMetaLocksStopsTheCampaignWithItsReason) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws, with_queue());
  constexpr int planned = 3000;
  const HttpConnection begun = production.begin_campaign(campaign_of(planned, "locked", 20, "whatsapp"));
  (void)production.follow("locked", [](const json::object& so_far) { return number(so_far, "accepted") >= 5; });
  const json::object said = aws.publish_events(
      fmt::format(R"({{"topic_arn":"{}","endpoint":"{}","whatsapp_code":131031}})", queue_.topic_arn(), queues_.url()));
  const json::object now =
      production.follow("locked", [](const json::object& so_far) { return so_far.at("status") == "paused"; });
  EXPECT_EQ(now.at("status"), "paused");
  EXPECT_THAT(now.at("status_reason").as_string().c_str(),
              HasSubstr("whatsapp stopped (131031): Meta has locked the account"));
  EXPECT_GT(number(now, "waiting"), planned / 2) << "they are sent when it is resumed";
  wait_for(production, number(said, "published"));
  EXPECT_EQ(number(object_of(production.get("/api/campaigns/locked")), "failed"), number(said, "whatsapp.ends.failed"));
}

// As WhatsApp writes the number, which need not be how we wrote it.
std::string whatsapp_event(const std::string& value) {
  return json::serialize(json::object{
      {"messageId", "aws-1"}, {"whatsAppWebhookEntry", R"({"changes":[{"field":"messages","value":)" + value + "}]}"}});
}

TEST_F(ProductionEvents, WhoSaysStopByWhatsAppIsWrittenToAgainAfterStart) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws, with_queue());
  ASSERT_THAT(production.post("/api/send-campaign", campaign_of(1, "asked", 10, "whatsapp")).status, AnyOf(200, 202));
  const json::object sent = production.follow("asked");
  ASSERT_EQ(number(sent, "accepted"), 1);
  const json::object page = object_of(production.get("/api/deliveries?campaign_id=asked"));
  const json::value& delivery = page.at("deliveries").at(0);
  const std::string to = delivery.at("destination").as_string().c_str();
  const std::string id = delivery.at("delivery_id").as_string().c_str();

  const std::int64_t now =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch() /
      std::chrono::seconds(1);
  const auto said = [now](std::string_view body, int second) {
    return whatsapp_event(fmt::format(
        R"({{"messages":[{{"from":"551112345678","id":"wamid.in","timestamp":"{}","text":{{"body":"{}"}}}}]}})",
        now + second, body));
  };
  queue_.send(whatsapp_event(fmt::format(R"({{"statuses":[{{"id":"wamid.out","status":"delivered","timestamp":"{}",)"
                                         R"("recipient_id":"551112345678","biz_opaque_callback_data":"{}.1"}}]}})",
                                         now, id)));
  wait_for(production, 1);
  queue_.send(said("Stop", 1));
  wait_for(production, 2);
  EXPECT_EQ(suppressions(production), std::set<std::string>{"whatsapp " + to + " opt_out"});
  queue_.send(said("Start", 2));
  EXPECT_EQ(number(wait_for(production, 3), "applied"), 3);
  EXPECT_EQ(suppressions(production), std::set<std::string>{});
  ASSERT_THAT(production.post("/api/send-campaign", campaign_of(1, "again", 10, "whatsapp")).status, AnyOf(200, 202));
  EXPECT_EQ(number(production.follow("again"), "accepted"), 1);
}

TEST_F(ProductionEvents, AQueueThatIsGoneIsSaidAndReadAgainWhenItIsBack) {
  const AwsStandIn aws;
  auto settings = with_queue();
  settings["EVENTS_QUEUE_URL"] = queue_.url() + "-that-is-not";
  const ProductionServer production(CLARION_BINARY, aws, settings);
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (source(production).at("status") != "failing" && std::chrono::steady_clock::now() < give_up_at) {
  }
  EXPECT_THAT(source(production).at("last_error").as_string().c_str(), HasSubstr("does not exist in this region"));
  EXPECT_THAT(production.get("/metrics").body, HasSubstr("clarion_events_failing{source=\"sqs\"} 1\n"));
  EXPECT_EQ(production.get("/readyz").status, 200) << "it can send and record all the same";
  const FinishedProcess doctor = production.run({"doctor"});
  EXPECT_EQ(doctor.code, 1);
  EXPECT_THAT(doctor.output, HasSubstr("does not exist in this region"));
}

TEST_F(ProductionEvents, ACommandThatOnlyLooksLeavesTheQueueAlone) {
  const AwsStandIn aws;
  queue_.send(R"({"eventType":"TEXT_QUEUED","messageId":"m"})");
  ProductionServer production(CLARION_BINARY, aws, {});
  EXPECT_EQ(source(production).at("status"), "off");
  EXPECT_EQ(production.server().stop(), 0);
  auto environment = production.server().environment();
  for (const auto& [name, value] : with_queue()) environment[name] = value;
  const FinishedProcess listed = run_clarion(CLARION_BINARY, production.server().directory(),
                                             {.arguments = {"campaigns", "list"}, .environment = environment});
  EXPECT_EQ(listed.code, 0) << listed.errors;
  EXPECT_EQ(queue_.left(), 1);
}

TEST_F(ProductionEvents, DoctorSaysHowTheQueueIsSetUpAndWhenTheLastEventCame) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws, with_queue());
  EXPECT_THAT(production.run({"doctor"}).output,
              AllOf(HasSubstr("its redrive policy gives a message up after 2 receives"),
                    HasSubstr("none has come since it started"), HasSubstr("SQS endpoint")));
  queue_.send(R"({"eventType":"TEXT_QUEUED","messageId":"m"})");
  wait_for(production, 1);
  EXPECT_THAT(production.run({"doctor"}).output, HasSubstr("1 received, 0 applied"));
}

}  // namespace
}  // namespace clarion::testing
