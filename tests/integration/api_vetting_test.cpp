// Who says stop after a campaign was planned, in the running program.
#include <gtest/gtest.h>

#include "support/clarion_server.h"
#include "support/eventually.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;

class AfterThePlan : public ::testing::Test {
 protected:
  void import(const std::string& rows) {
    const HttpReply imported = server_.post("/api/contacts/import", "id,email,consent_email\n" + rows);
    ASSERT_EQ(imported.status, 200) << imported.body;
  }
  void await_contacts(int count) {
    ASSERT_TRUE(eventually([&] { return object_of(server_.get("/api/locations")).at("total_customers") == count; }));
  }
  // "A accepted ; B skipped opted_out; " in the order of the plan.
  std::string rows(const std::string& campaign) {
    std::string text;
    const json::object page = object_of(server_.get("/api/deliveries?campaign_id=" + campaign));
    for (const json::value& each : page.at("deliveries").as_array()) {
      const json::object& row = each.as_object();
      const std::string state(row.at("state").as_string());
      text += std::string(row.at("contact_id").as_string()) + " " + (state == "delivered" ? "accepted" : state) + " " +
              (row.at("reason").is_null() ? "" : std::string(row.at("reason").as_string())) + "; ";
    }
    return text;
  }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(AfterThePlan, AnOptOutHoldsForWhatIsStillToBeSent) {
  import("A,a@example.com,opted_in\nB,b@example.com,opted_in\nC,c@example.com,opted_in\n");
  await_contacts(3);
  const HttpReply created = server_.post("/api/campaigns",
                                         R"({"campaign_id": "later", "filter": {"everyone": true}, "throughput_tps": 10,
      "channels": ["email"], "start_at": "2099-01-01T00:00:00Z", "quiet_hours": false})");
  ASSERT_EQ(created.status, 201) << created.body;
  ASSERT_TRUE(eventually([&] { return object_of(server_.get("/api/campaigns/later")).at("waiting") == 3; }));
  ASSERT_EQ(server_.post("/api/suppressions", R"({"channel": "email", "address": "A@Example.com"})").status, 201);
  import("B,b@example.com,opted_out\nD,d@example.com,opted_in\n");
  await_contacts(4);
  ASSERT_EQ(server_.post("/api/campaigns/later/start", "").status, 200);
  ASSERT_TRUE(eventually([&] { return object_of(server_.get("/api/campaigns/later")).at("status") == "completed"; }));
  EXPECT_EQ(rows("later"), "A skipped suppressed; B skipped opted_out; C accepted ; ");
}

}  // namespace
}  // namespace clarion::testing
