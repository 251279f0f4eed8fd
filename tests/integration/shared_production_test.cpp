// Several processes, one campaign: production with its records in DynamoDB.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

  void start() {
    DynamoDbEmulator& dynamo = dynamo_emulator_.emplace();
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

  void kill(std::size_t index) {
    processes_[index]->server().process().send_signal(SIGKILL);
    processes_[index]->server().process().wait();
  }
  // Messages a second between two shares of all arrivals, the first of them being in the steady part.
  static double rate_between(const json::array& times, std::size_t from, std::size_t to) {
    return static_cast<double>(to - from) * 1000 / (times[to].to_number<double>() - times[from].to_number<double>());
  }

  std::optional<DynamoDbEmulator> dynamo_emulator_;
  std::optional<AwsStandIn> stand_in_;
  std::map<std::string, std::string> environment_;
  std::vector<std::unique_ptr<ProductionServer>> processes_;
};

class SharedRate : public SharedProduction, public ::testing::WithParamInterface<int> {};

TEST_P(SharedRate, FourProcessesShareOneLimitAndUseIt) {
  // A machine with nothing else to do is part of this figure, so it is asked for by name and decides nothing elsewhere.
  if (std::getenv("CLARION_TEST_RATES") == nullptr) GTEST_SKIP() << "CLARION_TEST_RATES is not set";
  const int rate = GetParam();
  const int burst = std::min(5 * rate, 1000);  // SMS_PARTS_PER_SECOND caps it
  const int recipients = burst + 8 * rate;
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
  const double used = rate_between(times, steady, times.size() - 1 - second) / rate;
  RecordProperty("used", std::to_string(used));
  EXPECT_GE(used, 0.97);
}

INSTANTIATE_TEST_SUITE_P(Rates, SharedRate, ::testing::Values(50, 500),
                         [](const auto& rate) { return std::to_string(rate.param); });

TEST_F(SharedProduction, KillingTwoMidWayLosesAndRepeatsNothing) {
  constexpr int recipients = 900;
  const HttpConnection asking = processes_[0]->begin_campaign(campaign_of(recipients, "killed", 50, "sms"));
  const auto has_sent = [](int least) {
    return [least](const json::object& campaign) { return number(campaign, "accepted") >= least; };
  };
  std::ignore = processes_[3]->follow("killed", has_sent(350));
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

}  // namespace
}  // namespace clarion::testing
