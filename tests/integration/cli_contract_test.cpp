// What scripts rely on of the command line: one document on standard output, exit codes, and every option of the
// contract (docs/contract.md). What the commands are good for is in cli_commands_test.cpp.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "support/clarion_server.h"
#include "support/command_line_fixture.h"

namespace clarion::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Arguments = std::vector<std::string>;

class CommandLine : public CommandLineTest {
 protected:
  // Twelve hours that have begun in India, at any time of the day.
  static std::string quiet_hours_in_india() {
    const auto local = std::chrono::system_clock::now().time_since_epoch() + std::chrono::minutes(330);
    const auto hour = std::chrono::floor<std::chrono::hours>(local).count() % 24;
    const auto text = [](auto at) { return (at < 10 ? "0" : "") + std::to_string(at) + ":00"; };
    return text(hour) + "-" + text((hour + 12) % 24);
  }
  // A campaign that is there and whose recipients all wait for the end of their quiet hours.
  void make_waiting_campaign(const std::string& id) {
    const auto sent = run({"send", "--query", "customers in Mumbai", "--tps", "10", "--campaign", id, "--quiet-hours",
                           quiet_hours_in_india(), "--json"});
    EXPECT_EQ(sent.code, 1) << sent.errors;
    EXPECT_THAT(sent.errors, HasSubstr("in quiet hours"));
  }
};

TEST_F(CommandLine, JsonIsOneDocumentAndNothingElseOnStandardOutput) {
  // What is logged must not get in between either.
  environment_["CLARION_LOG_LEVEL"] = "debug";
  write_file("people.csv", "id,email,consent_email\nA,a@example.com,opted_in\nB,b@example.com,opted_in\n");
  write_file("users.json", users(3));
  const Arguments commands[] = {
      {"import", "people.csv", "--dry-run", "--json"},
      {"import", "people.csv", "--json"},
      {"query", "everyone", "--json"},
      {"send", "--users", "users.json", "--tps", "100", "--campaign", "one", "--json"},
      {"send", "--query", "everyone", "--tps", "100", "--campaign", "two", "--ignore-caps", "--json"},
      {"campaigns", "--json"},
      {"campaigns", "list", "--json"},
      {"campaigns", "show", "one", "--json"},
      {"doctor", "--json"},
      {"settings", "--json"},
      {"token", "create", "--name", "ops", "--scope", "read", "--json"},
      {"token", "list", "--json"},
      {"token", "revoke", "ops", "--json"},
  };
  for (const Arguments& command : commands) {
    const auto done = run(command);
    EXPECT_EQ(done.code, 0) << json::serialize(json::value_from(command)) << done.errors;
    EXPECT_FALSE(document_of(done).empty()) << json::serialize(json::value_from(command));
  }
  // What fails says why on standard error, and nothing to the program that reads the document.
  const Arguments failing[] = {
      {"query", "", "--json"},
      {"send", "--query", "customers who flibbertigibbet", "--tps", "1", "--json"},
      {"send", "--segment", "none", "--tps", "1", "--json"},
      {"send", "--users", "none.json", "--tps", "1", "--json"},
      {"campaigns", "show", "none", "--json"},
      {"campaigns", "pause", "none", "--json"},
      {"import", "none.csv", "--json"},
      {"token", "revoke", "none", "--json"},
      {"export", "deliveries", "--campaign", "none", "--format", "json"},
      {"export", "deliveries", "--campaign", "none", "--format", "csv"},
  };
  for (const Arguments& command : failing) {
    const auto done = run(command);
    EXPECT_THAT(done.code, ::testing::AnyOf(1, 2)) << json::serialize(json::value_from(command));
    EXPECT_EQ(done.output, "") << json::serialize(json::value_from(command));
    EXPECT_THAT(done.errors, HasSubstr("clarion: ")) << json::serialize(json::value_from(command));
  }
}

TEST_F(CommandLine, TheExamplesOfTheHelpWorkOnTheDemoContacts) {
  int tried = 0;
  for (const Arguments& help : {Arguments{"--help"}, {"query", "--help"}, {"send", "--help"}}) {
    std::istringstream lines(run(help).output);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("  clarion query \"") && !line.starts_with("  clarion send --query")) continue;
      const auto done = run_clarion(
          "/bin/bash", directory_.path(),
          {.arguments = {"-c", "clarion() { '" CLARION_BINARY "' \"$@\"; }\n" + line}, .environment = environment_});
      // Where it is night now, who gets a message gets it later.
      const bool is_night = done.code == 1 && done.errors.contains("in quiet hours");
      EXPECT_TRUE(done.code == 0 || is_night) << line << "\n" << done.errors;
      ++tried;
    }
  }
  EXPECT_GE(tried, 5);
}

TEST_F(CommandLine, WrongOptionsAreTwoForEveryCommand) {
  const Arguments wrong[] = {
      {"serve", "--colour", "red"},
      {"serve", "--workers", "none"},
      {"serve", "--host", "not an address"},
      {"seed", "--contacts", "many"},
      {"seed", "--contacts", "10000001"},
      {"seed", "--seed", "x"},
      {"import"},
      {"import", "people.csv", "--format", "xls"},
      {"query"},
      {"send", "--tps", "10"},
      {"send", "--tps", "ten", "--query", "everyone"},
      {"campaigns", "stop", "x"},
      {"campaigns", "resume"},
      {"export"},
      {"export", "deliveries"},
      {"export", "deliveries", "--campaign", "x", "--format", "xml"},
      {"token"},
      {"token", "revoke"},
      {"token", "create", "--name", "a", "--scope", "everything"},
      {"doctor", "--colour"},
      {"doctor", "--create"},
  };
  for (const Arguments& command : wrong) {
    const auto done = run(command);
    EXPECT_EQ(done.code, 2) << json::serialize(json::value_from(command)) << done.errors;
    EXPECT_NE(done.errors, "") << json::serialize(json::value_from(command));
  }
  // A setting that is none is wrong use too, wherever it comes from.
  environment_["CLARION_MAX_TPS"] = "fast";
  for (const Arguments& command : {Arguments{"serve"}, {"query", "everyone"}, {"campaigns"}, {"doctor"}}) {
    EXPECT_EQ(run(command).code, 2);
  }
}

TEST_F(CommandLine, ServeTakesItsOptionsAndTheSettingsOfTheSameNames) {
  const auto serve = [this](Arguments options) {
    options.insert(options.begin(), "serve");
    return std::make_unique<ClarionProcess>(CLARION_BINARY, directory_.path(),
                                            ProcessOptions{.arguments = options, .environment = environment_});
  };
  auto first = serve({"--host", "127.0.0.2", "--port", "0", "--workers", "2", "--data", "elsewhere"});
  const std::uint16_t port = first->wait_for_port();
  ASSERT_NE(port, 0) << first->errors();
  EXPECT_THAT(first->output(),
              AllOf(HasSubstr("http://127.0.0.2:" + std::to_string(port)), HasSubstr("records in elsewhere")));
  first->send_signal(SIGINT);
  EXPECT_EQ(first->wait(), 0);
  EXPECT_TRUE(fs::exists(directory_.path() / "elsewhere" / "clarion.db"));

  environment_["CLARION_HOST"] = "127.0.0.3";
  environment_["CLARION_PORT"] = std::to_string(port);
  environment_["CLARION_DATA_DIR"] = "again";
  environment_["CLARION_WORKERS"] = "2";
  auto second = serve({});
  EXPECT_EQ(second->wait_for_port(), port) << second->errors();
  EXPECT_THAT(second->output(), AllOf(HasSubstr("http://127.0.0.3:"), HasSubstr("records in again")));
  auto third = serve({"--data", "third"});
  EXPECT_EQ(third->wait(), 1) << "the port is taken";
  EXPECT_THAT(third->errors(), HasSubstr(std::to_string(port)));
  second->send_signal(SIGTERM);
  EXPECT_EQ(second->wait(), 0);
}

TEST_F(CommandLine, ImportReadsEachOfItsFormats) {
  write_file("clarion.json", R"([{"id": "J1", "email": "j@example.com"}])");
  write_file("people.csv", "id,email\nC1,c@example.com\nC2,d@example.com\n");
  write_file("pinpoint.json",
             R"({"Id":"e1","ChannelType":"EMAIL","Address":"p@example.com","OptOut":"NONE","User":{"UserId":"P1"}})"
             "\n"
             R"({"Id":"e2","ChannelType":"SMS","Address":"+14255550156","OptOut":"ALL","User":{"UserId":"P1"}})"
             "\n");
  write_file("listmonk.csv", "uuid,email,name,attributes,status\nL1,l@example.com,Lea,{},enabled\n");
  struct Case {
    std::string format;
    std::string file;
    int read;
    int imported;
  };
  for (const Case& each : {Case{"clarion", "clarion.json", 1, 1}, Case{"csv", "people.csv", 2, 2},
                           Case{"pinpoint", "pinpoint.json", 2, 1}, Case{"listmonk", "listmonk.csv", 1, 1}}) {
    const auto imported = run({"import", each.file, "--format", each.format, "--json"});
    EXPECT_EQ(imported.code, 0) << each.format << imported.errors;
    const auto summary = document_of(imported);
    EXPECT_EQ(summary.at("format"), json::value(each.format));
    EXPECT_EQ(summary.at("read"), each.read) << each.format;
    EXPECT_EQ(summary.at("imported"), each.imported) << each.format;
    EXPECT_FALSE(fs::exists(directory_.path() / (each.file + ".rejected.csv"))) << each.format;
  }
  const auto everyone = document_of(run({"query", "everyone", "--json"}));
  EXPECT_EQ(at_path(everyone, "results.total_matched"), 5);
  const auto shown = run({"import", "people.csv"});
  EXPECT_THAT(shown.errors, HasSubstr("reading")) << "the progress";
  EXPECT_THAT(shown.output, HasSubstr("2 rows read as csv: 0 new, 2 replaced"));
}

TEST_F(CommandLine, SendTakesASegment) {
  const auto query = document_of(run({"query", "customers in Austin", "--json"}));
  const std::string segment = at_path(query, "results.segment_id").as_string().c_str();
  const auto sent =
      run({"send", "--segment", segment, "--tps", "1000", "--campaign", "seg", "--name", "Texas", "--ignore-caps"});
  EXPECT_EQ(sent.code, 0) << sent.errors;
  EXPECT_THAT(sent.errors, AllOf(HasSubstr("Campaign seg"), HasSubstr("sending")));
  EXPECT_THAT(sent.output, HasSubstr("Campaign seg is completed"));
  const auto shown = document_of(run({"campaigns", "show", "seg", "--json"}));
  EXPECT_EQ(shown.at("planned"), at_path(query, "results.total_matched"));
  EXPECT_EQ(shown.at("throughput_tps"), 1000);
  EXPECT_EQ(shown.at("name"), "Texas");
  const auto none = run({"send", "--segment", "seg-none", "--tps", "1000"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.errors, HasSubstr("seg-none"));
  write_file("users.json", users(1));
  const auto named = run({"send", "--users", "users.json", "--tps", "10", "--name", "Texas"});
  EXPECT_EQ(named.code, 2) << "a list keeps no name, and to drop it silently would be worse";
}

TEST_F(CommandLine, CampaignsAreControlledWithoutAServer) {
  EXPECT_THAT(run({"campaigns"}).output, HasSubstr("No campaigns yet"));
  make_waiting_campaign("night");
  EXPECT_THAT(run({"campaigns"}).output, AllOf(HasSubstr("CAMPAIGN"), HasSubstr("night")));
  EXPECT_EQ(run({"campaigns"}).output, run({"campaigns", "list"}).output);
  const auto paused = run({"campaigns", "pause", "night", "--json"});
  EXPECT_EQ(paused.code, 0) << paused.errors;
  EXPECT_EQ(document_of(paused).at("status"), "paused");
  EXPECT_EQ(run({"campaigns", "pause", "night"}).code, 1) << "it is paused already";
  const auto resumed = run({"campaigns", "resume", "night", "--json"});
  EXPECT_EQ(resumed.code, 1) << "it still waits for the morning";
  EXPECT_EQ(at_path(document_of(resumed), "results.status"), "running");
  const auto cancelled = run({"campaigns", "cancel", "night", "--json"});
  EXPECT_EQ(cancelled.code, 0) << cancelled.errors;
  const auto ended = document_of(cancelled);
  EXPECT_EQ(ended.at("status"), "cancelled");
  EXPECT_EQ(ended.at("waiting"), 0);
  const auto again = run({"campaigns", "resume", "night"});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.errors, HasSubstr("cancelled"));
  for (const std::string verb : {"show", "pause", "resume", "cancel"}) {
    const auto none = run({"campaigns", verb, "none"});
    EXPECT_EQ(none.code, 1) << verb;
    EXPECT_THAT(none.errors, HasSubstr("clarion campaigns list")) << verb;
  }
}

TEST_F(CommandLine, CtrlCPausesACampaignThatAServerSends) {
  ClarionServer server(CLARION_BINARY);
  std::ofstream(server.directory() / "users.json") << users(300);
  ClarionProcess sending(CLARION_BINARY, server.directory(),
                         {.arguments = {"send", "--users", "users.json", "--tps", "20", "--campaign", "far", "--json"},
                          .environment = server.environment()});
  HttpReply shown = server.get("/api/campaigns/far");
  for (int i = 0; i < 100'000 && (shown.status != 200 || object_of(shown).at("accepted") == 0); ++i) {
    shown = server.get("/api/campaigns/far");
  }
  ASSERT_EQ(shown.status, 200) << sending.errors();
  sending.send_signal(SIGINT);
  EXPECT_EQ(sending.wait(), 1);
  EXPECT_THAT(sending.errors(), AllOf(HasSubstr("clarion campaigns resume far"), HasSubstr("server keeps it")));
  EXPECT_EQ(at_path(json::parse(sending.output()).as_object(), "results.status"), "paused");
  const auto paused = object_of(server.get("/api/campaigns/far"));
  EXPECT_EQ(paused.at("status"), "paused");
  EXPECT_EQ(paused.at("sending"), 0);
  EXPECT_GT(paused.at("waiting").to_number<int>(), 0);
}

TEST_F(CommandLine, DoctorShowsEverySettingWithItsSource) {
  environment_["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI";
  write_file(".env", "CLARION_MAX_TPS=70\n");
  const auto document = document_of(run({"doctor", "--json"}));
  EXPECT_EQ(document.at("ok"), true);
  std::map<std::string, std::string> shown;
  for (const auto& row : document.at("settings").as_array()) {
    shown[row.at("name").as_string().c_str()] =
        std::string(row.at("value").as_string().c_str()) + " from " + row.at("source").as_string().c_str();
  }
  EXPECT_EQ(shown["CLARION_MAX_TPS"], "70 from .env");
  EXPECT_EQ(shown["CLARION_SIM_LATENCY_MS"], "0 from environment");
  EXPECT_EQ(shown["CLARION_PORT"], "5000 from default");
  EXPECT_EQ(shown["AWS_SECRET_ACCESS_KEY"], "*** (13 characters) from environment");
  const auto table = run({"doctor"});
  EXPECT_EQ(table.code, 0);
  EXPECT_THAT(table.output, ::testing::ContainsRegex("CLARION_MAX_TPS +70 +\\.env\n"));
  EXPECT_THAT(table.output, AllOf(HasSubstr("data directory"), Not(HasSubstr("wJalr"))));
  for (const auto& [name, value] : shown) EXPECT_THAT(table.output, HasSubstr(name));

  fs::create_directories(directory_.path() / "data/local/prices");
  write_file("data/local/prices/sms.json", "{");
  const auto broken = run({"doctor"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.output, AllOf(HasSubstr("failed"), HasSubstr("docs/prices.md")));
  EXPECT_EQ(document_of(run({"doctor", "--json"})).at("ok"), false);
}

TEST_F(CommandLine, ATokenIsPrintedAsTheDocumentOfItsContract) {
  const auto made = document_of(run({"token", "create", "--name", "shop", "--scope", "send,read", "--json"}));
  EXPECT_EQ(made.size(), 3U);
  EXPECT_EQ(made.at("name"), "shop");
  EXPECT_TRUE(std::string(made.at("token").as_string().c_str()).starts_with("clarion_"));
  EXPECT_EQ(json::serialize(made.at("scopes")), R"(["read","send"])");
}

TEST_F(CommandLine, WhatCannotBeReachedOrReadIsOne) {
  EXPECT_EQ(run({"import", "none.csv"}).code, 1);
  EXPECT_EQ(run({"send", "--users", "none.json", "--tps", "1"}).code, 1);
  EXPECT_EQ(run({"export", "deliveries", "--campaign", "none"}).code, 1);
  EXPECT_EQ(run({"token", "revoke", "none"}).code, 1);
  write_file("plain", "");
  EXPECT_EQ(run({"seed", "--out", "plain/inside"}).code, 1);
  const auto taken = run({"query", "everyone", "--data", "plain"});
  EXPECT_EQ(taken.code, 1) << taken.errors;
}

}  // namespace
}  // namespace clarion::testing
