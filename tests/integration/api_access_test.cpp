// Who may ask for what, where a token is needed; and that the contract document says the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/clarion_server.h"
#include "support/openapi_document.h"
#include "support/recorded_answers.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A server that other machines could reach, which is what makes it ask for tokens.
class GuardedServer {
 public:
  explicit GuardedServer(std::map<std::string, std::string> more = {}) : server_(CLARION_BINARY, open_to_all(more)) {}

  std::string create(const std::string& name, const std::string& scopes) {
    const auto made = run({"token", "create", "--name", name, "--scope", scopes, "--json"});
    EXPECT_EQ(made.code, 0) << made.errors;
    return json::parse(made.output).at("token").as_string().c_str();
  }
  FinishedProcess run(std::vector<std::string> arguments) {
    return run_clarion(CLARION_BINARY, server_.directory(),
                       {.arguments = std::move(arguments), .environment = server_.environment()});
  }
  HttpReply ask(const std::string& method, const std::string& path, const std::string& token = {},
                const std::string& body = {}) {
    HttpHeaders headers;
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    return http_request(server_.port(), method, path, body, headers);
  }
  ClarionServer& server() { return server_; }

 private:
  static std::map<std::string, std::string> open_to_all(std::map<std::string, std::string> environment) {
    environment["CLARION_HOST"] = "0.0.0.0";
    return environment;
  }
  ClarionServer server_;
};

struct Operation {
  std::string method;
  std::string pattern;
  std::string scope;  // empty: everybody may
};

std::vector<Operation> scoped_operations_of(const json::object& document) {
  std::vector<Operation> operations;
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& member : path.value().as_object()) {
      if (member.key() == "parameters") continue;
      Operation operation{.method = std::string(member.key()), .pattern = std::string(path.key()), .scope = {}};
      for (char& c : operation.method) c = static_cast<char>(c - 'a' + 'A');
      const auto& security = member.value().at("security").as_array();
      if (!security.empty()) operation.scope = security.at(0).at("token").at(0).as_string().c_str();
      operations.push_back(std::move(operation));
    }
  }
  return operations;
}

std::string path_of(std::string pattern) {
  for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{')) {
    const bool is_channel = pattern.substr(open).starts_with("{channel}");
    pattern.replace(open, pattern.find('}') - open + 1, is_channel ? "sms" : "none");
  }
  return pattern;
}

TEST(Access, EveryOperationAsksForTheScopeThatTheDocumentNames) {
  GuardedServer guarded;
  std::map<std::string, std::string> with;     // scope -> a token with it alone
  std::map<std::string, std::string> without;  // scope -> a token with both others
  const std::vector<std::pair<std::string, std::string>> others{
      {"read", "write,send"}, {"write", "read,send"}, {"send", "read,write"}};
  for (const auto& [scope, rest] : others) {
    with[scope] = guarded.create(scope, scope);
    without[scope] = guarded.create("not-" + scope, rest);
  }
  const auto document = read_openapi_document();
  RecordedAnswers answers(guarded.server().directory());
  int guarded_operations = 0;
  for (const Operation& operation : scoped_operations_of(document)) {
    const std::string name = operation.method + " " + operation.pattern;
    const std::string path = path_of(operation.pattern);
    const HttpReply bare = guarded.ask(operation.method, path);
    if (operation.scope.empty()) {
      EXPECT_NE(bare.status, 401) << name;
      continue;
    }
    ++guarded_operations;
    EXPECT_EQ(bare.status, 401) << name;
    EXPECT_EQ(bare.header("www-authenticate"), "Bearer realm=\"clarion\"") << name;
    const HttpReply refused = guarded.ask(operation.method, path, without[operation.scope]);
    EXPECT_EQ(refused.status, 403) << name;
    EXPECT_EQ(refused.header("www-authenticate"),
              "Bearer realm=\"clarion\", error=\"insufficient_scope\", scope=\"" + operation.scope + "\"")
        << name;
    const HttpReply allowed = guarded.ask(operation.method, path, with[operation.scope]);
    EXPECT_NE(allowed.status, 0) << name;
    EXPECT_NE(allowed.status, 401) << name;
    EXPECT_NE(allowed.status, 403) << name;
    for (const HttpReply& reply : {bare, refused}) answers.add(operation.method, operation.pattern, path, reply);
  }
  EXPECT_GE(guarded_operations, 30);
  answers.expect_as_described();
}

TEST(Access, SendCampaignKeepsItsShapeAndSendsNothingForStrangers) {
  GuardedServer guarded;
  const std::string body = R"({"campaign_id": "c1", "throughput_tps": 100, "eligible_users": [
      {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"}]})";
  const HttpReply refused = guarded.ask("POST", "/api/send-campaign", "", body);
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, StartsWith(R"({"success":false,"error":"this needs a token)"));
  const std::string read = guarded.create("read", "read");
  EXPECT_THAT(guarded.ask("POST", "/api/send-campaign", read, body).body, HasSubstr("has not the scope 'send'"));
  EXPECT_EQ(guarded.ask("GET", "/api/campaigns/c1", read).status, 404);
  EXPECT_EQ(guarded.ask("POST", "/api/send-campaign", guarded.create("send", "send"), body).status, 200);
  EXPECT_EQ(guarded.ask("GET", "/api/campaigns/c1", read).status, 200);
}

TEST(Access, WhatIsNoRightTokenIsRefused) {
  GuardedServer guarded;
  const std::string token = guarded.create("ops", "read");
  const auto ask = [&guarded](const std::string& value) {
    return http_request(guarded.server().port(), "GET", "/api/stats", {}, {{"Authorization", value}}).status;
  };
  EXPECT_EQ(ask("Bearer " + token), 200);
  EXPECT_EQ(ask("bearer   " + token + " "), 200) << "the scheme has no case";
  EXPECT_EQ(ask("Basic " + token), 401);
  EXPECT_EQ(ask(token), 401);
  EXPECT_EQ(ask("Bearer"), 401);
  EXPECT_EQ(ask("Bearer " + token + "x"), 401);
  EXPECT_EQ(ask("Bearer " + token + "," + token), 401);
  EXPECT_EQ(guarded.ask("GET", "/api/stats?access_token=" + token).status, 401) << "never in the address";
}

TEST(Access, ARevokedTokenIsRefusedWithinSeconds) {
  GuardedServer guarded;
  const std::string token = guarded.create("ops", "read");
  ASSERT_EQ(guarded.ask("GET", "/api/stats", token).status, 200);
  ASSERT_EQ(guarded.run({"token", "revoke", "ops"}).code, 0);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  int status = 200;
  while (status == 200 && std::chrono::steady_clock::now() < until) {
    status = guarded.ask("GET", "/api/stats", token).status;
  }
  EXPECT_EQ(status, 401);
}

TEST(Access, GuessingIsSlowedDownAndHoldsUpNobodyElse) {
  GuardedServer guarded;
  const std::string token = guarded.create("ops", "read");
  ASSERT_EQ(guarded.ask("GET", "/api/stats", token).status, 200);
  HttpReply last;
  for (int i = 0; i < 30 && last.status != 429; ++i)
    last = guarded.ask("GET", "/api/stats", "guess" + std::to_string(i));
  EXPECT_EQ(last.status, 429);
  EXPECT_GE(std::atoi(last.header("retry-after").c_str()), 1);
  EXPECT_EQ(guarded.ask("GET", "/api/stats", token).status, 200);
}

TEST(Access, CommandsOfThisMachineNeedNoToken) {
  GuardedServer guarded;
  const auto sent =
      guarded.run({"send", "--query", "customers in Mumbai", "--tps", "1000", "--campaign", "c1", "--json"});
  EXPECT_EQ(sent.code, 0) << sent.errors;
  const auto listed = guarded.run({"campaigns", "list", "--json"});
  EXPECT_THAT(listed.output, HasSubstr("\"c1\""));
}

TEST(Access, PagesOfListedOriginsMayAskFirst) {
  GuardedServer guarded({{"CLARION_CORS_ORIGINS", "https://console.example.com"}});
  const auto preflight = [&guarded](const std::string& origin) {
    return http_request(guarded.server().port(), "OPTIONS", "/api/campaigns", {},
                        {{"Origin", origin},
                         {"Access-Control-Request-Method", "POST"},
                         {"Access-Control-Request-Headers", "authorization,content-type"}});
  };
  const HttpReply allowed = preflight("https://console.example.com");
  EXPECT_EQ(allowed.status, 204);
  EXPECT_EQ(allowed.header("access-control-allow-origin"), "https://console.example.com");
  EXPECT_THAT(allowed.header("access-control-allow-methods"), HasSubstr("POST"));
  EXPECT_EQ(preflight("https://evil.example").status, 403);
}

TEST(Access, WithoutOthersNoTokenIsAskedFor) {
  const ClarionServer server(CLARION_BINARY);
  EXPECT_EQ(server.get("/api/stats").status, 200);
  EXPECT_EQ(http_get(server.port(), "/api/stats", {{"Authorization", "Bearer nonsense"}}).status, 200);
}

TEST(TokenCommand, ShowsTheTokenOnceAndKeepsAHash) {
  const ScratchDirectory directory;
  const auto run = [&directory](std::vector<std::string> arguments) {
    return run_clarion(CLARION_BINARY, directory.path(), {.arguments = std::move(arguments)});
  };
  EXPECT_THAT(run({"token", "list"}).output, HasSubstr("There is no token yet"));
  const auto made = run({"token", "create", "--name", "shop", "--scope", "send,read"});
  ASSERT_EQ(made.code, 0) << made.errors;
  ASSERT_TRUE(made.output.starts_with("clarion_") && made.output.ends_with("\n")) << made.output;
  const std::string token = made.output.substr(0, made.output.size() - 1);
  const std::string secret = token.substr(token.find('_', 8) + 1);
  EXPECT_EQ(secret.size(), 43U);

  const auto again = run({"token", "create", "--name", "shop", "--scope", "read"});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.errors, HasSubstr("a token named 'shop' already"));
  EXPECT_EQ(run({"token", "create", "--name", "a b", "--scope", "read"}).code, 2);
  EXPECT_EQ(run({"token", "create", "--name", "a", "--scope", "admin"}).code, 2);
  EXPECT_EQ(run({"token", "create", "--name", "a"}).code, 2);

  const auto listed = run({"token", "list", "--json"});
  EXPECT_THAT(listed.output, HasSubstr(R"("name":"shop")"));
  EXPECT_THAT(listed.output, HasSubstr(R"("scopes":["read","send"])"));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    EXPECT_THAT(bytes.str(), Not(HasSubstr(secret))) << entry.path();
  }
  EXPECT_EQ(run({"token", "revoke", "shop"}).code, 0);
  EXPECT_EQ(run({"token", "revoke", "shop"}).code, 1);
}

}  // namespace
}  // namespace clarion::testing
