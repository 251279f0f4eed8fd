// Production asks for tokens on every address, and tells CloudWatch what it sends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "support/production_server.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ProductionAccess, ReachableByOthersItDoesNotStartWithoutAToken) {
  const ScratchDirectory directory;
  const AwsStandIn aws;
  auto environment = production_environment(aws);
  environment["CLARION_HOST"] = "0.0.0.0";
  const auto refused = run_clarion(CLARION_BINARY, directory.path(),
                                   {.arguments = {"serve", "--port", "0"}, .environment = environment});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("tokens: there is none"), HasSubstr("clarion token create")));
}

TEST(ProductionAccess, OnLoopbackTooARequestNeedsATokenAndMetricsGoToStdout) {
  const AwsStandIn aws;
  ProductionServer server(CLARION_BINARY, aws);
  const std::string body = R"({"campaign_id": "c1", "throughput_tps": 100, "eligible_users": [
      {"customer_id": "A", "selected_channel": "sms", "phone": "+12065550142", "message": "Hi"}]})";
  EXPECT_EQ(http_post(server.port(), "/api/send-campaign", body).status, 401);
  EXPECT_EQ(http_get(server.port(), "/metrics").status, 401);
  EXPECT_EQ(http_get(server.port(), "/healthz").status, 200);
  EXPECT_EQ(http_get(server.port(), "/api/environment").status, 401);
  EXPECT_EQ(http_get(server.port(), "/api/openapi.json").status, 401);
  EXPECT_EQ(server.post("/api/send-campaign", body).status, 200);
  EXPECT_EQ(server.server().stop(), 0);

  std::istringstream output(server.server().process().output());
  std::vector<json::value> reports;
  for (std::string line; std::getline(output, line);) {
    if (line.starts_with('{')) reports.push_back(json::parse(line));
  }
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].at("environment"), "production");
  EXPECT_EQ(reports[0].at("channel"), "sms");
  EXPECT_EQ(reports[0].at("Accepted"), 1);
}

TEST(ProductionAccess, WhoMayOnlyLookStoresNothingByAsking) {
  const AwsStandIn aws;
  const ProductionServer server(CLARION_BINARY, aws);
  ASSERT_EQ(server.post("/api/contacts/import", "id,city\nA,Pune\nB,Delhi\n").status, 200);
  const auto made = server.run({"token", "create", "--name", "reader", "--scope", "read"});
  const HttpHeaders reader{{"Authorization", "Bearer " + made.output.substr(0, made.output.find('\n'))},
                           {"Content-Type", "application/json"}};
  const auto segments = [&] { return object_of(server.get("/api/segments")).at("total_segments"); };
  const std::string question = R"({"filters": {"has_cart_items": true}})";
  const auto answer =
      object_of(http_request(server.port(), "POST", "/api/query", question, reader)).at("results").as_object();
  http_request(server.port(), "POST", "/api/intelligent-query", R"({"query": "everyone"})", reader);
  EXPECT_EQ(segments(), 0);
  // The id is good all the same, for whoever has it.
  const std::string by_id = json::serialize(json::object{{"segment_id", answer.at("segment_id")}});
  const auto preview = http_request(server.port(), "POST", "/api/audience/preview", by_id, reader);
  EXPECT_EQ(preview.status, 200) << preview.body;
  const std::string unknown = R"({"segment_id": "seg_0000"})";
  EXPECT_EQ(http_request(server.port(), "POST", "/api/audience/preview", unknown, reader).status, 404);
  // Who may write or send keeps it, as ever.
  const auto stored = object_of(server.post("/api/query", question)).at("results").as_object();
  EXPECT_EQ(stored.at("segment_id"), answer.at("segment_id"));
  EXPECT_EQ(segments(), 1);
}

}  // namespace
}  // namespace clarion::testing
