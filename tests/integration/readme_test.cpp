// What people are told to run first, against the built program: README's five minutes and the demo are run as they
// stand, and the sentences of docs/query.md are sentences whose filters tests hold.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/clarion_process.h"

namespace clarion::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The lines of the first block of code below `heading`.
std::vector<std::string> code_below(const std::string& text, const std::string& heading) {
  std::vector<std::string> lines;
  const auto begin = text.find("```\n", text.find("\n" + heading + "\n"));
  const auto end = text.find("```", begin + 4);
  if (begin == std::string::npos || end == std::string::npos) return lines;
  std::istringstream block(text.substr(begin + 4, end - begin - 4));
  for (std::string line; std::getline(block, line);) lines.push_back(line);
  return lines;
}

// A zone in which it is 13 o'clock now, so that quiet hours hold nobody back at any time of the day.
std::string zone_at_noon() {
  const auto now = std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now()).time_since_epoch();
  const auto east = 13 - now.count() % 24;
  // The names of these zones count westwards.
  return std::string("Etc/GMT") + (east > 0 ? "-" : "+") + std::to_string(east > 0 ? east : -east);
}

std::string sample_contacts() {
  std::string text =
      "\xEF\xBB\xBFid,first_name,email,phone,city,country,time_zone,purchase_count,purchased_skus,consent_email,"
      "consent_sms\r\n";
  for (int i = 0; i < 8; ++i) {
    text +=
        fmt::format("C{0},Ana,ana{0}@example.com,+9198123456{1},Bangalore,IN,{2},3,SKU-LAPTOP-1,opted_in,opted_in\r\n",
                    i, 70 + i, zone_at_noon());
  }
  return text + "BAD,Bo,not an address,,Pune,IN,,,,,\r\n";
}

// In an empty directory, at any time of the day.
TEST(Readme, ItsFiveMinutesWorkAsTheyAreWritten) {
  const ScratchDirectory directory;
  std::vector<std::string> run;
  for (const std::string& line : code_below(read_text(CLARION_SOURCE_DIR "/README.md"), "## Five minutes")) {
    if (!line.starts_with("clarion ")) continue;
    const std::string script = "clarion() { '" CLARION_BINARY "' \"$@\"; }\n" + line + "\n";
    const auto done = run_clarion("/bin/bash", directory.path(),
                                  {.arguments = {"-c", script}, .environment = {{"CLARION_SIM_LATENCY_MS", "0"}}});
    // The text below it says that some rows are bad, and that the simulated carriers refuse some.
    const bool may_fail_partly = line.starts_with("clarion import") || line.starts_with("clarion send");
    EXPECT_TRUE(done.code == 0 || (may_fail_partly && done.code == 3)) << line << '\n' << done.output << done.errors;
    EXPECT_THAT(done.errors, ::testing::Not(HasSubstr("\"event\""))) << line << ": a person reads this";
    run.push_back(line.substr(0, line.find(' ', 8)));
  }
  EXPECT_THAT(run, ::testing::ElementsAre("clarion seed", "clarion import", "clarion query", "clarion send",
                                          "clarion campaigns", "clarion export"));
  const std::string exported = read_text(directory.path() / "build" / "tour" / "spring.csv");
  EXPECT_GT(std::count(exported.begin(), exported.end(), '\n'), 5) << exported;
}

class Demo : public ::testing::Test {
 protected:
  FinishedProcess run(std::map<std::string, std::string> environment) {
    environment["DEMO_PROGRAM"] = CLARION_BINARY;
    environment["DEMO_DIR"] = (directory_.path() / "demo").string();
    environment["CLARION_SIM_LATENCY_MS"] = "0";
    return run_clarion("/bin/bash", directory_.path(),
                       {.arguments = {CLARION_SOURCE_DIR "/scripts/demo"}, .environment = environment});
  }
  ScratchDirectory directory_;
};

TEST_F(Demo, RunsTheMainJobAndEndsByItself) {
  const auto done = run({{"TPS", "500"}});
  EXPECT_EQ(done.code, 0) << done.output << done.errors;
  EXPECT_THAT(done.output, ::testing::ContainsRegex("rows read as clarion: [0-9,]+ new"));
  for (const std::string part :
       {"Understood:", "would get a message", "Channel and why, for the first of them", "everyone by SMS", "this plan",
        "Campaign demo is completed", R"("by_channel":{"sms":)", R"("total_in_doubt":)"}) {
    EXPECT_THAT(done.output, HasSubstr(part));
  }
  EXPECT_THAT(done.errors, HasSubstr("/s of "));
  const std::string rows = read_text(directory_.path() / "demo" / "deliveries.csv");
  EXPECT_GT(std::count(rows.begin(), rows.end(), '\n'), 10);
}

TEST_F(Demo, TakesOnesOwnFileQueryAndRate) {
  std::ofstream(directory_.path() / "own.csv", std::ios::binary) << sample_contacts();
  const auto done = run({{"TPS", "300"},
                         {"AUDIENCE", (directory_.path() / "own.csv").string()},
                         {"QUERY", "customers in Bangalore"},
                         {"CLARION_SIM_FAILURE_RATE", "0"}});
  EXPECT_EQ(done.code, 0) << done.output << done.errors;
  EXPECT_THAT(done.output, AllOf(HasSubstr("9 rows read as csv: 8 new"), HasSubstr("Send at 300 messages a second"),
                                 HasSubstr(R"("total_sent":8,)")));
}

TEST(QueryDocument, NamesOnlySentencesWhoseFilterIsTested) {
  std::set<std::string> tested;
  std::istringstream table(read_text(CLARION_SOURCE_DIR "/tests/data/sentences.tsv"));
  for (std::string line; std::getline(table, line);) tested.insert(line.substr(0, line.find('\t')));
  std::istringstream document(read_text(CLARION_SOURCE_DIR "/docs/query.md"));
  int shown = 0;
  for (std::string line; std::getline(document, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string sentence = line.substr(3, line.find('`', 3) - 3);
    EXPECT_TRUE(tested.contains(sentence)) << sentence;
    ++shown;
  }
  EXPECT_GT(shown, 15);
}

// Whoever reads the page and tries its examples has nothing but the demo contacts.
TEST(QueryDocument, ShowsSentencesThatTheDemoContactsUnderstand) {
  const ScratchDirectory directory;
  std::istringstream document(read_text(CLARION_SOURCE_DIR "/docs/query.md"));
  for (std::string line; std::getline(document, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string sentence = line.substr(3, line.find('`', 3) - 3);
    const auto done = run_clarion(CLARION_BINARY, directory.path(), {.arguments = {"query", sentence}});
    EXPECT_EQ(done.code, 0) << sentence << done.errors;
    EXPECT_THAT(done.output, ::testing::Not(HasSubstr("Not understood"))) << sentence;
  }
}

}  // namespace
}  // namespace clarion::testing
