// What the program logs: lines that machines read, tied together by ids, and nothing that is nobody's business.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ranges>
#include <regex>

#include "support/clarion_server.h"
#include "support/log_leaks.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

TEST(LogLeaks, AreFoundAndMaskedAddressesAreNone) {
  const std::map<std::string, std::string> environment{{"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"},
                                                       {"PATH", "/usr/bin"}};
  for (const std::string leak : {R"({"a":"clarion_abcdefghijkm_0123456789012345678901234"})",
                                 "sent with clarion_process_0123456789012345678901234", R"({"a":"+14255550156"})",
                                 R"({"a":"to ana@example.com"})", "key wJalrXUtnFEMI"}) {
    EXPECT_EQ(find_leak("{}\n" + leak + "\nmore", environment), leak);
  }
  for (const std::string fine :
       {R"({"a":"+1425*****56"})", R"({"a":"a**@example.com"})", R"({"file":"clarion_data_dir"})",
        "mail ana@example.com", R"({"a":"/usr/bin"})", R"({"rate":"+5 %"})", ""}) {
    EXPECT_EQ(find_leak(fine, environment), "") << fine;
  }
}

class LogTest : public ::testing::Test {
 protected:
  ClarionServer server_{CLARION_BINARY,
                        {{"CLARION_HOST", "0.0.0.0"},
                         {"CLARION_LOG_LEVEL", "debug"},
                         {"CLARION_SIM_FAILURE_RATE", "0.3"},
                         {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/EXAMPLE"}}};

  std::string create_token() {
    const auto made = run_clarion(CLARION_BINARY, server_.directory(),
                                  {.arguments = {"token", "create", "--name", "ops", "--scope", "read,write,send"},
                                   .environment = server_.environment()});
    EXPECT_EQ(made.code, 0) << made.errors;
    return made.output.substr(0, made.output.find('\n'));
  }
  HttpReply ask(const std::string& method, const std::string& path, const std::string& token,
                const std::string& body = {}, const std::string& id = {}) {
    HttpHeaders headers{{"Authorization", "Bearer " + token}};
    if (!id.empty()) headers.emplace_back("X-Request-Id", id);
    return http_request(server_.port(), method, path, body, headers);
  }
  // "event field=value ..." of the lines with that request id or campaign.
  static std::vector<std::string> lines_with(const std::string& log, const std::string& field,
                                             const std::string& value) {
    std::vector<std::string> found;
    for (const auto part : std::views::split(log, '\n')) {
      const std::string_view text(part);
      if (!text.starts_with('{')) continue;
      json::error_code error;
      const auto line = json::parse(text, error);
      EXPECT_FALSE(error) << text;
      if (error) continue;
      EXPECT_TRUE(line.as_object().contains("time") && line.as_object().contains("level")) << text;
      const auto* member = line.as_object().if_contains(field);
      if (member != nullptr && *member == json::value(value)) found.emplace_back(line.at("event").as_string());
    }
    return found;
  }
};

TEST_F(LogTest, RequestsAndCampaignsAreTiedTogether) {
  const std::string token = create_token();
  ask("POST", "/api/send-campaign", token, R"({"campaign_id": "c1", "throughput_tps": 100, "eligible_users": [
      {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"}]})",
      "req-send");
  ask("POST", "/api/campaigns", token, R"({"campaign_id": "c2", "throughput_tps": 1, "filter": {"everyone": true}})",
      "req-create");
  EXPECT_EQ(ask("POST", "/api/campaigns/c2/pause", token, "", "req-pause").status, 200);
  EXPECT_EQ(server_.stop(), 0);
  const std::string log = server_.process().errors();
  EXPECT_THAT(lines_with(log, "request_id", "req-send"), IsSupersetOf({"campaign_changed", "http_request"}));
  EXPECT_THAT(lines_with(log, "request_id", "req-create"), IsSupersetOf({"campaign_changed", "http_request"}));
  EXPECT_THAT(lines_with(log, "request_id", "req-pause"), IsSupersetOf({"campaign_changed", "http_request"}));
  EXPECT_THAT(lines_with(log, "campaign", "c1"),
              IsSupersetOf({"campaign_changed", "campaign_running", "campaign_ended"}));
  EXPECT_EQ(std::ranges::count(lines_with(log, "campaign", "c2"), "campaign_changed"), 2) << "created, paused";
  EXPECT_GE(lines_with(log, "caller", "ops").size(), 6U) << "who asked";
  // Sixteen digits of a fraction tell nobody anything, and sometimes look like a phone number.
  EXPECT_FALSE(std::regex_search(log, std::regex(R"("ms":\d+\.\d{4})")));
}

TEST_F(LogTest, HoldsNoTokenNoSecretAndNoWholeAddress) {
  const std::string token = create_token();
  const std::string wrong = token.substr(0, token.size() - 4) + "AAAA";
  ask("GET", "/api/stats", token);
  ask("GET", "/api/stats", wrong);
  ask("GET", "/api/stats?access_token=" + token, "");
  ask("GET", "/api/" + token, token);
  ask("GET", "/api/contacts/someone@example.com", token);
  ask("GET", "/api/contacts?q=%2B14255550156", token);
  ask("POST", "/api/suppressions", token, R"({"channel": "email", "address": "someone@example.com"})");
  ask("DELETE", "/api/suppressions/email/someone@example.com", token);
  ask("DELETE", "/api/suppressions/email/someone@example.com", token);
  ask("POST", "/api/send-campaign", token, R"({"throughput_tps": 100, "eligible_users": [
      {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"},
      {"customer_id": "B", "selected_channel": "email", "email": "someone@example.com", "subject": "S", "message": "M"}]})");
  ask("POST", "/api/send-campaign", token, R"({"someone@example.com": "+14255550156")");
  ask("GET", "/api/campaigns", "", "", "someone@example.com");  // an id that is no safe one
  EXPECT_EQ(server_.stop(), 0);
  const std::string log = server_.process().errors();
  EXPECT_THAT(log, HasSubstr(R"("status":401)"));
  EXPECT_THAT(log, HasSubstr(R"("route":"/api/suppressions/{channel}/{address}")"));
  EXPECT_EQ(find_leak(log, server_.environment()), "");
  const std::string secret = token.substr(token.find('_', 8) + 1);
  for (const std::string_view hidden :
       {std::string_view(secret), std::string_view(secret).substr(0, 20), std::string_view("4255550156"),
        std::string_view("someone"), std::string_view("wJalrXUtnFEMI")}) {
    EXPECT_THAT(log, Not(HasSubstr(std::string(hidden))));
  }
}

}  // namespace
}  // namespace clarion::testing
