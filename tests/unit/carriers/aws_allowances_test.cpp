// What an operator reads of an account's answers. That the clients ask in shapes that AWS takes: aws_account_test.
#include "carriers/aws_allowances.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace clarion::testing {
namespace {

constexpr WallTime at{std::chrono::seconds(1'700'000'000)};

// "recipients_per_second 14; account [sandbox] warning; ..."
std::string text(const std::vector<Allowance>& rows) {
  std::string all;
  for (const Allowance& row : rows) {
    all += row.figure;
    if (row.limit || row.used) all += " ";
    if (row.used) all += fmt::format("{:g} of ", *row.used);
    if (row.limit) all += fmt::format("{:g}", *row.limit);
    if (!row.text.empty()) all += " [" + row.text + "]";
    if (row.state != AllowanceState::Fine) all += " " + std::string(to_string(row.state));
    all += "; ";
  }
  return all;
}

EmailAccount healthy() {
  return {.max_per_second = 14,
          .max_per_day = 50'000,
          .sent_last_day = 1'000,
          .is_sending_enabled = true,
          .has_production_access = true,
          .enforcement = "HEALTHY"};
}

TEST(EmailAllowances, AreTheRateTheDayAndTheAccountsStanding) {
  EXPECT_EQ(
      text(email_allowances(healthy(), at)),
      "recipients_per_second 14; recipients_in_24_hours 1000 of 50000; account [production]; standing [HEALTHY]; ");
  EXPECT_EQ(email_allowances(healthy(), at).front().source, "SES GetAccount");
  EXPECT_EQ(email_allowances(healthy(), at).front().at, at);
}

TEST(EmailAllowances, ADayThatIsNearlyUsedUpIsAWarning) {
  EmailAccount account = healthy();
  account.sent_last_day = 40'000;
  EXPECT_EQ(email_allowances(account, at)[1].state, AllowanceState::Warning);
  account.sent_last_day = 50'000;
  EXPECT_EQ(email_allowances(account, at)[1].state, AllowanceState::Stopped);
  account.max_per_day = std::nullopt;  // unlimited
  EXPECT_EQ(email_allowances(account, at)[1].state, AllowanceState::Fine);
}

TEST(EmailAllowances, ASandboxAPauseAndReservationsSayWhatToDo) {
  EmailAccount account = healthy();
  account.has_production_access = false;
  account.enforcement = "PROBATION";
  auto rows = email_allowances(account, at);
  EXPECT_EQ(rows[2].state, AllowanceState::Warning);
  EXPECT_NE(rows[2].note.find("production access"), std::string::npos);
  EXPECT_EQ(rows[3].state, AllowanceState::Warning);
  account.is_sending_enabled = false;
  account.enforcement = "SHUTDOWN";
  rows = email_allowances(account, at);
  EXPECT_EQ(rows[2].state, AllowanceState::Stopped);
  EXPECT_EQ(rows[3].state, AllowanceState::Stopped);
}

SmsNumber number(std::string name, std::string type, std::string pool = "pool-1") {
  return {.id = "phone-" + name,
          .number = "+1" + name,
          .status = "ACTIVE",
          .country = "US",
          .type = std::move(type),
          .message_type = "PROMOTIONAL",
          .pool_id = std::move(pool),
          .registration_id = {},
          .opt_out_list = {},
          .can_send_sms = true,
          .parts_per_second = std::nullopt};
}

TEST(SmsAllowances, AreThoseOfTheNumbersThatTheIdentitySendsFrom) {
  std::vector<SmsNumber> numbers{number("1", "TOLL_FREE"), number("2", "TEN_DLC"), number("3", "SHORT_CODE", "other"),
                                 number("4", "TOLL_FREE")};
  numbers[1].parts_per_second = 75;
  numbers[3].status = "PENDING";
  const auto rows = sms_number_allowances("arn:aws:sms-voice:us-east-1:1:pool/pool-1", numbers, at);
  EXPECT_EQ(text(rows),
            "parts_per_second 3 [+11 US TOLL_FREE]; parts_per_second 75 [+12 US TEN_DLC]; "
            "parts_per_second 3 [+14 US TOLL_FREE] stopped; ");
  EXPECT_NE(rows[0].source, rows[1].source) << "a published figure is not passed off as an answer";
}

TEST(SmsAllowances, ANewAccountsSpendLimitIsAWarning) {
  const std::vector<SmsSpendLimit> limits{
      {.name = "VOICE_MESSAGE_MONTHLY_SPEND_LIMIT", .enforced_usd = 1, .max_usd = 1},
      {.name = "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", .enforced_usd = 1, .max_usd = 1}};
  EXPECT_EQ(text(sms_spend_allowances(limits, at)), "usd_per_month 1 warning; ");
  EXPECT_EQ(sms_tier_allowance("SANDBOX", at).state, AllowanceState::Warning);
  EXPECT_EQ(sms_tier_allowance("PRODUCTION", at).state, AllowanceState::Fine);
}

TEST(WhatsAppAllowances, ARedNumberIsStoppedAndWhatNobodyTellsIsSaidSo) {
  WhatsAppNumber one{.id = "phone-number-id-1",
                     .number = "+14255550100",
                     .name = "Shop",
                     .quality = "GREEN",
                     .business_id = {},
                     .meta_number_id = {}};
  EXPECT_EQ(text(whatsapp_allowances(one, at)),
            "quality [GREEN]; messages_per_second 80; people_in_24_hours [250 to unlimited]; ");
  EXPECT_EQ(whatsapp_allowances(one, at)[1].source, "Meta's published limits");
  one.quality = "YELLOW";
  EXPECT_EQ(whatsapp_allowances(one, at)[0].state, AllowanceState::Warning);
  one.quality = "RED";
  EXPECT_EQ(whatsapp_allowances(one, at)[0].state, AllowanceState::Stopped);
}

}  // namespace
}  // namespace clarion::testing
