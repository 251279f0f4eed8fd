// `clarion import` of the built program: what it keeps, counts and refuses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "store/data_directory_lock.h"
#include "support/command_line_fixture.h"
#include "support/production_server.h"

namespace clarion::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class ImportCommand : public CommandLineTest {
 protected:
  FinishedProcess import_text(const std::string& name, const std::string& text, std::vector<std::string> options = {}) {
    write_file(name, text);
    options.insert(options.begin(), {"import", name});
    return run(std::move(options));
  }
  std::string content(const fs::path& name) {
    std::ifstream file(directory_.path() / name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  std::string kept() { return content("data/local/contacts.ndjson"); }
  // As another program, or an earlier one with other rules, left it.
  void keep(const std::string& text) { write_file("data/local/contacts.ndjson", text); }
};

TEST_F(ImportCommand, AnOldOptInDoesNotReopenALaterOptOut) {
  const std::string first =
      "id,email,consent_email,consent_email_at\nA,a@example.com,yes,2026-01-01\nB,b@example.com,yes,2026-01-01\n";
  import_text("first.csv", first);
  import_text("second.csv", "id,email,consent_email\nA,a@example.com,no\n");
  const auto dry = document_of(import_text("first.csv", first, {"--dry-run", "--json"}));
  EXPECT_EQ(dry.at("opt_outs_kept"), 1);
  const auto again = import_text("first.csv", first);
  EXPECT_EQ(again.code, 0) << again.errors;
  EXPECT_THAT(again.output, HasSubstr("0 new, 2 replaced"));
  EXPECT_THAT(again.output, HasSubstr("1 opt-outs kept"));
  EXPECT_THAT(kept(), HasSubstr(R"({"id":"A","email":"a@example.com","consent":{"email":{"state":"opted_out")"));
  EXPECT_THAT(kept(), HasSubstr(R"({"id":"B","email":"b@example.com","consent":{"email":{"state":"opted_in")"));

  // Everything else of the row is taken, and a file that says nothing of consent withdraws no opt-out.
  const auto silent = document_of(import_text("third.csv", "id,email,city\nA,new@example.com,Pune\n", {"--json"}));
  EXPECT_EQ(silent.at("opt_outs_kept"), 1);
  EXPECT_THAT(kept(), HasSubstr(R"("email":"new@example.com","city":"Pune","consent":{"email":{"state":"opted_out")"));
  const auto later =
      document_of(import_text("later.csv", "id,consent_email,consent_email_at\nA,yes,2199-01-01\n", {"--json"}));
  EXPECT_EQ(later.at("opt_outs_kept"), 0);
  EXPECT_THAT(kept(), Not(HasSubstr("opted_out")));
}

TEST_F(ImportCommand, WhatAFileDoesNotMentionOfConsentStaysAsItWas) {
  import_text("first.csv",
              "id,phone,email,consent_sms,consent_sms_at,consent_sms_source,consent_email\n"
              "A,+14255550156,a@example.com,yes,2026-01-05,web form,yes\nB,,b@example.com,,,,yes\n");
  const auto told = import_text("cities.csv", "id,phone,city\nA,+14255550156,Pune\nC,,Delhi\n");
  EXPECT_THAT(told.output, HasSubstr("1 opt-ins kept"));
  EXPECT_THAT(told.output, HasSubstr("only consent is kept where the file does not have it"));
  EXPECT_THAT(told.output, Not(HasSubstr("opt-outs kept")));
  EXPECT_THAT(kept(), HasSubstr(R"("city":"Pune","consent":{"sms":{"state":"opted_in","source":"web form",)"
                                R"("at":"2026-01-05T00:00:00Z"},"email":{"state":"opted_in"}})"));
  // Of one channel something else is said, of the other nothing.
  const auto later = document_of(
      import_text("later.csv", "id,consent_sms,consent_sms_at,consent_email\nA,no,2026-03-01,unknown\n", {"--json"}));
  EXPECT_EQ(later.at("opt_ins_kept"), 1);
  EXPECT_EQ(later.at("opt_outs_kept"), 0);
  EXPECT_THAT(kept(), HasSubstr(R"("consent":{"sms":{"state":"opted_out","at":"2026-03-01T00:00:00Z"},)"
                                R"("email":{"state":"opted_in"}})"));
}

TEST_F(ImportCommand, TheRowsOfOneFileObeyTheSameRule) {
  const auto done = document_of(
      import_text("twice.csv", "id,consent_sms,consent_sms_at\nA,no,2026-02-01\nA,yes,2026-01-01\n", {"--json"}));
  EXPECT_EQ(done.at("imported"), 1);
  EXPECT_EQ(done.at("replaced"), 1);
  EXPECT_EQ(done.at("opt_outs_kept"), 1);
  EXPECT_THAT(kept(), Not(HasSubstr("opted_in")));
}

TEST_F(ImportCommand, TheContactsTableObeysTheSameRule) {
  const DynamoDbEmulator dynamo;
  const AwsStandIn aws;
  environment_ = records_in_dynamodb(CLARION_BINARY, dynamo, aws);
  environment_.merge(production_environment(aws));
  const std::string first = "id,consent_email,consent_email_at\nA,yes,2026-01-01\nB,yes,2026-01-01\n";
  EXPECT_EQ(document_of(import_text("first.csv", first, {"--json"})).at("imported"), 2);
  const auto second =
      document_of(import_text("second.csv", "id,city,consent_email\nA,Pune,no\nB,Delhi,\n", {"--json"}));
  EXPECT_EQ(second.at("opt_ins_kept"), 1) << "of B nothing is said";
  for (int i = 0; i < 2; ++i) {
    const auto again = document_of(import_text("first.csv", first, {"--json"}));
    EXPECT_EQ(again.at("replaced"), 2);
    EXPECT_EQ(again.at("opt_outs_kept"), 1) << "and so it is still there";
  }
}

// A number that is none by today's data about numbers, and an age that no rule allows.
const std::string outdated =
    R"({"id":"A","phone":"+1999","email":"a@example.com","consent":{"email":{"state":"opted_out","at":"2026-02-01T00:00:00Z"}}})";
const std::string aged = R"({"id":"B", "age":900,"consent":{"sms":{"state":"opted_out"}}})";

TEST_F(ImportCommand, WhoIsStoredStaysWhateverTheRulesSayToday) {
  import_text("first.csv", "id,email\nC,c@example.com\n");
  keep(kept() + outdated + "\n" + aged + "\n");
  const auto imported = import_text("second.csv", "id,city\nD,Pune\n");
  EXPECT_EQ(imported.code, 0) << imported.errors;
  EXPECT_EQ(kept(), "{\"id\":\"D\",\"city\":\"Pune\"}\n{\"id\":\"C\",\"email\":\"c@example.com\"}\n" + outdated + "\n" +
                        aged + "\n");
  // Whoever comes again is the one who opted out.
  const auto again = document_of(import_text(
      "again.csv", "id,email,consent_email,consent_email_at\nA,a@example.com,yes,2026-01-01\n", {"--json"}));
  EXPECT_EQ(again.at("replaced"), 1);
  EXPECT_EQ(again.at("opt_outs_kept"), 1);
  EXPECT_THAT(kept(), HasSubstr(R"({"id":"A","email":"a@example.com","consent":{"email":{"state":"opted_out",)"
                                R"("at":"2026-02-01T00:00:00Z"}}})"));
  EXPECT_THAT(kept(), Not(HasSubstr("+1999")));
  EXPECT_THAT(kept(), HasSubstr(aged));
}

TEST_F(ImportCommand, AnOptOutOfWhoCannotBeUsedHoldsForAListByIdAndByAddress) {
  import_text("first.csv", "id,email\nC,c@example.com\n");
  keep(kept() + outdated + "\n");
  write_file(
      "users.json",
      R"({"eligible_users":[)"
      R"({"customer_id":"A","selected_channel":"email","email":"other@example.com","subject":"S","message":"Hi"},)"
      R"({"customer_id":"X","selected_channel":"email","email":"a@example.com","subject":"S","message":"Hi"},)"
      R"({"customer_id":"C","selected_channel":"email","email":"c@example.com","subject":"S","message":"Hi"}]})");
  environment_["CLARION_SIM_LATENCY_MS"] = "0";
  environment_["CLARION_SIM_FAILURE_RATE"] = "0";
  const auto sent = run({"send", "--users", "users.json", "--tps", "100", "--campaign", "c", "--json"});
  const auto results = document_of(sent).at("results");
  EXPECT_EQ(results.at("total_sent"), 1) << sent.output << sent.errors;
  EXPECT_EQ(results.at("total_skipped"), 2) << sent.output;
  const auto rows = run({"export", "deliveries", "--campaign", "c"}).output;
  EXPECT_THAT(rows, ::testing::ContainsRegex(",A,email,skipped,opted_out,"));
  EXPECT_THAT(rows, ::testing::ContainsRegex(",X,email,skipped,opted_out,"));
}

TEST_F(ImportCommand, AStoredFileThatWasCutOffIsNotWrittenOver) {
  import_text("first.csv", "id,email\nC,c@example.com\n");
  const std::string cut = kept() + outdated.substr(0, 60);
  keep(cut);
  for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--dry-run"}}) {
    const auto refused = import_text("second.csv", "id,city\nD,Pune\n", options);
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.errors, HasSubstr("line 2 of data/local/contacts.ndjson cannot be read"));
    EXPECT_THAT(refused.errors, HasSubstr("nothing was imported"));
  }
  EXPECT_EQ(kept(), cut);
}

TEST_F(ImportCommand, DoctorCountsWhoIsStoredAndNotUsed) {
  import_text("first.csv", "id,email\nC,c@example.com\n");
  EXPECT_THAT(run({"doctor"}).output, Not(HasSubstr("kept but not used")));
  keep(kept() + outdated + "\n" + aged + "\n");
  EXPECT_THAT(run({"doctor"}).output,
              HasSubstr("2 of its 3 contacts are kept but not used; line 2: phone cannot be used"));
  keep("[" + outdated);
  const auto broken = run({"doctor"});
  EXPECT_THAT(broken.output, HasSubstr("it cannot be read: line 1"));
  EXPECT_NE(broken.code, 0);
}

TEST_F(ImportCommand, AnOptOutInTheContactsTableCountsWhateverTheRulesSayToday) {
  const DynamoDbEmulator dynamo;
  const AwsStandIn aws;
  environment_ = records_in_dynamodb(CLARION_BINARY, dynamo, aws);
  environment_.merge(production_environment(aws));
  const auto put = [&](const std::string& id, const std::string& json) {
    const boost::json::object item{
        {"TableName", environment_.at("CONTACTS_TABLE")},
        {"Item", {{"pk", {{"S", id}}}, {"sk", {{"S", "contact"}}}, {"json", {{"S", json}}}}}};
    EXPECT_EQ(dynamo.call("PutItem", boost::json::serialize(item)).status, 200);
  };
  put("A", outdated);
  const std::string opted_in = "id,consent_email,consent_email_at\nA,yes,2026-01-01\n";
  const auto imported = document_of(import_text("again.csv", opted_in, {"--json"}));
  EXPECT_EQ(imported.at("replaced"), 1);
  EXPECT_EQ(imported.at("opt_outs_kept"), 1);
  put("B", outdated.substr(0, 60));
  const auto refused = import_text("again.csv", opted_in);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("the item 'B' of the contacts table cannot be read"));
}

TEST_F(ImportCommand, OneAtATimeImportsIntoADataDirectory) {
  fs::create_directories(directory_.path() / "data/local");
  {
    const auto other = DataDirectoryLock::take(directory_.path() / "data/local", DataDirectoryLock::Of::Import);
    ASSERT_TRUE(other);
    const auto refused = import_text("file.csv", "id,city\nD,Pune\n");
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.errors, HasSubstr("another import into data/local is under way in process"));
  }
  EXPECT_EQ(import_text("file.csv", "id,city\nD,Pune\n").code, 0);
}

TEST_F(ImportCommand, OneAtATimeImportsIntoTheContactsTable) {
  const DynamoDbEmulator dynamo;
  const AwsStandIn aws;
  environment_ = records_in_dynamodb(CLARION_BINARY, dynamo, aws);
  environment_.merge(production_environment(aws));
  const auto beat = [&](int number) {
    const boost::json::object item{{"TableName", environment_.at("CONTACTS_TABLE")},
                                   {"Item",
                                    {{"pk", {{"S", "contacts"}}},
                                     {"sk", {{"S", "import"}}},
                                     {"instance", {{"S", "another"}}},
                                     {"beat", {{"N", std::to_string(number)}}}}}};
    return dynamo.call("PutItem", boost::json::serialize(item)).status;
  };
  ASSERT_EQ(beat(1), 200);
  std::atomic<bool> is_over = false;
  std::thread other([&] {
    for (int number = 2; !is_over; ++number) beat(number);
  });
  const auto refused = import_text("file.csv", "id,city\nD,Pune\n");
  is_over = true;
  other.join();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("another import into the contacts table is under way"));
  EXPECT_EQ(import_text("file.csv", "id,city\nD,Pune\n", {"--dry-run"}).code, 0) << "which keeps nothing";
}

TEST_F(ImportCommand, AFileThatBreaksOffCountsNothing) {
  const std::string broken = R"([{"id": "A", "email": "a@example.com"}, {"id": "B", "age": "old"}, garbage)";
  const auto told = import_text("broken.json", broken);
  EXPECT_EQ(told.code, 1);
  EXPECT_EQ(told.output, "");
  EXPECT_THAT(told.errors, HasSubstr("nothing was imported: line 1"));
  const auto stopped = import_text("broken.json", broken, {"--json"});
  EXPECT_EQ(stopped.code, 1);
  const auto summary = document_of(stopped);
  for (const char* count : {"read", "imported", "replaced", "merged", "rejected", "opt_outs_kept", "opt_ins_kept"}) {
    EXPECT_EQ(summary.at(count), 0) << count;
  }
  EXPECT_TRUE(summary.at("stopped").is_string());
  EXPECT_FALSE(fs::exists(directory_.path() / "broken.json.rejected.csv"));
  EXPECT_FALSE(fs::exists(directory_.path() / "data/local/contacts.ndjson"));
}

TEST_F(ImportCommand, AFileOfWhichNobodyCanBeKeptIsRefused) {
  for (const std::string text : {"", " \r\n\n"}) {
    const auto refused = import_text("empty.csv", text);
    EXPECT_EQ(refused.code, 1);
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, HasSubstr("the file is empty"));
  }
  for (const std::string text : {"[]", "id,email\n"}) {
    const auto refused = import_text("nobody", text);
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.errors, HasSubstr("nothing was imported: there is no contact in the file"));
  }
  const auto bad = import_text("bad.csv", "id,age\nA,old\nB,older\n");
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.errors, HasSubstr("none of its 2 rows can be kept; the first is refused, line 2: age"));
  EXPECT_THAT(content("bad.csv.rejected.csv"), HasSubstr("age must be a number"));
  const auto wrong = import_text("wrong.csv", "id,email\nA,a@example.com\n", {"--format", "pinpoint"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.errors, AllOf(HasSubstr("ChannelType is missing"), HasSubstr("(it looks like --format csv)")));
  EXPECT_EQ(run({"import", "."}).code, 1);
  EXPECT_FALSE(fs::exists(directory_.path() / "data/local/contacts.ndjson")) << "the audience is as it was";
}

TEST_F(ImportCommand, RejectedRowsGoElsewhereWhereTheirFileCannotBeWritten) {
  fs::create_directory(directory_.path() / "people.csv.rejected.csv");
  fs::create_directory(directory_.path() / "people.csv.rejected.csv/kept");
  const std::string text = "id,age\nA,30\nB,old\n";
  const auto dry = import_text("people.csv", text, {"--dry-run"});
  EXPECT_EQ(dry.code, 3) << dry.errors;
  EXPECT_THAT(dry.output, HasSubstr("The rejected rows are not kept"));
  EXPECT_FALSE(fs::exists(directory_.path() / "data"));
  const auto imported = import_text("people.csv", text);
  EXPECT_EQ(imported.code, 3) << imported.errors;
  EXPECT_THAT(imported.output, HasSubstr("data/local/people.csv.rejected.csv"));
  EXPECT_THAT(content("data/local/people.csv.rejected.csv"), HasSubstr("age must be a number"));
  EXPECT_THAT(kept(), HasSubstr(R"("id":"A")"));
}

TEST_F(ImportCommand, CtrlCLeavesEverythingAsItWas) {
  import_text("first.csv", "id,email\nA,a@example.com\n");
  const std::string before = kept();
  ASSERT_EQ(::mkfifo((directory_.path() / "more.csv").c_str(), 0600), 0);
  ClarionProcess importing(CLARION_BINARY, directory_.path(),
                           {.arguments = {"import", "more.csv"}, .environment = environment_});
  {
    std::ofstream rows(directory_.path() / "more.csv");  // opens when the program has begun to read
    importing.send_signal(SIGINT);
    rows << "id,email\nB,b@example.com\n";
  }
  EXPECT_EQ(importing.wait(), 1);
  EXPECT_THAT(importing.errors(), HasSubstr("was cancelled; nothing was imported"));
  EXPECT_EQ(kept(), before);
  EXPECT_FALSE(fs::exists(directory_.path() / "data/local/contacts.ndjson.new"));
}

TEST_F(ImportCommand, WithoutTemporaryFilesNothingIsImported) {
  import_text("first.csv", "id,city\nA,Pune\n");
  const std::string before = kept();
  environment_["TMPDIR"] = "/proc";  // where nobody can make a file
  const auto refused = import_text("second.csv", "id,city\nB,Delhi\n");
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("a temporary file in /proc (TMPDIR says where) cannot be used"));
  EXPECT_EQ(kept(), before);
  EXPECT_FALSE(fs::exists(directory_.path() / "data/local/contacts.ndjson.new"));
}

TEST_F(ImportCommand, TheProgressEndsWithTheRowsThatWereRead) {
  const auto done = import_text("twice.csv", "id,phone,mobile\nA,+14255550156,\nB,,\n");
  EXPECT_THAT(done.errors, HasSubstr("100%"));
  EXPECT_THAT(done.errors, HasSubstr("2 rows"));
  EXPECT_THAT(done.errors, Not(HasSubstr("0 rows")));
  EXPECT_THAT(done.output, HasSubstr("Columns that are there twice, so that only the first counts: mobile"));
}

}  // namespace
}  // namespace clarion::testing
