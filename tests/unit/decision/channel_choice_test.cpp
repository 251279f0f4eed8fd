#include "decision/channel_choice.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/hash.h"

namespace clarion {
namespace {

const WallTime now = *parse_iso8601("2026-11-10T12:00:00Z");

Contact person(int number) {
  Contact contact;
  contact.id = "C-" + std::to_string(number);
  contact.country = "US";
  contact.phone = "+14255550156";
  contact.email = "ana@example.com";
  for (const Channel channel : all_channels) contact.consent[channel].state = ConsentState::OptedIn;
  return contact;
}

class ChannelChoiceTest : public ::testing::Test {
 protected:
  // Opening time zones anew for each of thousands of draws would take most of the test's time.
  ChannelChoiceTest() { rules_.quiet_hours.reset(); }

  Decision decide(const Contact& contact) {
    const std::uint64_t hash = hash64(contact.id);
    RecentContacts recent(now);
    Eligibility eligibility(rules_, suppressions_, recent);
    eligibility_ = eligibility.check(contact, hash);
    return ChannelChoice(model_, PriceTable::built_in(), policy_)
        .decide({.contact = contact,
                 .contact_hash = hash,
                 .eligibility = eligibility_,
                 .parts = parts_,
                 .now = now,
                 .wanted = wanted_});
  }

  EligibilityRules rules_;
  SuppressionSet suppressions_;
  ResponseModel model_;
  ChoicePolicy policy_;
  PerChannel<std::int32_t> parts_{{1, 1, 1}};
  std::optional<Channel> wanted_;
  ContactEligibility eligibility_;
};

TEST_F(ChannelChoiceTest, TheRewardIsResponseValueMinusCostMinusOptOutRisk) {
  policy_.value_of_response = 3;
  policy_.cost_of_opt_out = 7;
  parts_[Channel::Sms] = 2;
  const ChannelScore score = decide(person(1)).scores[Channel::Sms];
  EXPECT_EQ(score.cost.micros, 2 * 5810);
  EXPECT_NEAR(score.reward, 0.05 * 3 - 0.01162 - 0.004 * 7, 1e-9);
}

TEST_F(ChannelChoiceTest, TakesTheBestRewardWhenItDoesNotExplore) {
  policy_.exploration = 0;
  for (int i = 0; i < 200; ++i) {
    const Decision decision = decide(person(i));
    EXPECT_EQ(decision.channel, Channel::WhatsApp);
    EXPECT_DOUBLE_EQ(decision.probability, 1);
    EXPECT_FALSE(decision.is_exploration);
  }
}

TEST_F(ChannelChoiceTest, CostDecidesWhenResponsesAreAlike) {
  policy_.exploration = 0;
  ResponsePriors priors;
  priors.response = {{0.05, 0.05, 0.05}};
  priors.opt_out = {{0.001, 0.001, 0.001}};
  model_ = ResponseModel(priors);
  EXPECT_EQ(decide(person(1)).channel, Channel::Email);
  parts_[Channel::Sms] = 10;
  EXPECT_LT(decide(person(1)).scores[Channel::Sms].reward, decide(person(1)).scores[Channel::WhatsApp].reward);
}

TEST_F(ChannelChoiceTest, TheSameSeedMakesTheSamePlanAndAnotherSeedAnother) {
  policy_.exploration = 1;
  std::string first;
  std::string second;
  std::string other;
  for (int i = 0; i < 100; ++i) {
    first += std::to_string(index_of(*decide(person(i)).channel));
    second += std::to_string(index_of(*decide(person(i)).channel));
  }
  policy_.seed = 1;
  for (int i = 0; i < 100; ++i) other += std::to_string(index_of(*decide(person(i)).channel));
  EXPECT_EQ(first, second);
  EXPECT_NE(first, other);
}

TEST_F(ChannelChoiceTest, EveryAllowedChannelKeepsItsFloorAndTheLoggedProbabilityIsTheFrequency) {
  policy_.exploration = 0.3;
  constexpr int draws = 20'000;
  PerChannel<int> chosen;
  PerChannel<double> logged;
  for (int i = 0; i < draws; ++i) {
    const Decision decision = decide(person(i));
    ++chosen[*decision.channel];
    EXPECT_DOUBLE_EQ(decision.probability, decision.scores[*decision.channel].probability);
    EXPECT_EQ(decision.is_exploration, *decision.channel != Channel::WhatsApp);
    for (const Channel channel : all_channels) {
      EXPECT_GE(decision.scores[channel].probability, 0.1 - 1e-12);
      logged[channel] += decision.scores[channel].probability;
    }
  }
  for (const Channel channel : all_channels) {
    // Four standard errors of a share of 20,000 draws are below 0.013.
    EXPECT_NEAR(static_cast<double>(chosen[channel]) / draws, logged[channel] / draws, 0.013) << to_string(channel);
  }
}

TEST_F(ChannelChoiceTest, ProbabilitiesOfTheAllowedChannelsAddUpToOne) {
  rules_.offered[Channel::WhatsApp] = false;
  policy_.exploration = 0.2;
  const Decision decision = decide(person(1));
  EXPECT_DOUBLE_EQ(decision.scores[Channel::Sms].probability + decision.scores[Channel::Email].probability, 1);
  EXPECT_EQ(decision.scores[Channel::WhatsApp].probability, 0);
}

TEST_F(ChannelChoiceTest, NeverChoosesAChannelThatIsNotAllowedHoweverItScores) {
  policy_.exploration = 1;
  for (int i = 0; i < 500; ++i) {
    Contact contact = person(i);
    contact.consent[Channel::WhatsApp].state = i % 2 == 0 ? ConsentState::Unknown : ConsentState::OptedOut;
    contact.engagement[Channel::WhatsApp] = {.preference = 1.0, .sent = 1000, .responded = 1000, .last_at = now};
    if (i % 3 == 0) contact.email.clear();
    const Decision decision = decide(contact);
    ASSERT_TRUE(decision.channel);
    EXPECT_NE(decision.channel, Channel::WhatsApp);
    EXPECT_FALSE(address_of(contact, *decision.channel).empty());
  }
}

TEST_F(ChannelChoiceTest, WithoutAnAllowedChannelNothingIsSentAndTheBestReasonIsGiven) {
  Contact contact = person(1);
  contact.phone.clear();
  contact.consent[Channel::Email].state = ConsentState::OptedOut;
  const Decision decision = decide(contact);
  EXPECT_EQ(decision.channel, std::nullopt);
  EXPECT_EQ(decision.exclusion->rule, Rule::OptedOut);
}

TEST_F(ChannelChoiceTest, SendsNothingWhenNothingPaysAndThePolicyAllowsThat) {
  policy_.value_of_response = 0;
  EXPECT_TRUE(decide(person(1)).channel);
  policy_.may_choose_nothing = true;
  const Decision decision = decide(person(1));
  EXPECT_EQ(decision.channel, std::nullopt);
  EXPECT_EQ(decision.exclusion->rule, Rule::NotWorthSending);
  EXPECT_LT(decision.exclusion->value, 0);
}

TEST_F(ChannelChoiceTest, HoldsOutItsShareAndMovesNobodyElse) {
  policy_.exploration = 0.5;
  int held_out = 0;
  for (int i = 0; i < 5000; ++i) {
    policy_.holdout = 0;
    const Decision without = decide(person(i));
    policy_.holdout = 0.1;
    const Decision with = decide(person(i));
    if (!with.channel) {
      ++held_out;
      EXPECT_EQ(with.exclusion->rule, Rule::Holdout);
      EXPECT_LT(with.exclusion->value, with.exclusion->threshold);
    } else {
      EXPECT_EQ(with.channel, without.channel);
    }
  }
  EXPECT_NEAR(held_out / 5000.0, 0.1, 0.017);
}

TEST_F(ChannelChoiceTest, TakesTheChannelTheOperatorWantsWhateverItScores) {
  policy_.may_choose_nothing = true;
  policy_.value_of_response = 0;
  wanted_ = Channel::WhatsApp;
  const Decision decision = decide(person(1));
  EXPECT_EQ(decision.channel, Channel::WhatsApp);
  EXPECT_EQ(decision.probability, 1);
  EXPECT_FALSE(decision.is_exploration);
}

TEST_F(ChannelChoiceTest, NeverTakesAWantedChannelThatIsNotAllowed) {
  for (int i = 0; i < 100; ++i) {
    Contact contact = person(i);
    contact.consent[Channel::WhatsApp].state = ConsentState::OptedOut;
    wanted_.reset();
    const Decision without = decide(contact);
    wanted_ = Channel::WhatsApp;
    const Decision with = decide(contact);
    ASSERT_EQ(with.channel, without.channel) << "the choice is made as for everybody";
    EXPECT_EQ(with.probability, without.probability);
    EXPECT_EQ(with.wanted, Channel::WhatsApp);
  }
}

TEST_F(ChannelChoiceTest, AWantedChannelTakesNobodyOutOfTheHoldout) {
  policy_.holdout = 1;
  wanted_ = Channel::Sms;
  EXPECT_EQ(decide(person(1)).exclusion->rule, Rule::Holdout);
}

TEST_F(ChannelChoiceTest, HoldsOutNobodyByDefault) {
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(decide(person(i)).channel);
}

}  // namespace
}  // namespace clarion
