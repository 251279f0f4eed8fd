// What a plan knows of other campaigns: what they are still to send, and what came of what they sent.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "support/clarion_server.h"
#include "support/eventually.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class Planning : public ::testing::Test {
 protected:
  json::object campaign(const std::string& id) { return object_of(server_.get("/api/campaigns/" + id)); }
  // Asks until `is_so` or for a minute; the last answer.
  template <class Ask, class Test>
  json::object await(Ask ask, Test is_so) {
    json::object answer;
    EXPECT_TRUE(eventually([&] { return is_so(answer = ask()); })) << json::serialize(answer).substr(0, 2000);
    return answer;
  }
  json::object await_plan(const std::string& id) {
    return await([this, id] { return campaign(id); },
                 [](const json::object& one) { return one.at("is_planned") == true; });
  }
  void create(const std::string& id, const std::string& rest) {
    const HttpReply created =
        server_.post("/api/campaigns", R"({"campaign_id": ")" + id +
                                           R"(", "filter": {"everyone": true}, "throughput_tps": 1000, )" + rest + "}");
    ASSERT_EQ(created.status, 201) << created.body;
  }
  static int count(const json::object& document, const std::string& path) {
    return at_path(document, path).to_number<int>();
  }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(Planning, TwoCampaignsAtOnceKeepTheCapTogether) {
  const std::string later = R"("start_at": "2036-05-05T12:00:00Z", "caps": {"per_day": 1}, "quiet_hours": false)";
  create("a", later);
  create("b", later);
  const auto a = await_plan("a");
  const auto b = await_plan("b");
  EXPECT_GT(count(a, "waiting"), 1000);
  EXPECT_EQ(count(b, "waiting"), 0);
  const auto skipped = object_of(server_.get("/api/deliveries?campaign_id=b&reason=frequency_cap_day&limit=1"));
  const std::string id = skipped.at("deliveries").at(0).at("delivery_id").as_string().c_str();
  EXPECT_THAT(std::string(at_path(object_of(server_.get("/api/deliveries/" + id)), "why.sentence").as_string().c_str()),
              HasSubstr("with what campaign 'a' is still to send"));

  EXPECT_EQ(server_.post("/api/campaigns/a/cancel", "").status, 200);
  create("c", later);
  EXPECT_EQ(count(await_plan("c"), "waiting"), count(a, "waiting")) << "a cancelled campaign claims nobody";
}

TEST_F(Planning, LearnsFromWhatThePeopleDidWithTheLastCampaign) {
  const std::string rules = R"("respect_caps": false, "channels": ["whatsapp"], "decision": {"exploration": 0})";
  const auto ask = [&] {
    return object_of(
        server_.post("/api/audience/preview", R"({"filter": {"everyone": true}, "limit": 5000, )" + rules + "}"));
  };
  const auto before = ask();
  create("taught", rules);
  // Simulated people read within seconds.
  await(ask, [&before](const json::object& now) {
    return at_path(now, "after_metrics.expected_responses") != at_path(before, "after_metrics.expected_responses");
  });
}

// Channels and who is held out, by chance, of a question that is previewed, and of the campaign that is made from it.
TEST_F(Planning, ACampaignDoesWhatThePreviewOfItsAudienceShowed) {
  const std::string rules =
      R"("respect_caps": false, "decision": {"exploration": 1, "holdout": 0.5}, "start_at": "2036-05-05T12:00:00Z")";
  const auto channels_of = [](const json::value& rows, const char* id, const char* channel) {
    std::map<std::string, std::string> channels;
    for (const json::value& row : rows.as_array()) {
      channels.emplace(row.at(id).as_string().c_str(), row.at(channel).as_string().c_str());
    }
    return channels;
  };
  const auto preview = [&](const std::string& whom) {
    const auto answer =
        object_of(server_.post("/api/audience/preview", "{" + whom + R"(, "limit": 5000, )" + rules + "}"));
    return channels_of(answer.at("eligible_users"), "customer_id", "selected_channel");
  };
  const std::string sentence = R"("query": "customers in Bangalore")";
  const std::string filter = R"("filter": {"field": "city", "operator": "=", "value": "Bangalore"})";
  const std::string both = sentence + ", " + rules + "}";
  std::map<std::string, std::string> shown;
  std::map<std::string, std::string> done;
  int campaigns = 0;
  // The next round is for a day that ended between two questions.
  while (campaigns < 2 && (shown.empty() || shown != preview(sentence))) {
    shown = preview(filter);
    const std::string id = "c" + std::to_string(++campaigns);
    ASSERT_EQ(server_.post("/api/campaigns", fmt::format(R"({{"campaign_id": "{}", "throughput_tps": 1, {})", id, both))
                  .status,
              201);
    await_plan(id);
    const auto rows = object_of(server_.get("/api/deliveries?state=waiting&limit=1000&campaign_id=" + id));
    done = channels_of(rows.at("deliveries"), "contact_id", "channel");
  }
  EXPECT_GT(shown.size(), 10U);
  EXPECT_EQ(done, shown);
  EXPECT_NE(preview(sentence + R"(, "seed": 7)"), shown) << "nothing was left to chance";
}

}  // namespace
}  // namespace clarion::testing
