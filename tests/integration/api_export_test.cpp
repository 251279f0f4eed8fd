// Exports of deliveries against the built program: what they hold beside the rows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <map>
#include <sstream>
#include <string>

#include "api/json_text.h"
#include "base/csv_cell.h"
#include "support/clarion_server.h"
#include "support/eventually.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::EndsWith;

TEST(Export, HoldsEveryLaterEvent) {
  const ClarionServer server(CLARION_BINARY, {{"CLARION_SIM_FAILURE_RATE", "0"}});
  ASSERT_EQ(server.post("/api/send-campaign", campaign_of(5, "later", 1000)).status, 200);
  // Carriers go on telling meanwhile: all three views are of one moment when the export is the same before and after.
  const std::string path = "/api/deliveries?campaign_id=later&format=";
  std::string lines;
  std::string csv;
  std::map<std::string, json::value> events;
  ASSERT_TRUE(eventually([&] {
    lines = server.get(path + "ndjson").body;
    csv = server.get(path + "csv").body;
    events.clear();
    const auto page = object_of(server.get("/api/deliveries?campaign_id=later"));
    for (const json::value& row : page.at("deliveries").as_array()) {
      EXPECT_FALSE(row.as_object().contains("events")) << "pages are short; only exports have them";
      const std::string id = row.at("delivery_id").as_string().c_str();
      events[id] = object_of(server.get("/api/deliveries/" + id)).at("events");
    }
    return lines.contains(R"("kind":"delivered")") && server.get(path + "ndjson").body == lines;
  }));
  EXPECT_THAT(csv.substr(0, csv.find('\r')),
              EndsWith(",why,sent_at,delivered_at,opened_at,clicked_at,replied_at,bounced_at,failed_at,complained_at,"
                       "opted_out_at,events"));
  std::istringstream rows(lines);
  std::size_t count = 0;
  for (std::string line; std::getline(rows, line); ++count) {
    const auto row = json::parse(line).as_object();
    const std::string id = row.at("delivery_id").as_string().c_str();
    EXPECT_EQ(row.at("events"), events.at(id));
    const std::string all = write_json(events.at(id));
    const std::size_t begin = csv.find(id);
    ASSERT_NE(begin, std::string::npos);
    const std::string in_csv = csv.substr(begin, csv.find("\r\n", begin) - begin);
    EXPECT_THAT(in_csv, EndsWith(all == "[]" ? "," : "," + csv_cell(all)));
  }
  EXPECT_EQ(count, 5U);
}

}  // namespace
}  // namespace clarion::testing
