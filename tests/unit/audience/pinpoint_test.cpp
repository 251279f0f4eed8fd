#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/audience/read_contacts.h"

namespace clarion {
namespace {

std::string endpoint(std::string_view members) {
  return "{" + std::string(members) + "}\n";
}

const std::string three_endpoints_of_ana =
    endpoint(R"("Id":"e1","ChannelType":"EMAIL","Address":"ana@example.com","EffectiveDate":"2024-03-01T10:00:00.000Z",
"OptOut":"NONE","EndpointStatus":"ACTIVE","Location":{"City":"Pune","Country":"IND","PostalCode":"1"},
"Demographic":{"Timezone":"Asia/Kolkata","Locale":"en_IN"},"User":{"UserId":"ana","UserAttributes":{"FirstName":["Ana"],
"Interests":["music","sport"],"Phone":["123"]}},"Metrics":{"Age":34.0,"Visits":3},"CohortId":"7")");

// Endpoint definitions are one a line.
std::string on_one_line(std::string text) {
  std::erase(text, '\n');
  return text + "\n";
}

TEST(Pinpoint, BringsTheEndpointsOfOneUserTogether) {
  const std::string text =
      on_one_line(three_endpoints_of_ana) +
      endpoint(
          R"("Id":"e2","ChannelType":"SMS","Address":"+919812345678","OptOut":"ALL","EffectiveDate":"2024-04-01T00:00:00Z","User":{"UserId":"ana"},"Attributes":{"Interests":["sport","art"]})") +
      endpoint(R"("Id":"e9","ChannelType":"EMAIL","Address":"bo@example.com","OptOut":"NONE")") +
      endpoint(R"("Id":"e3","ChannelType":"GCM","Address":"token","OptOut":"NONE","User":{"UserId":"ana"})");
  const Outcome outcome = read(text);
  EXPECT_EQ(outcome.rejected, "");
  EXPECT_EQ(outcome.summary.format, ContactFormat::Pinpoint);
  EXPECT_EQ(outcome.counts(), "read 4 imported 2 replaced 0 merged 2 rejected 0");
  const Contact& ana = outcome.contacts.at(0);
  EXPECT_EQ(ana.id, "ana");
  EXPECT_EQ(ana.first_name, "Ana");
  EXPECT_EQ(ana.phone, "+919812345678");
  EXPECT_EQ(ana.email, "ana@example.com");
  EXPECT_EQ(ana.city, "Pune");
  EXPECT_EQ(ana.country, "IN");
  EXPECT_EQ(ana.language, "en-IN");
  EXPECT_EQ(ana.age, 34);
  EXPECT_EQ(ana.interests, (std::vector<std::string>{"music", "sport", "art"}));
  EXPECT_EQ(ana.consent[Channel::Email],
            (Consent{ConsentState::OptedIn, "pinpoint import", parse_iso8601("2024-03-01T10:00:00Z")}));
  EXPECT_EQ(ana.consent[Channel::Sms],
            (Consent{ConsentState::OptedOut, "pinpoint import", parse_iso8601("2024-04-01")}));
  EXPECT_EQ(ana.consent[Channel::WhatsApp], Consent{});
  EXPECT_EQ(outcome.contacts.at(1).id, "e9");
  EXPECT_EQ(
      outcome.summary.ignored_columns,
      (std::vector<std::string>{"Location.PostalCode", "User.UserAttributes.Phone", "Metrics.Visits", "CohortId"}));
}

TEST(Pinpoint, ReadsTheCsvFormAlike) {
  const Outcome outcome = read(
      "Id,ChannelType,Address,EffectiveDate,OptOut,Location.City,User.UserId,User.UserAttributes.FirstName,Attributes."
      "Interests\n"
      "e1,EMAIL,ana@example.com,2024-03-01T10:00:00Z,NONE,Pune,ana,Ana,music;art\n"
      "e2,SMS,+919812345678,2024-04-01T00:00:00Z,ALL,,ana,,\n"
      "e3,FAX,1,,,,ana,,\n"
      "e4,SMS,12,,,,ana,,\n");
  EXPECT_EQ(outcome.counts(), "read 4 imported 1 replaced 0 merged 1 rejected 2");
  const Contact& ana = outcome.contacts.at(0);
  EXPECT_EQ(ana.first_name, "Ana");
  EXPECT_EQ(ana.interests, (std::vector<std::string>{"music", "art"}));
  EXPECT_EQ(ana.consent[Channel::Sms].state, ConsentState::OptedOut);
  EXPECT_TRUE(outcome.rejected.starts_with("4 ChannelType FAX: ChannelType must be one of")) << outcome.rejected;
  EXPECT_TRUE(outcome.rejected.contains("\n5 phone ***: phone cannot be used")) << outcome.rejected;
}

TEST(Pinpoint, ReadsListsInTheCellsOfTheCsvForm) {
  const Outcome outcome = read(
      "Id,ChannelType,Address,User.UserAttributes.FirstName,Attributes.Interests,Attributes.Tags,Attributes.Tags\n"
      "e1,EMAIL,ana@example.com,\"[\"\"Ana\"\"]\",\"[\"\"music, loud\"\",\"\"art\"\"]\",[vip],x\n");
  EXPECT_EQ(outcome.rejected, "");
  EXPECT_EQ(outcome.contacts.at(0).first_name, "Ana");
  EXPECT_EQ(outcome.contacts.at(0).interests, (std::vector<std::string>{"music, loud", "art"}));
  EXPECT_EQ(outcome.contacts.at(0).tags, std::vector<std::string>{"[vip]"}) << "no JSON, so it is what it says";
  EXPECT_EQ(outcome.summary.repeated_columns, std::vector<std::string>{"Attributes.Tags"});
}

TEST(Pinpoint, BringsEndpointsTogetherThatLieFarApart) {
  std::string text = endpoint(
      R"("Id":"e0","ChannelType":"EMAIL","Address":"a@example.com","User":{"UserId":"ana"}, "Attributes":{"Tags":["x"]})");
  for (int i = 1; i < 500; ++i) {
    text += endpoint(fmt::format(R"("Id":"e{}","ChannelType":"EMAIL","Address":"b{}@example.com")", i, i));
  }
  text += endpoint(
      R"("Id":"e500","ChannelType":"SMS","Address":"+14255550156","User":{"UserId":"ana"}, "Attributes":{"Tags":["y"]})");
  const Outcome outcome = read(text, ContactFormat::Pinpoint, 4096);
  EXPECT_EQ(outcome.counts(), "read 501 imported 500 replaced 0 merged 1 rejected 0");
  EXPECT_EQ(outcome.contacts.at(0).id, "ana") << "in order of first appearance";
  EXPECT_EQ(outcome.contacts.at(0).phone, "+14255550156");
  EXPECT_EQ(outcome.contacts.at(0).email, "a@example.com");
  EXPECT_EQ(outcome.contacts.at(0).tags, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(outcome.contacts.at(499).id, "e499");
}

// The email address and consent that come of these endpoints of one user.
std::string chosen(std::initializer_list<std::string_view> endpoints) {
  std::string text;
  for (const std::string_view members : endpoints) {
    text += endpoint(R"("ChannelType":"EMAIL","User":{"UserId":"ana"},)" + std::string(members));
  }
  const Outcome outcome = read(text);
  EXPECT_EQ(outcome.rejected, "");
  const Contact& contact = outcome.contacts.at(0);
  const Consent& consent = contact.consent[Channel::Email];
  return contact.email + " " + std::string(to_string(consent.state)) + " " + consent.source +
         (consent.at ? " " + format_iso8601(*consent.at).substr(0, 10) : "");
}

TEST(Pinpoint, KeepsTheAddressThatMayBeUsedAndTheStricterConsent) {
  EXPECT_EQ(chosen({R"("Address":"old@example.com","OptOut":"NONE","EffectiveDate":"2024-01-01")",
                    R"("Address":"new@example.com","OptOut":"NONE","EffectiveDate":"2024-02-01")"}),
            "new@example.com opted_in pinpoint import 2024-02-01");
  EXPECT_EQ(chosen({R"("Address":"in@example.com","OptOut":"NONE","EffectiveDate":"2024-01-01")",
                    R"("Address":"out@example.com","OptOut":"ALL","EffectiveDate":"2023-02-01")"}),
            "in@example.com opted_out pinpoint import 2023-02-01");
  EXPECT_EQ(
      chosen({R"("Address":"a@example.com","OptOut":"NONE","EndpointStatus":"ACTIVE","EffectiveDate":"2023-01-01")",
              R"("Address":"b@example.com","OptOut":"NONE","EndpointStatus":"INACTIVE","EffectiveDate":"2024-01-01")"}),
      "a@example.com opted_in pinpoint import 2023-01-01");
  EXPECT_EQ(chosen({R"("Address":"b@example.com","OptOut":"NONE","EndpointStatus":"INACTIVE")"}),
            "b@example.com opted_out pinpoint import: inactive endpoint");
  EXPECT_EQ(chosen({R"("Address":"b@example.com")"}), "b@example.com unknown ");
}

TEST(Pinpoint, MasksTheNamesOfItsOwnColumns) {
  const Outcome outcome =
      read(endpoint(R"("Id":"a","ChannelType":"SMS","User":{"UserAttributes":{"FirstName":["Ana\u0001"]}})") +
           endpoint(R"("Id":"b","ChannelType":"SMS","Location":{"City":"Pune\u0001"})"));
  EXPECT_TRUE(outcome.rejected.contains("1 User.UserAttributes.FirstName A***: ")) << outcome.rejected;
  EXPECT_TRUE(outcome.rejected.contains("2 Location.City P***: ")) << outcome.rejected;
}

TEST(Pinpoint, RefusesEndpointsThatMakeNoSense) {
  const Outcome outcome = read(
      endpoint(R"("ChannelType":"SMS","Address":"+14255550156")") + endpoint(R"("Id":"a","Address":"x")") +
      endpoint(R"("Id":"b","ChannelType":"SMS","OptOut":"SOME")") + "[]\n" + "{\"ChannelType\n" +
      endpoint(R"("Id":"a\u0000b","ChannelType":"SMS")") +
      endpoint(
          R"("Id":"c","ChannelType":"SMS","Address":"+14255550156","Attributes":{"a":{"b":{"c":{"d":{"e":1}}}}})"));
  EXPECT_EQ(outcome.counts(), "read 7 imported 1 replaced 0 merged 0 rejected 6");
  for (const char* part : {"1 User.UserId : neither User.UserId nor Id", "2 ChannelType : ChannelType is missing",
                           "3 OptOut SOME: OptOut must be ALL or NONE", "4  : the row is not a JSON object",
                           "5  : the row is not a JSON object", "6 id a***: id must not contain control characters"}) {
    EXPECT_TRUE(outcome.rejected.contains(part)) << part << "\n" << outcome.rejected;
  }
}

}  // namespace
}  // namespace clarion
