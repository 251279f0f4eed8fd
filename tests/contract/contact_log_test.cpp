// Contract of ContactLog, over every storage alike.
#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <sstream>

#include "contract/delivery_fixture.h"

namespace clarion::testing {
namespace {

class ContactLogContract : public DeliveryFixture {
 protected:
  // Sorted: the order within a campaign is the store's.
  std::string pending() {
    std::set<std::string> lines;
    const auto visited = run(stores_->contact_log().visit_pending([&lines](const PendingContact& one) {
      std::ostringstream text;
      text << one.contact_id << ' ' << to_string(one.channel) << ' ' << one.campaign_id;
      if (one.due_at) text << " at " << (*one.due_at - at_second(0)).count() / 1000;
      EXPECT_TRUE(lines.insert(text.str() + '\n').second) << text.str();
    }));
    EXPECT_TRUE(visited);
    return std::accumulate(lines.begin(), lines.end(), std::string());
  }
  std::string outcomes(std::int64_t since = 0) {
    std::ostringstream text;
    const auto visited =
        run(stores_->contact_log().visit_outcomes(at_second(since), [&text](const ContactOutcome& one) {
          text << one.contact_id << ' ' << to_string(one.channel) << " at "
               << (one.sent_at - at_second(0)).count() / 1000 << (one.was_opened ? " opened" : "")
               << (one.was_answered ? " answered" : "") << (one.was_unwelcome ? " unwelcome" : "") << '\n';
        }));
    EXPECT_TRUE(visited);
    return text.str();
  }
  void change(const StartedCampaign& started, CampaignStatus from, CampaignStatus to) {
    ASSERT_TRUE(run(stores_->campaigns().change_status(
        started.campaign.number, {.from = {from}, .to = to, .reason = "", .at = at_second(120)})));
  }
};

TEST_P(ContactLogContract, VisitsWhatWaitsAndWhatIsBeingSent) {
  auto later = waiting_row("c1", Channel::Email);
  later.due_at = at_second(500);
  auto skipped = waiting_row("c2");
  skipped.state = DeliveryState::Skipped;
  skipped.reason = "no_consent";
  const auto started = start({waiting_row("c0"), later, skipped, waiting_row("c3")});
  const auto other = start({waiting_row("d0")}, "camp-2");
  ASSERT_TRUE(claim(started, 1));
  EXPECT_EQ(pending(), "c0 sms camp-1\nc1 email camp-1 at 500\nc3 sms camp-1\nd0 sms camp-2\n");
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  EXPECT_EQ(pending(), "c1 email camp-1 at 500\nc3 sms camp-1\nd0 sms camp-2\n");
  stores_->reopen();
  EXPECT_EQ(pending(), "c1 email camp-1 at 500\nc3 sms camp-1\nd0 sms camp-2\n");
}

TEST_P(ContactLogContract, APausedCampaignKeepsItsClaimsAndACancelledOneGivesThemUp) {
  const auto started = start({waiting_row("c0")});
  const auto from = run(stores_->campaigns().find("camp-1"))->status;
  if (from != CampaignStatus::Running) change(started, from, CampaignStatus::Running);
  change(started, CampaignStatus::Running, CampaignStatus::Paused);
  EXPECT_EQ(pending(), "c0 sms camp-1\n");
  change(started, CampaignStatus::Paused, CampaignStatus::Cancelled);
  EXPECT_EQ(pending(), "");
}

TEST_P(ContactLogContract, WhatAScheduledCampaignHasPlannedIsDueAtItsStart) {
  CampaignDefinition definition = definition_of("later");
  definition.start_at = at_second(9000);
  const Campaign campaign =
      run(stores_->campaigns().create(definition, CampaignStatus::Scheduled, at_second(0))).value();
  ASSERT_TRUE(run(stores_->deliveries().take_fence(campaign.number, at_second(1))));
  ASSERT_TRUE(run(stores_->deliveries().append_plan(campaign.number, {waiting_row("c0")})));
  EXPECT_EQ(pending(), "") << "an unfinished plan may be made again from nothing";
  ASSERT_TRUE(run(stores_->deliveries().complete_plan(campaign.number, Money{1})));
  EXPECT_EQ(pending(), "c0 sms later at 9000\n");
}

TEST_P(ContactLogContract, VisitsWhatCameOfWhatWasSent) {
  const auto started = start({waiting_row("c0"), waiting_row("c1"), waiting_row("c2"), waiting_row("c3")});
  ASSERT_TRUE(claim(started, 4));
  for (std::uint32_t i = 0; i < 4; ++i) {
    AttemptRecord one = ended(started, i == 3 ? DeliveryState::Failed : DeliveryState::Accepted);
    one.attempt.delivery = id_of(started, i);
    ASSERT_TRUE(record(started, one));
  }
  const auto event_of = [&](std::uint32_t position, DeliveryEventKind kind, std::int64_t second) {
    return DeliveryEvent{id_of(started, position), kind, at_second(second), "words"};
  };
  apply({event_of(0, DeliveryEventKind::Opened, 200), event_of(0, DeliveryEventKind::Clicked, 210),
         event_of(1, DeliveryEventKind::Delivered, 200), event_of(1, DeliveryEventKind::OptedOut, 220),
         event_of(2, DeliveryEventKind::Bounced, 200)});
  EXPECT_EQ(outcomes(), "c0 sms at 110 opened answered\nc1 sms at 110 unwelcome\n");
  EXPECT_EQ(outcomes(111), "");
  apply({event_of(1, DeliveryEventKind::Replied, 300)});
  stores_->reopen();
  EXPECT_EQ(outcomes(), "c0 sms at 110 opened answered\nc1 sms at 110 answered unwelcome\n");
}

INSTANTIATE_TEST_SUITE_P(Storages, ContactLogContract, ::testing::ValuesIn(all_storages()),
                         [](const auto& storage) { return storage.param.name; });

}  // namespace
}  // namespace clarion::testing
