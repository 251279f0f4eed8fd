// What a person says of a delivery in doubt: recorded with their name, once, and nothing is sent for it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/clarion_process.h"
#include "support/clarion_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;
using Environment = std::map<std::string, std::string>;

// A server that asks for tokens, with a campaign some of whose deliveries are in doubt. What the simulated carriers
// still had to say ended with the process that sent it.
class Settling : public ::testing::Test {
 protected:
  Settling() {
    Environment failing = environment();
    failing["CLARION_SIM_FAILURE_RATE"] = "1";
    ClarionServer server(CLARION_BINARY, failing);
    EXPECT_EQ(server.post("/api/send-campaign", campaign_of(300, "c", 1000)).status, 200);
    EXPECT_EQ(server.stop(), 0);
    server_ = std::make_unique<ClarionServer>(CLARION_BINARY, environment("0.0.0.0"));
    token_ = create_token("ana", "read,write");
    reader_ = create_token("reader", "read");
  }

  [[nodiscard]] Environment environment(const std::string& host = "127.0.0.1") const {
    return {{"CLARION_DATA_DIR", data_.path().string()}, {"CLARION_HOST", host}};
  }
  [[nodiscard]] FinishedProcess run(std::vector<std::string> arguments) const {
    return run_clarion(CLARION_BINARY, server_->directory(),
                       {.arguments = std::move(arguments), .environment = server_->environment()});
  }
  [[nodiscard]] std::string create_token(const std::string& name, const std::string& scopes) const {
    const auto made = run({"token", "create", "--name", name, "--scope", scopes, "--json"});
    return boost::json::parse(made.output).at("token").as_string().c_str();
  }
  [[nodiscard]] HttpReply ask(const std::string& method, const std::string& path, const std::string& body = {},
                              const std::string& token = {}) const {
    return http_request(server_->port(), method, path, body,
                        {{"Authorization", "Bearer " + (token.empty() ? token_ : token)}});
  }
  [[nodiscard]] HttpReply settle(const std::string& id, const std::string& body, const std::string& token = {}) const {
    return ask("POST", "/api/deliveries/" + id + "/settle", body, token);
  }
  [[nodiscard]] std::vector<std::string> ids_of(const std::string& state) const {
    std::vector<std::string> ids;
    const auto page = object_of(ask("GET", "/api/deliveries?campaign_id=c&limit=1000&state=" + state));
    for (const auto& row : page.at("deliveries").as_array())
      ids.emplace_back(row.at("delivery_id").as_string().c_str());
    return ids;
  }
  [[nodiscard]] boost::json::object counts() const { return object_of(ask("GET", "/api/campaigns/c")); }

  ScratchDirectory data_;
  std::unique_ptr<ClarionServer> server_;
  std::string token_;
  std::string reader_;
};

const std::string arrived = R"({"arrived": true})";
const std::string not_arrived = R"({"arrived": false})";

TEST_F(Settling, IsRecordedOnceWithWhoSaidIt) {
  const auto in_doubt = ids_of("in_doubt");
  ASSERT_GE(in_doubt.size(), 3U);
  const auto before = counts();
  const auto retryable = number(object_of(ask("GET", "/api/campaigns/c/retry")), "recipients");

  EXPECT_EQ(settle(in_doubt[0], arrived, reader_).status, 403);
  const auto settled = object_of(settle(in_doubt[0], arrived));
  EXPECT_EQ(settled.at("state"), "accepted");
  EXPECT_EQ(at_path(settled, "events").as_array().size(), 1U);
  EXPECT_EQ(settled.at("events").at(0).at("kind"), "settled_arrived");
  EXPECT_EQ(settled.at("events").at(0).at("detail"), "settled by hand with token ana");
  EXPECT_EQ(object_of(settle(in_doubt[0], arrived)), settled) << "saying it again changes nothing";
  const auto other = settle(in_doubt[0], not_arrived);
  EXPECT_EQ(other.status, 409);
  EXPECT_THAT(other.body, HasSubstr("is accepted, not in doubt"));

  const auto lost = object_of(settle(in_doubt[1], not_arrived));
  EXPECT_EQ(lost.at("state"), "failed");
  EXPECT_EQ(lost.at("reason"), "settled_not_arrived");
  EXPECT_THAT(std::string(lost.at("reason_text").as_string().c_str()), HasSubstr("not sent again by itself"));

  const auto after = counts();
  EXPECT_EQ(number(after, "in_doubt"), number(before, "in_doubt") - 2);
  EXPECT_EQ(number(after, "accepted"), number(before, "accepted") + 1);
  EXPECT_EQ(number(after, "failed"), number(before, "failed") + 1);
  EXPECT_EQ(number(after, "planned"), number(before, "planned"));
  EXPECT_EQ(number(object_of(ask("GET", "/api/campaigns/c/retry")), "recipients"), retryable)
      << "what may have been accepted is not retried";
}

TEST_F(Settling, IsRefusedForWhatIsNotInDoubt) {
  const auto failed = ids_of("failed");
  ASSERT_FALSE(failed.empty());
  EXPECT_EQ(settle(failed.front(), arrived).status, 409);
  EXPECT_EQ(settle("none", arrived).status, 404);
  EXPECT_EQ(settle("d-9999999", arrived).status, 404);
  EXPECT_EQ(settle(failed.front(), "{}").status, 400);
  EXPECT_EQ(settle(failed.front(), R"({"arrived": "yes"})").status, 400);
}

TEST_F(Settling, HasACommand) {
  const auto in_doubt = ids_of("in_doubt");
  ASSERT_FALSE(in_doubt.empty());
  const auto said = run({"deliveries", "settle", in_doubt.front(), "not-arrived"});
  EXPECT_EQ(said.code, 0) << said.errors;
  EXPECT_THAT(said.output, HasSubstr("is now failed"));
  EXPECT_EQ(run({"deliveries", "settle", in_doubt.front(), "arrived"}).code, 1);
  EXPECT_EQ(run({"deliveries", "settle", in_doubt.front(), "perhaps"}).code, 2);
  EXPECT_EQ(run({"deliveries", "settle", in_doubt.front()}).code, 2);
}

}  // namespace
}  // namespace clarion::testing
