#include "decision/contact_history.h"

#include <gtest/gtest.h>

#include <string>

#include "base/hash.h"

namespace clarion {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

const WallTime now = *parse_iso8601("2026-11-10T12:00:00Z");

TEST(SuppressionSet, HoldsAnAddressOnItsChannelOnly) {
  SuppressionSet set;
  set.add(Channel::Sms, "+14255550156", "opt_out");
  EXPECT_EQ(set.find(Channel::Sms, "+14255550156"), "opt_out");
  EXPECT_EQ(set.find(Channel::WhatsApp, "+14255550156"), std::nullopt);
  EXPECT_EQ(set.find(Channel::Sms, "+14255550157"), std::nullopt);
}

TEST(SuppressionSet, FindsAMailboxInAnyCase) {
  SuppressionSet set;
  set.add(Channel::Email, "ana@Example.com", "hard_bounce");
  EXPECT_EQ(set.find(Channel::Email, "Ana@example.COM"), "hard_bounce");
}

TEST(SuppressionSet, KeepsTheOlderReason) {
  SuppressionSet set;
  set.add(Channel::Sms, "+14255550156", "opt_out");
  set.add(Channel::Sms, "+14255550156", "operator");
  EXPECT_EQ(set.find(Channel::Sms, "+14255550156"), "opt_out");
  EXPECT_EQ(set.size(), 1U);
}

TEST(SuppressionSet, SurvivesMoreReasonsThanItCanName) {
  SuppressionSet set;
  for (int i = 0; i < 300; ++i) set.add(Channel::Sms, std::to_string(i), "reason " + std::to_string(i));
  EXPECT_EQ(set.find(Channel::Sms, "254"), "reason 254");
  EXPECT_EQ(set.find(Channel::Sms, "255"), "other");
  EXPECT_EQ(set.find(Channel::Sms, "299"), "other");
}

TEST(RecentContacts, CountsTheLastDayAndTheLastWeek) {
  RecentContacts recent(now);
  recent.add("C-1", now - hours(1));
  recent.add("C-1", now - hours(24) + milliseconds(1));
  recent.add("C-1", now - hours(24));                        // a day ago exactly: of the week only
  recent.add("C-1", now - hours(24 * 7) + milliseconds(1));  // still this week
  recent.add("C-1", now - hours(24 * 7));                    // a week ago exactly: forgotten
  const auto counts = recent.find(hash64("C-1"));
  EXPECT_EQ(counts.last_day, 2);
  EXPECT_EQ(counts.last_week, 4);
  EXPECT_EQ(counts.last_at, 3600);
}

TEST(RecentContacts, TakesAMessageFromTheFutureAsNow) {
  RecentContacts recent(now);
  recent.add("C-1", now + hours(5));
  EXPECT_EQ(recent.find(hash64("C-1")).last_day, 1);
  EXPECT_EQ(recent.find(hash64("C-1")).last_at, 0);
}

TEST(RecentContacts, StopsCountingRatherThanStartingAgain) {
  RecentContacts recent(now);
  for (int i = 0; i < 70'000; ++i) recent.add("C-1", now);
  EXPECT_EQ(recent.find(hash64("C-1")).last_day, 65'535);
}

TEST(RecentContacts, KnowsNothingOfOthers) {
  RecentContacts recent(now);
  recent.add("C-1", now);
  EXPECT_EQ(recent.find(hash64("C-2")).last_week, 0);
  EXPECT_EQ(recent.size(), 1U);
}

TEST(RecentContacts, CountsWhatIsPlannedForNowAndSaysByWhom) {
  RecentContacts recent(now);
  recent.add("A", now - std::chrono::hours(2));
  EXPECT_EQ(recent.find_planner(recent.find(hash64("A"))), "");
  recent.add_planned("A", "spring", std::nullopt);
  recent.add_planned("A", "summer", now - std::chrono::hours(1));
  const auto counts = recent.find(hash64("A"));
  EXPECT_EQ(counts.last_day, 3);
  EXPECT_EQ(counts.last_week, 3);
  EXPECT_EQ(counts.last_at, 0);
  EXPECT_EQ(recent.find_planner(counts), "summer");
  EXPECT_FALSE(recent.has_later());
}

TEST(RecentContacts, CountsWhatIsPlannedForLaterAroundTheTimeInQuestion) {
  RecentContacts recent(now);
  recent.add("A", now - std::chrono::hours(2));
  recent.add_planned("A", "spring", now + std::chrono::hours(30));
  recent.add_planned("A", "summer", now + std::chrono::days(6));
  EXPECT_TRUE(recent.has_later());
  EXPECT_EQ(recent.find(hash64("A")).last_week, 1);
  const auto counts_at = [&recent](std::chrono::hours after) { return recent.find(hash64("A"), now + after); };
  EXPECT_EQ(counts_at(std::chrono::hours(0)).last_day, 1);
  EXPECT_EQ(counts_at(std::chrono::hours(0)).last_week, 3);
  EXPECT_EQ(counts_at(std::chrono::hours(7)).last_day, 2);
  EXPECT_EQ(recent.find_planner(counts_at(std::chrono::hours(7))), "spring");
  EXPECT_EQ(recent.find(hash64("B"), now).last_week, 0);
}

TEST(CampaignAddresses, AreTakenOnce) {
  CampaignAddresses addresses;
  EXPECT_FALSE(addresses.has("a@example.com"));
  addresses.take("A@example.com");
  EXPECT_TRUE(addresses.has("a@example.com"));
}

}  // namespace
}  // namespace clarion
