// What the console shows beyond campaigns: how a run went, over a restart, and what senders are allowed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;

std::int64_t sum_of(const boost::json::object& history, std::string_view path) {
  std::int64_t sum = 0;
  for (const auto& count : at_path(history, path).as_array()) sum += count.to_number<std::int64_t>();
  return sum;
}

boost::json::object follow_to_end(const ClarionServer& server, const std::string& id) {
  boost::json::object campaign;
  EXPECT_TRUE(eventually([&] {
    campaign = object_of(server.get("/api/campaigns/" + id));
    return at_path(campaign, "status") == "completed";
  })) << campaign;
  return campaign;
}

TEST(RunHistoryResource, TellsHowACampaignRanAlsoAfterARestart) {
  const ScratchDirectory data;
  const std::map<std::string, std::string> environment{{"CLARION_DATA_DIR", data.path().string()},
                                                       {"CLARION_SIM_THROTTLE_RATE", "0.2"}};
  std::string before;
  std::int64_t accepted = 0;
  {
    ClarionServer server(CLARION_BINARY, environment);
    ASSERT_EQ(server
                  .post("/api/campaigns", R"({"campaign_id": "c", "filter": {"everyone": true}, "respect_caps": false,)"
                                          R"( "throughput_tps": 1000})")
                  .status,
              201);
    accepted = at_path(follow_to_end(server, "c"), "accepted").to_number<std::int64_t>();
    before = server.get("/api/campaigns/c/history").body;
    EXPECT_EQ(server.stop(), 0);
  }
  const auto history = boost::json::parse(before).as_object();
  std::int64_t sum = 0;
  std::int64_t throttled = 0;
  for (const std::string channel : {"sms", "whatsapp", "email"}) {
    sum += sum_of(history, "by_channel." + channel + ".accepted");
    throttled += sum_of(history, "by_channel." + channel + ".throttled");
  }
  EXPECT_EQ(sum, accepted);
  EXPECT_GT(throttled, 0);
  EXPECT_EQ(at_path(history, "seconds_per_slice"), 1);
  ClarionServer server(CLARION_BINARY, environment);
  EXPECT_EQ(server.get("/api/campaigns/c/history").body, before);
  EXPECT_EQ(server.get("/api/campaigns/none/history").status, 404);
}

TEST(QuotasResource, SimulatedSendersAreShownAsSuch) {
  const ClarionServer server(CLARION_BINARY);
  const auto quotas = object_of(server.get("/api/quotas"));
  for (const std::string channel : {"sms", "whatsapp", "email"}) {
    const std::string at = "by_channel." + channel;
    EXPECT_EQ(at_path(quotas, at + ".is_simulated"), true);
    EXPECT_EQ(at_path(quotas, at + ".held_to"), boost::json::value(nullptr));
    EXPECT_TRUE(at_path(quotas, at + ".figures").as_array().empty());
    EXPECT_EQ(at_path(quotas, at + ".this_process.accepted"), 0);
  }
}

TEST(QuotasResource, ShowsWhatAwsSaysWithItsSource) {
  const AwsStandIn aws;
  aws.change_account(R"({"email_quota":{"Max24HourSend":200,"MaxSendRate":14,"SentLast24Hours":190},)"
                     R"("sms_spend_limit":1,"whatsapp_quality":"YELLOW"})");
  const ProductionServer production(CLARION_BINARY, aws);
  const auto quotas = object_of(production.get("/api/quotas"));
  const auto figure = [&](const std::string& channel, const std::string& name) {
    const auto figures = at_path(quotas, "by_channel." + channel + ".figures");
    for (const auto& row : figures.as_array()) {
      if (row.at("figure").as_string() == name) return row.as_object();
    }
    ADD_FAILURE() << channel << " has no " << name << ": " << boost::json::serialize(quotas);
    return boost::json::object();
  };
  const auto day = figure("email", "recipients_in_24_hours");
  EXPECT_EQ(day.at("limit"), 200);
  EXPECT_EQ(day.at("used"), 190);
  EXPECT_EQ(day.at("state"), "warning");
  EXPECT_EQ(day.at("source"), "SES GetAccount");
  EXPECT_EQ(figure("email", "recipients_per_second").at("limit"), 14);
  EXPECT_EQ(figure("sms", "usd_per_month").at("state"), "warning");
  EXPECT_EQ(figure("whatsapp", "quality").at("text"), "YELLOW");
  EXPECT_EQ(at_path(quotas, "by_channel.email.held_to.per_second"), 14);
  EXPECT_THAT(at_path(quotas, "by_channel.email.held_to.source").as_string().c_str(), HasSubstr("SES GetAccount"));
  EXPECT_EQ(at_path(quotas, "by_channel.email.is_simulated"), false);
  EXPECT_EQ(at_path(quotas, "by_channel.email.problem"), boost::json::value(nullptr));
}

}  // namespace
}  // namespace clarion::testing
