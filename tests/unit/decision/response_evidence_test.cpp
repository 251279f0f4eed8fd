#include "decision/response_evidence.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace clarion {
namespace {

using std::chrono::days;
using std::chrono::hours;

const WallTime now = *parse_iso8601("2026-11-10T12:00:00Z");

class ResponseEvidenceTest : public ::testing::Test {
 protected:
  void add(const std::string& id, Channel channel, bool was_opened, bool was_answered,
           WallTime sent_at = now - days(3)) {
    evidence_.add(id, {.channel = channel, .sent_at = sent_at, .was_opened = was_opened, .was_answered = was_answered});
  }
  EvidenceCounts of(const std::string& id, Channel channel, WallTime at = now) {
    return evidence_.find(hash64(id), channel, at);
  }

  ResponseEvidence evidence_{now};
};

constexpr double after_three_days = 0.933;  // 2^(-3/30)

TEST_F(ResponseEvidenceTest, AnAnswerIsAResponseAndOpeningIsATenthOfOne) {
  add("A", Channel::Email, true, true);
  add("B", Channel::Email, true, false);
  EXPECT_NEAR(of("A", Channel::Email).sent, after_three_days, 0.001);
  EXPECT_NEAR(of("A", Channel::Email).responded, after_three_days, 0.001);
  EXPECT_NEAR(of("B", Channel::Email).responded, after_three_days / 10, 0.001);
  EXPECT_EQ(of("A", Channel::Sms).sent, 0);
  EXPECT_EQ(of("C", Channel::Email).sent, 0);
}

TEST_F(ResponseEvidenceTest, SilenceOnAChannelThatNeverReportsSaysNothing) {
  for (int i = 0; i < 100; ++i) add("A", Channel::Sms, false, false);
  EXPECT_FALSE(evidence_.reports_responses(Channel::Sms));
  EXPECT_EQ(of("A", Channel::Sms).sent, 0);
  // One reply, of anybody, and the silence of all others begins to count.
  add("B", Channel::Sms, false, true);
  EXPECT_GT(of("A", Channel::Sms).sent, 40);
}

TEST_F(ResponseEvidenceTest, SilenceOfAnSmsCountsHalfBecauseOnlyRepliesAreSeen) {
  add("A", Channel::Sms, false, false);
  add("A", Channel::Email, false, false);
  add("B", Channel::Sms, false, true);
  add("B", Channel::Email, false, true);
  EXPECT_NEAR(of("A", Channel::Sms).sent / of("A", Channel::Email).sent, 0.5, 1e-6);
  EXPECT_DOUBLE_EQ(of("B", Channel::Sms).sent, of("B", Channel::Email).sent);
}

TEST_F(ResponseEvidenceTest, SilenceIsTakenForAnAnswerOnlyWithTime) {
  add("B", Channel::Email, false, true);
  add("new", Channel::Email, false, false, now);
  add("half", Channel::Email, false, false, now - hours(12));
  add("old", Channel::Email, false, false, now - days(4));
  EXPECT_EQ(of("new", Channel::Email).sent, 0);
  EXPECT_NEAR(of("half", Channel::Email).sent, 0.5, 0.01);
  EXPECT_NEAR(of("old", Channel::Email).sent, 0.91, 0.01);
}

TEST_F(ResponseEvidenceTest, HalvesEveryThirtyDays) {
  add("A", Channel::Email, false, true, now - days(30));
  EXPECT_NEAR(of("A", Channel::Email).responded, 0.5, 1e-6);
  EXPECT_NEAR(of("A", Channel::Email, now + days(30)).responded, 0.25, 1e-6);
  EXPECT_EQ(EvidenceRules{}.window(), days(180));
}

TEST_F(ResponseEvidenceTest, OptOutsCountAmongAllMessagesOfAChannelThatReportsThem) {
  for (int i = 0; i < 9; ++i) add("A", Channel::Sms, false, false, now);
  EXPECT_EQ(evidence_.unwelcome(Channel::Sms).sent, 0);
  evidence_.add("B", {.channel = Channel::Sms, .sent_at = now, .was_unwelcome = true});
  EXPECT_NEAR(evidence_.unwelcome(Channel::Sms).sent, 10, 1e-6);
  EXPECT_NEAR(evidence_.unwelcome(Channel::Sms).responded, 1, 1e-6);
}

TEST_F(ResponseEvidenceTest, AMessageFromTheFutureCountsAsOfNow) {
  add("A", Channel::Email, false, true, now + hours(1));
  EXPECT_NEAR(of("A", Channel::Email).sent, 1, 1e-6);
}

}  // namespace
}  // namespace clarion
