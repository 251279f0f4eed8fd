// Whatever a client sends, the built program answers with a sentence or a result, stays alive and serves the others.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/clarion_server.h"
#include "support/recorded_answers.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> posts{"/api/send-campaign",     "/api/query",         "/api/intelligent-query",
                                     "/api/segments",          "/api/campaigns",     "/api/audience/preview",
                                     "/api/templates/preview", "/api/save-template", "/api/suppressions"};

// Bodies that are no JSON object, whatever they are sent to.
const std::pair<std::string, std::string> no_objects[] = {
    {"empty", ""},
    {"blank", " \r\n\t"},
    {"half", R"({"query": "every)"},
    {"an array", "[]"},
    {"a number", "1"},
    {"null", "null"},
    {"two documents", "{} {}"},
    {"a comment", "{} // x"},
    {"a byte order mark", "\xEF\xBB\xBF{}"},
    {"UTF-16", std::string("\xff\xfe{\0}\0", 6)},
    {"UTF-16, the other way", std::string("\xfe\xff\0{\0}", 6)},
    {"no UTF-8", "{\"query\": \"\xC3\x28\"}"},
    {"half a surrogate", R"({"query": "\ud800"})"},
    {"a zero byte", std::string("{\"query\": \"a\0b\"}", 16)},
    {"deep", R"({"query": )" + std::string(5000, '[') + std::string(5000, ']') + "}"},
    {"deeper", std::string(200'000, '{')},
    {"a form", "query=everyone"},
};

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
  RecordedAnswers answers(server_.directory());
  for (const std::string& path : posts) {
    for (const auto& [name, body] : no_objects) {
      const HttpReply reply = server_.post(path, body);
      expect_refused(reply, fmt::format("{}, {}", path, name));
      answers.add("POST", path, path, reply);
    }
  }
  answers.expect_as_described();
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

TEST_F(Hostile, AChangeOfACampaignRefusesWhatItDoesNotRead) {
  server_.post("/api/send-campaign",
               R"({"campaign_id": "c", "throughput_tps": 0.01, "wait_seconds": 0, "eligible_users": [)" + user("A") +
                   "," + user("B", R"("phone": "+14255550157")") + "]}");
  RecordedAnswers answers(server_.directory());
  const auto refuse = [&](const std::string& method, const std::string& tail, const std::string& body) {
    const HttpReply reply = http_request(server_.port(), method, "/api/campaigns/c" + tail, body);
    expect_refused(reply, fmt::format("{} {} {}", method, tail, body.substr(0, 50)));
    answers.add(method, "/api/campaigns/{id}" + tail, "/api/campaigns/c" + tail, reply);
  };
  for (const auto& [name, body] : no_objects) refuse("PATCH", "", body);
  for (const std::string body : {"{}", R"({"throughput_tps": "10"})", R"({"throughput_tps": [10]})",
                                 R"({"throughput_tps": null})", R"({"throughput_tps": 1e999})",
                                 R"({"throughput_tps": -1})", R"({"throughput_tps": 10, "status": "cancelled"})"}) {
    refuse("PATCH", "", body);
  }
  for (const std::string tail : {"/start", "/pause", "/resume", "/cancel"}) {
    for (const std::string& body : {std::string("null"), std::string("[]"), std::string(R"({"throughput_tps": 5})"),
                                    std::string("\xff\xfe"), std::string(200'000, '[')}) {
      refuse("POST", tail, body);
    }
  }
  answers.expect_as_described();
  const auto campaign = object_of(server_.get("/api/campaigns/c"));
  EXPECT_EQ(at_path(campaign, "throughput_tps"), 0.01) << "nothing was changed";
  EXPECT_NE(at_path(campaign, "status"), "cancelled");
}

TEST_F(Hostile, AFileOfContactsThatIsNoneIsRefusedOrItsRowsAre) {
  RecordedAnswers answers(server_.directory());
  const std::pair<std::string, std::string> files[] = {
      {"empty", ""},
      {"blank", " \n"},
      {"UTF-16", std::string("\xff\xfei\0d\0\n\0", 8)},
      {"UTF-16, the other way", std::string("\xfe\xff\0i\0d\0\n", 8)},
      {"no UTF-8", "id,email\nA,\xC3\x28@example.com\n"},
      {"zero bytes", std::string("id,email\nA\0,a@example.com\n", 26)},
      {"a form", "id=A&email=a@example.com"},
      {"deep", std::string(200'000, '[')},
      {"deep in a row", R"([{"id": "A", "tags": )" + std::string(5000, '[') + std::string(5000, ']') + "}]"},
      {"half", R"([{"id": "A", "email": "a@example.com"}, {"id": )"},
      {"a number", "7"},
      {"rows of every type", R"([null, 7, "x", [], {}, {"id": []}, {"id": {}}, {"id": "A", "phone": {}}])"},
      {"an endless field", "id,email\nA," + std::string(3'000'000, 'a') + "\n"},
      {"an open quotation mark", "id,email\nA,\"a@example.com\n" + std::string(100'000, 'x')},
      {"no id", "email\na@example.com\n"},
  };
  for (const auto& [name, file] : files) {
    const HttpReply reply = server_.post("/api/contacts/import", file);
    if (reply.status == 200) {
      const auto summary = object_of(reply);
      EXPECT_EQ(summary.at("imported"), 0) << name << ": " << reply.body.substr(0, 300);
      EXPECT_EQ(summary.at("read"), summary.at("rejected")) << name << ": " << reply.body.substr(0, 300);
    } else {
      expect_refused(reply, name);
    }
    answers.add("POST", "/api/contacts/import", "/api/contacts/import", reply);
  }
  answers.expect_as_described();
}

TEST_F(Hostile, TextsWithoutEndAreRefusedInAShortSentence) {
  const std::string huge(5'000'000, 'a');
  const std::pair<std::string, std::string> bodies[] = {
      {"/api/send-campaign",
       R"({"throughput_tps": 1, "campaign_id": ")" + huge + R"(", "eligible_users": [)" + user("A") + "]}"},
      {"/api/query", R"({"location": ")" + huge + "\"}"},
      {"/api/query", R"({"natural_language_query": ")" + huge + "\"}"},
      {"/api/intelligent-query", R"({"query": ")" + huge + "\"}"},
      {"/api/segments", R"({"filter": {"everyone": true}, "name": ")" + huge + "\"}"},
      {"/api/segments", R"({"filter": {"field": "city", "operator": "=", "value": ")" + huge + "\"}}"},
      {"/api/campaigns", R"({"throughput_tps": 1, "query": ")" + huge + "\"}"},
      {"/api/campaigns", R"({"throughput_tps": 1, "filter": {"everyone": true}, "name": ")" + huge + "\"}"},
      {"/api/campaigns", R"({"throughput_tps": 1, "filter": {"everyone": true}, ")" + huge + R"(": 1})"},
      {"/api/audience/preview", R"({"query": ")" + huge + "\"}"},
      {"/api/save-template", R"({"name": "t", "channel": "sms", "definition": {"text": ")" + huge + "\"}}"},
      {"/api/save-template", R"({"name": ")" + huge + R"(", "channel": "sms", "definition": {"text": "a"}})"},
      {"/api/suppressions", R"({"channel": "email", "address": ")" + huge + "\"}"},
      {"/api/suppressions", R"({"channel": "email", "address": "a@example.com", "reason": ")" + huge + "\"}"},
  };
  for (const auto& [path, body] : bodies) {
    expect_refused(server_.post(path, body), fmt::format("{} {}", path, body.substr(0, 80)));
  }
  EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing was sent";
  EXPECT_EQ(object_of(server_.get("/api/segments")).at("total_segments"), 0);
}

TEST_F(Hostile, NamesInAPathAreNamesAndNothingElse) {
  const std::string names[] = {"none",         "%2e%2e",    "..%2f..%2fetc%2fpasswd", "%27%20OR%201=1",
                               "%F0%9F%92%A9", "%0d%0aX:1", std::string(500, 'a'),    "d-",
                               "-1",           "*"};
  for (const std::string& name : names) {
    for (const auto& [method, path] :
         std::vector<std::pair<std::string, std::string>>{{"GET", "/api/campaigns/" + name},
                                                          {"GET", "/api/campaigns/" + name + "/stream"},
                                                          {"GET", "/api/campaigns/" + name + "/history"},
                                                          {"POST", "/api/campaigns/" + name + "/cancel"},
                                                          {"GET", "/api/analytics/campaigns/" + name},
                                                          {"GET", "/api/deliveries/" + name},
                                                          {"GET", "/api/deliveries?campaign_id=" + name},
                                                          {"GET", "/api/contacts/" + name},
                                                          {"GET", "/api/segments/" + name},
                                                          {"GET", "/api/templates/sms/" + name},
                                                          {"GET", "/api/templates/" + name + "/news"}}) {
      expect_refused(http_request(server_.port(), method, path), fmt::format("{} {}", method, path.substr(0, 100)),
                     404);
    }
    const HttpReply removed = http_request(server_.port(), "DELETE", "/api/suppressions/sms/" + name);
    expect_refused(removed, "an address " + name.substr(0, 100), 400);
  }
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

TEST_F(Hostile, OfAListThatIsThereTwiceTheLastOneCounts) {
  const std::string other = user("B", R"("phone": "+14255550157")");
  const auto answer = object_of(
      server_.post("/api/send-campaign", R"({"campaign_id": "lists", "throughput_tps": 1000, "eligible_users": [)" +
                                             user("A") + "," + user("C", R"("phone": "+14255550158")") +
                                             R"(], "eligible_users": [)" + other + "]}"));
  EXPECT_EQ(at_path(answer, "results.total_planned"), 1) << json::serialize(answer);
  const auto rows = object_of(server_.get("/api/deliveries?campaign_id=lists"));
  ASSERT_EQ(rows.at("deliveries").as_array().size(), 1U);
  EXPECT_EQ(rows.at("deliveries").at(0).at("contact_id"), "B");
  // null is a value too: after it there is no list, and no rate.
  const std::string first = R"({"throughput_tps": 1000, "eligible_users": [)" + other + "], ";
  for (const std::string last :
       {R"("eligible_users": null})", R"("eligible_users": []})", R"("throughput_tps": null})"}) {
    expect_refused(server_.post("/api/send-campaign", first + last), last);
  }
  // A user whose address is there twice gets one message, at the last.
  server_.post("/api/send-campaign", R"({"campaign_id": "twice", "throughput_tps": 1000, "eligible_users": [)" +
                                         user("D", R"("phone": "+14255550159", "phone": "+14255550160")") + "]}");
  EXPECT_THAT(server_.get("/api/deliveries?campaign_id=twice").body,
              AllOf(HasSubstr("+14255550160"), Not(HasSubstr("+14255550159"))));
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
