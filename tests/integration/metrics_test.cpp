// What can be watched of a running program: /metrics, and lines for CloudWatch.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "app/runtime.h"
#include "app/settings.h"
#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

const std::string two_users = R"({"throughput_tps": 100, "eligible_users": [
    {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"},
    {"customer_id": "B", "selected_channel": "sms", "phone": "+14255550157", "message": "Hi"}]})";

TEST(Metrics, SayWhatWasSentByChannel) {
  const ClarionServer server(CLARION_BINARY);
  ASSERT_EQ(server.post("/api/send-campaign", two_users).status, 200);
  const std::string metrics = server.get("/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("\nclarion_sends_total{channel=\"sms\",outcome=\"accepted\"} 2\n"));
  EXPECT_THAT(metrics, HasSubstr("\nclarion_carrier_answer_seconds_count{channel=\"sms\"} 2\n"));
  EXPECT_THAT(metrics, HasSubstr("clarion_deliveries{campaign="));
}

TEST(Metrics, SayWhatCarriersTellLaterAndTheSumHolds) {
  const ClarionServer server(CLARION_BINARY, {{"CLARION_SIM_FAILURE_RATE", "0"}, {"CLARION_SIM_LATENCY_MS", "0"}});
  const json::object before = object_of(server.get("/api/events"));
  const json::object& silent = before.at("sources").at(0).as_object();
  EXPECT_EQ(silent.at("source"), "simulated");
  EXPECT_EQ(silent.at("status"), "receiving");
  EXPECT_TRUE(silent.at("last_received_at").is_null());
  EXPECT_TRUE(before.at("by_channel").at("sms").at("last_event_at").is_null());
  ASSERT_EQ(server.post("/api/send-campaign", two_users).status, 200);
  // Both are delivered some seconds after they were sent.
  json::object health;
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  const auto delivered = [&health] { return health.at("by_channel").at("sms").at("events").at("delivered"); };
  do {
    health = object_of(server.get("/api/events"));
  } while (delivered() != 2 && std::chrono::steady_clock::now() < give_up_at);
  EXPECT_EQ(delivered(), 2);
  const json::object& source = health.at("sources").at(0).as_object();
  EXPECT_TRUE(source.at("last_received_at").is_string());
  EXPECT_TRUE(source.at("last_error").is_null());
  std::int64_t sum = 0;
  for (const char* name : {"applied", "duplicates", "unmatched", "informative", "malformed"}) {
    sum += source.at(name).to_number<std::int64_t>();
  }
  EXPECT_EQ(source.at("received"), sum);
  EXPECT_THAT(server.get("/metrics").body,
              HasSubstr("\nclarion_carrier_events_total{channel=\"sms\",kind=\"delivered\"} 2\n"));
}

TEST(Metrics, WhatWasNotReportedYetIsReportedAtTheEnd) {
  const ScratchDirectory directory;
  const auto settings =
      load_settings({.flags = {{"CLARION_DATA_DIR", directory.path()}, {"CLARION_PORT", "0"}},
                     .environment = {{"CLARION_SIM_FAILURE_RATE", "0"}, {"CLARION_SIM_LATENCY_MS", "0"}},
                     .dotenv = {}});
  ASSERT_TRUE(settings);
  auto runtime = Runtime::start(*settings, Sending::Nothing);
  ASSERT_TRUE(runtime) << runtime.error().message;
  std::mutex mutex;
  std::string lines;
  (*runtime)->report_sends([&](std::string_view line) {
    const std::lock_guard guard(mutex);
    lines += line;
  });
  const auto sent =
      (*runtime)->make_client()->call({.method = HttpMethod::Post, .path = "/api/send-campaign", .body = two_users});
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->status, 200) << sent->body;
  (*runtime)->stop();
  ASSERT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1) << lines;
  const auto line = json::parse(lines);
  EXPECT_EQ(line.at("Accepted"), 2);
  EXPECT_EQ(line.at("channel"), "sms");
  EXPECT_EQ(line.at("environment"), "local");
}

}  // namespace
}  // namespace clarion::testing
