#include "audience/contact_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audience/address_rules.h"
#include "unit/audience/read_contacts.h"

namespace clarion {
namespace {

// The refusal of one row with this member.
std::string refusal(std::string_view member) {
  return read(fmt::format(R"({{"id":"a",{}}})", member)).rejected;
}

constexpr std::string_view whole_row = R"({"id":"C-1","first_name":"Ana","last_name":"Rao","phone":"+919812345678",
 "email":"ana@Example.COM","city":"Bangalore","country":"IN","time_zone":"Asia/Kolkata","language":"en_in","age":34,
 "tags":["vip"],"interests":["music","running"],"purchased_skus":["SKU-LAPTOP-1","SKU-LAMP-1"],"browsed_skus":["SKU-PHONE-1"],
 "cart_skus":[],"purchase_count":5,"browse_count":9,"total_spent_usd":1450.5,"last_purchase_at":"2026-10-01T08:00:00Z",
 "last_contacted_at":"2026-11-01","sentiment":-0.25,"complaint_at":"2026-09-01T00:00:00.250Z","has_open_complaint":true,
 "best_hour":19,
 "consent":{"sms":{"state":"opted_in","source":"signup form","at":"2025-01-02T03:04:05Z"},"email":{"state":"opted_out"},
            "whatsapp":true},
 "engagement":{"sms":{"preference":0.5,"sent":10,"responded":3,"last_at":"2026-11-02T00:00:00Z"}},
 "preferences":{"email":0.75}})";

TEST(ContactReader, ReadsEveryFieldOfTheSchema) {
  const Outcome outcome = read("[" + std::string(whole_row) + "]");
  EXPECT_EQ(outcome.rejected, "");
  ASSERT_EQ(outcome.contacts.size(), 1U);
  Contact expected;
  expected.id = "C-1";
  expected.first_name = "Ana";
  expected.last_name = "Rao";
  expected.phone = "+919812345678";
  expected.email = "ana@example.com";
  expected.city = "Bangalore";
  expected.country = "IN";
  expected.time_zone = "Asia/Kolkata";
  expected.language = "en-IN";
  expected.age = 34;
  expected.tags = {"vip"};
  expected.interests = {"music", "running"};
  expected.purchased_skus = {"SKU-LAPTOP-1", "SKU-LAMP-1"};
  expected.browsed_skus = {"SKU-PHONE-1"};
  expected.purchase_count = 5;
  expected.browse_count = 9;
  expected.total_spent_usd = 1450.5;
  expected.last_purchase_at = parse_iso8601("2026-10-01T08:00:00Z");
  expected.last_contacted_at = parse_iso8601("2026-11-01");
  expected.sentiment = -0.25;
  expected.complaint_at = parse_iso8601("2026-09-01T00:00:00.250Z");
  expected.has_open_complaint = true;
  expected.best_hour = 19;
  expected.consent[Channel::Sms] = {ConsentState::OptedIn, "signup form", parse_iso8601("2025-01-02T03:04:05Z")};
  expected.consent[Channel::WhatsApp].state = ConsentState::OptedIn;
  expected.consent[Channel::Email].state = ConsentState::OptedOut;
  expected.engagement[Channel::Sms] = {0.5, 10, 3, parse_iso8601("2026-11-02T00:00:00Z")};
  expected.engagement[Channel::Email].preference = 0.75;
  EXPECT_EQ(outcome.contacts[0], expected);
  EXPECT_EQ(outcome.summary.format, ContactFormat::Clarion);
  EXPECT_TRUE(outcome.summary.ignored_columns.empty());
}

TEST(ContactReader, KnowsOtherNamesForThings) {
  const Outcome outcome = read(
      R"({"customerId":7,"name":"Ana de la Cruz","timezone":"Asia/Tokyo","location":"Osaka","Purchases":["A",{"sku":"B","qty":2}],"shoe_size":41,"cart":"X; Y"})");
  EXPECT_EQ(outcome.rejected, "");
  ASSERT_EQ(outcome.contacts.size(), 1U);
  const Contact& contact = outcome.contacts[0];
  EXPECT_EQ(contact.id, "7");
  EXPECT_EQ(contact.first_name, "Ana");
  EXPECT_EQ(contact.last_name, "de la Cruz");
  EXPECT_EQ(contact.time_zone, "Asia/Tokyo");
  EXPECT_EQ(contact.city, "Osaka");
  EXPECT_EQ(contact.purchased_skus, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(contact.purchase_count, 2);
  EXPECT_EQ(contact.cart_skus, (std::vector<std::string>{"X", "Y"}));
  EXPECT_EQ(outcome.summary.ignored_columns, std::vector<std::string>{"shoe_size"});
}

TEST(ContactReader, GoesOnAfterABadRowAndTheCountsAddUp) {
  const Outcome outcome = read(
      "{\"id\":\"a\"}\r\n"
      "\n"
      "{\"id\":\"b\",\"age\":\"old\"}\n"
      "not json\n"
      "{\"id\":\"c\"} {\"id\":\"d\"}\n"
      "[1]\n"
      "{\"id\":\"e\",\"email\":\"\xff@example.com\"}\n"
      "{\"name\":\"nobody\"}\n"
      "{\"id\":\"a\",\"age\":5}");
  EXPECT_EQ(outcome.counts(), "read 8 imported 1 replaced 1 merged 0 rejected 6");
  EXPECT_EQ(outcome.rejected.substr(0, outcome.rejected.find('\n')), "3 age old: age must be a number");
  for (const char* line :
       {"\n4  : the row is not valid JSON", "\n5  : the row is not valid JSON", "\n6  : a row must be a JSON object",
        "\n7  : the row is not valid UTF-8", "\n8 id : id is missing"}) {
    EXPECT_TRUE(outcome.rejected.contains(line)) << line << "\n" << outcome.rejected;
  }
  EXPECT_EQ(outcome.contacts.back().age, 5);
}

TEST(ContactReader, SaysWhichRuleAValueBreaks) {
  EXPECT_EQ(refusal(R"("phone":"+1425555")"),
            "1 phone +*****55: phone cannot be used: no such number can exist in its country\n");
  EXPECT_EQ(refusal(R"("phone":"9812345678")"),
            "1 phone 98123***78: phone cannot be used: it has no country code; write it as +14255550156 or give the "
            "country\n");
  EXPECT_EQ(refusal(R"("email":"ana.example.com")"), "1 email ana.e********om: email cannot be used: it has no @\n");
  EXPECT_EQ(refusal(R"("email":"j\u00f6rg@example.com")"),
            "1 email j**@example.com: email cannot be used: letters outside ASCII before the @ are not delivered by "
            "all mail servers\n");
  EXPECT_EQ(refusal(R"("country":"Atlantis")"), "1 country Atlantis: country must be an ISO 3166 country such as DE\n");
  EXPECT_EQ(refusal(R"("time_zone":"EST")"),
            "1 time_zone EST: time_zone must be an IANA time zone such as Asia/Kolkata\n");
  EXPECT_EQ(refusal(R"("language":"e")"), "1 language e: language must be a language tag such as en or pt-BR\n");
  EXPECT_EQ(refusal(R"("age":151)"), "1 age 151: age must be between 0 and 150\n");
  EXPECT_EQ(refusal(R"("age":3.5)"), "1 age 3.5: age must be a whole number\n");
  EXPECT_EQ(refusal(R"("age":true)"), "1 age true: age must not be true or false\n");
  EXPECT_EQ(refusal(R"("age":[1])"), "1 age [...]: age must not be a list\n");
  EXPECT_EQ(refusal(R"("city":{})"), "1 city {...}: city must not be an object\n");
  EXPECT_EQ(refusal(R"("city":5)"), "1 city 5***: city must not be a number\n");
  EXPECT_EQ(refusal(R"("city":"a\u0000b")"), "1 city a***: city must not contain control characters\n");
  EXPECT_EQ(refusal(R"("tags":[1])"), "1 tags : each element of tags must be a text\n");
  EXPECT_EQ(refusal(R"("sentiment":-1.01)"), "1 sentiment -1.01: sentiment must be between -1 and 1\n");
  EXPECT_EQ(refusal(R"("last_purchase_at":"yesterday")"),
            "1 last_purchase_at yesterday: last_purchase_at must be a time such as 2026-11-22T20:15:30Z or a date\n");
  EXPECT_EQ(refusal(R"("consent":{"sms":{"state":"maybe"}})"),
            "1 consent.sms.state maybe: consent.sms.state must be opted_in, opted_out or unknown\n");
  EXPECT_EQ(refusal(R"("consent":"yes")"),
            "1 consent yes: consent must be an object with the members sms, whatsapp and email\n");
  EXPECT_EQ(refusal(R"("engagement":{"sms":{"sent":1,"responded":2}})"),
            "1 responded_sms 2: responded_sms must not be above sent_sms (1)\n");
}

TEST(ContactReader, NumbersTheRowsOfAFileThatIsOneLine) {
  const Outcome outcome =
      read(R"([{"id":"a"}, {"id":"b","age":"x"}, {"id":"c"}, 5, {"id":"d"}, {"id":"e","age":200}])");
  EXPECT_EQ(outcome.rejected_rows, (std::vector<std::int64_t>{2, 4, 6}));
  EXPECT_EQ(read(R"([{"id":"a"}, {"id":"b"}, {)").summary.stopped,
            "line 1, after row 2: the file ends inside the element that begins here");
}

TEST(ContactReader, MasksWhatIsPersonalInARefusal) {
  const auto shown = [](std::string_view column, std::string_view value) {
    const std::string row = refusal(fmt::format(R"("{}":"{}\u0001")", column, value));
    return row.substr(2, row.find(':') - 2);
  };
  EXPECT_EQ(shown("first_name", "Ana"), "first_name A***");
  EXPECT_EQ(shown("Surname", "\u00c5kesson"), "Surname \u00c5***");
  EXPECT_EQ(shown("name", "Ana"), "name A***");
  EXPECT_EQ(shown("city", "Pune"), "city P***");
  EXPECT_EQ(shown("tags", "vip"), "tags vip ");
  EXPECT_EQ(refusal(R"("age":"ana@example.com")"), "1 age a**@example.com: age must be a number\n");
  EXPECT_EQ(refusal(R"("age":"425 555 0156")"), "1 age 425 5*****56: age must be a number\n");
  EXPECT_EQ(refusal(R"("complaint_at":"2026-13-45")").substr(0, 26), "1 complaint_at 2026-13-45:");
}

TEST(ContactReader, TakesTheZoneFromACountryThatHasOne) {
  const auto zone = [](std::string_view country) {
    return read(fmt::format(R"({{"id":"a","country":"{}"}})", country)).contacts.at(0).time_zone;
  };
  EXPECT_EQ(zone("IN"), "Asia/Kolkata");
  EXPECT_EQ(zone("Germany"), "Europe/Berlin");
  EXPECT_EQ(zone("gbr"), "Europe/London");
  EXPECT_EQ(zone("uk"), "Europe/London");
  EXPECT_EQ(zone("US"), "");
  EXPECT_EQ(zone("BR"), "");
}

TEST(ContactReader, ReadsAPhoneInTheFormOfItsCountry) {
  const auto phone = [](std::string_view members) {
    return read(fmt::format(R"({{"id":"a",{}}})", members)).contacts.at(0).phone;
  };
  EXPECT_EQ(phone(R"("phone":"098123 45678","country":"IN")"), "+919812345678");
  EXPECT_EQ(phone(R"("country":"US","phone":"(425) 555-0156")"), "+14255550156");
  EXPECT_EQ(phone(R"("phone":"+44 (0)20 7946 0123")"), "+442079460123");
}

TEST(Email, TakesWhatMailServersTakeAndSaysWhyNot) {
  for (const std::string good : {"a@b.co", "ana.rao+x_1@mail.example.com", "o'neil@example.museum",
                                 "a@xn--bcher-kva.example", "1@2.a3", "a@b-c.de"}) {
    EXPECT_EQ(read_email(good), good);
    EXPECT_TRUE(is_plain_email(good)) << good;
  }
  EXPECT_EQ(read_email(" Ana@B\u00dcCHER.example "), "Ana@xn--bcher-kva.example");
  const std::string long_local(65, 'a');
  for (const std::string bad :
       {"",           "@",           "a@",         "@b.co",   "a@b",          "a.@b.co",    ".a@b.co",
        "a..b@b.co",  "a b@b.co",    "a@b..co",    "a@-b.co", "a@b-.co",      "a@b.1",      "a@b_c.de",
        "\"a\"@b.co", "a@[1.2.3.4]", "a@b.co\n.d", "a@b@",    "j\u00f6@b.co", "a@\u00ad.co"}) {
    EXPECT_FALSE(read_email(bad)) << bad;
    EXPECT_FALSE(is_plain_email(bad)) << bad;
  }
  EXPECT_FALSE(read_email(long_local + "@b.co"));
  EXPECT_FALSE(read_email("a@" + std::string(64, 'b') + ".co"));
  for (const char* changed : {"a@B.co", "a@b\u00fc.co"}) EXPECT_FALSE(is_plain_email(changed)) << changed;
}

TEST(ContactReader, GivesTheSameForEveryCutOfTheBytes) {
  const std::string array = "\xef\xbb\xbf [ " + std::string(whole_row) + ",\n" +
                            R"({"id":"b","city":"a\\\"]}b"}, 5, "x,]", {"id":"c","age":"old"}, {"id":"d"} ] )" + "\n";
  const Outcome whole = read(array);
  EXPECT_EQ(whole.counts(), "read 6 imported 3 replaced 0 merged 0 rejected 3");
  EXPECT_EQ(whole.summary.stopped, "");
  for (const std::size_t bytes : {1U, 2U, 3U, 7U, 64U, 333U}) {
    // The format is told, or the reader would wait for 4 KiB before it begins.
    const Outcome cut = read(array, ContactFormat::Clarion, bytes);
    EXPECT_EQ(cut.contacts, whole.contacts) << bytes;
    EXPECT_EQ(cut.rejected, whole.rejected) << bytes;
  }
}

TEST(ContactReader, KeepsWhatCameBeforeABreakAndSaysWhere) {
  const Outcome cut = read("[\n{\"id\":\"a\"},\n{\"id\":\"b\"},\n{\"id\":\"c\",\n\"city\":\"Pu");
  EXPECT_EQ(cut.counts(), "read 2 imported 2 replaced 0 merged 0 rejected 0");
  EXPECT_EQ(cut.summary.stopped, "line 4, after row 2: the file ends inside the element that begins here");
  EXPECT_EQ(read("[{\"id\":\"a\"}\n").summary.stopped,
            "line 2, after row 1: the file ends before the array is closed with ]");
  EXPECT_EQ(read("[]\n x").summary.stopped, "line 2: there is text after the end of the array");
  const Outcome endless = read("[{\"id\":\"a\"},\n\"" + std::string(3U << 20U, 'x'), ContactFormat::Auto, 65536);
  EXPECT_EQ(endless.summary.imported, 1);
  EXPECT_EQ(endless.summary.stopped,
            "line 2, after row 1: the element that begins here is longer than 1 MiB or never ends");
}

TEST(ContactReader, RefusesAnArrayWhoseCommasAreWrong) {
  const auto stopped = [](std::string_view text) { return read(text, ContactFormat::Clarion, 1).summary.stopped; };
  EXPECT_EQ(stopped("[{\"id\":\"a\"},\n]"), "line 2, after row 1: there is a comma without an element behind it");
  EXPECT_EQ(stopped(R"([{"id":"a"},,{"id":"b"}])"),
            "line 1, after row 1: there is a comma without an element before it");
  EXPECT_EQ(stopped(R"([,{"id":"a"}])"), "line 1: there is a comma without an element before it");
  EXPECT_EQ(stopped(R"([5,])"), "line 1, after row 1: there is a comma without an element behind it");
  EXPECT_EQ(stopped(R"([{"id":"a"} {"id":"b"}])"), "line 1, after row 1: there is no comma between two elements");
  EXPECT_EQ(stopped(R"([5, 6 , "x" ,{"id":"a"}])"), "");
}

TEST(ContactReader, DropsAnEndlessLineAndGoesOn) {
  const Outcome outcome = read("{\"id\":\"a\"}\n{\"id\":\"" + std::string(3U << 20U, 'x') + "\"}\n{\"id\":\"b\"}\n",
                               ContactFormat::Auto, 65536);
  EXPECT_EQ(outcome.counts(), "read 3 imported 2 replaced 0 merged 0 rejected 1");
  EXPECT_EQ(outcome.rejected, "2  : the row is longer than 1 MiB\n");
}

TEST(ContactReader, RefusesForeignEncodingsInOneSentence) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\xff\xfe[\0"sv, "\xfe\xff\0["sv, "[\0{\0"sv}) {
    EXPECT_EQ(read(text).summary.stopped, "line 1: the file is UTF-16 or binary; save it as UTF-8 and import it again");
  }
  EXPECT_TRUE(read("\x1f\x8b\x08").summary.stopped.contains("gzip"));
  EXPECT_TRUE(read("PK\x03\x04").summary.stopped.contains("CSV"));
}

TEST(ContactReader, ReadsOnBehindLeadingBlanks) {
  const std::string blanks(10'000, '\n');
  for (const std::size_t bytes : {1000U, 100'000U}) {
    EXPECT_EQ(read(blanks + R"({"id":"a"})", ContactFormat::Auto, bytes).counts(),
              "read 1 imported 1 replaced 0 merged 0 rejected 0");
    const Outcome csv = read(blanks + "id,age\na,x\n", ContactFormat::Auto, bytes);
    EXPECT_EQ(csv.rejected, "10002 age x: age must be a number\n");
  }
  EXPECT_EQ(read(std::string(3U << 20U, ' '), ContactFormat::Auto, 65536).summary.stopped,
            "line 1: the file begins with more than 1 MiB of blanks");
}

TEST(ContactReader, AnEmptyFileIsNoError) {
  for (const char* text : {"", " \r\n", "\xef\xbb\xbf", "[]", "[ ]\n"}) {
    const Outcome outcome = read(text);
    EXPECT_EQ(outcome.counts(), "read 0 imported 0 replaced 0 merged 0 rejected 0");
    EXPECT_EQ(outcome.summary.stopped, "") << text;
  }
}

TEST(ContactReader, SurvivesHostileNesting) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(read("{\"id\":\"a\",\"x\":" + deep + "}").summary.rejected, 1);
  EXPECT_EQ(read(R"({"id":"a","id":"b","tags":["x"],"tags":["y"]})").contacts.at(0).tags,
            std::vector<std::string>{"y"});
}

}  // namespace
}  // namespace clarion
