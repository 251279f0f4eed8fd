// Sentences that leave something open: asked about or refused, never sent to without a word.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;

class SentenceApi : public ::testing::Test {
 protected:
  void expect_problem(const HttpReply& reply, int status, const std::string& words) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(std::string(at_path(object_of(reply), "detail").as_string().c_str()), HasSubstr(words));
  }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(SentenceApi, WhatMayMeanSeveralThingsIsAskedBeforeItIsSentTo) {
  const auto create = [this](const std::string& query, const std::string& rest) {
    return server_.post("/api/campaigns", R"({"query": ")" + query + R"(", "throughput_tps": 10)" + rest + "}");
  };
  expect_problem(create("German customers", ""), 422, "'German' may mean German (language) or Germany (country)");
  expect_problem(create("customers in Georgia", ""), 422, "Georgia, US (state");
  EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing is sent";
  EXPECT_EQ(create("customers in Germany", "").status, 201);
  EXPECT_EQ(create("German customers", R"(, "accept_partial": true)").status, 201);
}

// A sentence of which nothing is understood is nobody, not everybody ready to be sent to.
TEST_F(SentenceApi, ASentenceThatIsNotUnderstoodChoosesNobody) {
  for (const auto& [path, body] :
       {std::pair("/api/intelligent-query", R"({"query": "women"})"),
        std::pair("/api/query", R"({"location": null, "sku": null, "natural_language_query": "women"})"),
        std::pair("/api/intelligent-query", R"({"query": "not gizmos in Bangalore"})")}) {
    const auto answer = object_of(server_.post(path, body));
    const auto& results = answer.at("results").as_object();
    EXPECT_TRUE(results.at("eligible_users").as_array().empty());
    EXPECT_EQ(results.at("eligible_count"), 0);
    EXPECT_EQ(results.at("total_matched"), 0);
    EXPECT_EQ(results.at("segment_id"), "") << "there is nothing to send to";
    EXPECT_EQ(boost::json::serialize(results.at("filter")), R"({"not":{"everyone":true}})") << "nor with this";
    EXPECT_EQ(results.at("unsupported_dimensions").as_array().size(), 1U);
    EXPECT_THAT(boost::json::serialize(results.at("suggestions")), HasSubstr("no condition was understood"));
  }
  EXPECT_THAT(server_.get("/api/segments").body, HasSubstr(R"("segments":[])"));
  const auto everyone = object_of(server_.post("/api/intelligent-query", R"({"query": "everyone"})"));
  EXPECT_GT(at_path(everyone, "results.total_matched").to_number<int>(), 0);
}

}  // namespace
}  // namespace clarion::testing
