#include <gtest/gtest.h>

#include <string>

#include "unit/audience/read_contacts.h"

namespace clarion {
namespace {

TEST(ContactCsv, KnowsItsColumnsByManyNamesAndSeparators) {
  const Outcome good = read(
      "customer_id;name;Phone Number;consent-email;consentEmailAt;purchases;shoe size;cart\r"
      "7;Ana Rao;+14255550156;true;2025-01-02;\"A;B\";41;\r"
      "8;\"B;o\";;;;3;;X\r");
  EXPECT_EQ(good.rejected, "");
  EXPECT_EQ(good.summary.format, ContactFormat::Csv);
  EXPECT_EQ(good.summary.ignored_columns, std::vector<std::string>{"shoe size"});
  ASSERT_EQ(good.contacts.size(), 2U);
  EXPECT_EQ(good.contacts[0].last_name, "Rao");
  EXPECT_EQ(good.contacts[0].phone, "+14255550156");
  EXPECT_EQ(good.contacts[0].consent[Channel::Email].state, ConsentState::OptedIn);
  EXPECT_EQ(good.contacts[0].consent[Channel::Email].at, parse_iso8601("2025-01-02"));
  EXPECT_EQ(good.contacts[0].purchased_skus, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(good.contacts[0].purchase_count, 2);
  EXPECT_EQ(good.contacts[1].first_name, "B;o");
  EXPECT_EQ(good.contacts[1].purchase_count, 3);
  EXPECT_EQ(good.contacts[1].cart_skus, std::vector<std::string>{"X"});
}

TEST(ContactCsv, SaysTheSameAsJson) {
  const Outcome csv = read(
      "id,first_name,phone,country,age,tags,has_open_complaint,consent_sms,consent_sms_source,consent_whatsapp_at,"
      "preference_email,sent_email,responded_email,last_at_email\n"
      "a,Ana,098123 45678,India,34,vip;new,true,opted_in,form,2025-01-02,0.5,9,3,2026-11-02\n");
  const Outcome json = read(
      R"([{"id":"a","first_name":"Ana","phone":"098123 45678","country":"India","age":34,"tags":["vip","new"],
           "has_open_complaint":true,"consent":{"sms":{"state":"opted_in","source":"form"},"whatsapp":{"at":"2025-01-02"}},
           "engagement":{"email":{"preference":0.5,"sent":9,"responded":3,"last_at":"2026-11-02"}}}])");
  EXPECT_EQ(csv.rejected + json.rejected, "");
  ASSERT_EQ(csv.contacts.size(), 1U);
  EXPECT_EQ(csv.contacts, json.contacts);
}

TEST(ContactCsv, ReportsBadRowsWhereTheyBeginAndGoesOn) {
  const Outcome outcome = read(
      "id,city,age\n"
      "a,\"Pu\nne\",1\n"
      "b,Pune\n"
      "c,Pune,old\n"
      "\n"
      "d,\"Pune\"x,3\n"
      "e,\xff,3\n"
      ",Pune,3\n"
      "f,\"\"\"Pune\"\"\",4\n"
      "g,\"Pune,5\n"
      "h,Pune,6");
  EXPECT_EQ(outcome.rejected,
            "4  : the row has 2 fields and the header has 3; quote fields that contain the separator\n"
            "5 age old: age must be a number\n"
            "7  : there is text after a closing quotation mark\n"
            "8  : the row is not valid UTF-8\n"
            "9 id : id is missing\n"
            "11  : a quotation mark opens here and is never closed, or the row is longer than 1 MiB\n");
  EXPECT_EQ(outcome.counts(), "read 9 imported 3 replaced 0 merged 0 rejected 6");
  EXPECT_EQ(outcome.contacts.at(1).city, "\"Pune\"");
  EXPECT_EQ(outcome.contacts.at(2).id, "h");
}

TEST(ContactCsv, FoldsLineEndsInsideAValueToOneBlank) {
  const Outcome outcome = read(
      "id,name,city,tags,phone,country\r\n"
      "\"1\n2\",\"Ana\r\nRao\",\" New \n\n York\n\",\"v\ni;p\",\"+1 425\n555 0156\",\"US\n\"\r\n");
  EXPECT_EQ(outcome.rejected, "");
  const Contact& contact = outcome.contacts.at(0);
  EXPECT_EQ(contact.id, "1 2");
  EXPECT_EQ(contact.first_name, "Ana");
  EXPECT_EQ(contact.last_name, "Rao");
  EXPECT_EQ(contact.city, "New York");
  EXPECT_EQ(contact.tags, (std::vector<std::string>{"v i", "p"}));
  EXPECT_EQ(contact.phone, "+14255550156");
  EXPECT_EQ(contact.country, "US");
}

TEST(ContactCsv, GivesTheSameForEveryCutOfTheBytes) {
  const std::string text =
      "id,city,tags\r\na,\"New \"\"York\"\"\",x;y\r\nb,\"x\",\r\nc,\"oops\"x,\r\nd,Pune,z\r\ne,\"open,q\r\nf,Pune,";
  const Outcome whole = read(text);
  EXPECT_EQ(whole.counts(), "read 6 imported 4 replaced 0 merged 0 rejected 2");
  for (const std::size_t bytes : {1U, 2U, 3U, 5U, 17U}) {
    const Outcome cut = read(text, ContactFormat::Csv, bytes);
    EXPECT_EQ(cut.contacts, whole.contacts) << bytes;
    EXPECT_EQ(cut.rejected, whole.rejected) << bytes;
  }
}

TEST(ContactCsv, AnOpenQuotationMarkCostsOneRowNotTheFile) {
  std::string text = "id,city\na,\"never closed\n";
  const std::string city(90, 'x');
  for (int i = 0; i < 15'000; ++i) text += "c" + std::to_string(i) + "," + city + "\n";
  const Outcome outcome = read(text, ContactFormat::Auto, 65536);
  EXPECT_EQ(outcome.counts(), "read 15001 imported 15000 replaced 0 merged 0 rejected 1");
}

TEST(ContactCsv, ARecordThatIsTooLongIsOneRow) {
  const std::string text = "id,city\na," + std::string(std::size_t{5} << 20U, 'x') + ",y\r\nb,Pune\n";
  for (const std::size_t bytes : {std::size_t{1} << 20U, std::size_t{65536}}) {
    const Outcome outcome = read(text, ContactFormat::Auto, bytes);
    EXPECT_EQ(outcome.counts(), "read 2 imported 1 replaced 0 merged 0 rejected 1");
    EXPECT_EQ(outcome.contacts.at(0).id, "b");
  }
  const Outcome endless = read("id\n" + std::string(std::size_t{3} << 20U, 'x'), ContactFormat::Auto, 65536);
  EXPECT_EQ(endless.counts(), "read 1 imported 0 replaced 0 merged 0 rejected 1");
}

TEST(ContactCsv, RefusesAFileWithoutAnIdOrWithTheWrongFormat) {
  EXPECT_EQ(read("name,city\nAna,Pune\n").summary.stopped,
            "line 1: no column holds the contact's id; name one of them id or customer_id");
  EXPECT_EQ(read("id\n1\n", ContactFormat::Clarion).summary.stopped,
            "line 1: the file must begin with [ (a JSON array) or { (one JSON object a line)");
  EXPECT_EQ(read("[]", ContactFormat::Csv).summary.stopped, "line 1: the file is JSON; the format csv is CSV");
  EXPECT_TRUE(read("id,n\n1,2\n", ContactFormat::Pinpoint).summary.stopped.contains("ChannelType is missing"));
  EXPECT_TRUE(read("id,n\n1,2\n", ContactFormat::Listmonk).summary.stopped.contains("email is missing"));
  EXPECT_TRUE(read("id,\xff\n1,2\n").summary.stopped.contains("UTF-8"));
  EXPECT_EQ(read("id,\"na\"me\na,b\n").summary.stopped,
            "line 1: the column names cannot be read: there is text after a closing quotation mark");
  const Outcome twice = read("id,city,location\na,Pune,Delhi\n");
  EXPECT_EQ(twice.contacts.at(0).city, "Pune");
  EXPECT_TRUE(twice.summary.ignored_columns.empty());
  EXPECT_EQ(twice.summary.repeated_columns, std::vector<std::string>{"location"});
}

TEST(ListmonkCsv, BecomesContactsWithDatedConsent) {
  const Outcome outcome = read(
      "uuid,email,name,attributes,status,created_at,updated_at\n"
      "u-1,Ana@Example.com,Ana Rao,\"{\"\"city\"\": \"\"Pune\"\", \"\"age\"\": 30, \"\"shoe\"\": 4, \"\"email\"\": "
      "\"\"x@y.z\"\"}\","
      "enabled,2024-01-01T00:00:00Z,2024-02-02T00:00:00Z\n"
      "u-2,bo@example.com,Bo,\"{\"\"consent_sms\"\": \"\"opted_in\"\"}\",blocklisted,2024-01-01,2024-02-02\n"
      "u-3,cy@example.com,Cy,,disabled,2024-01-01,\n"
      "u-4,dee@example.com,Dee,{broken,enabled,,\n"
      "u-5,,Eve,{},enabled,,\n"
      "u-6,fay@example.com,Fay,{},gone,,\n");
  EXPECT_EQ(outcome.summary.format, ContactFormat::Listmonk);
  EXPECT_EQ(outcome.counts(), "read 6 imported 3 replaced 0 merged 0 rejected 3");
  const Contact& ana = outcome.contacts.at(0);
  EXPECT_EQ(ana.id, "u-1");
  EXPECT_EQ(ana.email, "Ana@example.com");
  EXPECT_EQ(ana.last_name, "Rao");
  EXPECT_EQ(ana.city, "Pune");
  EXPECT_EQ(ana.age, 30);
  EXPECT_EQ(ana.consent[Channel::Email],
            (Consent{ConsentState::OptedIn, "listmonk import", parse_iso8601("2024-01-01")}));
  EXPECT_EQ(ana.consent[Channel::Sms], Consent{});
  EXPECT_EQ(outcome.contacts.at(1).consent[Channel::Email],
            (Consent{ConsentState::OptedOut, "listmonk import: blocklisted", parse_iso8601("2024-02-02")}));
  for (const Channel channel : all_channels) {
    EXPECT_EQ(outcome.contacts.at(1).consent[channel].state, ConsentState::OptedOut) << to_string(channel);
  }
  EXPECT_EQ(outcome.contacts.at(2).consent[Channel::Sms], Consent{});
  EXPECT_EQ(outcome.contacts.at(2).consent[Channel::Email],
            (Consent{ConsentState::OptedOut, "listmonk import: disabled", std::nullopt}));
  EXPECT_TRUE(outcome.rejected.contains("5 attributes {...}: attributes: the row is not valid JSON"))
      << outcome.rejected;
  EXPECT_TRUE(outcome.rejected.contains("6 email : email is missing"));
  EXPECT_TRUE(outcome.rejected.contains("7 status gone: status must be enabled, disabled or blocklisted"));
  EXPECT_EQ(outcome.summary.ignored_columns, std::vector<std::string>{"shoe"});
}

}  // namespace
}  // namespace clarion
