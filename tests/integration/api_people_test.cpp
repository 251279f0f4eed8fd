// The ledger is searched by whom a person would name: id, whole address or name; in SQLite and in DynamoDB.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "support/clarion_server.h"
#include "support/eventually.h"
#include "support/production_server.h"

namespace clarion::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Contacts, and a campaign to them and to one who is no contact.
template <class Server>
void send_to_people(const Server& server) {
  std::string csv =
      "customer_id,first_name,last_name,phone,email\r\n"
      "P-1,Ana,Silva,+14255550156,ana@example.com\r\n"
      "P-2,Ana,Costa,+14255550157,costa@example.com\r\n"
      "P-3,Diana,Reis,+14255550158,diana@example.com\r\n";
  for (int i = 0; i < 30; ++i)
    csv += "M-" + std::to_string(i) + ",Many,People,,many" + std::to_string(i) + "@example.com\r\n";
  const HttpReply imported = server.post("/api/contacts/import", csv);
  ASSERT_EQ(imported.status, 200) << imported.body;
  ASSERT_TRUE(eventually([&] { return server.get("/api/contacts/P-3").status == 200; }));
  boost::json::array users;
  int number = 0;
  for (const char* id : {"P-1", "P-2", "P-3", "stranger"}) {
    users.push_back(boost::json::object{{"customer_id", id},
                                        {"selected_channel", "email"},
                                        {"email", "p" + std::to_string(++number) + "@example.com"},
                                        {"subject", "Hello"},
                                        {"message", "Hi"}});
  }
  for (const char* campaign : {"first", "second"}) {
    const HttpReply sent = server.post(
        "/api/send-campaign", boost::json::serialize(boost::json::object{
                                  {"campaign_id", campaign}, {"throughput_tps", 100}, {"eligible_users", users}}));
    ASSERT_EQ(sent.status, 200) << sent.body;
  }
}

// "first P-1 Ana Silva" a row, in their order.
template <class Server>
std::vector<std::string> found(const Server& server, const std::string& query) {
  std::vector<std::string> rows;
  const auto page = object_of(server.get("/api/deliveries?" + query));
  for (const auto& row : page.at("deliveries").as_array()) {
    const auto& name = row.at("contact_name");
    rows.push_back(std::string(row.at("campaign_id").as_string().c_str()) + " " +
                   row.at("contact_id").as_string().c_str() + " " +
                   (name.is_string() ? name.as_string().c_str() : "-"));
  }
  return rows;
}

template <class Server>
void expect_people_found(const Server& server) {
  send_to_people(server);
  const auto in_first = [&server](const std::string& person) {
    return found(server, "campaign_id=first&person=" + person);
  };
  EXPECT_THAT(in_first("P-2"), ElementsAre("first P-2 Ana Costa"));
  EXPECT_THAT(in_first("ana%20silva"), ElementsAre("first P-1 Ana Silva"));
  EXPECT_THAT(in_first("ana"), ElementsAre("first P-1 Ana Silva", "first P-2 Ana Costa")) << "not Diana";
  EXPECT_THAT(in_first("dian"), ElementsAre("first P-3 Diana Reis")) << "a part, where nobody has the whole name";
  EXPECT_THAT(in_first("diana@Example.com"), ElementsAre("first P-3 Diana Reis"));
  EXPECT_THAT(in_first("%2B1%20425%20555%200157"), ElementsAre("first P-2 Ana Costa"));
  EXPECT_THAT(in_first("stranger"), ElementsAre("first stranger -"));
  EXPECT_THAT(in_first("nobody"), IsEmpty());
  EXPECT_THAT(in_first("diana@example"), IsEmpty()) << "half an address";
  EXPECT_THAT(found(server, "person=ana"), ElementsAre("second P-2 Ana Costa", "second P-1 Ana Silva",
                                                       "first P-2 Ana Costa", "first P-1 Ana Silva"));
  // Page by page, and with another filter.
  const auto first = object_of(server.get("/api/deliveries?person=ana&limit=3"));
  EXPECT_EQ(first.at("deliveries").as_array().size(), 3U);
  const std::string next = first.at("next").as_string().c_str();
  EXPECT_THAT(found(server, "person=ana&limit=3&after=" + next), ElementsAre("first P-1 Ana Silva"));
  EXPECT_THAT(found(server, "person=ana&channel=sms"), IsEmpty());
  const std::string csv = server.get("/api/deliveries?person=ana&format=csv").body;
  EXPECT_EQ(std::ranges::count(csv, '\n'), 5);

  const HttpReply many = server.get("/api/deliveries?person=many");
  EXPECT_EQ(many.status, 400);
  EXPECT_THAT(many.body, HasSubstr("any of 30 contacts"));
  EXPECT_EQ(server.get("/api/deliveries?person=ana&contact_id=P-1").status, 400);
}

TEST(People, AreFoundInTheLedgerByIdAddressAndName) {
  expect_people_found(ClarionServer(CLARION_BINARY));
}

TEST(People, AreFoundInDynamoDbToo) {
  const AwsStandIn aws;
  const DynamoDbEmulator dynamo;
  expect_people_found(ProductionServer(CLARION_BINARY, aws, records_in_dynamodb(CLARION_BINARY, dynamo, aws)));
}

}  // namespace
}  // namespace clarion::testing
