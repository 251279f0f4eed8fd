#include "decision/why.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <limits>
#include <string>

#include "decision/outlook.h"

namespace clarion {
namespace {

Decision sending() {
  Decision decision;
  decision.channel = Channel::WhatsApp;
  decision.probability = 0.9667;
  decision.scores[Channel::Sms] = {.response = {0.05, 24.125},
                                   .own = {},
                                   .cost = Money{5810},
                                   .opt_out_risk = 0.004,
                                   .reward = 0.0742,
                                   .exclusion = {}};
  decision.scores[Channel::WhatsApp] = {.response = {0.1213, 31},
                                        .own = {},
                                        .cost = Money{30000},
                                        .opt_out_risk = 0.004,
                                        .reward = 0.1926,
                                        .exclusion = {}};
  decision.scores[Channel::Email] = {
      .response = {}, .own = {}, .cost = Money{100}, .exclusion = Exclusion{Rule::NoConsent}};
  return decision;
}

TEST(Why, OfAMessageHoldsEveryScoreTheProbabilityAndASentence) {
  EXPECT_EQ(write_why(sending()),
            R"({"channel":"whatsapp","probability":0.9667,"explored":false,"sentence":"WhatsApp promises most: 12.1 % )"
            R"(respond for 0.03 USD, worth 0.1926 USD; next is SMS with 0.0742 USD.","scores":{)"
            R"("sms":{"response":0.05,"n":24.1,"cost_usd":0.00581,"opt_out_risk":0.004,"reward_usd":0.0742},)"
            R"("whatsapp":{"response":0.1213,"n":31,"cost_usd":0.03,"opt_out_risk":0.004,"reward_usd":0.1926},)"
            R"("email":{"rule":"no_consent","value":0,"threshold":0}}})");
}

TEST(Why, SaysWhenAChannelWasDrawnToLearn) {
  Decision decision = sending();
  decision.channel = Channel::Sms;
  decision.is_exploration = true;
  decision.probability = 0.0166;
  EXPECT_EQ(
      explain(decision),
      "SMS was drawn to learn, with a probability of 1.7 %: 5 % respond for 0.0058 USD, worth 0.0742 USD; best is "
      "WhatsApp with 0.1926 USD.");
}

TEST(Why, SaysWhenThereWasNoOtherChannel) {
  Decision decision = sending();
  decision.scores[Channel::Sms].exclusion = Exclusion{Rule::OptedOut};
  EXPECT_TRUE(explain(decision).starts_with("WhatsApp is the only channel allowed: ")) << explain(decision);
}

TEST(Why, ShowsTheContactsOwnHistoryWhereThereIsOne) {
  Decision decision = sending();
  decision.scores[Channel::Sms].own = {.sent = 3.5, .responded = 1};
  decision.scores[Channel::Sms].segment_response = 0.04;
  EXPECT_TRUE(write_why(decision).contains(
      R"("sms":{"response":0.05,"n":24.1,"own_sent":3.5,"own_responded":1,"segment_response":0.04,"cost_usd")"));
}

TEST(Why, SaysThatTheOperatorChoseTheChannel) {
  Decision decision = sending();
  decision.channel = decision.wanted = Channel::Sms;
  decision.probability = 1;
  EXPECT_EQ(explain(decision),
            "SMS was chosen for this contact by the operator: 5 % respond for 0.0058 USD, worth 0.0742 USD; best is "
            "WhatsApp with 0.1926 USD.");
  EXPECT_TRUE(write_why(decision).contains(R"("explored":false,"wanted":"sms","sentence":"SMS was chosen)"));
}

TEST(Why, SaysWhatStoodAgainstTheOperatorsChannel) {
  Decision decision = sending();
  decision.wanted = Channel::Email;
  decision.scores[Channel::Email].exclusion = Exclusion{.rule = Rule::OptedOut, .detail = "\"web\""};
  EXPECT_TRUE(explain(decision).starts_with(
      "The operator wanted Email, but: The contact opted out of this channel (\"web\"). WhatsApp promises most: "))
      << explain(decision);
  const auto document = boost::json::parse(write_why(decision)).as_object();
  EXPECT_EQ(document.at("wanted"), "email");
  EXPECT_EQ(document.at("sentence").as_string(), explain(decision));
}

TEST(Why, OfASkippedContactNamesRuleValueAndThreshold) {
  Decision decision;
  for (const Channel channel : all_channels)
    decision.scores[channel].exclusion = Exclusion{Rule::FrequencyCapDay, 3, 3};
  decision.scores[Channel::Email].exclusion = Exclusion{Rule::NoAddress};
  decision.exclusion = Exclusion{Rule::FrequencyCapDay, 3, 3};
  EXPECT_EQ(
      write_why(decision),
      R"({"rule":"frequency_cap_day","value":3,"threshold":3,"sentence":"3 messages in the last 24 hours; the cap )"
      R"(is 3.","channels":{"sms":{"rule":"frequency_cap_day","value":3,"threshold":3},)"
      R"("whatsapp":{"rule":"frequency_cap_day","value":3,"threshold":3},)"
      R"("email":{"rule":"no_address","value":0,"threshold":0}}})");
}

TEST(Why, StaysJsonWhateverASourceIsCalled) {
  Decision decision;
  decision.exclusion = Exclusion{Rule::OptedOut, 0, 0, "\"form\"\\\n\x01 \xc3\xa9"};
  for (const Channel channel : all_channels) decision.scores[channel].exclusion = decision.exclusion;
  const std::string text = write_why(decision);
  boost::system::error_code error;
  const auto parsed = boost::json::parse(text, error);
  ASSERT_FALSE(error) << text;
  EXPECT_EQ(parsed.at("sentence").as_string(), "The contact opted out of this channel (\"form\"\\\n\x01 \xc3\xa9).");
}

TEST(Why, WritesNumbersShortAndNeverAsNonsense) {
  Decision decision = sending();
  decision.scores[Channel::Sms].reward = -0.000004;
  decision.scores[Channel::WhatsApp].reward = std::numeric_limits<double>::infinity();
  decision.scores[Channel::Sms].response.effective_n = 123456;
  const std::string why = write_why(decision);
  boost::system::error_code error;
  const auto parsed = boost::json::parse(why, error);
  ASSERT_FALSE(error) << why;
  EXPECT_NE(why.find("\"reward_usd\":0}"), std::string::npos) << why;
  EXPECT_NE(why.find("\"n\":123456,"), std::string::npos) << why;
}

TEST(Outlook, ComparesEveryoneBySmsWithThePlan) {
  Contact with_phone;
  with_phone.phone = "+14255550156";
  const Contact without_phone;
  OutlookComparison both;
  both.add(with_phone, sending());
  Decision skipped = sending();
  skipped.channel.reset();
  both.add(with_phone, skipped);
  both.add(without_phone, sending());

  EXPECT_EQ(both.before.contacts, 3);
  EXPECT_EQ(both.before.messages, 2);
  EXPECT_EQ(both.before.cost, Money{2 * 5810});
  EXPECT_NEAR(both.before.expected_responses, 0.1, 1e-12);
  EXPECT_NEAR(*both.before.cost_per_response(), 0.1162, 1e-9);
  EXPECT_EQ(both.after.messages, 2);
  EXPECT_EQ(both.after.messages_by_channel[Channel::WhatsApp], 2);
  EXPECT_NEAR(both.after.expected_responses, 0.2426, 1e-12);
  EXPECT_NEAR(both.after.expected_opt_outs, 0.008, 1e-12);
}

TEST(Outlook, WithoutAResponseThereIsNoCostPerResponse) {
  EXPECT_EQ(Outlook{}.cost_per_response(), std::nullopt);
}

}  // namespace
}  // namespace clarion
