// Whatever a client sends, the built program answers with a sentence or a result, stays alive and serves the others.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

const std::vector<std::string> posts{"/api/send-campaign",     "/api/query",         "/api/intelligent-query",
                                     "/api/segments",          "/api/campaigns",     "/api/audience/preview",
                                     "/api/templates/preview", "/api/save-template", "/api/suppressions"};

class Hostile : public ::testing::Test {
 protected:
  // One sentence, and nothing was done.
  void expect_refused(const HttpReply& reply, const std::string& what, int status = 400) {
    EXPECT_EQ(reply.status, status) << what << ": " << reply.body.substr(0, 300);
    json::error_code error;
    const json::value document = json::parse(reply.body, error);
    ASSERT_FALSE(error) << what << ": " << reply.body.substr(0, 300);
    EXPECT_EQ(at_path(document.as_object(), "success"), false) << what;
    const json::value sentence = at_path(document.as_object(), "error");
    ASSERT_TRUE(sentence.is_string()) << what;
    EXPECT_GT(sentence.get_string().size(), 10U) << what;
    EXPECT_LT(sentence.get_string().size(), 1000U) << what << ": a sentence, not the input again";
  }
  static std::string user(const std::string& id, const std::string& rest = R"("phone": "+14255550156")") {
    return R"({"customer_id": ")" + id + R"(", "selected_channel": "sms", "message": "Hi", )" + rest + "}";
  }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(Hostile, EveryEndpointRefusesABodyThatIsNoJsonObject) {
  const std::pair<std::string, std::string> bodies[] = {
      {"empty", ""},
      {"blank", " \r\n\t"},
      {"half", R"({"query": "every)"},
      {"an array", "[]"},
      {"a number", "1"},
      {"null", "null"},
      {"two documents", "{} {}"},
      {"a comment", "{} // x"},
      {"UTF-16", std::string("\xff\xfe{\0}\0", 6)},
      {"UTF-16, the other way", std::string("\xfe\xff\0{\0}", 6)},
      {"no UTF-8", "{\"query\": \"\xC3\x28\"}"},
      {"half a surrogate", R"({"query": "\ud800"})"},
      {"a zero byte", std::string("{\"query\": \"a\0b\"}", 16)},
      {"deep", R"({"query": )" + std::string(5000, '[') + std::string(5000, ']') + "}"},
      {"deeper", std::string(200'000, '{')},
      {"a form", "query=everyone"},
  };
  for (const std::string& path : posts) {
    for (const auto& [name, body] : bodies) expect_refused(server_.post(path, body), fmt::format("{}, {}", path, name));
  }
  EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing was sent";
}

TEST_F(Hostile, EveryEndpointRefusesMembersOfTheWrongType) {
  for (const std::string value : {"{}", "[1]", "true", "-1e308", R"({"a": {"b": []}})"}) {
    const std::pair<std::string, std::string> bodies[] = {
        {"/api/send-campaign", R"({"throughput_tps": 10, "eligible_users": {"of": )" + value + "}}"},
        {"/api/send-campaign", R"({"throughput_tps": )" + value + R"(, "eligible_users": [)" + user("A") + "]}"},
        {"/api/query", R"({"location": )" + value + "}"},
        {"/api/query", R"({"natural_language_query": )" + value + "}"},
        {"/api/intelligent-query", R"({"query": )" + value + "}"},
        {"/api/segments", R"({"name": )" + value + R"(, "filter": {"everyone": true}})"},
        {"/api/campaigns", R"({"throughput_tps": 10, "query": )" + value + "}"},
        {"/api/campaigns", R"({"throughput_tps": 10, "filter": {"everyone": true}, "campaign_id": )" + value + "}"},
        {"/api/campaigns", R"({"throughput_tps": 10, "filter": {"everyone": true}, "start_at": )" + value + "}"},
        {"/api/audience/preview", R"({"segment_id": )" + value + "}"},
        {"/api/templates/preview", R"({"channel": )" + value + R"(, "contact_id": "CUST-000032"})"},
        {"/api/save-template", R"({"channel": "sms", "definition": {"text": "x"}, "name": )" + value + "}"},
        {"/api/suppressions", R"({"channel": "sms", "address": )" + value + "}"},
    };
    for (const auto& [path, body] : bodies) expect_refused(server_.post(path, body), fmt::format("{} {}", path, body));
  }
  EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing was sent";
}

TEST_F(Hostile, UsersOfEveryTypeAreCountedAndNeverDropped) {
  const auto answer = object_of(
      server_.post("/api/send-campaign",
                   R"({"campaign_id": "odd", "throughput_tps": 1000, "eligible_users": [null, 7, "x", [], {}, )" +
                       user("A", R"("phone": 14255550156)") + "," + user("B", R"("phone": null)") + "," +
                       user("C", R"("phone": "+14255550156", "message": {"text": "Hi"})") + "," + user("D") + "]}"));
  EXPECT_EQ(at_path(answer, "results.total_planned"), 9);
  EXPECT_EQ(at_path(answer, "results.total_sent"), 1) << json::serialize(answer);
  EXPECT_EQ(at_path(answer, "results.total_failed"), 8);
  const auto failed = object_of(server_.get("/api/deliveries?campaign_id=odd&state=failed"));
  for (const auto& row : failed.at("deliveries").as_array()) EXPECT_TRUE(row.at("reason").is_string());
}

TEST_F(Hostile, OnePersonTwiceInAListGetsOneMessage) {
  const auto answer = object_of(server_.post(
      "/api/send-campaign", R"({"campaign_id": "twice", "throughput_tps": 1000, "eligible_users": [)" + user("A") +
                                "," + user("A", R"("phone": "+14255550157")") + "," + user("B") + "]}"));
  EXPECT_EQ(at_path(answer, "results.total_sent"), 1);
  EXPECT_EQ(at_path(answer, "results.total_skipped"), 2);
  const std::string rows = server_.get("/api/deliveries?campaign_id=twice").body;
  EXPECT_THAT(rows, HasSubstr("duplicate_contact"));
  EXPECT_THAT(rows, HasSubstr("duplicate_address"));
}

TEST_F(Hostile, OfAMemberThatIsThereTwiceTheLastOneCounts) {
  const auto answer =
      object_of(server_.post("/api/send-campaign", R"({"throughput_tps": 1, "campaign_id": "first", )"
                                                   R"("campaign_id": "second", "throughput_tps": 1000, )"
                                                   R"("eligible_users": [)" +
                                                       user("A") + "]}"));
  EXPECT_EQ(at_path(answer, "results.campaign_id"), "second") << json::serialize(answer);
  EXPECT_EQ(at_path(object_of(server_.get("/api/campaigns/second")), "throughput_tps"), 1000);
  EXPECT_EQ(server_.get("/api/campaigns/first").status, 404);
}

TEST_F(Hostile, ABodyOf64MiBIsReadAndOneByteMoreIsNot) {
  constexpr std::size_t most = 64UL * 1024 * 1024;
  const std::string end = "]}";
  std::string body = R"({"throughput_tps": 1000, "eligible_users": [)" + user("A");
  body.append(most - body.size() - end.size(), ' ');
  body += end;
  const HttpReply whole = server_.post("/api/send-campaign", body);
  EXPECT_EQ(whole.status, 200) << whole.body.substr(0, 300);
  const HttpReply above = server_.post("/api/send-campaign", body + " ");
  expect_refused(above, "64 MiB and a byte", 413);
  EXPECT_THAT(above.body, HasSubstr("import"));
}

TEST_F(Hostile, EveryPathRefusesEveryOtherMethodAndSaysWhichItTakes) {
  const std::pair<std::string, std::string> calls[] = {
      {"DELETE", "/api/environment"}, {"PUT", "/api/send-campaign"}, {"POST", "/api/locations"},
      {"DELETE", "/api/campaigns"},   {"POST", "/api/campaigns/x"},  {"PUT", "/api/templates"},
      {"POST", "/api/stats"},         {"PATCH", "/api/deliveries"},  {"POST", "/api/openapi.json"},
      {"POST", "/healthz"},           {"DELETE", "/api/segments"},   {"PUT", "/api/suppressions"},
  };
  for (const auto& [method, path] : calls) {
    const HttpReply reply = http_request(server_.port(), method, path, method == "DELETE" ? "" : "{}");
    expect_refused(reply, fmt::format("{} {}", method, path), 405);
    EXPECT_THAT(reply.header("allow"), HasSubstr("OPTIONS")) << path;
  }
  for (const std::string path : {"/api", "/api/", "/api/campaign", "/api/campaigns/a/b", "/api/../etc/passwd",
                                 "/api/%2e%2e/x", "/api/deliveries/"}) {
    expect_refused(server_.get(path), path, 404);
  }
}

// Link scanners follow every address they see (listmonk #1078, gophish #1242): only a POST may change anything.
TEST_F(Hostile, NoGetChangesAnything) {
  server_.post("/api/send-campaign",
               R"({"campaign_id": "g", "throughput_tps": 1, "wait_seconds": 0, "eligible_users": [)" + user("A") + "," +
                   user("B", R"("phone": "+14255550157")") + "]}");
  for (const std::string path : {"/api/campaigns/g/pause", "/api/campaigns/g/resume", "/api/campaigns/g/cancel",
                                 "/api/suppressions/sms/+14255550156", "/api/contacts/import", "/api/save-template",
                                 "/api/send-campaign", "/api/audience/preview"}) {
    EXPECT_EQ(server_.get(path).status, path == "/api/contacts/import" ? 404 : 405) << path;
    EXPECT_EQ(http_request(server_.port(), "HEAD", path).status, path == "/api/contacts/import" ? 404 : 405) << path;
  }
  EXPECT_NE(at_path(object_of(server_.get("/api/campaigns/g")), "status"), "cancelled");
  EXPECT_EQ(at_path(object_of(server_.get("/api/suppressions")), "suppressions").as_array().size(), 0U);
}

TEST_F(Hostile, PipelinedRequestsAreAnsweredInTheirOrder) {
  HttpConnection connection(server_.port());
  const std::string body = R"({"campaign_id": "p", "throughput_tps": 1000, "eligible_users": [)" + user("A") + "]}";
  connection.send(
      "POST /api/send-campaign HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body +
      "GET /api/campaigns/p HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(at_path(object_of(connection.read_reply()), "results.total_sent"), 1);
  EXPECT_EQ(at_path(object_of(connection.read_reply()), "status"), "completed");
  EXPECT_EQ(connection.read_reply().status, 404);
}

TEST_F(Hostile, SlowClientsHoldUpNobody) {
  std::vector<HttpConnection> slow;
  for (int i = 0; i < 200; ++i) {
    slow.emplace_back(server_.port());
    slow.back().send(i % 2 == 0
                         ? "GET /api/stats HT"
                         : "POST /api/send-campaign HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{");
  }
  EXPECT_EQ(server_.get("/api/environment").status, 200);
  const auto answer = object_of(
      server_.post("/api/send-campaign", R"({"throughput_tps": 1000, "eligible_users": [)" + user("A") + "]}"));
  EXPECT_EQ(at_path(answer, "results.total_sent"), 1);
}

}  // namespace
}  // namespace clarion::testing
