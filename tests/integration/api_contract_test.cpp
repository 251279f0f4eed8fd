// Promises of the HTTP contract that hold over several requests or endpoints, against the built program
// (docs/contract.md lists every line with its tests).

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/clarion_server.h"
#include "support/eventually.h"
#include "support/recorded_answers.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

const std::vector<std::string> channels{"sms", "whatsapp", "email"};

std::int64_t count(const json::object& document, const std::string& path) {
  const json::value value = at_path(document, path);
  EXPECT_TRUE(value.is_number()) << path << " in " << json::serialize(document).substr(0, 500);
  return value.is_number() ? value.to_number<std::int64_t>() : -1;
}

std::string sms_user(int number, const std::string& rest = R"("message": "Hi")") {
  return R"({"customer_id": "S)" + std::to_string(number) + R"(", "selected_channel": "sms", "phone": "+1425555)" +
         std::to_string(1000 + number) + R"(", )" + rest + "}";
}
std::string email_user(int number) {
  return R"({"customer_id": "E)" + std::to_string(number) + R"(", "selected_channel": "email", "email": "e)" +
         std::to_string(number) + R"(@example.com", "subject": "S", "message": "M"})";
}
std::string whatsapp_user(int number) {
  return R"({"customer_id": "W)" + std::to_string(number) +
         R"(", "selected_channel": "whatsapp", "template_name": "t", "phone": "+1425556)" +
         std::to_string(1000 + number) + R"("})";
}
// As many on each channel.
std::string users_of_each_channel(int number) {
  std::string users;
  for (int i = 0; i < number; ++i) {
    users += (i == 0 ? "" : ",") + sms_user(i) + "," + email_user(i) + "," + whatsapp_user(i);
  }
  return users;
}
std::string body_of(const std::string& id, const std::string& users, const std::string& rest) {
  return R"({"campaign_id": ")" + id + R"(", "eligible_users": [)" + users + "], " + rest + "}";
}

class Contract : public ::testing::Test {
 protected:
  HttpReply send(const std::string& body, HttpHeaders headers = {}) {
    return server_.post("/api/send-campaign", body, std::move(headers));
  }
  json::object campaign(const std::string& id) { return object_of(server_.get("/api/campaigns/" + id)); }
  // Every document of the campaign's stream, to its end or until `is_enough`.
  template <class Enough>
  std::vector<json::object> follow(const std::string& id, Enough is_enough) {
    HttpConnection connection(server_.port(), std::chrono::seconds(60));
    connection.send_request("GET", "/api/campaigns/" + id + "/stream");
    EXPECT_EQ(connection.read_head().status, 200);
    std::vector<json::object> documents;
    while (const auto event = connection.read_event()) {
      documents.push_back(json::parse(event->data).as_object());
      if (event->event == "end" || is_enough(documents.back())) break;
    }
    EXPECT_FALSE(documents.empty());
    return documents;
  }
  std::vector<json::object> follow(const std::string& id) {
    return follow(id, [](const json::object&) { return false; });
  }
  void expect_members(const json::value& value, const std::string& where, const std::vector<std::string>& names) {
    ASSERT_TRUE(value.is_object()) << where;
    for (const std::string& name : names) EXPECT_TRUE(value.get_object().contains(name)) << where << "." << name;
  }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(Contract, EveryAnswerHasTheMembersThatThePageReads) {
  expect_members(object_of(server_.get("/api/locations")), "locations", {"locations", "total_customers"});
  expect_members(object_of(server_.get("/api/skus")), "skus", {"skus", "total_skus"});
  expect_members(object_of(server_.get("/api/stats")), "stats", {"total_customers", "total_locations", "total_skus"});
  expect_members(object_of(server_.get("/api/segments")), "segments", {"segments"});
  expect_members(object_of(server_.get("/api/templates")), "templates", {"templates"});
  const std::pair<std::string, std::string> queries[] = {
      {"/api/query", R"({"location": "Bangalore", "sku": "SKU-LAPTOP-1"})"},
      {"/api/intelligent-query", R"({"query": "Run campaign for laptops in Bangalore with at least 2 purchases"})"},
  };
  for (const auto& [path, body] : queries) {
    const json::object answer = object_of(server_.post(path, body));
    EXPECT_EQ(at_path(answer, "success"), true) << path;
    expect_members(answer, path, {"query", "results"});
    expect_members(at_path(answer, "results"), path,
                   {"total_matched", "segment_id", "sql_query", "parsed_dimensions", "unsupported_dimensions",
                    "suggestions", "promotion", "sample_messages", "suppressed", "whatsapp_routing", "time_optimized",
                    "eligible_count", "eligible_users", "before_metrics", "after_metrics"});
    for (const std::string group : {"suppressed", "whatsapp_routing", "time_optimized"}) {
      expect_members(at_path(answer, "results." + group), group, {"count", "users"});
    }
    ASSERT_FALSE(at_path(answer, "results.eligible_users").as_array().empty()) << path;
    EXPECT_FALSE(at_path(answer, "results.sample_messages").as_array().empty()) << path;
  }
  send(body_of("c", users_of_each_channel(1), R"("throughput_tps": 10)"));
  const json::object shown = campaign("c");
  const std::vector<std::string> counts{"planned",   "waiting", "sending", "accepted",
                                        "delivered", "failed",  "skipped", "in_doubt"};
  expect_members(shown, "campaign", counts);
  expect_members(shown, "campaign",
                 {"campaign_id", "status", "status_reason", "throughput_tps", "rate_now", "limited_by", "eta_seconds",
                  "estimated_cost", "actual_cost", "by_channel", "created_at", "started_at", "finished_at"});
  for (const std::string& channel : channels) expect_members(at_path(shown, "by_channel." + channel), channel, counts);
}

TEST_F(Contract, AFormMayHoldASentenceToo) {
  const auto matched = [this](const std::string& body) {
    return count(object_of(server_.post("/api/query", body)), "results.total_matched");
  };
  const auto city = matched(R"({"location": "Bangalore"})");
  const auto both = matched(R"({"location": "Bangalore", "natural_language_query": "with at least 3 purchases"})");
  EXPECT_GT(both, 0);
  EXPECT_LT(both, city);
  EXPECT_EQ(both, matched(R"({"location": "Bangalore", "filters": {"min_purchases": 3}})"));
}

TEST_F(Contract, CountsAddUpInEveryDocumentOfARun) {
  std::string users = users_of_each_channel(60) + R"(, {"selected_channel": "fax"}, {"selected_channel": "sms"}, 7)";
  EXPECT_EQ(send(body_of("sum", users, R"("throughput_tps": 10, "wait_seconds": 0)")).status, 202);
  const auto check = [](const json::object& counts, const std::string& where) {
    EXPECT_EQ(count(counts, "planned"), count(counts, "waiting") + count(counts, "sending") +
                                            count(counts, "accepted") + count(counts, "failed") +
                                            count(counts, "skipped") + count(counts, "in_doubt"))
        << where << " " << json::serialize(counts);
    EXPECT_LE(count(counts, "delivered"), count(counts, "accepted"));
  };
  const auto documents = follow("sum");
  EXPECT_GT(documents.size(), 1U);
  for (const json::object& document : documents) {
    check(document, "in all");
    std::int64_t planned = count(document, "without_channel.planned");
    for (const std::string& channel : channels) {
      check(at_path(document, "by_channel." + channel).as_object(), channel);
      planned += count(document, "by_channel." + channel + ".planned");
    }
    EXPECT_EQ(planned, count(document, "planned"));
  }
  EXPECT_EQ(count(documents.back(), "planned"), 183);
  EXPECT_EQ(count(documents.back(), "accepted"), 180);
}

TEST_F(Contract, WhatIsAnsweredTooEarlyGoesOnAndIsAskedForAgain) {
  const std::string body = body_of("later", users_of_each_channel(60), R"("throughput_tps": 10, "wait_seconds": 0)");
  const HttpReply first = send(body);
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(first.header("location"), "/api/campaigns/later");
  const json::object so_far = object_of(first);
  EXPECT_EQ(at_path(so_far, "status"), "running");
  EXPECT_EQ(count(so_far, "results.total_sent") + count(so_far, "results.total_failed") +
                count(so_far, "results.total_waiting"),
            180)
      << first.body;
  EXPECT_EQ(at_path(follow("later").back(), "status"), "completed");
  const HttpReply again = send(body);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(count(object_of(again), "results.total_sent"), 180);
  EXPECT_EQ(again.header("location"), "");
}

TEST_F(Contract, TotalsAreTheSumsOfTheirParts) {
  ASSERT_EQ(server_.post("/api/suppressions", R"({"channel": "sms", "address": "+14255551001"})").status, 201);
  const std::string users =
      users_of_each_channel(3) + R"(, {"customer_id": "N", "selected_channel": "sms"}, {"selected_channel": "pigeon"})";
  const json::object answer = object_of(send(body_of("parts", users, R"("throughput_tps": 100)")));
  std::map<std::string, std::int64_t> sums;
  for (const std::string& channel : channels) {
    const std::string row = "results.by_channel." + channel;
    EXPECT_EQ(count(answer, row + ".total"), count(answer, row + ".sent") + count(answer, row + ".failed") +
                                                 count(answer, row + ".skipped") + count(answer, row + ".in_doubt"))
        << channel;
    const json::object parts = at_path(answer, row).as_object();
    for (const std::string part : {"sent", "failed", "skipped", "in_doubt"}) sums[part] += count(parts, part);
  }
  EXPECT_EQ(count(answer, "results.by_channel.sms.sent"), 2);
  EXPECT_EQ(count(answer, "results.by_channel.sms.skipped"), 1);
  EXPECT_EQ(count(answer, "results.by_channel.sms.failed"), 1);
  // Whose channel is none stands in no channel, and in the totals all the same.
  EXPECT_EQ(count(answer, "results.without_channel.failed"), 1);
  EXPECT_EQ(count(answer, "results.total_sent"), sums["sent"]);
  EXPECT_EQ(count(answer, "results.total_failed"), sums["failed"] + 1);
  EXPECT_EQ(count(answer, "results.total_skipped"), sums["skipped"]);
  EXPECT_EQ(count(answer, "results.total_in_doubt"), sums["in_doubt"]);
  // Everybody who was asked for is in the ledger, in one state, and whoever got nothing with the reason.
  const json::object ledger = object_of(server_.get("/api/deliveries?campaign_id=parts&limit=500"));
  const json::array& rows = ledger.at("deliveries").as_array();
  EXPECT_EQ(rows.size(), 11U);
  for (const json::value& row : rows) {
    const bool got_it = row.at("state") == "accepted" || row.at("state") == "delivered";
    EXPECT_EQ(row.at("reason").is_string(), !got_it) << row;
  }
}

TEST_F(Contract, OneRateHoldsForEachChannelWithABurstOfFiveSeconds) {
  EXPECT_EQ(send(body_of("rate", users_of_each_channel(200), R"("throughput_tps": 10, "wait_seconds": 0)")).status,
            202);
  // All three are under way at once, and each has a bucket of its own.
  const auto documents = follow("rate", [](const json::object& document) {
    return std::ranges::all_of(channels, [&document](const std::string& channel) {
      return count(document, "by_channel." + channel + ".accepted") >= 50;
    });
  });
  for (const std::string& channel : channels) {
    const std::string row = "by_channel." + channel;
    EXPECT_EQ(count(documents.back(), row + ".limit.per_second"), 10) << channel;
    EXPECT_EQ(count(documents.back(), row + ".limit.burst"), 50) << channel;
    EXPECT_GT(count(documents.back(), row + ".waiting"), 0) << channel;
  }
  const HttpReply changed = http_request(server_.port(), "PATCH", "/api/campaigns/rate", R"({"throughput_tps": 4})");
  EXPECT_EQ(changed.status, 200);
  const auto slower = follow(
      "rate", [](const json::object& document) { return at_path(document, "by_channel.sms.limit.burst") == 20; });
  EXPECT_EQ(count(slower.back(), "by_channel.sms.limit.per_second"), 4);
  EXPECT_EQ(server_.post("/api/campaigns/rate/cancel", "").status, 200);
}

TEST_F(Contract, OneRequestSentTwiceAtOnceIsOneCampaign) {
  const std::string body = body_of("twin", users_of_each_channel(5), R"("throughput_tps": 100)");
  std::vector<HttpConnection> connections;
  for (int i = 0; i < 8; ++i) connections.emplace_back(server_.port(), std::chrono::seconds(60));
  for (HttpConnection& connection : connections) {
    connection.send_request("POST", "/api/send-campaign", body, {{"Content-Type", "application/json"}});
  }
  for (HttpConnection& connection : connections) {
    const HttpReply reply = connection.read_reply();
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(count(object_of(reply), "results.total_sent"), 15);
  }
  const json::object rows = object_of(server_.get("/api/deliveries?campaign_id=twin&limit=500"));
  EXPECT_EQ(rows.at("deliveries").as_array().size(), 15U);
  for (const json::value& row : rows.at("deliveries").as_array()) EXPECT_EQ(row.at("attempts"), 1);
}

TEST_F(Contract, AnIdIsTakenWhateverTheCampaignWasMadeFrom) {
  const HttpReply made = server_.post(
      "/api/campaigns", R"({"campaign_id": "taken", "filter": {"everyone": true}, "throughput_tps": 1000})");
  ASSERT_EQ(made.status, 201);
  const HttpReply refused = send(body_of("taken", sms_user(1), R"("throughput_tps": 1000)"));
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(at_path(object_of(refused), "success"), false);
  // Whether caps are kept is part of what was asked for; how long to wait for the answer is not.
  const std::string users = sms_user(2);
  EXPECT_EQ(send(body_of("list", users, R"("throughput_tps": 10)")).status, 200);
  EXPECT_EQ(send(body_of("list", users, R"("throughput_tps": 10, "wait_seconds": 3)")).status, 200);
  EXPECT_EQ(send(body_of("list", users, R"("throughput_tps": 10, "respect_caps": true)")).status, 409);
  EXPECT_EQ(send(body_of("list", sms_user(3), R"("throughput_tps": 10)")).status, 409);
  EXPECT_EQ(send(body_of("list", users + "," + users, R"("throughput_tps": 10)")).status, 409);
}

// The name of the zone in which it is `hour` now.
std::string zone_at(int hour) {
  const auto now = std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now()).time_since_epoch();
  auto east = (hour - now.count() % 24 + 24) % 24;
  if (east > 12) east -= 24;
  // The names of these zones count westwards.
  return std::string("Etc/GMT") + (east > 0 ? "-" : "+") + std::to_string(east > 0 ? east : -east);
}

TEST_F(Contract, QuietHoursHoldForQueriesAndForListsThatAskForThem) {
  const std::string file = "customer_id,email,consent_email,time_zone\nNIGHT,n@example.com,opted_in," + zone_at(2) +
                           "\nDAY,d@example.com,opted_in," + zone_at(13) + "\n";
  ASSERT_EQ(server_.post("/api/contacts/import", file).status, 200);
  ASSERT_TRUE(eventually([&] { return object_of(server_.get("/api/locations")).at("total_customers") == 2; }));
  const auto user = [](const std::string& id) {
    return R"({"customer_id": ")" + id + R"(", "selected_channel": "email", "email": ")" +
           std::string(1, static_cast<char>(id.front() + 32)) + R"(@example.com", "subject": "S", "message": "M"})";
  };
  const std::string both = user("NIGHT") + "," + user("DAY");
  const json::object at_once = object_of(send(body_of("at-once", both, R"("throughput_tps": 10)")));
  EXPECT_EQ(count(at_once, "results.total_sent"), 2) << "an explicit list is the caller's decision";
  const auto is_one_sent = [](const json::object& document) { return count(document, "accepted") == 1; };
  EXPECT_EQ(send(body_of("asked", both, R"("throughput_tps": 10, "wait_seconds": 0, "respect_caps": true)")).status,
            202);
  const json::object asked = follow("asked", is_one_sent).back();
  EXPECT_EQ(count(asked, "waiting"), 1);
  const HttpReply made = server_.post("/api/campaigns", R"({"campaign_id": "query", "throughput_tps": 10,
      "filter": {"everyone": true}, "templates": {"email": "news"}})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(count(follow("query", is_one_sent).back(), "waiting"), 1);
  for (const std::string id : {"asked", "query"}) {
    const json::object rows = object_of(server_.get("/api/deliveries?state=waiting&campaign_id=" + id));
    EXPECT_EQ(rows.at("deliveries").at(0).at("contact_id"), "NIGHT") << id;
  }
}

TEST(MaxTps, IsTheCeilingOfEveryRequest) {
  const ClarionServer server(CLARION_BINARY, {{"CLARION_MAX_TPS", "20"}});
  const auto send = [&server](const std::string& rate) {
    return server.post("/api/send-campaign",
                       R"({"eligible_users": [)" + sms_user(1) + R"(], "throughput_tps": )" + rate + "}");
  };
  const auto create = [&server](const std::string& rate) {
    return server.post("/api/campaigns",
                       R"({"campaign_id": "c", "filter": {"everyone": true}, "throughput_tps": )" + rate + "}");
  };
  EXPECT_EQ(send("20").status, 200);
  EXPECT_EQ(send("20.5").status, 400);
  EXPECT_THAT(send("1000").body, HasSubstr("from 0.001 to 20"));
  EXPECT_EQ(create("21").status, 400);
  EXPECT_EQ(create("1").status, 201);
  EXPECT_EQ(http_request(server.port(), "PATCH", "/api/campaigns/c", R"({"throughput_tps": 21})").status, 400);
  EXPECT_EQ(object_of(server.get("/api/installation")).at("max_tps"), 20);
}

// Keeps the ledger of a data directory from being written, as a full or failed disk does.
class HeldLedger {
 public:
  explicit HeldLedger(const std::filesystem::path& data_dir) {
    EXPECT_EQ(sqlite3_open((data_dir / "clarion.db").c_str(), &database_), SQLITE_OK);
    sqlite3_busy_timeout(database_, 10'000);
    EXPECT_EQ(sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  }
  ~HeldLedger() { sqlite3_close(database_); }
  HeldLedger(const HeldLedger&) = delete;
  HeldLedger& operator=(const HeldLedger&) = delete;

 private:
  sqlite3* database_ = nullptr;
};

TEST_F(Contract, WithoutItsStoreItAnswers503AndSendsNothing) {
  RecordedAnswers answers(server_.directory());
  const std::string list = body_of("out", sms_user(1), R"("throughput_tps": 100)");
  struct Call {
    std::string path;
    std::string body;
  };
  const std::vector<Call> calls{
      {"/api/send-campaign", list},
      {"/api/campaigns", R"({"campaign_id": "out-too", "filter": {"everyone": true}, "throughput_tps": 100})"},
      {"/api/suppressions", R"({"channel": "sms", "address": "+14255550156"})"},
      {"/api/save-template", R"({"name": "t", "channel": "sms", "definition": {"text": "a"}})"},
      {"/api/query", R"({"location": "Bangalore"})"},
      {"/api/intelligent-query", R"({"query": "everyone"})"},
      {"/api/segments", R"({"filter": {"everyone": true}})"},
  };
  {
    const HeldLedger held(server_.directory() / "data" / "local");
    // Each of them waits some seconds for the ledger, all at the same time.
    std::vector<HttpConnection> connections;
    for (const Call& call : calls) {
      connections.emplace_back(server_.port(), std::chrono::seconds(60));
      connections.back().send_request("POST", call.path, call.body, {{"Content-Type", "application/json"}});
    }
    HttpConnection readiness(server_.port(), std::chrono::seconds(60));
    readiness.send_request("GET", "/readyz");
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const HttpReply reply = connections[i].read_reply();
      EXPECT_EQ(reply.status, 503) << calls[i].path << " " << reply.body;
      EXPECT_EQ(at_path(object_of(reply), "success"), false) << calls[i].path;
      EXPECT_TRUE(at_path(object_of(reply), "error").is_string()) << calls[i].path;
      answers.add("POST", calls[i].path, calls[i].path, reply);
    }
    const HttpReply unready = readiness.read_reply();
    EXPECT_EQ(unready.status, 503);
    answers.add("GET", "/readyz", "/readyz", unready);
    EXPECT_EQ(server_.get("/healthz").status, 200);
    EXPECT_EQ(server_.get("/api/campaigns").body, R"({"campaigns":[],"next":null})") << "nothing is sent";
  }
  // The same request is a first one when the store is back.
  const HttpReply sent = send(list);
  EXPECT_EQ(sent.status, 200);
  EXPECT_EQ(count(object_of(sent), "results.total_sent"), 1);
  EXPECT_EQ(server_.get("/readyz").status, 200);
  answers.expect_as_described();
}

}  // namespace
}  // namespace clarion::testing
