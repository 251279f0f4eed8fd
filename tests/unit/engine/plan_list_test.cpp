#include "engine/plan_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "audience/address_rules.h"
#include "content/payload.h"
#include "unit/engine/plan_fixture.h"

namespace clarion::testing {
namespace {

class GivenCatalogue final : public TemplateCatalogue {
 public:
  Result<std::shared_ptr<const ProviderTemplates>> answer;
  Task<Result<std::shared_ptr<const ProviderTemplates>>> current() override { co_return answer; }
};

class ListPlanTest : public PlanTest {
 protected:
  ListPlanTest() {
    Contact ana;
    ana.id = "CUST-1";
    ana.first_name = "Ana";
    ana.country = "US";
    ana.phone = "+14255550156";
    ana.email = "ana@example.com";
    ana.time_zone = "Etc/UTC";
    add(ana);
    Contact out = ana;
    out.id = "CUST-OUT";
    out.phone = "+14255550157";
    out.email = "out@example.com";
    out.consent[Channel::Sms].state = ConsentState::OptedOut;
    add(out);
  }

  void add(const Contact& contact) { contacts_.push_back(contact); }

  Result<std::vector<PlannedDelivery>> plan_rows(const std::string& users, bool respects_caps, std::size_t batch) {
    ContactTable::Builder builder;
    for (const Contact& contact : contacts_) builder.add(contact);
    auto request = parse_send_request(
        fmt::format(R"({{"eligible_users": [{}], "throughput_tps": 1, "respect_caps": {}}})", users, respects_caps),
        1000);
    if (!request) return std::unexpected(request.error());
    ChoicePolicy policy;
    policy.exploration = 0;
    policy.holdout = 1;
    ListPlan plan({.sources = {suppressions_, log_, contact_log_, clock_},
                   .contacts = std::move(builder).build(),
                   .responses = std::make_shared<const ResponseModel>(),
                   .prices = std::shared_ptr<const PriceTable>(&PriceTable::built_in(), [](const PriceTable*) {}),
                   .set_up = set_up_,
                   .templates = has_catalogue_ ? &catalogue_ : nullptr,
                   .read_phone = read_phone,
                   .read_email = read_email},
                  std::move(*request), policy);
    std::vector<PlannedDelivery> rows;
    while (true) {
      auto next = run(plan.next(batch));
      if (!next) return std::unexpected(next.error());
      if (next->empty()) return rows;
      std::ranges::move(*next, std::back_inserter(rows));
    }
  }

  // One line a row: "CUST-1 sms waiting +1425... s2:Hi" or "CUST-1 - failed no_channel".
  std::string plan(const std::string& users, bool respects_caps = false, std::size_t batch = 100) {
    const auto rows = plan_rows(users, respects_caps, batch);
    if (!rows) return rows.error().message;
    std::string text;
    for (const PlannedDelivery& row : *rows) {
      text += fmt::format("{}{} {} {}", text.empty() ? "" : "\n", row.contact_id,
                          row.channel ? to_string(*row.channel) : "-", to_string(row.state));
      if (!row.reason.empty()) text += " " + row.reason;
      if (row.state == DeliveryState::Waiting) text += fmt::format(" {} {}", row.destination, row.payload);
      if (row.parts > 1) text += fmt::format(" {} parts", row.parts);
      if (row.due_at) text += " at " + format_iso8601(*row.due_at);
      EXPECT_TRUE(boost::json::parse(row.why).is_object()) << row.why;
    }
    return text;
  }

  PerChannel<bool> set_up_{{true, true, true}};
  GivenCatalogue catalogue_;
  bool has_catalogue_ = false;
  std::vector<Contact> contacts_;
};

TEST_F(ListPlanTest, MakesTheMessagesOfTheContract) {
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550158", "message": "Hi Ana ..."},
    {"customer_id": "B", "selected_channel": "whatsapp", "phone": "+919812345678",
     "template_name": "promotion_template", "template_parameters": {"name": "Jo", "discount": "20%"}},
    {"customer_id": "C", "selected_channel": "email", "email": "c@Example.com",
     "subject": "Special Offer", "message": "plain text", "message_html": "<p>optional</p>"})"),
            "A sms waiting +14255550158 s10:Hi Ana ...\n"
            "B whatsapp waiting +919812345678 w18:promotion_template5:en_US4:body1:00:1:24:name2:Jo8:discount3:20%\n"
            "C email waiting c@example.com e13:Special Offer10:plain text15:<p>optional</p>0:");
}

TEST_F(ListPlanTest, AnOptOutHoldsForTheAddressUnderEveryCustomerId) {
  Contact shares;
  shares.id = "CUST-SHARES";
  shares.phone = "+14255550157";
  shares.consent[Channel::Sms].state = ConsentState::OptedIn;
  add(shares);
  Contact silent = shares;
  silent.id = "CUST-SILENT";
  silent.consent[Channel::Sms].state = ConsentState::Unknown;
  add(silent);
  EXPECT_EQ(plan(R"(
    {"customer_id": "nobody-knows", "selected_channel": "sms", "phone": "+1 425 555 0157", "message": "Hi"},
    {"selected_channel": "sms", "phone": "+14255550157", "message": "Hi"},
    {"customer_id": "CUST-1", "selected_channel": "sms", "phone": "+14255550157", "message": "Hi"},
    {"customer_id": "CUST-SILENT", "selected_channel": "sms", "message": "Hi"},
    {"customer_id": "other-channel", "selected_channel": "whatsapp", "phone": "+14255550157", "template_name": "t"},
    {"customer_id": "other-address", "selected_channel": "email", "email": "out@example.com", "subject": "S",
     "message": "M"})"),
            "nobody-knows sms skipped opted_out\n"
            "#2 sms skipped opted_out\n"
            "CUST-1 sms skipped opted_out\n"
            "CUST-SILENT sms skipped opted_out\n"
            "other-channel whatsapp waiting +14255550157 w1:t5:en_US\n"
            "other-address email waiting out@example.com e1:S1:M0:0:");
  EXPECT_EQ(plan(R"({"customer_id": "CUST-SHARES", "selected_channel": "sms", "message": "Hi"})"),
            "CUST-SHARES sms waiting +14255550157 s2:Hi");
  const auto rows = plan_rows(
      R"({"customer_id": "x", "selected_channel": "sms", "phone": "+14255550157", "message": "Hi"})", false, 1);
  ASSERT_TRUE(rows);
  EXPECT_NE(rows->front().why.find("as CUST-OUT"), std::string::npos) << rows->front().why;
}

TEST_F(ListPlanTest, TakesHeaderAndButtonsOfAWhatsAppTemplate) {
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "whatsapp", "phone": "+14255550158", "template_name": "t",
     "template_header": ["H"], "template_parameters": ["a", 5],
     "template_buttons": [{"type": "url", "index": 1, "parameters": ["p"]}]},
    {"customer_id": "B", "selected_channel": "whatsapp", "phone": "+14255550159", "template_name": "t",
     "template_buttons": [{"type": "call", "index": 1, "parameters": ["p"]}]},
    {"customer_id": "C", "selected_channel": "whatsapp", "phone": "+14255550159", "template_name": "t",
     "template_header": 5})"),
            "A whatsapp waiting +14255550158 "
            "w1:t5:en_US6:header1:00:1:10:1:H4:body1:00:1:20:1:a0:1:56:button1:13:url1:10:1:p\n"
            "B whatsapp failed invalid_template_buttons\n"
            "C whatsapp failed invalid_template_header");
}

TEST_F(ListPlanTest, ATemplateThatTheProviderHasNotApprovedFails) {
  ProviderTemplates templates;
  templates.all = {{{"good", "en_US"}, {"APPROVED", "GREEN"}}, {{"bad", "en_US"}, {"PAUSED", "RED"}}};
  catalogue_.answer = std::make_shared<const ProviderTemplates>(templates);
  has_catalogue_ = true;
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "whatsapp", "phone": "+14255550158", "template_name": "good"},
    {"customer_id": "B", "selected_channel": "whatsapp", "phone": "+14255550159", "template_name": "bad"},
    {"customer_id": "C", "selected_channel": "whatsapp", "phone": "+14255550160", "template_name": "good",
     "template_language": "de"})"),
            "A whatsapp waiting +14255550158 w4:good5:en_US\n"
            "B whatsapp failed template_not_approved\n"
            "C whatsapp failed template_not_approved");
}

TEST_F(ListPlanTest, WhileNobodyCanSayWhichTemplatesAreApprovedNothingIsPlannedByWhatsApp) {
  catalogue_.answer = std::unexpected(Error{ErrorKind::Denied, "AWS could not be asked"});
  has_catalogue_ = true;
  const std::string sms = R"({"customer_id": "A", "selected_channel": "sms", "phone": "+14255550158", "message": "x"})";
  EXPECT_EQ(plan(sms), "A sms waiting +14255550158 s1:x");
  const std::string unknown = "nobody can say whether its WhatsApp templates are approved: AWS could not be asked";
  EXPECT_EQ(plan(sms + R"(,
    {"customer_id": "B", "selected_channel": "whatsapp", "phone": "+14255550159", "template_name": "good"})"),
            unknown);
  EXPECT_EQ(plan(R"({"customer_id": "CUST-1", "message": "x", "template_name": "good"})"), unknown)
      << "it could have been chosen";
}

TEST_F(ListPlanTest, AChannelThatIsNotSetUpFails) {
  set_up_[Channel::Sms] = false;
  EXPECT_EQ(plan(R"({"customer_id": "A", "selected_channel": "sms", "phone": "+14255550158", "message": "x"},
    {"customer_id": "CUST-1", "message": "x", "subject": "s"})"),
            "A sms failed channel_not_set_up\n"
            "CUST-1 email waiting ana@example.com e1:s1:x0:0:");
}

TEST_F(ListPlanTest, KeepsTheReasonThatAQueryGave) {
  const auto rows =
      plan_rows(R"({"customer_id": "A", "selected_channel": "sms", "phone": "+14255550158", "message": "x",
                                  "reason": "sms promises most", "probability": 0.975})",
                false, 1);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0).why, R"({"channel":"sms","probability":9.75E-1,"sentence":"sms promises most"})");
}

TEST_F(ListPlanTest, TheCostIsThatOfTheNumbersCountryWhereverItsOwnerLives) {
  const auto rows =
      plan_rows(R"({"customer_id": "A", "selected_channel": "sms", "phone": "+919812345678", "message": "Hi"},
      {"customer_id": "CUST-1", "selected_channel": "whatsapp", "phone": "+919812345679", "template_name": "t"})",
                false, 10);
  ASSERT_TRUE(rows);
  const PriceTable& prices = PriceTable::built_in();
  EXPECT_EQ(rows->at(0).estimated_cost, prices.price(Channel::Sms, "IN", 1).amount);
  EXPECT_EQ(rows->at(1).estimated_cost, prices.price(Channel::WhatsApp, "IN", 1).amount);
}

TEST_F(ListPlanTest, CountsPartsAndCost) {
  const auto rows =
      plan_rows(R"({"customer_id": "A", "selected_channel": "sms", "phone": "+14255550158", "message": ")" +
                    std::string(161, 'x') + "\"}",
                false, 10);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0).parts, 2);
  EXPECT_EQ(rows->at(0).estimated_cost, PriceTable::built_in().price(Channel::Sms, "US", 2).amount);
  EXPECT_NE(rows->at(0).why.find("The caller selected this channel."), std::string::npos);
}

TEST_F(ListPlanTest, FailsAnUnknownChannelOrAMissingAddressWithAReason) {
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "fax", "phone": "+14255550158", "message": "x"},
    {"customer_id": "B", "selected_channel": "sms", "message": "x"},
    {"customer_id": "C", "selected_channel": "email", "phone": "+14255550158", "subject": "s", "message": "x"},
    {"customer_id": "D", "selected_channel": "whatsapp", "phone": "", "template_name": "t"},
    {"customer_id": "E", "phone": "+14255550158", "message": "x"})"),
            "A - failed unknown_channel\n"
            "B sms failed no_address\n"
            "C email failed no_address\n"
            "D whatsapp failed no_address\n"
            "E - failed no_channel");
}

TEST_F(ListPlanTest, FailsAnInvalidAddress) {
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "sms", "phone": "4255550158", "message": "x"},
    {"customer_id": "B", "selected_channel": "sms", "phone": "+19999999999", "message": "x"},
    {"customer_id": "C", "selected_channel": "email", "email": "no at", "subject": "s", "message": "x"},
    {"customer_id": "D", "selected_channel": "sms", "phone": "+1 (425) 555-0158", "message": "x"},
    {"customer_id": "CUST-1", "selected_channel": "sms", "phone": "425 555 0159", "message": "x"})"),
            "A sms failed invalid_address\n"
            "B sms failed invalid_address\n"
            "C email failed invalid_address\n"
            "D sms waiting +14255550158 s1:x\n"
            "CUST-1 sms waiting +14255550159 s1:x")
      << "a national number is read in the known customer's country";
}

TEST_F(ListPlanTest, FailsContentThatCannotBeSent) {
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550158"},
    {"customer_id": "B", "selected_channel": "sms", "phone": "+14255550158", "message": "  "},
    {"customer_id": "C", "selected_channel": "whatsapp", "phone": "+14255550158", "message": "x"},
    {"customer_id": "D", "selected_channel": "email", "email": "d@example.com", "message": "x"},
    {"customer_id": "E", "selected_channel": "email", "email": "d@example.com", "subject": "x"},
    {"customer_id": "F", "selected_channel": "whatsapp", "phone": "+14255550158", "template_name": "t",
     "template_parameters": {"a": ""}},
    {"customer_id": "CUST-1"})"),
            "A sms failed invalid_content\n"
            "B sms failed invalid_content\n"
            "C whatsapp failed invalid_content\n"
            "D email failed invalid_content\n"
            "E email failed invalid_content\n"
            "F whatsapp failed invalid_content\n"
            "CUST-1 - failed invalid_content");
}

TEST_F(ListPlanTest, FailsWrongTypesNamingTheMember) {
  EXPECT_EQ(plan(R"(
    7, null, "x", [],
    {"customer_id": 5, "selected_channel": "sms", "phone": "+14255550158", "message": "x"},
    {"customer_id": "B", "selected_channel": 1, "phone": "+14255550158", "message": "x"},
    {"customer_id": "C", "selected_channel": "sms", "phone": 14255550158, "message": "x"},
    {"customer_id": "D", "selected_channel": "sms", "phone": "+14255550158", "message": {"a": 1}},
    {"customer_id": "E", "selected_channel": "email", "email": "e@example.com", "subject": [], "message": "x"},
    {"customer_id": "F", "selected_channel": "whatsapp", "phone": "+14255550158", "template_name": "t",
     "template_parameters": "x"},
    {"customer_id": "G", "selected_channel": "email", "email": "e@example.com", "subject": "s", "message": "x",
     "unsubscribe_url": "http://example.com"})"),
            "#1 - failed invalid_user\n"
            "#2 - failed invalid_user\n"
            "#3 - failed invalid_user\n"
            "#4 - failed invalid_user\n"
            "#5 sms failed invalid_customer_id\n"
            "B - failed invalid_selected_channel\n"
            "C sms failed invalid_phone\n"
            "D sms failed invalid_message\n"
            "E email failed invalid_subject\n"
            "F whatsapp failed invalid_template_parameters\n"
            "G email failed invalid_unsubscribe_url");
}

TEST_F(ListPlanTest, FailsAnEndlessCustomerId) {
  EXPECT_EQ(
      plan(fmt::format(R"({{"customer_id": "{}", "selected_channel": "sms", "phone": "+14255550158", "message": "x"}})",
                       std::string(257, 'i'))),
      "#1 sms failed invalid_customer_id");
}

TEST_F(ListPlanTest, SkipsDuplicatesOfCustomerOrAddress) {
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550158", "message": "x"},
    {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550159", "message": "x"},
    {"customer_id": "B", "selected_channel": "whatsapp", "phone": "+1 425 555 0158", "template_name": "t"},
    {"customer_id": "A#2", "selected_channel": "sms", "phone": "+14255550160", "message": "x"},
    {"selected_channel": "sms", "phone": "+14255550161", "message": "x"},
    {"selected_channel": "sms", "phone": "+14255550162", "message": "x"},
    {"customer_id": "A", "selected_channel": "sms", "phone": "+14255550163", "message": "x"})"),
            "A sms waiting +14255550158 s1:x\n"
            "A#2 sms skipped duplicate_contact\n"
            "B whatsapp skipped duplicate_address\n"
            "A#2#4 sms skipped duplicate_contact\n"
            "#5 sms waiting +14255550161 s1:x\n"
            "#6 sms waiting +14255550162 s1:x\n"
            "A#7 sms skipped duplicate_contact");
}

TEST_F(ListPlanTest, NeverWritesToWhoOptedOutOrIsSuppressed) {
  ASSERT_TRUE(run(suppressions_.add({{Channel::Email, "gone@example.com", "hard_bounce", "test", {}}})));
  EXPECT_EQ(plan(R"(
    {"customer_id": "CUST-OUT", "selected_channel": "sms", "message": "x"},
    {"customer_id": "CUST-OUT-2", "selected_channel": "email", "email": "Gone@EXAMPLE.com", "subject": "s", "message": "x"})"),
            "CUST-OUT sms skipped opted_out\n"
            "CUST-OUT-2 email skipped suppressed");
}

TEST_F(ListPlanTest, ChoosesAChannelForAKnownCustomerAmongThoseWithContent) {
  EXPECT_EQ(plan(R"({"customer_id": "CUST-1", "message": "x"})"), "CUST-1 sms waiting +14255550156 s1:x");
  EXPECT_EQ(plan(R"({"customer_id": "CUST-OUT", "subject": "s", "message": "x"})"),
            "CUST-OUT email waiting out@example.com e1:s1:x0:0:")
      << "SMS was withdrawn";
  const auto rows =
      plan_rows(R"({"customer_id": "CUST-1", "subject": "s", "message": "x", "template_name": "t"})", false, 1);
  ASSERT_TRUE(rows);
  EXPECT_NE(rows->at(0).why.find("\"scores\""), std::string::npos) << rows->at(0).why;
}

TEST_F(ListPlanTest, KeepsCapsAndQuietHoursOnlyWhenAsked) {
  for (int i = 0; i < 3; ++i) log_.recent.emplace_back("CUST-1", clock_.wall_now() - std::chrono::hours(1));
  const std::string user = R"({"customer_id": "CUST-1", "selected_channel": "sms", "message": "x"})";
  EXPECT_EQ(plan(user), "CUST-1 sms waiting +14255550156 s1:x");
  EXPECT_EQ(plan(user, true), "CUST-1 sms skipped frequency_cap_day");
  log_.recent.clear();
  clock_.advance(std::chrono::hours(13));  // 23:00
  EXPECT_EQ(plan(user), "CUST-1 sms waiting +14255550156 s1:x");
  EXPECT_EQ(plan(user, true).find("CUST-1 sms waiting +14255550156 s1:x at 2026-11-03T0"), 0U) << plan(user, true);
}

TEST_F(ListPlanTest, TakesQuietHoursAsOfTheTurnOfEachMessage) {
  clock_.advance(std::chrono::hours(10) + std::chrono::minutes(59) + std::chrono::seconds(58));  // 20:59:58
  std::string users;
  for (int i = 0; i < 4; ++i) {
    users += fmt::format(
        R"({}{{"customer_id": "C{}", "selected_channel": "sms", "phone": "+1425555100{}", "message": "x"}})",
        i == 0 ? "" : ",", i, i);
  }
  const auto rows = plan_rows(users, true, 10);
  ASSERT_TRUE(rows);
  std::string waits;
  for (const PlannedDelivery& row : *rows) waits += row.due_at ? 'w' : '-';
  EXPECT_EQ(waits, "--ww") << "one a second: the third would leave at 21:00";
}

TEST_F(ListPlanTest, TreatsHostileTextAsText) {
  EXPECT_EQ(plan(R"(
    {"customer_id": "A", "selected_channel": "email", "email": "a@example.com", "subject": "x\r\nBcc: all@example.com",
     "message": "{{first_name}}\u0000"},
    {"customer_id": "B\n\u0007", "selected_channel": "sms", "phone": "+14255550158\r\n", "message": "a\tb"},
    {"customer_id": "C", "selected_channel": "whatsapp", "phone": "+14255550159", "template_name": "t",
     "template_parameters": ["two\nlines"]})"),
            "A email waiting a@example.com e22:x Bcc: all@example.com15:{{first_name}} 0:0:\n"
            "B sms waiting +14255550158 s3:a b\n"
            "C whatsapp waiting +14255550159 w1:t5:en_US4:body1:00:1:10:9:two lines");
}

TEST_F(ListPlanTest, GivesTheSameRowsInAnyBatchSize) {
  std::string users;
  for (int i = 0; i < 25; ++i) {
    users +=
        fmt::format(R"({}{{"customer_id": "C{}", "selected_channel": "sms", "phone": "+1425555{}", "message": "x"}})",
                    i == 0 ? "" : ",", i % 20, 1000 + i % 22);
  }
  const std::string whole = plan(users);
  EXPECT_EQ(plan(users, false, 1), whole);
  EXPECT_EQ(plan(users, false, 7), whole);
  EXPECT_EQ(std::ranges::count(whole, '\n'), 24);
}

TEST_F(ListPlanTest, PlansNothingWhenTheLedgerCannotBeRead) {
  log_.is_out = true;
  EXPECT_EQ(plan(R"({"customer_id": "A"})"), "the ledger cannot be read");
}

}  // namespace
}  // namespace clarion::testing
