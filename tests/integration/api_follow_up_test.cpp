// The failed of a campaign as another campaign, a retry or a fallback: whom it is for, what it keeps, and that
// it is made once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "support/clarion_process.h"
#include "support/clarion_server.h"
#include "support/eventually.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;
using Environment = std::map<std::string, std::string>;

// Events that come late would move rows between two looks.
Environment failing(const ScratchDirectory& data, const std::string& rate) {
  return {{"CLARION_DATA_DIR", data.path().string()}, {"CLARION_SIM_FAILURE_RATE", rate}};
}

boost::json::object wait_for_end(const ClarionServer& server, const std::string& id) {
  boost::json::object campaign;
  EXPECT_TRUE(eventually([&] {
    campaign = object_of(server.get("/api/campaigns/" + id));
    return campaign.at("status") == "completed";
  })) << campaign;
  return campaign;
}

// Contact ids of a campaign's rows: those in `state`, or all; with one of `reasons`, or any.
std::set<std::string> people_of(const ClarionServer& server, const std::string& id, const std::string& state = {},
                                const std::set<std::string>& reasons = {}) {
  std::set<std::string> people;
  const std::string first = "/api/deliveries?limit=1000&campaign_id=" + id;
  for (std::string after;;) {
    const auto page = object_of(server.get(first + after));
    for (const auto& row : page.at("deliveries").as_array()) {
      if (!state.empty() && row.at("state").as_string() != state) continue;
      const auto& reason = row.at("reason");
      if (!reasons.empty() && !(reason.is_string() && reasons.contains(std::string(reason.as_string().c_str())))) {
        continue;
      }
      people.emplace(row.at("contact_id").as_string().c_str());
    }
    if (!page.at("next").is_string()) return people;
    after = "&after=" + std::string(page.at("next").as_string().c_str());
  }
}

const std::set<std::string> refused_by_carrier{"blocked", "invalid_content", "retries_exhausted: provider_busy"};

TEST(Retry, IsForThoseWhomTheCarrierRefusedAndNobodyElse) {
  const ScratchDirectory data;
  std::set<std::string> retryable;
  {
    ClarionServer server(CLARION_BINARY, failing(data, "0.6"));
    ASSERT_EQ(server
                  .post("/api/campaigns", R"({"campaign_id": "c", "name": "Spring", "filter": {"everyone": true},)"
                                          R"( "respect_caps": false, "throughput_tps": 1000, "budget": 1000})")
                  .status,
              201);
    wait_for_end(server, "c");
    retryable = people_of(server, "c", "failed", refused_by_carrier);
    ASSERT_GT(retryable.size(), 5U);
    ASSERT_GT(people_of(server, "c", "failed").size(), retryable.size()) << "nobody has a wrong address";
    EXPECT_EQ(server.stop(), 0);
  }
  const ClarionServer server(CLARION_BINARY, failing(data, "0"));
  const auto before = object_of(server.get("/api/campaigns/c/retry"));
  EXPECT_EQ(before.at("recipients"), retryable.size());
  EXPECT_EQ(before.at("is_made"), false);
  EXPECT_EQ(before.at("campaign_id"), "c-retry");

  const auto first = server.post("/api/campaigns/c/retry", "");
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(object_of(first).at("campaign_id"), "c-retry");
  EXPECT_EQ(object_of(first).at("retry_of"), "c");
  EXPECT_EQ(object_of(first).at("name"), "Spring (retry)");
  const auto retried = object_of(server.get("/api/campaigns/c"));
  EXPECT_EQ(retried.at("retry_of"), nullptr);
  // What is in doubt may be on the bill, so a retry has less than what the cost has left.
  ASSERT_GT(number(retried, "in_doubt"), 0);
  const double left = 1000 - retried.at("actual_cost").to_number<double>();
  EXPECT_LT(object_of(first).at("budget").to_number<double>(), left - 0.01);
  EXPECT_GT(object_of(first).at("budget").to_number<double>(), left - 10);
  const auto ended = wait_for_end(server, "c-retry");
  EXPECT_EQ(people_of(server, "c-retry"), retryable);
  EXPECT_EQ(number(ended, "accepted"), static_cast<std::int64_t>(retryable.size()));

  const auto again = server.post("/api/campaigns/c/retry", "{}");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(number(object_of(again), "planned"), static_cast<std::int64_t>(retryable.size()));
  EXPECT_EQ(number(object_of(server.get("/api/campaigns/c-retry")), "accepted"),
            static_cast<std::int64_t>(retryable.size()));
  EXPECT_EQ(object_of(server.get("/api/campaigns/c/retry")).at("is_made"), true);
  EXPECT_EQ(object_of(server.get("/api/campaigns")).at("campaigns").as_array().size(), 2U);
  const auto nobody = server.post("/api/campaigns/c-retry/retry", "");
  EXPECT_EQ(nobody.status, 422);
  EXPECT_THAT(nobody.body, HasSubstr("no failed recipient who can be retried"));
}

TEST(Retry, WhoOptedOutOrWasSuppressedMeanwhileIsSkipped) {
  const ScratchDirectory data;
  boost::json::object row;
  {
    ClarionServer server(CLARION_BINARY, failing(data, "1"));
    ASSERT_EQ(server.post("/api/send-campaign", campaign_of(90, "c", 1000)).status, 200);
    for (const auto& each :
         object_of(server.get("/api/deliveries?campaign_id=c&reason=blocked")).at("deliveries").as_array()) {
      row = each.as_object();
    }
    ASSERT_FALSE(row.empty());
    EXPECT_EQ(server
                  .post("/api/suppressions", R"({"channel": ")" + std::string(row.at("channel").as_string().c_str()) +
                                                 R"(", "address": ")" +
                                                 std::string(row.at("destination").as_string().c_str()) + R"("})")
                  .status,
              201);
    EXPECT_EQ(server.stop(), 0);
  }
  const ClarionServer server(CLARION_BINARY, failing(data, "0"));
  ASSERT_EQ(server.post("/api/campaigns/c/retry", "").status, 201);
  wait_for_end(server, "c-retry");
  const std::string person = row.at("contact_id").as_string().c_str();
  EXPECT_EQ(people_of(server, "c-retry"), people_of(server, "c", "failed", refused_by_carrier));
  EXPECT_EQ(people_of(server, "c-retry", "skipped", {"suppressed"}), std::set{person});
  // A list's message is its own: the same words to the same address.
  const auto message_of = [&server](const std::string& id, const std::string& contact) {
    const auto page = object_of(server.get("/api/deliveries?campaign_id=" + id + "&contact_id=" + contact));
    const auto& one = page.at("deliveries").as_array().front().as_object();
    const auto whole =
        object_of(server.get("/api/deliveries/" + std::string(one.at("delivery_id").as_string().c_str())));
    return boost::json::serialize(boost::json::array{whole.at("destination"), whole.at("message")});
  };
  int compared = 0;
  for (const std::string& contact : people_of(server, "c-retry")) {
    if (contact == person) continue;
    EXPECT_EQ(message_of("c-retry", contact), message_of("c", contact));
    ++compared;
  }
  EXPECT_GT(compared, 2);
}

TEST(Retry, IsRefusedInOneSentence) {
  const ClarionServer server(CLARION_BINARY, {{"CLARION_SIM_FAILURE_RATE", "0"}});
  EXPECT_EQ(server.post("/api/campaigns/none/retry", "").status, 404);
  EXPECT_EQ(server.get("/api/campaigns/none/retry").status, 404);
  ASSERT_EQ(server.post("/api/send-campaign", campaign_of(3, "c", 10)).status, 200);
  EXPECT_EQ(server.post("/api/campaigns/c/retry", R"({"a": 1})").status, 400);
  EXPECT_EQ(server.post("/api/campaigns/c/retry", "").status, 422);
  ASSERT_EQ(server
                .post("/api/campaigns", R"({"campaign_id": "later", "filter": {"everyone": true},)"
                                        R"( "start_at": "2099-01-01T00:00:00Z", "throughput_tps": 1})")
                .status,
            201);
  const auto early = server.post("/api/campaigns/later/retry", "");
  EXPECT_EQ(early.status, 409);
  EXPECT_THAT(early.body, HasSubstr("can be retried when it has ended"));
}

TEST(Retry, AnotherCampaignThatTookItsIdIsAConflict) {
  const ScratchDirectory data;
  {
    ClarionServer server(CLARION_BINARY, failing(data, "1"));
    ASSERT_EQ(server.post("/api/send-campaign", campaign_of(60, "c", 1000)).status, 200);
    EXPECT_EQ(server.stop(), 0);
  }
  const ClarionServer server(CLARION_BINARY, failing(data, "0"));
  ASSERT_EQ(server.post("/api/send-campaign", campaign_of(1, "c-retry", 10)).status, 200);
  EXPECT_EQ(server.post("/api/campaigns/c/retry", "").status, 409);
}

// Who failed for what a fallback is for, and on which channel.
std::map<std::string, std::string> unreached_of(const ClarionServer& server, const std::string& id) {
  std::map<std::string, std::string> channels;
  for (const char* reason : {"invalid_address", "bounced", "not_delivered"}) {
    const auto page =
        object_of(server.get("/api/deliveries?limit=1000&campaign_id=" + id + "&state=failed&reason=" + reason));
    for (const auto& row : page.at("deliveries").as_array()) {
      channels.emplace(row.at("contact_id").as_string().c_str(), row.at("channel").as_string().c_str());
    }
  }
  return channels;
}

TEST(Fallback, WritesOnAnotherChannelToThoseWhomTheirsDidNotReachAndNobodyElse) {
  const ScratchDirectory data;
  {
    ClarionServer server(CLARION_BINARY, failing(data, "0.6"));
    ASSERT_EQ(server
                  .post("/api/campaigns", R"({"campaign_id": "c", "name": "Spring", "filter": {"everyone": true},)"
                                          R"( "respect_caps": false, "throughput_tps": 1000, "budget": 1000})")
                  .status,
              201);
    wait_for_end(server, "c");
    EXPECT_EQ(server.stop(), 0);
  }
  const ClarionServer server(CLARION_BINARY, failing(data, "0"));
  const auto unreached = unreached_of(server, "c");
  ASSERT_GT(unreached.size(), 5U);
  ASSERT_GT(people_of(server, "c", "failed").size(), unreached.size()) << "nobody failed for anything else";
  const auto before = object_of(server.get("/api/campaigns/c/fallback"));
  EXPECT_EQ(before.at("fallback_of"), "c");
  EXPECT_EQ(before.at("recipients"), unreached.size());
  EXPECT_EQ(before.at("is_made"), false);

  // One who says stop where it failed is not written to elsewhere.
  const auto invalid = object_of(server.get("/api/deliveries?campaign_id=c&reason=invalid_address&limit=1"));
  const auto& stopped = invalid.at("deliveries").as_array().front().as_object();
  const std::string person = stopped.at("contact_id").as_string().c_str();
  EXPECT_EQ(
      server
          .post("/api/suppressions", boost::json::serialize(boost::json::object{
                                         {"channel", stopped.at("channel")}, {"address", stopped.at("destination")}}))
          .status,
      201);
  // What the retry spends is not there for the fallback.
  ASSERT_EQ(server.post("/api/campaigns/c/retry", "").status, 201);
  const auto retried = wait_for_end(server, "c-retry");
  ASSERT_GT(retried.at("actual_cost").to_number<double>(), 0);

  const auto first = server.post("/api/campaigns/c/fallback", "");
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(object_of(first).at("campaign_id"), "c-fallback");
  EXPECT_EQ(object_of(first).at("fallback_of"), "c");
  EXPECT_EQ(object_of(first).at("retry_of"), nullptr);
  EXPECT_EQ(object_of(first).at("name"), "Spring (fallback)");
  EXPECT_NEAR(object_of(first).at("budget").to_number<double>(),
              retried.at("budget").to_number<double>() - retried.at("actual_cost").to_number<double>(), 1e-4);
  wait_for_end(server, "c-fallback");
  const auto rows = object_of(server.get("/api/deliveries?limit=1000&campaign_id=c-fallback"));
  std::size_t sent = 0;
  EXPECT_EQ(rows.at("deliveries").as_array().size(), unreached.size());
  for (const auto& row : rows.at("deliveries").as_array()) {
    const std::string contact = row.at("contact_id").as_string().c_str();
    ASSERT_TRUE(unreached.contains(contact)) << row;
    if (row.at("state") == "skipped") {
      EXPECT_TRUE(row.at("reason_text").is_string()) << row;
    } else {
      EXPECT_NE(row.at("channel"), boost::json::value(unreached.at(contact))) << row;
      EXPECT_NE(contact, person);
      ++sent;
    }
  }
  EXPECT_GT(sent, 2U);
  EXPECT_EQ(people_of(server, "c-fallback", "skipped", {"suppressed"}).count(person), 1U);

  EXPECT_EQ(server.post("/api/campaigns/c/fallback", "{}").status, 200);
  EXPECT_EQ(object_of(server.get("/api/campaigns/c/fallback")).at("is_made"), true);
  EXPECT_EQ(object_of(server.get("/api/campaigns")).at("campaigns").as_array().size(), 3U);
  const auto nobody = server.post("/api/campaigns/c-fallback/fallback", "");
  EXPECT_EQ(nobody.status, 422);
  EXPECT_THAT(nobody.body, HasSubstr("no failed recipient who can be sent to by another channel"));
}

TEST(Fallback, WhatARetryThatRunsMaySpendIsNotThereForIt) {
  const ScratchDirectory data;
  {
    ClarionServer server(CLARION_BINARY, failing(data, "0.6"));
    ASSERT_EQ(server
                  .post("/api/campaigns", R"({"campaign_id": "c", "filter": {"everyone": true}, "respect_caps": false,)"
                                          R"( "throughput_tps": 1000, "budget": 1000})")
                  .status,
              201);
    wait_for_end(server, "c");
    EXPECT_EQ(server.stop(), 0);
  }
  Environment endless = failing(data, "0");
  endless["CLARION_SIM_THROTTLE_RATE"] = "1";
  const ClarionServer server(CLARION_BINARY, endless);
  ASSERT_EQ(server.post("/api/campaigns/c/retry", "").status, 201);
  const auto refused = server.post("/api/campaigns/c/fallback", "");
  EXPECT_EQ(object_of(server.get("/api/campaigns/c-retry")).at("status"), "running");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("has spent its budget"));
}

TEST(Fallback, IsRefusedInOneSentence) {
  const ClarionServer server(CLARION_BINARY, {{"CLARION_SIM_FAILURE_RATE", "1"}});
  EXPECT_EQ(server.post("/api/campaigns/none/fallback", "").status, 404);
  EXPECT_EQ(server.get("/api/campaigns/none/fallback").status, 404);
  ASSERT_EQ(server.post("/api/send-campaign", campaign_of(30, "c", 1000)).status, 200);
  ASSERT_GT(people_of(server, "c", "failed", {"invalid_address"}).size(), 3U);
  EXPECT_EQ(object_of(server.get("/api/campaigns/c/fallback")).at("recipients"), 0);
  const auto of_list = server.post("/api/campaigns/c/fallback", "");
  EXPECT_EQ(of_list.status, 422);
  EXPECT_THAT(of_list.body, HasSubstr("one message on one channel: send another list"));
  EXPECT_EQ(server.post("/api/campaigns/c/fallback", R"({"a": 1})").status, 400);
  ASSERT_EQ(server
                .post("/api/campaigns", R"({"campaign_id": "later", "filter": {"everyone": true},)"
                                        R"( "start_at": "2099-01-01T00:00:00Z", "throughput_tps": 1})")
                .status,
            201);
  const auto early = server.post("/api/campaigns/later/fallback", "");
  EXPECT_EQ(early.status, 409);
  EXPECT_THAT(early.body, HasSubstr("can be sent to by another channel when it has ended"));
}

}  // namespace
}  // namespace clarion::testing
