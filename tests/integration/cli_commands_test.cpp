// The commands of the built program: what they print, keep and return.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "support/clarion_server.h"
#include "support/command_line_fixture.h"
#include "support/eventually.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Cli : public CommandLineTest {
 protected:
  // Another command finds the process that sends; true as soon as it has sent so many.
  bool is_accepted_above(const std::string& id, std::int64_t count) {
    for (int i = 0; i < 400; ++i) {
      const auto shown = run({"campaigns", "show", id, "--json"});
      if (shown.code == 0 && document_of(shown).at("accepted").to_number<std::int64_t>() > count) return true;
    }
    return false;
  }
};

TEST_F(Cli, HelpTeachesWithExamplesAndEndsWithZero) {
  const auto help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.output, HasSubstr("clarion query"));
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"export"}, {"token", "create"}, {"token", "revoke"}, {"campaigns", "list"}, {"campaigns", "resume"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("--help");
    const auto of_verb = run(arguments);
    EXPECT_THAT(of_verb.output, AllOf(HasSubstr("clarion " + command.front()), Not(HasSubstr("First steps"))));
  }
  for (const std::string command :
       {"serve", "seed", "import", "query", "send", "campaigns", "deliveries", "export", "token", "settings"}) {
    const auto of_command = run({command, "--help"});
    EXPECT_EQ(of_command.code, 0) << command;
    EXPECT_THAT(of_command.output, ::testing::ContainsRegex("clarion " + command + "|Order")) << command;
  }
}

TEST_F(Cli, WrongUseIsTwoAndSaysWhatToChange) {
  EXPECT_EQ(run({}).code, 2);
  EXPECT_EQ(run({"frobnicate"}).code, 2);
  EXPECT_EQ(run({"serve", "--port", "seventy"}).code, 2);
  EXPECT_EQ(run({"campaigns", "show"}).code, 2);
  const auto without_rate = run({"send", "--query", "customers in Mumbai"});
  EXPECT_EQ(without_rate.code, 2);
  EXPECT_THAT(without_rate.errors, HasSubstr("--tps is missing"));
  EXPECT_THAT(run({"send", "--tps", "5"}).errors, HasSubstr("exactly one of --segment, --users or --query"));
  EXPECT_EQ(run({"send", "--tps", "5", "--query", "a", "--segment", "b"}).code, 2);
  EXPECT_EQ(run({"send", "--tps", "0", "--query", "customers in Mumbai"}).code, 2);
  EXPECT_EQ(run({"send", "--tps", "nan", "--query", "customers in Mumbai"}).code, 2);
  EXPECT_EQ(run({"send", "--tps", "1001", "--query", "customers in Mumbai"}).code, 2);
  EXPECT_THAT(run({"send", "--tps", "inf", "--query", "customers in Mumbai"}).errors,
              HasSubstr("must be a number from"));
  EXPECT_EQ(run({"send", "--tps", "5", "--users", "a.json", "--campaign", "a b"}).code, 2);
  EXPECT_THAT(run({"serve", "--port", "70000"}).errors, HasSubstr("--port is '70000' but must be a whole number"));
  const auto empty = run({"serve", "--port", ""});
  EXPECT_EQ(empty.code, 2);
  EXPECT_THAT(empty.errors, HasSubstr("it is empty"));
}

TEST_F(Cli, ProductionIsRefusedWithEverythingThatIsMissing) {
  for (const std::string name : {"CLARION_ENV", "FLASK_ENV"}) {
    environment_ = {{name, "production"}, {"AWS_EC2_METADATA_DISABLED", "true"}};
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve", "--port", "0"}, {"campaigns", "list"}, {"query", "everyone"}}) {
      const auto refused = run(command);
      EXPECT_NE(refused.code, 0) << name;
      EXPECT_THAT(refused.errors, HasSubstr("senders: no channel has a sender. Set PHONE_POOL_ID"));
    }
    const auto refused = run({"serve", "--port", "0"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.errors, AllOf(HasSubstr("AWS_REGION: Set AWS_REGION"), HasSubstr("credentials: No AWS")));
  }
  EXPECT_FALSE(fs::exists(directory_.path() / "data")) << "nothing was begun";
}

// The totals of a results document, which stay as they are while messages go on to be delivered.
std::string sums(const json::value& results) {
  std::string text;
  for (const char* name : {"campaign_id", "total_planned", "total_sent", "total_failed", "total_skipped"}) {
    text += json::serialize(results.at(name)) + ' ';
  }
  return text;
}

TEST_F(Cli, TheFailedAreSentToAgainAsACampaignOfTheirOwn) {
  environment_["CLARION_SIM_FAILURE_RATE"] = "1";
  write_file("users.json", campaign_of(60, "c", 1000));
  EXPECT_EQ(run({"send", "--users", "users.json", "--tps", "1000", "--campaign", "c"}).code, 3);
  environment_["CLARION_SIM_FAILURE_RATE"] = "0";
  const auto retried = run({"campaigns", "retry", "c", "--json"});
  EXPECT_EQ(retried.code, 0) << retried.errors;
  const auto results = json::parse(retried.output).at("results");
  EXPECT_EQ(results.at("campaign_id"), "c-retry");
  EXPECT_GT(results.at("total_sent").to_number<int>(), 0);
  EXPECT_LT(results.at("total_sent").to_number<int>(), 60) << "wrong addresses were sent to again";
  EXPECT_EQ(sums(json::parse(run({"campaigns", "retry", "c", "--json"}).output).at("results")), sums(results));
  EXPECT_THAT(run({"campaigns", "retry", "none"}).errors, HasSubstr("`clarion campaigns list` shows all"));
  const auto nobody = run({"campaigns", "retry", "c-retry"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.errors, HasSubstr("no failed recipient who can be retried"));
}

TEST_F(Cli, WhomTheirChannelDidNotReachIsSentToByAnother) {
  environment_["CLARION_SIM_FAILURE_RATE"] = "0.5";
  EXPECT_EQ(run({"send", "--query", "everyone", "--ignore-caps", "--tps", "1000", "--campaign", "c"}).code, 3);
  environment_["CLARION_SIM_FAILURE_RATE"] = "0";
  const auto sent = run({"campaigns", "fallback", "c", "--json"});
  EXPECT_EQ(sent.code, 0) << sent.errors;
  const auto results = json::parse(sent.output).at("results");
  EXPECT_EQ(results.at("campaign_id"), "c-fallback");
  EXPECT_GT(results.at("total_sent").to_number<int>(), 0);
  EXPECT_EQ(sums(json::parse(run({"campaigns", "fallback", "c", "--json"}).output).at("results")), sums(results));
  const auto nobody = run({"campaigns", "fallback", "c-fallback"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.errors, HasSubstr("no failed recipient who can be sent to by another channel"));
}

TEST_F(Cli, SeedsAreTheSameEveryTime) {
  ASSERT_EQ(run({"seed", "--contacts", "50", "--seed", "7", "--out", "a"}).code, 0);
  ASSERT_EQ(run({"seed", "--contacts", "50", "--seed", "7", "--out", "b"}).code, 0);
  ASSERT_EQ(run({"seed", "--contacts", "50", "--seed", "8", "--out", "c"}).code, 0);
  const auto read = [this](const std::string& folder) {
    std::ifstream file(directory_.path() / folder / "contacts.json");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  };
  EXPECT_EQ(read("a"), read("b"));
  EXPECT_NE(read("a"), read("c"));
  EXPECT_EQ(json::parse(read("a")).as_array().size(), 50U);
}

TEST_F(Cli, ImportKeepsGoodRowsSetsBadOnesAsideAndAddsUp) {
  write_file("people.csv",
             "id,phone,email,country\nA,+14255550156,,US\nB,,b@example.com,US\nC,12,,US\nA,,a@example.com,US\n");
  const auto dry = run({"import", "people.csv", "--dry-run", "--json"});
  EXPECT_EQ(dry.code, 3) << dry.errors;
  EXPECT_FALSE(fs::exists(directory_.path() / "data/local/contacts.ndjson"));

  const auto imported = run({"import", "people.csv", "--json"});
  EXPECT_EQ(imported.code, 3) << "a row was rejected";
  const auto summary = document_of(imported);
  EXPECT_EQ(summary.at("read"), 4);
  EXPECT_EQ(summary.at("imported"), 2);
  EXPECT_EQ(summary.at("replaced"), 1);
  EXPECT_EQ(summary.at("rejected"), 1);
  std::ifstream rejected(directory_.path() / "people.csv.rejected.csv");
  std::ostringstream rows;
  rows << rejected.rdbuf();
  EXPECT_THAT(rows.str(), HasSubstr("\n4,3,"));
  const auto mode = fs::status(directory_.path() / "data/local/contacts.ndjson").permissions();
  EXPECT_EQ(mode, fs::perms::owner_read | fs::perms::owner_write);

  write_file("more.csv", "id,email\nB,new@example.com\nD,d@example.com\n");
  const auto merged = document_of(run({"import", "more.csv", "--json"}));
  EXPECT_EQ(merged.at("imported"), 1);
  EXPECT_EQ(merged.at("replaced"), 1);
  const auto everyone = document_of(run({"query", "everyone", "--json"}));
  EXPECT_EQ(at_path(everyone, "results.total_matched"), 3);
}

TEST_F(Cli, AFileThatBreaksOffChangesNothing) {
  write_file("broken.json", R"([{"id": "A", "email": "a@example.com"}, {"id": )");
  const auto broken = run({"import", "broken.json"});
  EXPECT_EQ(broken.code, 1) << broken.output;
  EXPECT_THAT(broken.errors, HasSubstr("nothing was imported"));
  EXPECT_FALSE(fs::exists(directory_.path() / "data/local/contacts.ndjson"));
  EXPECT_EQ(run({"import", "missing.csv"}).code, 1);
}

TEST_F(Cli, QueryPrintsOneDocumentOrAnExplanation) {
  const auto as_json = run({"query", "laptops in Bangalore", "--json"});
  EXPECT_EQ(as_json.code, 0);
  EXPECT_GT(at_path(document_of(as_json), "results.total_matched").to_number<int>(), 0);
  const auto as_text = run({"query", "laptops in Bangalore"});
  EXPECT_THAT(as_text.output, HasSubstr("would get a message"));
  EXPECT_THAT(as_text.output, HasSubstr("SQL:"));
}

TEST_F(Cli, AnAmbiguousSentenceIsAskedAboutAndNotSentTo) {
  const auto asked = run({"query", "German customers"});
  EXPECT_EQ(asked.code, 0);
  EXPECT_THAT(asked.output, HasSubstr("Which is meant by \"German\"?\n  German (language)\n  Germany (country)\n"));
  EXPECT_EQ(asked.output.find("clarion send"), std::string::npos);
  const auto refused = run({"send", "--query", "German customers", "--tps", "1000"});
  EXPECT_EQ(refused.code, 2) << refused.output;
  EXPECT_THAT(refused.errors, HasSubstr("German (language) or Germany (country)"));
  const auto nobody = run({"query", "women"});
  EXPECT_EQ(nobody.code, 0);
  EXPECT_THAT(nobody.output, HasSubstr("nobody was chosen"));
  EXPECT_EQ(nobody.output.find("Segment:"), std::string::npos);
}

TEST_F(Cli, SendGoesToItsEndAndPrintsTheResultsDocument) {
  write_file("users.json", users(30));
  const auto sent = run({"send", "--users", "users.json", "--tps", "1000", "--campaign", "cli", "--json"});
  EXPECT_EQ(sent.code, 0) << sent.errors;
  const auto document = document_of(sent);
  EXPECT_EQ(at_path(document, "results.total_sent"), 30);
  EXPECT_EQ(at_path(document, "results.by_channel.email.total"), 0);
  // The same command again is the same campaign.
  const auto again = run({"send", "--users", "users.json", "--tps", "1000", "--campaign", "cli", "--json"});
  EXPECT_EQ(at_path(document_of(again), "results.total_sent"), 30);
  EXPECT_EQ(run({"send", "--users", "users.json", "--tps", "999", "--campaign", "cli"}).code, 1);

  const auto list = document_of(run({"campaigns", "list", "--json"}));
  EXPECT_EQ(list.at("campaigns").as_array().size(), 1U);
  EXPECT_THAT(run({"campaigns", "show", "cli"}).output, HasSubstr("completed"));
  EXPECT_EQ(run({"campaigns", "show", "none"}).code, 1);
  const auto csv = run({"export", "deliveries", "--campaign", "cli"});
  // A disk that is full must not look like an export that is whole.
  for (const char* format : {"csv", "json"}) {
    const std::string command = std::string(CLARION_BINARY) + " export deliveries --campaign cli --format " + format;
    const auto full = run_clarion("/bin/sh", directory_.path(),
                                  {.arguments = {"-c", command + " >/dev/full"}, .environment = environment_});
    EXPECT_EQ(full.code, 1) << format;
    EXPECT_THAT(full.errors, HasSubstr("could not be written"));
  }
  EXPECT_EQ(std::count(csv.output.begin(), csv.output.end(), '\n'), 31);
  const auto rows = run({"export", "deliveries", "--campaign", "cli", "--format", "json"});
  EXPECT_EQ(json::parse(rows.output).as_array().size(), 30U);
}

TEST_F(Cli, ASentenceThatWasNotUnderstoodWhollyIsSentOnlyWhenToldSo) {
  const std::string half = "customers in Bangalore who flibbertigibbet";
  const auto refused = run({"send", "--query", half, "--tps", "1000", "--json"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.output, "");
  EXPECT_THAT(refused.errors, HasSubstr("'flibbertigibbet'"));
  EXPECT_THAT(refused.errors, HasSubstr("--accept-partial"));
  EXPECT_EQ(run({"send", "--query", "customers in Atlantis", "--tps", "1000", "--accept-partial"}).code, 2);
  EXPECT_EQ(run({"send", "--segment", "s", "--tps", "1000", "--accept-partial"}).code, 2);
  EXPECT_THAT(run({"campaigns", "list", "--json"}).output, HasSubstr(R"("campaigns":[])")) << "nothing was sent";
  const auto told = run({"send", "--query", half, "--tps", "1000", "--accept-partial", "--ignore-caps", "--json"});
  EXPECT_EQ(told.code, 0) << told.errors;
  EXPECT_THAT(told.output, HasSubstr("completed"));
}

TEST_F(Cli, SendThatEndsWithFailuresIsThree) {
  write_file("users.json", R"([{"customer_id": "A", "selected_channel": "fax"},
      {"customer_id": "B", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"}])");
  EXPECT_EQ(run({"send", "--users", "users.json", "--tps", "100", "--json"}).code, 3);
}

TEST_F(Cli, CtrlCBeforeTheCampaignIsThereStillPausesIt) {
  const auto pipe = directory_.path() / "users.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  ClarionProcess sending(CLARION_BINARY, directory_.path(),
                         {.arguments = {"send", "--users", "users.json", "--tps", "20", "--campaign", "early"},
                          .environment = environment_});
  {
    std::ofstream users_pipe(pipe);  // opens when the program has begun to read
    sending.send_signal(SIGINT);
    users_pipe << users(300);
  }
  EXPECT_EQ(sending.wait(), 1);
  EXPECT_THAT(sending.errors(), HasSubstr("clarion campaigns resume early"));
  const auto paused = document_of(run({"campaigns", "show", "early", "--json"}));
  EXPECT_EQ(paused.at("status"), "paused");
  EXPECT_GT(paused.at("waiting").to_number<std::int64_t>(), 0);
}

TEST_F(Cli, CtrlCPausesAndResumeGoesOn) {
  write_file("users.json", users(300));
  ClarionProcess sending(CLARION_BINARY, directory_.path(),
                         {.arguments = {"send", "--users", "users.json", "--tps", "20", "--campaign", "paused"},
                          .environment = environment_});
  ASSERT_TRUE(is_accepted_above("paused", 0)) << sending.errors();
  sending.send_signal(SIGINT);
  EXPECT_EQ(sending.wait(), 1);
  EXPECT_THAT(sending.errors(), HasSubstr("clarion campaigns resume paused"));

  const auto paused = document_of(run({"campaigns", "show", "paused", "--json"}));
  EXPECT_EQ(paused.at("status"), "paused");
  EXPECT_EQ(paused.at("sending"), 0);
  EXPECT_EQ(paused.at("in_doubt"), 0);
  const auto resumed = run({"campaigns", "resume", "paused", "--json"});
  (void)resumed;
  const auto ended = document_of(run({"campaigns", "show", "paused", "--json"}));
  EXPECT_EQ(ended.at("status"), "completed");
  // What a carrier bounced later counts as failed.
  EXPECT_EQ(ended.at("accepted").to_number<int>() + ended.at("failed").to_number<int>(), 300);
  const auto rows = json::parse(run({"export", "deliveries", "--campaign", "paused", "--format", "json"}).output);
  for (const auto& row : rows.as_array()) EXPECT_EQ(row.at("attempts"), 1);
}

TEST_F(Cli, CtrlCTwiceAtOnceAndAClosedTerminalPauseToo) {
  write_file("users.json", users(300));
  const std::vector<std::vector<int>> cases{{SIGINT, SIGTERM}, {SIGHUP}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string id = "c" + std::to_string(i);
    ClarionProcess sending(
        CLARION_BINARY, directory_.path(),
        {.arguments = {"send", "--users", "users.json", "--tps", "20", "--campaign", id}, .environment = environment_});
    ASSERT_TRUE(is_accepted_above(id, 0)) << sending.errors();
    for (const int number : cases[i]) sending.send_signal(number);
    EXPECT_EQ(sending.wait(), 1) << sending.errors();
    const auto paused = document_of(run({"campaigns", "show", id, "--json"}));
    EXPECT_EQ(paused.at("status"), "paused");
    EXPECT_EQ(paused.at("in_doubt"), 0);
  }
}

TEST_F(Cli, WhatACrashLeftRunningIsSentOnlyWhenAskedFor) {
  write_file("users.json", users(300));
  write_file("one.json", users(1));
  const std::vector<std::string> send_left{"send", "--users", "users.json", "--tps", "1", "--campaign", "left"};
  const auto accepted = [this] {
    return document_of(run({"campaigns", "show", "left", "--json"})).at("accepted").to_number<std::int64_t>();
  };
  const auto run_until_above = [this](const std::vector<std::string>& arguments, std::int64_t count) {
    // Until it says where it listens, a command that looks would take the directory in its place.
    const fs::path instance = directory_.path() / "data/local/instance.json";
    fs::remove(instance);
    ClarionProcess crashed(CLARION_BINARY, directory_.path(), {.arguments = arguments, .environment = environment_});
    ASSERT_TRUE(eventually([&instance] { return fs::exists(instance); })) << crashed.errors();
    EXPECT_TRUE(is_accepted_above("left", count)) << crashed.errors();
    crashed.send_signal(SIGKILL);
    EXPECT_EQ(crashed.wait(), -SIGKILL);
  };
  run_until_above(send_left, 0);
  EXPECT_THAT(run({"campaigns", "show", "left"}).output, HasSubstr("No process is sending it"));
  EXPECT_THAT(run({"campaigns", "list"}).output, HasSubstr("left is running: No process is sending it"));

  const auto before = accepted();
  const auto sent = run({"send", "--users", "one.json", "--tps", "1", "--campaign", "other"});
  EXPECT_EQ(sent.code, 0) << sent.errors;
  EXPECT_THAT(sent.errors, HasSubstr("no process is sending: left. `clarion campaigns resume ID`"));
  EXPECT_EQ(run({"campaigns", "retry", "other"}).code, 1);
  EXPECT_EQ(run({"campaigns", "fallback", "other"}).code, 1);
  EXPECT_EQ(run({"campaigns", "resume", "other"}).code, 1);
  EXPECT_EQ(accepted(), before) << "it was sent without being asked for";

  run_until_above({"campaigns", "resume", "left"}, before);
  // The same request again is the same campaign.
  run_until_above(send_left, accepted());
}

TEST_F(Cli, SendOfACampaignThatSomebodyCancelsIsOne) {
  write_file("users.json", users(300));
  ClarionProcess sending(CLARION_BINARY, directory_.path(),
                         {.arguments = {"send", "--users", "users.json", "--tps", "20", "--campaign", "gone"},
                          .environment = environment_});
  for (int i = 0; i < 200 && run({"campaigns", "cancel", "gone"}).code != 0; ++i) {
  }
  EXPECT_EQ(sending.wait(), 1) << sending.errors();
}

TEST_F(Cli, CommandsTalkToTheServerThatHoldsTheData) {
  ClarionServer server(CLARION_BINARY);
  const auto ask = [&server](std::vector<std::string> arguments) {
    return run_clarion(CLARION_BINARY, server.directory(),
                       {.arguments = std::move(arguments), .environment = server.environment()});
  };
  std::ofstream(server.directory() / "users.json") << users(500);
  server.post("/api/send-campaign",
              R"({"campaign_id": "srv", "throughput_tps": 5, "wait_seconds": 0, )" + users(200).substr(1));
  EXPECT_EQ(ask({"campaigns", "pause", "srv"}).code, 0);
  EXPECT_EQ(at_path(object_of(server.get("/api/campaigns/srv")), "status"), "paused");
  EXPECT_EQ(ask({"campaigns", "resume", "srv"}).code, 0);
  EXPECT_EQ(ask({"campaigns", "cancel", "srv"}).code, 0);
  EXPECT_EQ(ask({"campaigns", "cancel", "srv"}).code, 1);
  const auto sent = ask({"send", "--users", "users.json", "--tps", "1000", "--json"});
  EXPECT_EQ(at_path(json::parse(sent.output).as_object(), "results.total_sent"), 500) << sent.errors;
  EXPECT_THAT(ask({"export", "deliveries", "--campaign", "srv"}).output, HasSubstr("delivery_id"));
  const auto second = ask({"serve", "--port", "0"});
  EXPECT_EQ(second.code, 1);
  EXPECT_THAT(second.errors, HasSubstr("in use"));
}

TEST_F(Cli, AServerStopsOnSigtermAndGoesOnWhenStartedAgain) {
  write_file("users.json", users(200));
  std::string body = users(200);
  const auto serve = [this] {
    return std::make_unique<ClarionProcess>(
        CLARION_BINARY, directory_.path(),
        ProcessOptions{.arguments = {"serve", "--port", "0"}, .environment = environment_});
  };
  auto first = serve();
  const auto port = first->wait_for_port();
  http_post(port, "/api/send-campaign",
            R"({"campaign_id": "long", "throughput_tps": 50, "wait_seconds": 0, )" + body.substr(1));
  first->send_signal(SIGTERM);
  EXPECT_EQ(first->wait(), 0);
  EXPECT_FALSE(fs::exists(directory_.path() / "data/local/instance.json"));

  auto second = serve();
  const auto again = second->wait_for_port();
  HttpConnection stream(again, std::chrono::seconds(30));
  stream.send_request("GET", "/api/campaigns/long/stream");
  stream.read_head();
  json::object last;
  while (const auto event = stream.read_event()) {
    last = json::parse(event->data).as_object();
    if (event->event == "end") break;
  }
  EXPECT_EQ(at_path(last, "status"), "completed");
  EXPECT_EQ(at_path(last, "accepted").to_number<int>() + at_path(last, "failed").to_number<int>(), 200);
  EXPECT_EQ(at_path(last, "in_doubt"), 0);
}

TEST_F(Cli, SeveralWorkersAnswerOnOnePort) {
  ClarionServer server(CLARION_BINARY, {{"CLARION_WORKERS", "3"}});
  std::vector<HttpConnection> connections;
  for (int i = 0; i < 30; ++i) connections.emplace_back(server.port());
  for (HttpConnection& connection : connections) {
    connection.send_request("GET", "/api/environment");
    EXPECT_EQ(connection.read_reply().status, 200);
  }
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(Cli, SettingsAreShownWithTheirSourceAndSecretsMasked) {
  environment_["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI";
  write_file(".env", "CLARION_PORT=7000\n");
  const auto shown = run({"settings"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.output, ::testing::ContainsRegex("CLARION_PORT +7000 +\\.env"));
  EXPECT_THAT(shown.output, Not(HasSubstr("wJalr")));
  write_file(".env", "CLARION_PORT=7000x\n");
  EXPECT_EQ(run({"settings"}).code, 2);
}

}  // namespace
}  // namespace clarion::testing
