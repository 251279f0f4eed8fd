// How an operator says whom to write to on which channel, how often and when: over HTTP and on the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "support/clarion_process.h"
#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class PlanRulesApi : public ::testing::Test {
 protected:
  json::object preview(const std::string& rules) {
    const std::string start = R"({"filter": {"everyone": true}, "respect_caps": false, "limit": 5000)";
    return object_of(server_.post("/api/audience/preview", start + rules + "}"));
  }
  // Creates it and waits for its end.
  json::object send(const std::string& id, const std::string& rules) {
    const HttpReply created = server_.post(
        "/api/campaigns", R"({"campaign_id": ")" + id +
                              R"(", "filter": {"everyone": true}, "throughput_tps": 1000, "respect_caps": false)" +
                              rules + "}");
    EXPECT_EQ(created.status, 201) << created.body;
    HttpConnection connection(server_.port(), std::chrono::seconds(60));
    connection.send_request("GET", "/api/campaigns/" + id + "/stream");
    EXPECT_EQ(connection.read_head().status, 200);
    json::object last;
    while (const auto event = connection.read_event()) {
      last = json::parse(event->data).as_object();
      if (event->event == "end") break;
    }
    return last;
  }
  int count(const json::object& document, const std::string& path) { return at_path(document, path).to_number<int>(); }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(PlanRulesApi, TheCampaignIsPlannedAsThePreviewShows) {
  const std::string rules =
      R"(, "channels": ["sms", "email"], "seed": 7, "decision": {"exploration": 1, "holdout": 0.5})";
  const auto shown = preview(rules);
  const auto done = send("half", rules);
  EXPECT_EQ(count(done, "planned"), 2000);
  EXPECT_EQ(count(done, "by_channel.whatsapp.accepted"), 0);
  const auto held_out = count(shown, "suppressed.by_rule.holdout");
  EXPECT_NEAR(held_out, 0.5 * (count(shown, "eligible_count") + held_out), 100);
  for (const std::string channel : {"sms", "email"}) {
    EXPECT_EQ(count(done, "by_channel." + channel + ".planned") - count(done, "by_channel." + channel + ".skipped"),
              count(shown, "after_metrics.messages_by_channel." + channel))
        << channel;
  }
  EXPECT_EQ(at_path(done, "decision.exploration"), 1);
  EXPECT_EQ(at_path(done, "decision.value_of_response"), 2) << "what was left out is as always";
  EXPECT_EQ(json::serialize(at_path(done, "channels")), R"(["sms","email"])");
}

TEST_F(PlanRulesApi, OneContactGetsTheChannelThatTheOperatorChose) {
  const auto before = preview("");
  const json::object* sms_user = nullptr;
  for (const auto& user : before.at("eligible_users").as_array()) {
    if (user.at("selected_channel") == "whatsapp") sms_user = &user.as_object();
    if (sms_user != nullptr) break;
  }
  ASSERT_NE(sms_user, nullptr);
  const std::string id = sms_user->at("customer_id").as_string().c_str();
  const std::string overrides = R"(, "channel_overrides": {")" + id + R"(": "sms"})";
  const auto shown = preview(overrides);
  const auto refused = at_path(shown, "channel_overrides.refused").as_array().size();
  EXPECT_EQ(count(shown, "channel_overrides.honoured") + static_cast<int>(refused), 1);
  const auto done = send("chosen", overrides);
  EXPECT_EQ(count(done, "channel_override_count"), 1);
  const auto listed = object_of(server_.get("/api/deliveries?campaign_id=chosen&contact_id=" + id));
  const std::string delivery = listed.at("deliveries").at(0).at("delivery_id").as_string().c_str();
  const auto detail = object_of(server_.get("/api/deliveries/" + delivery));
  EXPECT_EQ(at_path(detail, "why.wanted"), "sms");
  EXPECT_EQ(at_path(detail, "channel") == "sms", refused == 0);
  EXPECT_THAT(at_path(detail, "why.sentence").as_string().c_str(), HasSubstr("the operator"));
}

TEST_F(PlanRulesApi, AnOverrideOfNobodyIsRefusedBeforeAnythingIsSent) {
  const auto refuse = [this](const std::string& rules) {
    return server_.post("/api/campaigns", R"({"filter": {"everyone": true}, "throughput_tps": 10)" + rules + "}");
  };
  const HttpReply nobody = refuse(R"(, "channel_overrides": {"NOBODY": "sms"})");
  EXPECT_EQ(nobody.status, 422);
  EXPECT_THAT(nobody.body, HasSubstr("'NOBODY', who is no contact"));
  const HttpReply no_template = refuse(R"(, "channels": ["email"], "templates": {"sms": "news"})");
  EXPECT_EQ(no_template.status, 422);
  EXPECT_THAT(no_template.body, HasSubstr("channels names email"));
  EXPECT_EQ(refuse(R"(, "decision": {"holdout": 2})").status, 400);
  EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing is sent";
}

TEST_F(PlanRulesApi, CapsAndQuietHoursOfOnesOwnHold) {
  send("first", "");
  const auto now = object_of(
      server_.post("/api/audience/preview", R"({"filter": {"everyone": true}, "limit": 0, "caps": {"per_day": 1}})"));
  EXPECT_GT(count(now, "suppressed.by_rule.frequency_cap_day"), 1000);
  const auto gap = object_of(server_.post(
      "/api/audience/preview", R"({"filter": {"everyone": true}, "limit": 0, "caps": {"hours_between": 2}})"));
  EXPECT_GT(count(gap, "suppressed.by_rule.recent_contact"), 1000);
  const auto quiet = object_of(
      server_.post("/api/audience/preview",
                   R"({"filter": {"everyone": true}, "limit": 0, "quiet_hours": {"from": "00:00", "to": "23:59"}})"));
  EXPECT_GT(count(quiet, "time_optimized.count"), 1000);
  const auto awake = object_of(
      server_.post("/api/audience/preview", R"({"filter": {"everyone": true}, "limit": 0, "quiet_hours": false})"));
  EXPECT_EQ(count(awake, "time_optimized.count"), 0);
}

TEST_F(PlanRulesApi, TheQueriesTakeThemToo) {
  for (const std::string start : {R"({"location": null)", R"({"query": "everyone")"}) {
    const auto answer =
        object_of(server_.post(start == R"({"location": null)" ? "/api/query" : "/api/intelligent-query",
                               start + R"(, "channels": ["email"], "decision": {"exploration": 0}})"));
    EXPECT_EQ(count(answer, "results.after_metrics.messages_by_channel.sms"), 0);
    EXPECT_GT(count(answer, "results.after_metrics.messages_by_channel.email"), 0);
  }
  EXPECT_EQ(server_.post("/api/query", R"({"channels": ["fax"]})").status, 400);
  EXPECT_EQ(server_.post("/api/intelligent-query", R"({"query": "everyone", "caps": 1})").status, 400);
}

TEST_F(PlanRulesApi, TheInstallationSaysWhatHoldsWithoutThem) {
  const auto installation = object_of(server_.get("/api/installation"));
  EXPECT_EQ(
      installation.at("plan_defaults"),
      json::parse(R"({"decision": {"exploration": 0.05, "holdout": 0, "value_of_response": 2, "cost_of_opt_out": 5,
          "may_choose_nothing": false}, "channels": ["sms", "whatsapp", "email"],
          "caps": {"per_day": 3, "per_week": 10, "hours_between": 0},
          "quiet_hours": {"from": "21:00", "to": "08:00", "channels": ["sms", "whatsapp", "email"],
                          "fallback_time_zone": "Etc/UTC"},
          "wait_for_best_hour": false})"));
}

TEST(SendCommand, TakesTheRulesAsOptions) {
  const ScratchDirectory directory;
  const auto send = [&directory](const std::string& source, const std::string& value,
                                 const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"send", source, value, "--tps", "1000", "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_clarion(CLARION_BINARY, directory.path(),
                       {.arguments = std::move(arguments),
                        .environment = {{"CLARION_SIM_LATENCY_MS", "0"}, {"CLARION_SIM_FAILURE_RATE", "0"}}});
  };
  const std::string query = "customers in Austin";
  std::ofstream(directory.path() / "overrides.json") << R"({"CUST-000032": "email"})";
  const auto sent = send("--query", query,
                         {"--ignore-caps", "--channels", "email,whatsapp", "--holdout", "0.25", "--exploration", "0",
                          "--overrides", "overrides.json", "--budget", "50", "--may-choose-nothing"});
  EXPECT_EQ(sent.code, 0) << sent.errors;
  const auto results = object_of(HttpReply{.status = 200, .headers = {}, .body = sent.output});
  EXPECT_EQ(at_path(results, "results.by_channel.sms.sent"), 0);
  EXPECT_GT(at_path(results, "results.total_sent").to_number<int>(), 0);
  EXPECT_GT(at_path(results, "results.total_skipped").to_number<int>(), 0);

  const std::pair<std::vector<std::string>, std::string> wrong[] = {
      {{"--holdout", "2"}, "decision.holdout must be from 0 to 1"},
      {{"--channels", "fax"}, "channels must list"},
      {{"--quiet-hours", "late"}, "--quiet-hours must be none, or two local times"},
      {{"--quiet-hours", "25:00-08:00"}, "quiet_hours.from must be a local time"},
      {{"--overrides", "none-such"}, "cannot read none-such"},
      {{"--ignore-caps", "--max-per-day", "1"}, "caps cannot be given"},
  };
  for (const auto& [options, sentence] : wrong) {
    const auto refused = send("--query", query, options);
    EXPECT_EQ(refused.code, 2) << sentence;
    EXPECT_THAT(refused.errors, HasSubstr(sentence));
  }
  std::ofstream(directory.path() / "users.json") << "[]";
  const auto list = send("--users", "users.json", {"--holdout", "0.1"});
  EXPECT_EQ(list.code, 2);
  EXPECT_THAT(list.errors, HasSubstr("go with --segment or --query"));
}

TEST_F(PlanRulesApi, AStartNeedsItsZoneAndATimeThatIsToCome) {
  const auto expect_refused = [this](const std::string& start, int status, const std::string& words) {
    const HttpReply reply = server_.post(
        "/api/campaigns", R"({"filter": {"everyone": true}, "throughput_tps": 1, "start_at": ")" + start + "\"}");
    EXPECT_EQ(reply.status, status) << start;
    EXPECT_THAT(reply.body, HasSubstr(words)) << start;
  };
  for (const char* start : {"2031-01-01T00:00:00", "2031-01-01", "2031-01-01 08:00"}) {
    expect_refused(start, 400, "with its zone");
  }
  for (const char* start : {"2020-01-01T00:00:00Z", "2020-01-01T00:00:00+05:30"}) {
    expect_refused(start, 422, "has passed; leave it out");
  }
  EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing was sent";
}

}  // namespace
}  // namespace clarion::testing
