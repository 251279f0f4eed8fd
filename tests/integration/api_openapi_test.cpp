// The server and contracts/openapi.yaml, held together both ways.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "app/runtime.h"
#include "app/settings.h"
#include "support/clarion_server.h"
#include "support/openapi_document.h"
#include "support/recorded_answers.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

std::set<std::string> operations_of(const json::object& document) {
  std::set<std::string> operations;
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& member : path.value().as_object()) {
      if (member.key() == "parameters") continue;
      std::string method(member.key());
      for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
      operations.insert(method + " " + std::string(path.key()));
    }
  }
  return operations;
}

TEST(OpenApi, TheJsonFormIsWhatTheSourceSays) {
  EXPECT_EQ(std::system("python3 " CLARION_SOURCE_DIR "/scripts/openapi_json --check"), 0);
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
  const ScratchDirectory directory;
  auto settings = load_settings(
      {.flags = {{"CLARION_DATA_DIR", directory.path()}, {"CLARION_PORT", "0"}}, .environment = {}, .dotenv = {}});
  ASSERT_TRUE(settings);
  auto runtime = Runtime::start(*settings, Sending::Nothing);
  ASSERT_TRUE(runtime) << runtime.error().message;
  std::set<std::string> served;
  // The page's own files are no part of the contract.
  const std::regex asset(R"(/[a-z-]+\.(js|css|svg))");
  for (const Route& route : (*runtime)->router().routes()) {
    if (!std::regex_match(route.pattern, asset))
      served.insert(std::string(to_string(route.method)) + " " + route.pattern);
  }
  EXPECT_EQ(served, operations_of(read_openapi_document()));
}

// One request and the operation it belongs to.
struct Sample {
  std::string method;
  std::string pattern;
  std::string path;
  std::string body = {};
};

TEST(OpenApi, EveryOperationAnswersAsItsSchemaSays) {
  ClarionServer server(CLARION_BINARY, {{"CLARION_SIM_FAILURE_RATE", "0.3"}});
  const std::string user =
      R"({"customer_id": "CUST-000032", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"})";
  ASSERT_EQ(server
                .post("/api/send-campaign",
                      R"({"campaign_id": "c1", "throughput_tps": 100, "eligible_users": [)" + user + "]}")
                .status,
            200);
  ASSERT_EQ(server.post("/api/campaigns", R"({"campaign_id": "c2", "throughput_tps": 5, "filter": {"everyone": true}})")
                .status,
            201);
  const auto segment = object_of(server.post("/api/segments", R"({"filter": {"everyone": true}})"));
  const std::string segment_path = "/api/segments/" + std::string(segment.at("segment_id").as_string().c_str());
  const auto page = object_of(server.get("/api/deliveries?campaign_id=c1"));
  const std::string delivery = page.at("deliveries").at(0).at("delivery_id").as_string().c_str();

  const std::vector<Sample> samples{
      {"GET", "/", "/"},
      {"GET", "/api/environment", "/api/environment"},
      {"POST", "/api/send-campaign", "/api/send-campaign",
       R"({"throughput_tps": 100, "eligible_users": [)" + user + "]}"},
      {"POST", "/api/send-campaign", "/api/send-campaign",
       R"({"throughput_tps": 1, "wait_seconds": 0, "eligible_users": [)" + user + "," + user +
           R"(, {"selected_channel": "fax"}]})"},
      {"POST", "/api/send-campaign", "/api/send-campaign", "{}"},
      {"POST", "/api/campaigns", "/api/campaigns", R"({"query": "laptops in Atlantis", "throughput_tps": 1})"},
      {"GET", "/api/locations", "/api/locations"},
      {"GET", "/api/skus", "/api/skus"},
      {"GET", "/api/stats", "/api/stats"},
      {"GET", "/api/audience/fields", "/api/audience/fields"},
      {"GET", "/api/events", "/api/events"},
      {"POST", "/api/events/sns", "/api/events/sns", "{}"},
      {"GET", "/api/installation", "/api/installation"},
      {"GET", "/api/quotas", "/api/quotas"},
      {"POST", "/api/contacts/import", "/api/contacts/import?dry_run=true",
       "customer_id,phone\nCUST-9001,+14255550177\nCUST-9002,nothing\n"},
      {"POST", "/api/contacts/import", "/api/contacts/import"},
      {"POST", "/api/audience/preview", "/api/audience/preview", R"({"query": "laptops in Bangalore", "limit": 3})"},
      {"POST", "/api/audience/preview", "/api/audience/preview", R"({"filter": {"everyone": true}, "seed": 7})"},
      {"POST", "/api/audience/preview", "/api/audience/preview", R"({"segment_id": "none"})"},
      {"POST", "/api/audience/preview", "/api/audience/preview", "{}"},
      {"POST", "/api/query", "/api/query", R"({"location": "Bangalore"})"},
      {"POST", "/api/query", "/api/query", "["},
      {"POST", "/api/intelligent-query", "/api/intelligent-query", R"({"query": "laptops in Pune or mars"})"},
      {"POST", "/api/intelligent-query", "/api/intelligent-query", "{}"},
      {"GET", "/api/segments", "/api/segments"},
      {"POST", "/api/segments", "/api/segments", R"({"filter": {"field": "age", "operator": ">", "value": 40}})"},
      {"POST", "/api/segments", "/api/segments", "{}"},
      {"GET", "/api/segments/{id}", segment_path},
      {"GET", "/api/segments/{id}", "/api/segments/none"},
      {"POST", "/api/save-template", "/api/save-template",
       R"({"name": "t", "channel": "sms", "definition": {"text": "a"}})"},
      {"POST", "/api/save-template", "/api/save-template", "{}"},
      {"GET", "/api/templates", "/api/templates"},
      {"GET", "/api/templates/{channel}/{name}", "/api/templates/sms/t"},
      {"GET", "/api/templates/{channel}/{name}", "/api/templates/sms/none"},
      {"GET", "/api/templates/{channel}/{name}/versions", "/api/templates/email/promotion/versions"},
      {"GET", "/api/templates/{channel}/{name}/versions", "/api/templates/sms/none/versions"},
      {"GET", "/api/provider-templates", "/api/provider-templates"},
      {"POST", "/api/templates/preview", "/api/templates/preview",
       R"({"channel": "sms", "name": "t", "contact_id": "CUST-000032"})"},
      {"POST", "/api/templates/preview", "/api/templates/preview", "{}"},
      {"GET", "/api/campaigns", "/api/campaigns"},
      {"POST", "/api/campaigns", "/api/campaigns", R"({"throughput_tps": 5, "filter": {"everyone": true}})"},
      {"POST", "/api/campaigns", "/api/campaigns", "{}"},
      {"GET", "/api/campaigns/{id}", "/api/campaigns/c1"},
      {"GET", "/api/campaigns/{id}", "/api/campaigns/none"},
      {"PATCH", "/api/campaigns/{id}", "/api/campaigns/c2", R"({"throughput_tps": 9})"},
      {"GET", "/api/campaigns/{id}/history", "/api/campaigns/c1/history"},
      {"GET", "/api/campaigns/{id}/history", "/api/campaigns/none/history"},
      {"POST", "/api/campaigns/{id}/start", "/api/campaigns/c2/start"},
      {"POST", "/api/campaigns/{id}/pause", "/api/campaigns/c2/pause"},
      {"POST", "/api/campaigns/{id}/resume", "/api/campaigns/c2/resume"},
      {"POST", "/api/campaigns/{id}/cancel", "/api/campaigns/c2/cancel"},
      {"GET", "/api/campaigns/{id}/retry", "/api/campaigns/c1/retry"},
      {"POST", "/api/campaigns/{id}/retry", "/api/campaigns/none/retry"},
      {"POST", "/api/campaigns/{id}/retry", "/api/campaigns/c1/retry"},
      {"GET", "/api/campaigns/{id}/fallback", "/api/campaigns/c1/fallback"},
      {"POST", "/api/campaigns/{id}/fallback", "/api/campaigns/none/fallback"},
      {"POST", "/api/campaigns/{id}/fallback", "/api/campaigns/c1/fallback"},
      {"GET", "/api/campaigns/{id}/stream", "/api/campaigns/c1/stream"},
      {"GET", "/api/deliveries", "/api/deliveries"},
      {"GET", "/api/deliveries", "/api/deliveries?campaign_id=c2&format=csv"},
      {"GET", "/api/deliveries/{id}", "/api/deliveries/" + delivery},
      {"GET", "/api/deliveries/{id}", "/api/deliveries/none"},
      {"POST", "/api/deliveries/{id}/settle", "/api/deliveries/none/settle", R"({"arrived": true})"},
      {"POST", "/api/deliveries/{id}/settle", "/api/deliveries/" + delivery + "/settle", R"({"arrived": true})"},
      {"POST", "/api/deliveries/{id}/settle", "/api/deliveries/none/settle", "{}"},
      {"GET", "/api/contacts", "/api/contacts?limit=5"},
      {"GET", "/api/contacts/{id}", "/api/contacts/CUST-000032"},
      {"GET", "/api/contacts/{id}", "/api/contacts/none"},
      {"POST", "/api/suppressions", "/api/suppressions", R"({"channel": "email", "address": "a@example.com"})"},
      {"POST", "/api/suppressions", "/api/suppressions", "{}"},
      {"GET", "/api/suppressions", "/api/suppressions"},
      {"DELETE", "/api/suppressions/{channel}/{address}", "/api/suppressions/email/a@example.com"},
      {"GET", "/api/analytics/campaigns/{id}", "/api/analytics/campaigns/c1"},
      {"GET", "/api/analytics/campaigns/{id}", "/api/analytics/campaigns/none"},
      {"GET", "/api/openapi.json", "/api/openapi.json"},
      {"GET", "/healthz", "/healthz"},
      {"GET", "/readyz", "/readyz"},
      {"GET", "/metrics", "/metrics"},
  };
  std::set<std::string> answered;
  RecordedAnswers answers(server.directory());
  for (const Sample& sample : samples) {
    const HttpReply reply = http_request(server.port(), sample.method, sample.path, sample.body);
    ASSERT_NE(reply.status, 0) << sample.method << " " << sample.path;
    answered.insert(sample.method + " " + sample.pattern);
    answers.add(sample.method, sample.pattern, sample.path, reply);
  }
  EXPECT_EQ(answered, operations_of(read_openapi_document()));
  answers.expect_as_described();
}

// The part of the document that a $ref leads to.
json::object resolve(const json::object& document, json::object part) {
  const auto* reference = part.if_contains("$ref");
  if (reference == nullptr) return part;
  std::istringstream names(std::string(reference->as_string().c_str()).substr(2));
  const json::object* at = &document;
  for (std::string name; std::getline(names, name, '/');) at = &at->at(name).as_object();
  return resolve(document, *at);
}

// One operation that takes a JSON object, with the members that the document gives it.
struct JsonRequest {
  std::string method;
  std::string pattern;
  std::set<std::string> members;
};

std::vector<JsonRequest> json_requests(const json::object& document) {
  std::vector<JsonRequest> requests;
  for (const std::string& operation : operations_of(document)) {
    const auto space = operation.find(' ');
    JsonRequest request{.method = operation.substr(0, space), .pattern = operation.substr(space + 1), .members = {}};
    std::string method = request.method;
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    const auto& described = document.at("paths").at(request.pattern).at(method).as_object();
    const auto* body = described.if_contains("requestBody");
    if (body == nullptr) continue;
    const auto* content = body->at("content").as_object().if_contains("application/json");
    if (content == nullptr) continue;
    const json::object schema = resolve(document, content->at("schema").as_object());
    for (const char* form : {"oneOf", "anyOf", "allOf"}) {
      const auto* forms = schema.if_contains(form);
      if (forms == nullptr) continue;
      for (const json::value& one : forms->as_array()) {
        const json::object alternative = resolve(document, one.as_object());
        for (const auto& member : alternative.at("properties").as_object()) request.members.emplace(member.key());
      }
    }
    if (const auto* properties = schema.if_contains("properties")) {
      for (const auto& member : properties->as_object()) request.members.emplace(member.key());
    }
    requests.push_back(std::move(request));
  }
  return requests;
}

TEST(OpenApi, TheServerReadsEveryMemberOfARequestAndWhereItIsStrictNoOther) {
  const ClarionServer server(CLARION_BINARY);
  const std::string user =
      R"({"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"})";
  ASSERT_EQ(
      server
          .post("/api/send-campaign", R"({"campaign_id": "c", "throughput_tps": 1, "eligible_users": [)" + user + "]}")
          .status,
      200);
  const std::map<std::string, std::string> right{
      {"/api/send-campaign", R"({"throughput_tps": 1, "eligible_users": [)" + user + "]}"},
      {"/api/query", "{}"},
      {"/api/intelligent-query", R"({"query": "everyone"})"},
      {"/api/segments", R"({"filter": {"everyone": true}})"},
      {"/api/save-template", R"({"name": "t", "channel": "sms", "definition": {"text": "a"}})"},
      {"/api/templates/preview", R"({"channel": "sms", "name": "news", "contact_id": "CUST-000032"})"},
      {"/api/campaigns", R"({"throughput_tps": 1, "filter": {"everyone": true}})"},
      {"/api/audience/preview", R"({"filter": {"everyone": true}})"},
      {"/api/suppressions", R"({"channel": "sms", "address": "+14255550156"})"},
      {"/api/campaigns/{id}", R"({"throughput_tps": 1})"},
      {"/api/deliveries/{id}/settle", R"({"arrived": true})"},
  };
  const std::set<std::string> strict{"/api/segments",
                                     "/api/templates/preview",
                                     "/api/campaigns",
                                     "/api/audience/preview",
                                     "/api/suppressions",
                                     "/api/campaigns/{id}",
                                     "/api/deliveries/{id}/settle"};
  std::set<std::string> asked;
  for (const JsonRequest& request : json_requests(read_openapi_document())) {
    asked.insert(request.pattern);
    ASSERT_TRUE(right.contains(request.pattern)) << request.pattern;
    const auto refusal = [&](const std::string& member, json::value value) {
      json::object body = json::parse(right.at(request.pattern)).as_object();
      // Of these one is given, so that the other would be refused for it.
      if (member == "query" || member == "segment_id") body.erase("filter");
      if (member == "definition" && request.pattern == "/api/templates/preview") body.erase("name");
      body[member] = std::move(value);
      const std::string path = std::regex_replace(request.pattern, std::regex(R"(\{id\})"), "c");
      const HttpReply reply = http_request(server.port(), request.method, path, json::serialize(body));
      if (reply.status != 400) return std::string();
      return std::string(at_path(object_of(reply), "error").as_string().c_str());
    };
    for (const std::string& member : request.members) {
      // No member takes both of these.
      const std::string refused = refusal(member, json::array{7}) + refusal(member, json::object{{"zzz", 7}});
      EXPECT_THAT(refused, HasSubstr(member)) << request.method << " " << request.pattern << " does not read it";
    }
    if (!strict.contains(request.pattern)) continue;
    const std::string unknown = refusal("zzz", 1);
    const auto list = unknown.find("known are ");
    ASSERT_NE(list, std::string::npos) << request.pattern << ": " << unknown;
    std::istringstream names(unknown.substr(list + 10));
    std::set<std::string> known;
    for (std::string name; std::getline(names >> std::ws, name, ',');) known.insert(name);
    std::set<std::string> described = request.members;
    if (request.pattern == "/api/suppressions") described.erase("suppressions");  // the other form of it
    EXPECT_EQ(known, described) << request.method << " " << request.pattern;
  }
  EXPECT_EQ(asked.size(), right.size());
}

}  // namespace
}  // namespace clarion::testing
