// Promises of the local environment: nothing but loopback, no other web page, no addresses in the log.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "support/clarion_server.h"
#include "support/eventually.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::map<std::string, std::string> aws_variables{
    {"AWS_REGION", "eu-west-1"},
    {"AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"},
    {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/EXAMPLE"},
    {"AWS_ENDPOINT_URL", "http://192.0.2.1:4566"},
    {"SENDER_EMAIL", "shop@example.com"},
    {"WORK_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/1/q"},
    {"CLARION_SIM_LATENCY_MS", "0"},
};

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(LocalMode, OpensNoSocketExceptLoopbackWithAwsVariablesSet) {
  const ScratchDirectory directory;
  const auto trace = directory.path() / "trace";
  if (std::system(("strace -f -e trace=network -o " + trace.string() + " true 2>/dev/null").c_str()) != 0) {
    // Without a trace nothing is proved, and a green run would say that it is.
    if (std::getenv("CLARION_TEST_NO_STRACE") != nullptr) GTEST_SKIP() << "CLARION_TEST_NO_STRACE is set";
    FAIL() << "strace cannot trace processes here: install it and permit ptrace, or set CLARION_TEST_NO_STRACE to go "
              "without the proof that no socket leaves the machine";
  }
  ClarionProcess server(
      "strace", directory.path(),
      {.arguments = {"-f", "-e", "trace=network", "-o", trace.string(), CLARION_BINARY, "serve", "--port", "0"},
       .environment = aws_variables});
  const auto port = server.wait_for_port();
  ASSERT_NE(port, 0) << server.errors();
  EXPECT_EQ(http_get(port, "/api/environment").status, 200);
  EXPECT_EQ(http_post(port, "/api/send-campaign", R"({"throughput_tps": 100, "eligible_users": [
      {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"},
      {"customer_id": "B", "selected_channel": "email", "email": "b@example.com", "subject": "S", "message": "M"}]})")
                .status,
            200);
  // From a sentence: contacts, plan, decision and every channel take part.
  ASSERT_EQ(http_post(port, "/api/campaigns", R"({"query": "customers in Mumbai", "campaign_id": "asked",
      "throughput_tps": 1000, "respect_caps": false})")
                .status,
            201);
  HttpConnection stream(port, std::chrono::seconds(60));
  stream.send_request("GET", "/api/campaigns/asked/stream");
  stream.read_head();
  boost::json::object last;
  while (const auto event = stream.read_event()) {
    last = boost::json::parse(event->data).as_object();
    if (event->event == "end") break;
  }
  EXPECT_EQ(at_path(last, "status"), "completed");
  EXPECT_GT(at_path(last, "planned").to_number<int>(), 0);
  // strace would keep a signal to itself.
  const auto instance = boost::json::parse(read(directory.path() / "data/local/instance.json"));
  ASSERT_EQ(::kill(static_cast<pid_t>(instance.at("pid").to_number<int>()), SIGTERM), 0);
  server.wait();

  const std::string calls = read(trace);
  EXPECT_THAT(calls, HasSubstr("bind(")) << "the trace has seen the server listen";
  std::istringstream lines(calls);
  const std::regex address(R"re((inet_addr\("|inet_pton\(AF_INET6, ")([0-9a-f.:]+)")re");
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (!std::regex_search(line, found, address)) continue;
    const std::string host = found[2].str();
    EXPECT_TRUE(host.starts_with("127.") || host == "::1") << line;
  }
}

TEST(LocalMode, AnswersOnlyToItsOwnNameAndItsOwnPages) {
  const ClarionServer server(CLARION_BINARY);
  const auto ask = [&server](const std::string& headers) {
    HttpConnection connection(server.port());
    connection.send("GET /api/environment HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n");
    return connection.read_reply().status;
  };
  const std::string port = std::to_string(server.port());
  EXPECT_EQ(ask("Host: localhost:" + port + "\r\n"), 200);
  EXPECT_EQ(ask("Host: 127.0.0.1:" + port + "\r\nOrigin: http://127.0.0.1:" + port + "\r\n"), 200);
  EXPECT_EQ(ask("Host: evil.example\r\n"), 403) << "a foreign name that resolves here";
  EXPECT_EQ(ask("Host: localhost:" + port + "\r\nOrigin: https://evil.example\r\n"), 403) << "another web page";
  EXPECT_EQ(ask("Host: localhost:" + port + "\r\nOrigin: null\r\n"), 403);
}

TEST(LocalMode, LogsHoldNoWholePhoneNumberOrEmailAddress) {
  ClarionServer server(CLARION_BINARY, {{"CLARION_LOG_LEVEL", "debug"}, {"CLARION_SIM_FAILURE_RATE", "0.5"}});
  server.post("/api/send-campaign", R"({"throughput_tps": 100, "eligible_users": [
      {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"},
      {"customer_id": "B", "selected_channel": "email", "email": "someone@example.com", "subject": "S", "message": "M"},
      {"customer_id": "C", "selected_channel": "sms", "phone": "not +14255550157", "message": "M"}]})");
  server.post("/api/suppressions", R"({"channel": "email", "address": "someone@example.com"})");
  server.post("/api/suppressions", R"({"channel": "email", "address": "broken someone@example.com"})");
  server.get("/api/contacts?q=someone@example.com");
  server.get("/api/contacts/someone@example.com");
  EXPECT_EQ(server.stop(), 0);
  const std::string log = server.process().errors();
  EXPECT_THAT(log, HasSubstr("\"event\":\"started\""));
  EXPECT_THAT(log, Not(HasSubstr("4255550156")));
  EXPECT_THAT(log, Not(HasSubstr("4255550157")));
  EXPECT_THAT(log, Not(HasSubstr("someone@example.com")));
}

TEST(LocalMode, FilesWithPersonalDataAreTheOwnersOnly) {
  ClarionServer server(CLARION_BINARY);
  const auto run = [&server](std::vector<std::string> arguments) {
    return run_clarion(CLARION_BINARY, server.directory(),
                       {.arguments = std::move(arguments), .environment = server.environment()});
  };
  std::ofstream(server.directory() / "people.csv") << "id,email\nA,a@example.com\nB,nothing\n";
  EXPECT_EQ(run({"import", "people.csv"}).code, 3);
  EXPECT_EQ(run({"seed", "--contacts", "10", "--out", "made"}).code, 0);
  EXPECT_EQ(server.post("/api/contacts/import", "id,email\nC,c@example.com\n").status, 200);
  EXPECT_EQ(server
                .post("/api/send-campaign", R"({"throughput_tps": 100, "eligible_users": [
      {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"}]})")
                .status,
            200);
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(server.directory())) {
    const std::string name = entry.path().filename().string();
    // The test's own, and the folders that were made on the way to those with people in them.
    if (name == "people.csv" || name == "page" || name == "index.html" || name == "data" || name == "made") continue;
    const auto others =
        entry.status().permissions() & (std::filesystem::perms::group_all | std::filesystem::perms::others_all);
    EXPECT_EQ(others, std::filesystem::perms::none) << entry.path();
    seen.insert(name);
  }
  for (const std::string name : {"clarion.db", "contacts.ndjson", "contacts.json", "people.csv.rejected.csv"}) {
    EXPECT_TRUE(seen.contains(name)) << name;
  }
}

TEST(LocalMode, NewContactsAreSeenByARunningServer) {
  ClarionServer server(CLARION_BINARY);
  std::ofstream(server.directory() / "people.csv") << "id,email\nA,a@example.com\n";
  ASSERT_EQ(run_clarion(CLARION_BINARY, server.directory(),
                        {.arguments = {"import", "people.csv"}, .environment = server.environment()})
                .code,
            0);
  EXPECT_TRUE(eventually([&] { return object_of(server.get("/api/locations")).at("total_customers") == 1; }));
}

}  // namespace
}  // namespace clarion::testing
