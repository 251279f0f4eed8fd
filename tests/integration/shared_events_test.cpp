// Several processes, one queue of carriers' events: production with its records in DynamoDB.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/events_queue.h"
#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;

class SharedProductionEvents : public ::testing::Test {
 protected:
  static constexpr std::size_t process_count = 3;

  void SetUp() override {
    if (std::getenv("CLARION_TEST_SHARED") == nullptr) {
      GTEST_SKIP() << "CLARION_TEST_SHARED is not set; ctest's SharedProduction sets it";
    }
    const DynamoDbEmulator& dynamo = dynamo_.emplace();
    const AwsStandIn& aws = stand_in_.emplace();
    const QueueEmulator& queues = queues_.emplace();
    events_.emplace(queues, 10, 5);
    std::map<std::string, std::string> environment{{"CLARION_STORE", "dynamodb"},
                                                   {"AWS_ENDPOINT_URL_DYNAMODB", dynamo.url()},
                                                   {"AWS_ENDPOINT_URL_SQS", queues.url()},
                                                   {"EVENTS_QUEUE_URL", events_->url()},
                                                   {"SMS_PARTS_PER_SECOND", "1000"}};
    for (const char* table : {"CAMPAIGNS_TABLE", "DELIVERY_TRACKING_TABLE", "RATE_LIMITS_TABLE", "CONTACTS_TABLE"}) {
      environment[table] = table;
    }
    auto all = environment;
    all.merge(production_environment(aws));
    const ScratchDirectory directory;
    const FinishedProcess made =
        run_clarion(CLARION_BINARY, directory.path(), {.arguments = {"doctor", "--create"}, .environment = all});
    ASSERT_THAT(made.output, ::testing::HasSubstr("table CAMPAIGNS_TABLE"));
    for (std::size_t i = 0; i < process_count; ++i) {
      processes_.push_back(std::make_unique<ProductionServer>(CLARION_BINARY, aws, environment));
    }
  }

  [[nodiscard]] std::int64_t received(std::size_t index) const {
    const json::object health = object_of(processes_[index]->get("/api/events"));
    return number(health.at("sources").at(0).as_object(), "received");
  }

  std::optional<DynamoDbEmulator> dynamo_;
  std::optional<AwsStandIn> stand_in_;
  std::optional<QueueEmulator> queues_;
  std::optional<EventsQueue> events_;
  std::vector<std::unique_ptr<ProductionServer>> processes_;
};

TEST_F(SharedProductionEvents, OfOneQueueAreReadByAllAndOneIsKilledMeanwhile) {
  constexpr int recipients = 300;
  const HttpConnection asking = processes_[0]->begin_campaign(campaign_of(recipients, "told", 500));
  EXPECT_EQ(number(processes_[2]->follow("told"), "accepted"), recipients);
  auto publishing = std::async(std::launch::async, [this] {
    return stand_in_->publish_events(
        fmt::format(R"({{"seed":5,"topic_arn":"{}","endpoint":"{}"}})", events_->topic_arn(), queues_->url()));
  });
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  const auto has_time = [give_up_at] { return std::chrono::steady_clock::now() < give_up_at; };
  while (received(1) < 20 && has_time()) {
  }
  processes_[1]->server().process().send_signal(SIGKILL);
  processes_[1]->server().process().wait();
  const json::object said = publishing.get();

  // What the killed one had received and not applied comes again to the others.
  json::object ended;
  do {
    ended = object_of(processes_[2]->get("/api/campaigns/told"));
  } while ((number(ended, "delivered") + number(ended, "failed") < recipients || events_->left() > 0) && has_time());
  for (const std::string channel : {"sms", "whatsapp", "email"}) {
    for (const std::string state : {"delivered", "failed"}) {
      EXPECT_EQ(number(ended, fmt::format("by_channel.{}.{}", channel, state)),
                number(said, fmt::format("{}.ends.{}", channel, state)))
          << channel << " " << state;
    }
  }
  EXPECT_EQ(number(ended, "accepted") + number(ended, "failed"), recipients);
  EXPECT_EQ(object_of(processes_[2]->get("/api/suppressions")).at("suppressions").as_array().size(),
            said.at("suppressed").as_array().size());
  EXPECT_GT(received(0), 0);
  EXPECT_GT(received(2), 0);
}

}  // namespace
}  // namespace clarion::testing
