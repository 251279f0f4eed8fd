// Saved filters over HTTP: what is one segment, and what it is called.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <string>

#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;

class ApiSegments : public ::testing::Test {
 protected:
  ClarionServer server_{CLARION_BINARY};
};

TEST_F(ApiSegments, ASegmentIsNotNamedAfterWordsThatWereDropped) {
  server_.post("/api/intelligent-query", R"({"query": "customers in Atlantis"})");
  server_.post("/api/intelligent-query", R"({"query": "customers in Bangalore"})");
  const std::string segments = server_.get("/api/segments").body;
  EXPECT_THAT(segments, HasSubstr(R"("name":"customers in Bangalore")"));
  EXPECT_EQ(segments.find("Atlantis"), std::string::npos) << segments;
}

TEST_F(ApiSegments, QueriesAreKeptAsSegmentsOnce) {
  const std::string body = R"({"query": "customers in Mumbai"})";
  const auto first = object_of(server_.post("/api/intelligent-query", body));
  const auto second = object_of(server_.post("/api/query", R"({"location": "mumbai"})"));
  EXPECT_EQ(at_path(first, "results.segment_id"), at_path(second, "results.segment_id"));
  const auto segments = object_of(server_.get("/api/segments"));
  EXPECT_EQ(segments.at("total_segments"), 1);
}

TEST_F(ApiSegments, ANameThatIsGivenCountsAlsoForCriteriaThatWereAskedBefore) {
  const std::string mumbai = R"({"field": "city", "operator": "=", "value": "Mumbai"})";
  server_.post("/api/intelligent-query", R"({"query": "customers in Mumbai"})");
  server_.post("/api/intelligent-query", R"({"query": "customers in Austin"})");
  const auto saved = object_of(server_.post("/api/segments", R"({"name": "West", "filter": )" + mumbai + "}"));
  EXPECT_EQ(saved.at("name"), "West");
  server_.post("/api/intelligent-query", R"({"query": "customers in Mumbai"})");
  server_.post("/api/intelligent-query", R"({"query": "customers in Delhi"})");
  const auto list = object_of(server_.get("/api/segments?limit=2"));
  EXPECT_EQ(list.at("total_segments"), 3);
  ASSERT_EQ(list.at("segments").as_array().size(), 2U);
  const auto& first = list.at("segments").as_array().front().as_object();
  EXPECT_EQ(first.at("name"), "West") << "first, although others were used later";
  EXPECT_EQ(first.at("is_named"), true);
  EXPECT_EQ(server_.get("/api/segments?limit=0").status, 400);
}

}  // namespace
}  // namespace clarion::testing
