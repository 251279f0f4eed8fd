// The history of a contact's consent, from imports and suppressions to GET /api/contacts/{id}.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/clarion_server.h"
#include "support/eventually.h"
#include "support/production_server.h"

namespace clarion::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const std::string given =
    "id,phone,consent_sms,consent_sms_at,consent_sms_source\nH-1,+14255550188,yes,2026-01-05,web form\n";
const std::string withdrawn = "id,phone,consent_sms,consent_sms_at\nH-1,+14255550188,no,2026-03-01\n";

// Asks for the contact once the server has read its newest consent; "opted_out 2026-03-01 -; " and so on.
template <class Server>
std::string history(const Server& server) {
  EXPECT_TRUE(eventually([&] { return server.get("/api/contacts?q=H-1").body.contains("opted_out"); }));
  const json::object contact = object_of(server.get("/api/contacts/H-1"));
  std::string told;
  for (const json::value& each : contact.at("consent_history").as_array()) {
    const json::object& one = each.as_object();
    EXPECT_EQ(one.at("channel"), "sms");
    EXPECT_TRUE(one.at("recorded_at").is_string()) << one;
    const bool is_statement = one.at("event") == "opted_in" || one.at("event") == "opted_out";
    told += std::string(one.at("event").as_string());
    if (is_statement) told += " " + std::string(one.at("at").as_string()).substr(0, 10);
    told += " " + (one.at("source").is_null() ? "-" : std::string(one.at("source").as_string())) + "; ";
  }
  return told;
}

TEST(ConsentHistoryOfAServer, TellsWhatImportsAndSuppressionsSaid) {
  ClarionServer server(CLARION_BINARY);
  EXPECT_EQ(server.post("/api/contacts/import", given).status, 200);
  // A command, beside the server that has the records.
  std::ofstream(server.directory() / "later.csv") << withdrawn;
  const FinishedProcess imported = run_clarion(
      CLARION_BINARY, server.directory(), {.arguments = {"import", "later.csv"}, .environment = server.environment()});
  EXPECT_EQ(imported.code, 0) << imported.errors;
  EXPECT_EQ(server.post("/api/contacts/import?dry_run=true", "id,consent_sms\nH-1,yes\n").status, 200);
  EXPECT_EQ(server.post("/api/suppressions", R"({"channel": "sms", "address": "+14255550188"})").status, 201);
  EXPECT_EQ(http_request(server.port(), "DELETE", "/api/suppressions/sms/%2B14255550188").status, 204);
  EXPECT_EQ(history(server),
            "released operator; suppressed api; opted_out 2026-03-01 -; opted_in 2026-01-05 web form; ");
  const auto database = server.directory() / "data/local/clarion.db";
  EXPECT_EQ(fs::status(database).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(server.process().errors().find("14255550188"), std::string::npos) << "no address in the log";
}

TEST(ConsentHistoryOfAServer, AMailboxIsSuppressedInAnyCase) {
  ClarionServer server(CLARION_BINARY);
  EXPECT_EQ(server.post("/api/contacts/import", "id,email\nH-2,ana@example.com\nH-3,diana@example.com\n").status, 200);
  EXPECT_EQ(server.post("/api/suppressions", R"({"channel": "email", "address": "Ana@example.com"})").status, 201);
  ASSERT_TRUE(eventually([&] { return server.get("/api/contacts/H-3").status == 200; }));
  const auto suppressions = [&](const std::string& id) {
    return json::serialize(object_of(server.get("/api/contacts/" + id)).at("suppressions"));
  };
  EXPECT_TRUE(suppressions("H-2").contains(R"("channel":"email","reason":"operator")")) << suppressions("H-2");
  EXPECT_EQ(suppressions("H-3"), "[]");
}

TEST(ConsentHistoryOfAServer, IsKeptInDynamoDb) {
  const DynamoDbEmulator dynamo;
  const AwsStandIn aws;
  const ProductionServer server(CLARION_BINARY, aws, records_in_dynamodb(CLARION_BINARY, dynamo, aws));
  EXPECT_EQ(server.post("/api/contacts/import", given).status, 200);
  EXPECT_EQ(server.post("/api/contacts/import", withdrawn).status, 200);
  EXPECT_EQ(server.post("/api/suppressions", R"({"channel": "sms", "address": "+14255550188"})").status, 201);
  EXPECT_EQ(history(server), "suppressed api; opted_out 2026-03-01 -; opted_in 2026-01-05 web form; ");
}

}  // namespace
}  // namespace clarion::testing
