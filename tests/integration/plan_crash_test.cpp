// Killed in the middle of planning a campaign that has rules: the next start plans it again by the same rules, and whom
// they leave out gets nothing. The carrier is another process, which counts.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <map>
#include <set>
#include <string>

#include "support/eventually.h"
#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;

constexpr int contacts = 15'000;

class PlanCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(production_.run({"seed", "--contacts", std::to_string(contacts), "--out", "."}).code, 0);
    imported_ = json::parse(production_.run({"import", "contacts.json", "--json"}).output).at("imported").as_int64();
    ASSERT_TRUE(eventually(
        [&] { return number(object_of(production_.get("/api/locations")), "total_customers") == imported_; }));
  }
  static std::string in_an_hour() {
    const auto at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::hours(1);
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
  }
  // Kills the server while it plans the campaign; false when the plan was complete before that.
  bool kill_while_planning(const std::string& id) {
    json::object seen;
    do {
      seen = object_of(production_.get("/api/campaigns/" + id));
    } while (number(seen, "planned") == 0 && seen.at("is_planned") == false);
    if (seen.at("is_planned") == true) return false;
    production_.server().process().send_signal(SIGKILL);
    production_.server().process().wait();
    // A command that only looks leaves the plan as it is.
    const FinishedProcess shown = production_.run({"campaigns", "show", id, "--json"});
    return json::parse(shown.output).at("is_planned") == false;
  }
  // Whom each rule left out.
  static std::map<std::string, std::int64_t> skipped_by_rule(const json::array& reasons) {
    std::map<std::string, std::int64_t> counts;
    for (const json::value& row : reasons) {
      if (row.at("state") != "skipped") continue;
      counts[row.at("reason").as_string().c_str()] += row.at("count").to_number<std::int64_t>();
    }
    return counts;
  }
  std::set<std::string> written_to(const std::string& campaign) {
    const FinishedProcess exported =
        production_.run({"export", "deliveries", "--campaign", campaign, "--format", "json"});
    std::set<std::string> ids;
    for (const json::value& row : json::parse(exported.output).as_array()) {
      if (row.at("state") == "skipped") continue;
      EXPECT_LE(row.at("attempts").as_int64(), 1);
      EXPECT_TRUE(ids.insert(row.at("contact_id").as_string().c_str()).second) << row.at("contact_id") << " twice";
    }
    return ids;
  }

  AwsStandIn aws_;
  ProductionServer production_{CLARION_BINARY, aws_, {{"SMS_PARTS_PER_SECOND", "500"}}};
  std::int64_t imported_ = 0;
};

TEST_F(PlanCrash, ThePlanIsMadeAgainByTheSameRulesAndNobodyGetsTwo) {
  ASSERT_EQ(production_
                .post("/api/campaigns", R"({"campaign_id": "before", "throughput_tps": 500, "respect_caps": false,
                    "filter": {"field": "city", "operator": "=", "value": "Austin"}, "channels": ["email"],
                    "decision": {"holdout": 0.5}})")
                .status,
            201);
  EXPECT_EQ(production_.follow("before").at("status"), "completed");

  const std::string rules = R"("filter": {"everyone": true}, "channels": ["sms", "email"], "caps": {"per_day": 1},
      "quiet_hours": false, "seed": 7, "decision": {"holdout": 0.95}, "start_at": ")" +
                            in_an_hour() + "\"";
  const json::object preview = object_of(production_.post("/api/audience/preview", "{" + rules + R"(, "limit": 0})"));
  ASSERT_GT(number(preview, "suppressed.by_rule.frequency_cap_day"), 0) << json::serialize(preview).substr(0, 1000);

  std::string id;
  bool is_killed = false;
  for (int i = 0; i < 10 && !is_killed; ++i) {
    if (!id.empty()) EXPECT_EQ(production_.post("/api/campaigns/" + id + "/cancel", "").status, 200);
    id = "crash-" + std::to_string(i);
    const HttpReply made = production_.post(
        "/api/campaigns", fmt::format(R"({{"campaign_id": "{}", "throughput_tps": 500, {}}})", id, rules));
    ASSERT_EQ(made.status, 201) << made.body;
    is_killed = kill_while_planning(id);
  }
  ASSERT_TRUE(is_killed) << "every plan was complete before the kill";

  ClarionProcess next(CLARION_BINARY, production_.server().directory(),
                      {.arguments = {"serve", "--port", "0"}, .environment = production_.server().environment()});
  const std::uint16_t port = next.wait_for_port();
  ASSERT_NE(port, 0) << next.errors();
  const HttpHeaders authorization{{"Authorization", "Bearer " + production_.token()}};
  const std::string path = "/api/campaigns/" + id;
  json::object planned;
  do {
    planned = object_of(http_get(port, path, authorization));
  } while (planned.at("is_planned") == false);
  // Looked at before anything is sent: a plan by other rules may have no end that a test could wait for.
  ASSERT_EQ(number(planned, "waiting"), number(preview, "eligible_count"));
  EXPECT_EQ(http_post(port, path + "/start", "", authorization).status, 200);
  HttpConnection stream(port, std::chrono::seconds(60));
  stream.send_request("GET", path + "/stream", {}, authorization);
  EXPECT_EQ(stream.read_head().status, 200);
  json::object ended;
  while (const auto event = stream.read_event()) {
    ended = json::parse(event->data).as_object();
    if (event->event == "end") break;
  }

  EXPECT_EQ(ended.at("status"), "completed");
  EXPECT_EQ(number(ended, "planned"), imported_);
  EXPECT_EQ(number(ended, "accepted") + number(ended, "failed") + number(ended, "skipped") + number(ended, "in_doubt"),
            imported_);
  EXPECT_GT(number(ended, "accepted"), 100);
  EXPECT_EQ(number(ended, "caps.per_day"), 1);
  EXPECT_EQ(at_path(ended, "decision.holdout"), 0.95);
  const json::object analytics = object_of(http_get(port, "/api/analytics/campaigns/" + id, authorization));
  std::map<std::string, std::int64_t> shown;
  for (const auto& rule : at_path(preview, "suppressed.by_rule").as_object()) {
    if (rule.value() != 0) shown[std::string(rule.key())] = rule.value().to_number<std::int64_t>();
  }
  EXPECT_EQ(skipped_by_rule(analytics.at("by_reason").as_array()), shown) << "the plan is what the preview showed";

  const json::object counts = aws_.counts();
  for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  EXPECT_EQ(number(counts, "channels.whatsapp.requests"), 0);
  const auto before = written_to("before");
  EXPECT_GT(before.size(), 0U);
  for (const std::string& contact : written_to(id)) EXPECT_FALSE(before.contains(contact)) << contact;
}

}  // namespace
}  // namespace clarion::testing
