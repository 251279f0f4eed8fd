#include "decision/eligibility.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/hash.h"

namespace clarion {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

const WallTime now = *parse_iso8601("2026-11-10T12:00:00Z");

Contact reachable() {
  Contact contact;
  contact.id = "C-1";
  contact.phone = "+14255550156";
  contact.email = "ana@example.com";
  contact.time_zone = "Etc/UTC";
  for (const Channel channel : all_channels) contact.consent[channel].state = ConsentState::OptedIn;
  return contact;
}

class EligibilityTest : public ::testing::Test {
 protected:
  // "sms=ok whatsapp=no_consent email=frequency_cap_day(3/3)"
  std::string check(const Contact& contact) {
    Eligibility eligibility(rules_, suppressions_, recent_);
    return render(eligibility.check(contact, hash64(contact.id)));
  }
  std::string check_after(const Contact& contact, const PerChannel<bool>& failed) {
    Eligibility eligibility(rules_, suppressions_, recent_);
    return render(eligibility.check(contact, hash64(contact.id), {{now, now, now}}, failed));
  }
  static std::string render(const ContactEligibility& result) {
    std::string out;
    for (const Channel channel : all_channels) {
      out += fmt::format("{}{}=", out.empty() ? "" : " ", to_string(channel));
      const auto& exclusion = result.exclusion[channel];
      if (!exclusion) {
        out += "ok";
        if (const auto due = result.due_at(channel)) out += "@" + format_iso8601(*due).substr(11, 5);
        continue;
      }
      out += to_string(exclusion->rule);
      if (exclusion->threshold != 0 || exclusion->value != 0) {
        out += fmt::format("({:g}/{:g})", exclusion->value, exclusion->threshold);
      }
      if (!exclusion->detail.empty()) out += fmt::format("[{}]", exclusion->detail);
    }
    return out;
  }

  EligibilityRules rules_;
  SuppressionSet suppressions_;
  RecentContacts recent_{now};
};

TEST_F(EligibilityTest, AllowsWhomNothingSpeaksAgainst) {
  EXPECT_EQ(check(reachable()), "sms=ok whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, NoConsentNoSend) {
  Contact contact = reachable();
  contact.consent[Channel::Sms].state = ConsentState::Unknown;
  contact.consent[Channel::Email] = {ConsentState::OptedOut, "signup form", now};
  EXPECT_EQ(check(contact), "sms=no_consent whatsapp=ok email=opted_out[signup form]");
}

TEST_F(EligibilityTest, NoAddressNoSend) {
  Contact contact = reachable();
  contact.phone.clear();
  EXPECT_EQ(check(contact), "sms=no_address whatsapp=no_address email=ok");
}

TEST_F(EligibilityTest, AnAddressThatCannotBeOneIsExcluded) {
  Contact contact = reachable();
  contact.phone = "4255550156";
  contact.email = "ana@localhost";
  EXPECT_EQ(check(contact), "sms=invalid_address whatsapp=invalid_address email=invalid_address");
}

TEST_F(EligibilityTest, ASuppressedAddressIsExcludedWithItsReason) {
  suppressions_.add(Channel::Sms, "+14255550156", "opt_out");
  suppressions_.add(Channel::Email, "ANA@example.com", "hard_bounce");
  EXPECT_EQ(check(reachable()), "sms=suppressed[opt_out] whatsapp=ok email=suppressed[hard_bounce]");
}

TEST_F(EligibilityTest, AChannelWithoutContentIsNotOffered) {
  rules_.offered = {{true, false, false}};
  EXPECT_EQ(check(reachable()), "sms=ok whatsapp=no_content email=no_content");
}

TEST_F(EligibilityTest, AChannelWithoutSenderIsNotSetUp) {
  rules_.set_up = {{false, true, true}};
  EXPECT_EQ(check(reachable()), "sms=channel_not_set_up whatsapp=ok email=ok");
  rules_.offered = {{false, true, true}};
  EXPECT_EQ(check(reachable()), "sms=no_content whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, TheDailyCapIsReachedAtTheCap) {
  recent_.add("C-1", now - hours(1));
  recent_.add("C-1", now - hours(2));
  EXPECT_EQ(check(reachable()), "sms=ok whatsapp=ok email=ok");
  recent_.add("C-1", now - hours(3));
  EXPECT_EQ(check(reachable()),
            "sms=frequency_cap_day(3/3) whatsapp=frequency_cap_day(3/3) email=frequency_cap_day(3/3)");
}

TEST_F(EligibilityTest, TheWeeklyCapIsReachedAtTheCap) {
  for (int i = 0; i < 9; ++i) recent_.add("C-1", now - days(2));
  EXPECT_EQ(check(reachable()), "sms=ok whatsapp=ok email=ok");
  recent_.add("C-1", now - days(6));
  EXPECT_EQ(check(reachable()),
            "sms=frequency_cap_week(10/10) whatsapp=frequency_cap_week(10/10) email=frequency_cap_week(10/10)");
}

TEST_F(EligibilityTest, ACapOfZeroIsNoCap) {
  rules_.max_per_day = 0;
  rules_.max_per_week = 0;
  for (int i = 0; i < 50; ++i) recent_.add("C-1", now);
  EXPECT_EQ(check(reachable()), "sms=ok whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, AComplaintCountsUntilItsWindowEnds) {
  Contact contact = reachable();
  contact.complaint_at = now - days(30) + milliseconds(1);
  EXPECT_NE(check(contact).find("recent_complaint(30/30)"), std::string::npos) << check(contact);
  contact.complaint_at = now - days(30);
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, AnOpenComplaintExcludesHoweverOldItIs) {
  Contact contact = reachable();
  contact.has_open_complaint = true;
  contact.complaint_at = now - days(900);
  EXPECT_EQ(check(contact), "sms=open_complaint(1/0) whatsapp=open_complaint(1/0) email=open_complaint(1/0)");
  rules_.excludes_open_complaints = false;
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, SentimentBelowTheThresholdExcludes) {
  Contact contact = reachable();
  contact.sentiment = -0.5;
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
  contact.sentiment = -0.51;
  EXPECT_NE(check(contact).find("sms=negative_sentiment(-0.51/-0.5)"), std::string::npos) << check(contact);
  rules_.min_sentiment.reset();
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, TheGapSinceTheLastMessageIsKeptWhenAsked) {
  Contact contact = reachable();
  contact.last_contacted_at = now - hours(5);
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
  rules_.min_hours_between = 5;
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
  rules_.min_hours_between = 6;
  EXPECT_NE(check(contact).find("sms=recent_contact(5/6)"), std::string::npos) << check(contact);
  recent_.add("C-1", now - hours(2));
  EXPECT_NE(check(contact).find("sms=recent_contact(2/6)"), std::string::npos) << check(contact);
}

TEST_F(EligibilityTest, QuietHoursDeferAndNeverDrop) {
  Contact contact = reachable();
  contact.time_zone = "America/Los_Angeles";  // 04:00
  EXPECT_EQ(check(contact), "sms=ok@16:00 whatsapp=ok@16:00 email=ok@16:00");
  rules_.has_quiet_hours[Channel::Email] = false;
  EXPECT_EQ(check(contact), "sms=ok@16:00 whatsapp=ok@16:00 email=ok");
  rules_.quiet_hours.reset();
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, WaitsForTheBestHourWhenAsked) {
  Contact contact = reachable();
  contact.best_hour = 18;
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
  rules_.waits_for_best_hour = true;
  EXPECT_EQ(check(contact), "sms=ok@18:00 whatsapp=ok@18:00 email=ok@18:00");
  contact.best_hour = 23;  // within quiet hours
  EXPECT_EQ(check(contact), "sms=ok@08:00 whatsapp=ok@08:00 email=ok@08:00");
  contact.best_hour = 99;
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, TheSecondContactWithAnAddressIsADuplicateOnEveryChannelOfIt) {
  Eligibility eligibility(rules_, suppressions_, recent_);
  Contact second = reachable();
  second.id = "C-2";
  second.email = "other@example.com";
  EXPECT_EQ(render(eligibility.check(reachable(), hash64("C-1"))), "sms=ok whatsapp=ok email=ok");
  eligibility.take_address("+14255550156");
  EXPECT_EQ(render(eligibility.check(second, hash64("C-2"))),
            "sms=duplicate_address(2/1) whatsapp=duplicate_address(2/1) email=ok");
}

TEST_F(EligibilityTest, AnExplicitListNeedsNoOptInButHonoursOptOuts) {
  rules_ = EligibilityRules::for_explicit_list(false);
  Contact contact = reachable();
  for (const Channel channel : all_channels) contact.consent[channel].state = ConsentState::Unknown;
  contact.has_open_complaint = true;
  contact.time_zone = "America/Los_Angeles";
  for (int i = 0; i < 20; ++i) recent_.add("C-1", now);
  EXPECT_EQ(check(contact), "sms=ok whatsapp=ok email=ok");
  contact.consent[Channel::Sms].state = ConsentState::OptedOut;
  suppressions_.add(Channel::Email, "ana@example.com", "complaint");
  EXPECT_EQ(check(contact), "sms=opted_out whatsapp=ok email=suppressed[complaint]");
}

TEST_F(EligibilityTest, AnExplicitListKeepsCapsAndQuietHoursWhenAsked) {
  rules_ = EligibilityRules::for_explicit_list(true);
  Contact contact = reachable();
  contact.time_zone = "America/Los_Angeles";
  EXPECT_EQ(check(contact), "sms=ok@16:00 whatsapp=ok@16:00 email=ok@16:00");
  for (int i = 0; i < 3; ++i) recent_.add("C-1", now);
  EXPECT_NE(check(contact).find("frequency_cap_day(3/3)"), std::string::npos);
}

TEST_F(EligibilityTest, TheReasonOfAWholeContactIsTheRuleNearestToSending) {
  Eligibility eligibility(rules_, suppressions_, recent_);
  Contact contact = reachable();
  contact.phone.clear();
  contact.consent[Channel::Email].state = ConsentState::OptedOut;
  const auto result = eligibility.check(contact, 1);
  EXPECT_EQ(best_explaining(result).rule, Rule::OptedOut);
  EXPECT_EQ(channel_in_question(result), Channel::Email);
}

TEST_F(EligibilityTest, NoChannelIsInQuestionWhenSeveralWere) {
  Eligibility eligibility(rules_, suppressions_, recent_);
  Contact contact = reachable();
  contact.has_open_complaint = true;
  EXPECT_EQ(channel_in_question(eligibility.check(contact, 1)), std::nullopt);
  rules_.offered = {{false, true, false}};
  Eligibility only_whatsapp(rules_, suppressions_, recent_);
  EXPECT_EQ(channel_in_question(only_whatsapp.check(contact, 1)), Channel::WhatsApp);
}

// Every combination of consent and address: an allowed channel always has both.
TEST_F(EligibilityTest, NeverAllowsAChannelWithoutConsentAndAddress) {
  for (int bits = 0; bits < 3 * 3 * 3 * 3 * 3; ++bits) {
    int rest = bits;
    const auto digit = [&rest] {
      const int value = rest % 3;
      rest /= 3;
      return value;
    };
    Contact contact = reachable();
    for (const Channel channel : all_channels) contact.consent[channel].state = static_cast<ConsentState>(digit());
    const std::array<const char*, 3> phones{"", "nonsense", "+14255550156"};
    const std::array<const char*, 3> emails{"", "nonsense", "ana@example.com"};
    contact.phone = phones[static_cast<std::size_t>(digit())];
    contact.email = emails[static_cast<std::size_t>(digit())];
    Eligibility eligibility(rules_, suppressions_, recent_);
    const auto result = eligibility.check(contact, 1);
    for (const Channel channel : all_channels) {
      const bool is_right = contact.consent[channel].state == ConsentState::OptedIn &&
                            (channel == Channel::Email ? contact.email.size() : contact.phone.size()) > 8;
      EXPECT_EQ(result.is_allowed(channel), is_right) << bits << " " << to_string(channel);
    }
  }
}

TEST(Address, E164IsPlusAndEightToFifteenDigits) {
  for (const char* good : {"+14255550156", "+12345678", "+123456789012345"}) EXPECT_TRUE(is_e164(good)) << good;
  for (const char* bad : {"", "+", "14255550156", "+1234567", "+1234567890123456", "+04255550156", "+1425555 156",
                          "+1425555015\n", "+1425555015\xd9\xa0"}) {
    EXPECT_FALSE(is_e164(bad)) << bad;
  }
}

TEST_F(EligibilityTest, AChannelThatFailedIsNotAllowedAndTheOthersAre) {
  EXPECT_EQ(check_after(reachable(), {}), check(reachable()));
  EXPECT_EQ(check_after(reachable(), {{true, false, false}}), "sms=channel_failed whatsapp=ok email=ok");
  EXPECT_EQ(check_after(reachable(), {{true, false, true}}), "sms=channel_failed whatsapp=ok email=channel_failed");
  // The bounce itself has suppressed the address, which says nothing against the others.
  suppressions_.add(Channel::Sms, "+14255550156", "hard_bounce");
  EXPECT_EQ(check_after(reachable(), {{true, false, false}}), "sms=channel_failed whatsapp=ok email=ok");
}

TEST_F(EligibilityTest, WhoSaidStopOnTheChannelThatFailedIsNotWrittenToOnAnother) {
  Contact withdrawn = reachable();
  withdrawn.consent[Channel::Sms] = {.state = ConsentState::OptedOut, .source = "STOP", .at = {}};
  EXPECT_EQ(check_after(withdrawn, {{true, false, false}}),
            "sms=opted_out[STOP] whatsapp=opted_out[STOP] email=opted_out[STOP]");
  EXPECT_EQ(check_after(withdrawn, {{false, true, false}}), "sms=opted_out[STOP] whatsapp=channel_failed email=ok");
  for (const char* reason : {"opt_out", "complaint", "operator"}) {
    suppressions_ = {};
    suppressions_.add(Channel::Sms, "+14255550156", reason);
    EXPECT_EQ(check_after(reachable(), {{true, false, false}}),
              fmt::format("sms=suppressed[{0}] whatsapp=suppressed[{0}] email=suppressed[{0}]", reason));
  }
}

TEST_F(EligibilityTest, WhoHasNoOtherChannelIsToldApartFromWhoHasNoConsentForOne) {
  Contact only_sms = reachable();
  only_sms.email.clear();
  rules_.offered = {{true, false, true}};
  Eligibility eligibility(rules_, suppressions_, recent_);
  const auto result = eligibility.check(only_sms, 1, {{now, now, now}}, {{true, false, false}});
  EXPECT_EQ(best_explaining(result).rule, Rule::ChannelFailed);
  Contact without_consent = reachable();
  without_consent.consent[Channel::Email].state = ConsentState::Unknown;
  const auto other = eligibility.check(without_consent, 2, {{now, now, now}}, {{true, false, false}});
  EXPECT_EQ(best_explaining(other).rule, Rule::NoConsent);
}

TEST(Address, AMailboxHasOneAtAndADomainWithADot) {
  for (const char* good : {"a@b.co", "ana.b+c@mail.example.com", "\xc3\xa9@example.com"})
    EXPECT_TRUE(is_mailbox(good)) << good;
  for (const char* bad :
       {"", "a", "@b.co", "a@", "a@b", "a@b.", "a@.b", "a@@b.co", "a b@c.de", "a@b.co\r\nBcc: x@y.z", "a@b.co\x7f"}) {
    EXPECT_FALSE(is_mailbox(bad)) << bad;
  }
  EXPECT_FALSE(is_mailbox(std::string(250, 'a') + "@b.co"));
}

TEST(Exclusion, EveryRuleHasANameOfItsOwnAndASentence) {
  for (std::size_t i = 0; i < rule_count; ++i) {
    const auto rule = static_cast<Rule>(i);
    EXPECT_EQ(parse_rule(to_string(rule)), rule);
    EXPECT_TRUE(explain(Exclusion{rule, 3, 3}).ends_with(".")) << to_string(rule);
  }
  EXPECT_EQ(parse_rule("nonsense"), std::nullopt);
  EXPECT_EQ(explain(Exclusion{Rule::FrequencyCapDay, 3, 3}), "3 messages in the last 24 hours; the cap is 3.");
  EXPECT_EQ(explain(Exclusion{Rule::OptedOut, 0, 0, "signup form"}),
            "The contact opted out of this channel (signup form).");
}

}  // namespace
}  // namespace clarion
