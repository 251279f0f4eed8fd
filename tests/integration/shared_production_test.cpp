// Several processes, one campaign: production with its records in DynamoDB.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
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

class SharedProduction : public ::testing::Test {
 protected:
  static constexpr std::size_t process_count = 4;

  void SetUp() override {
    if (std::getenv("CLARION_TEST_SHARED") == nullptr) {
      GTEST_SKIP() << "CLARION_TEST_SHARED is not set; ctest's SharedProduction sets it";
    }
    start();
  }
  // Whether SQS tells the processes of work.
  [[nodiscard]] virtual bool has_queue() const { return false; }

  void start() {
    DynamoDbEmulator& dynamo = dynamo_emulator_.emplace();
    if (has_queue()) start_queue();
    const AwsStandIn& aws = stand_in_.emplace(R"({"latency_ms":20})");
    for (const char* table : {"CAMPAIGNS_TABLE", "DELIVERY_TRACKING_TABLE", "RATE_LIMITS_TABLE", "CONTACTS_TABLE"}) {
      environment_[table] = table;
    }
    environment_["CLARION_STORE"] = "dynamodb";
    environment_["AWS_ENDPOINT_URL_DYNAMODB"] = dynamo.url();
    environment_["SMS_PARTS_PER_SECOND"] = "1000";
    auto all = environment_;
    all.merge(production_environment(aws));
    const ScratchDirectory directory;
    const FinishedProcess made =
        run_clarion(CLARION_BINARY, directory.path(), {.arguments = {"doctor", "--create"}, .environment = all});
    EXPECT_THAT(made.output, ::testing::HasSubstr("table CAMPAIGNS_TABLE"));
    for (std::size_t i = 0; i < process_count; ++i) {
      processes_.push_back(std::make_unique<ProductionServer>(CLARION_BINARY, aws, environment_));
    }
  }

  void start_queue() {
    QueueEmulator& queues = queue_emulator_.emplace();
    const WorkQueue made = make_work_queue(queues);
    aside_ = made.aside_url;
    environment_["AWS_ENDPOINT_URL_SQS"] = queues.url();
    environment_["WORK_QUEUE_URL"] = made.url;
  }
  void put_in_queue(const std::string& body) {
    std::ignore = call_sqs(*queue_emulator_, "SendMessage",
                           {{"QueueUrl", environment_.at("WORK_QUEUE_URL")}, {"MessageBody", body}});
  }
  // For a message that does not come: nothing is put aside.
  void wait_a_second() {
    const json::object reply =
        call_sqs(*queue_emulator_, "ReceiveMessage", {{"QueueUrl", aside_}, {"WaitTimeSeconds", 1}});
    EXPECT_FALSE(reply.contains("Messages"));
  }
  std::int64_t messages_in_queue() { return messages_in(*queue_emulator_, environment_.at("WORK_QUEUE_URL")); }

  void kill(std::size_t index) {
    processes_[index]->server().process().send_signal(SIGKILL);
    processes_[index]->server().process().wait();
  }
  // Messages a second between two shares of all arrivals, the first of them being in the steady part.
  static double rate_between(const json::array& times, std::size_t from, std::size_t to) {
    return static_cast<double>(to - from) * 1000 / (times[to].to_number<double>() - times[from].to_number<double>());
  }

  std::optional<DynamoDbEmulator> dynamo_emulator_;
  std::optional<QueueEmulator> queue_emulator_;
  std::optional<AwsStandIn> stand_in_;
  std::string aside_;
  std::map<std::string, std::string> environment_;
  std::vector<std::unique_ptr<ProductionServer>> processes_;
};

class SharedRate : public SharedProduction, public ::testing::WithParamInterface<int> {};

TEST_P(SharedRate, FourProcessesShareOneLimitAndUseIt) {
  // A machine with nothing else to do is part of this figure, so it is asked for by name and decides nothing elsewhere.
  if (std::getenv("CLARION_TEST_RATES") == nullptr) GTEST_SKIP() << "CLARION_TEST_RATES is not set";
  const int rate = GetParam();
  const int burst = std::min(5 * rate, 1000);  // SMS_PARTS_PER_SECOND caps it
  // While each has a chunk of 128 to send: the last ones end unevenly, and then there are fewer to share the rate.
  constexpr int last_chunks = static_cast<int>(process_count) * 128;
  // A stock of up to a second is leased, used or not at both ends of the measured time: long enough not to matter.
  const int recipients = burst + std::max(16 * rate, 3000) + last_chunks;
  const HttpConnection asking = processes_[0]->begin_campaign(campaign_of(recipients, "shared", rate, "sms"));
  const json::object ended = processes_[1]->follow("shared");
  EXPECT_EQ(number(ended, "accepted"), recipients);
  const json::object counts = stand_in_->counts();
  for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  // 50 ms of the burst are kept back for what a network bunches; the stand-in notes whole milliseconds.
  const double bound = burst_needed(counts, "sms", rate);
  RecordProperty("burst", std::to_string(bound));
  EXPECT_LE(bound, burst + 1);
  const json::array times = arrivals(counts, "sms");
  ASSERT_EQ(times.size(), static_cast<std::size_t>(recipients));
  const auto second = static_cast<std::size_t>(rate);
  const std::size_t steady = static_cast<std::size_t>(burst) + second;
  const double used = rate_between(times, steady, times.size() - 1 - last_chunks) / rate;
  RecordProperty("used", std::to_string(used));
  RecordProperty("used_to_the_end", std::to_string(rate_between(times, steady, times.size() - 1) / rate));
  EXPECT_GE(used, 0.97);
}

INSTANTIATE_TEST_SUITE_P(Rates, SharedRate, ::testing::Values(50, 500),
                         [](const auto& rate) { return std::to_string(rate.param); });

class SharedProductionEitherWay : public SharedProduction, public ::testing::WithParamInterface<bool> {
 protected:
  [[nodiscard]] bool has_queue() const override { return GetParam(); }
};

TEST_P(SharedProductionEitherWay, KillingTwoMidWayLosesAndRepeatsNothing) {
  constexpr int recipients = 900;
  const HttpConnection asking = processes_[0]->begin_campaign(campaign_of(recipients, "killed", 50, "sms"));
  const auto has_sent = [](int least) {
    return [least](const json::object& campaign) { return number(campaign, "accepted") >= least; };
  };
  std::ignore = processes_[3]->follow("killed", has_sent(350));
  if (has_queue()) {
    // Every chunk once more, whoever has it or had it; and what there never was.
    for (int chunk = 0; chunk < 9; ++chunk) {
      put_in_queue(R"({"campaign":1,"channel":"sms","chunk":)" + std::to_string(chunk) + "}");
    }
    put_in_queue(R"({"campaign":77,"channel":"email","chunk":0})");
    put_in_queue("no reference");
  }
  kill(0);
  std::ignore = processes_[3]->follow("killed", has_sent(450));
  kill(1);
  const json::object ended = processes_[3]->follow("killed");
  const auto accepted = number(ended, "accepted");
  const auto in_doubt = number(ended, "in_doubt");
  EXPECT_EQ(accepted + in_doubt, recipients);
  EXPECT_LE(in_doubt, 60);
  const json::object counts = stand_in_->counts();
  for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  EXPECT_GE(total(counts, "accepted"), accepted);
  EXPECT_LE(total(counts, "accepted"), accepted + in_doubt);
}

INSTANTIATE_TEST_SUITE_P(Queue, SharedProductionEitherWay, ::testing::Bool(),
                         [](const auto& has) { return has.param ? "Told" : "Looking"; });

class SharedProductionQueue : public SharedProduction {
 protected:
  [[nodiscard]] bool has_queue() const override { return true; }
};

TEST_F(SharedProductionQueue, LosingItInMidCampaignLosesNobodyAndIsShown) {
  constexpr int recipients = 900;
  EXPECT_THAT(processes_[2]->run({"doctor"}).output, ::testing::ContainsRegex("work queue +ok +0 waiting"));
  const HttpConnection asking = processes_[0]->begin_campaign(campaign_of(recipients, "lost", 100, "sms"));
  const auto is_halfway = [](const json::object& campaign) { return number(campaign, "accepted") >= 550; };
  std::ignore = processes_[3]->follow("lost", is_halfway);
  EXPECT_GT(messages_in_queue(), 0);
  queue_emulator_->stop();
  const json::object ended = processes_[3]->follow("lost");
  EXPECT_EQ(number(ended, "accepted"), recipients);
  for (const auto& [to, times] : stand_in_->counts().at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  // Each looks at the depth within half a minute, and finds out then if not before.
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(50);
  HttpReply metrics = processes_[3]->get("/metrics");
  while (metrics.body.find("clarion_work_queue_up 0") == std::string::npos &&
         std::chrono::steady_clock::now() < give_up_at) {
    metrics = processes_[3]->get("/metrics");
  }
  EXPECT_THAT(metrics.body, ::testing::HasSubstr("clarion_work_queue_up 0"));
  const HttpReply ready = processes_[3]->get("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_THAT(ready.body, ::testing::HasSubstr(R"("work_queue":"warning: work is found without it: )"));
  const FinishedProcess doctor = processes_[2]->run({"doctor"});
  EXPECT_THAT(doctor.output, ::testing::ContainsRegex("work queue +failed"));
}

TEST_F(SharedProductionQueue, IsEmptyOnceEverythingHasBeenSent) {
  const HttpConnection asking = processes_[0]->begin_campaign(campaign_of(900, "all", 500, "sms"));
  const json::object ended = processes_[1]->follow("all");
  EXPECT_EQ(number(ended, "accepted"), 900);
  for (const auto& [to, times] : stand_in_->counts().at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  // What was put back for a minute is still to come.
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(100);
  std::int64_t left = messages_in_queue();
  while (left > 0 && std::chrono::steady_clock::now() < give_up_at) {
    wait_a_second();
    left = messages_in_queue();
  }
  EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace clarion::testing
