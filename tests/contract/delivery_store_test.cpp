// Contract of DeliveryStore: plans, claims, ends of attempts, fences; over memory and SQLite alike.
#include <gtest/gtest.h>

#include "contract/delivery_fixture.h"

namespace clarion::testing {
namespace {

class DeliveryStoreContract : public DeliveryFixture {};

TEST_P(DeliveryStoreContract, APlanIsReadBackAsItWasMade) {
  PlannedDelivery deferred = waiting_row("c1", Channel::Email);
  deferred.due_at = at_second(500);
  deferred.parts = 3;
  PlannedDelivery skipped = waiting_row("c2", Channel::WhatsApp);
  skipped.state = DeliveryState::Skipped;
  skipped.reason = "no_consent";
  PlannedDelivery failed;
  failed.contact_id = "c3";
  failed.state = DeliveryState::Failed;
  failed.reason = "unknown_channel";
  const auto started = start({waiting_row("c0"), deferred, skipped, failed});
  EXPECT_EQ(
      text_of(*stores_, started.campaign),
      "c0 sms waiting attempts 0 parts 1 cost 100 to to-c0 updated 0\n"
      "c1 email waiting attempts 0 parts 3 cost 100 to to-c1 updated 0 due 500\n"
      "c2 whatsapp skipped (no_consent) attempts 0 parts 1 cost 100 to to-c2 updated 0\n"
      "c3 none failed (unknown_channel) attempts 0 parts 1 cost 0 to  updated 0\n"
      "sms: planned 1 = waiting 1 + sending 0 + accepted 0 (0 delivered) + failed 0 + skipped 0 + in_doubt 0\n"
      "whatsapp: planned 1 = waiting 0 + sending 0 + accepted 0 (0 delivered) + failed 0 + skipped 1 + in_doubt 0\n"
      "email: planned 1 = waiting 1 + sending 0 + accepted 0 (0 delivered) + failed 0 + skipped 0 + in_doubt 0\n"
      "none: planned 1 = waiting 0 + sending 0 + accepted 0 (0 delivered) + failed 1 + skipped 0 + in_doubt 0\n"
      "planned true estimated 1000 actual 0\n"
      "failed none 'unknown_channel' x 1\n"
      "skipped whatsapp 'no_consent' x 1\n");
  EXPECT_EQ(first(started).payload, "payload of c0");
  EXPECT_EQ(first(started).why, R"({"why":"test"})");
  EXPECT_EQ(first(started).campaign_id, "camp-1");
}

TEST_P(DeliveryStoreContract, ACompletePlanTakesNoMoreRows) {
  const auto started = start({waiting_row("c0")});
  const auto more = run(stores_->deliveries().append_plan(started.campaign.number, {waiting_row("c1")}));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(run(stores_->deliveries().complete_plan(started.campaign.number, Money{5})).error().kind,
            ErrorKind::Conflict);
  EXPECT_EQ(states(started), "waiting");
}

TEST_P(DeliveryStoreContract, AppendTakesAllRowsOrNone) {
  const auto campaign =
      run(stores_->campaigns().create(definition_of("x"), CampaignStatus::Running, at_second(0))).value();
  PlannedDelivery homeless = waiting_row("c1");
  homeless.channel.reset();
  for (const auto& bad : {homeless, [] {
                            PlannedDelivery sending = waiting_row("c2");
                            sending.state = DeliveryState::Sending;
                            return sending;
                          }()}) {
    const auto refused = run(stores_->deliveries().append_plan(campaign.number, {waiting_row("c0"), bad}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
  }
  EXPECT_EQ(states_of(*stores_, campaign.number), "");
}

TEST_P(DeliveryStoreContract, AnIncompletePlanIsDiscardedAndPlannedAgain) {
  const auto campaign =
      run(stores_->campaigns().create(definition_of("x"), CampaignStatus::Running, at_second(0))).value();
  ASSERT_TRUE(run(stores_->deliveries().append_plan(campaign.number, {waiting_row("old"), waiting_row("older")})));
  stores_->reopen();
  ASSERT_TRUE(run(stores_->deliveries().take_fence(campaign.number, at_second(1))));
  EXPECT_EQ(run(stores_->campaigns().counts(campaign.number)).value(), CampaignCounts{});
  ASSERT_TRUE(run(stores_->deliveries().take_fence(campaign.number, at_second(2))));
  ASSERT_TRUE(run(stores_->deliveries().append_plan(campaign.number, {waiting_row("new")})));
  ASSERT_TRUE(run(stores_->deliveries().complete_plan(campaign.number, Money{})));
  ASSERT_TRUE(run(stores_->deliveries().take_fence(campaign.number, at_second(3))));
  const auto one = run(stores_->log().find(make_delivery_id(campaign.number, 0))).value();
  EXPECT_EQ(one.contact_id, "new");
  EXPECT_EQ(states_of(*stores_, campaign.number), "waiting");
}

TEST_P(DeliveryStoreContract, NothingIsClaimedBeforeThePlanIsComplete) {
  const auto campaign =
      run(stores_->campaigns().create(definition_of("x"), CampaignStatus::Running, at_second(0))).value();
  const auto fence = run(stores_->deliveries().take_fence(campaign.number, at_second(1))).value();
  ASSERT_TRUE(run(stores_->deliveries().append_plan(campaign.number, {waiting_row("c0")})));
  const auto early =
      run(stores_->deliveries().claim(ClaimRequest{campaign.number, Channel::Sms, fence, 10, at_second(9)}));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().kind, ErrorKind::Conflict);
}

TEST_P(DeliveryStoreContract, ClaimsGoInPlanOrderOfOneChannelUpToTheLimit) {
  const auto started = start({waiting_row("c0"), waiting_row("c1", Channel::Email), waiting_row("c2"),
                              waiting_row("c3"), waiting_row("c4", Channel::WhatsApp)});
  const auto two = claim(started, 2).value();
  EXPECT_EQ(text_of(two), to_string(AttemptId{id_of(started, 0), 1}) + " c0 to-c0 1 100 payload of c0; " +
                              to_string(AttemptId{id_of(started, 2), 1}) + " c2 to-c2 1 100 payload of c2; ");
  EXPECT_EQ(claim(started, 2)->claimed.size(), 1U);
  EXPECT_EQ(claim(started, 2)->claimed.size(), 0U);
  EXPECT_EQ(claim(started, 2, 100, Channel::Email)->claimed.size(), 1U);
  EXPECT_EQ(states(started), "sending sending sending sending waiting");
}

TEST_P(DeliveryStoreContract, ARowThatIsNotDueStaysAndSaysWhen) {
  PlannedDelivery later = waiting_row("c0");
  later.due_at = at_second(300);
  PlannedDelivery latest = waiting_row("c2");
  latest.due_at = at_second(400);
  const auto started = start({later, waiting_row("c1"), latest});
  const auto now = claim(started).value();
  ASSERT_EQ(now.claimed.size(), 1U);
  EXPECT_EQ(now.claimed[0].contact_id, "c1");
  EXPECT_EQ(now.next_due_at, at_second(300));
  EXPECT_FALSE(now.is_held_elsewhere);
  EXPECT_EQ(claim(started, 100, 299)->claimed.size(), 0U);
  const auto then = claim(started, 100, 300).value();
  ASSERT_EQ(then.claimed.size(), 1U);
  EXPECT_EQ(then.next_due_at, at_second(400));
  EXPECT_EQ(claim(started, 100, 400)->next_due_at, std::nullopt);
}

TEST_P(DeliveryStoreContract, AClaimSurvivesReopeningAndIsInDoubtForTheNextOwner) {
  auto started = start({waiting_row("c0"), waiting_row("c1")});
  ASSERT_EQ(claim(started, 1)->claimed.size(), 1U);
  stores_->reopen();
  EXPECT_EQ(states(started), "sending waiting");
  started.fence = run(stores_->deliveries().take_fence(started.campaign.number, at_second(120))).value();
  EXPECT_EQ(states(started), "in_doubt(process ended while sending) waiting");
  EXPECT_EQ(claim(started, 10)->claimed.at(0).contact_id, "c1");
}

TEST_P(DeliveryStoreContract, EveryEndOfAnAttempt) {
  struct Case {
    DeliveryState to;
    std::string state;
  };
  int number = 0;
  for (const Case& one :
       {Case{DeliveryState::Accepted, "accepted"}, Case{DeliveryState::Failed, "failed(because)"},
        Case{DeliveryState::InDoubt, "in_doubt(because)"}, Case{DeliveryState::Skipped, "skipped(because)"},
        Case{DeliveryState::Waiting, "waiting(because)"}}) {
    const auto started = start({waiting_row("c0")}, "camp-" + std::to_string(number++));
    ASSERT_TRUE(claim(started));
    ASSERT_TRUE(record(started, ended(started, one.to)));
    EXPECT_EQ(states(started), one.state);
    EXPECT_TRUE(counts(started).total().adds_up());
    const Delivery row = first(started);
    EXPECT_EQ(row.cost, Money{one.to == DeliveryState::Accepted ? 150 : 100});
    EXPECT_EQ(row.parts, one.to == DeliveryState::Accepted ? 2 : 1);
    EXPECT_EQ(row.attempts, 1);
    EXPECT_EQ(row.updated_at, at_second(110));
  }
}

TEST_P(DeliveryStoreContract, AnAttemptCannotEndInSendingOrDelivered) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  for (const DeliveryState to : {DeliveryState::Sending, DeliveryState::Delivered}) {
    const auto refused = record(started, ended(started, to));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
  }
  EXPECT_EQ(states(started), "sending");
}

TEST_P(DeliveryStoreContract, ARetryWaitsUntilItIsDueAndCountsTheAttempt) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  AttemptRecord again = ended(started, DeliveryState::Waiting);
  again.due_at = at_second(150);
  ASSERT_TRUE(record(started, again));
  EXPECT_EQ(first(started).due_at, at_second(150));
  EXPECT_EQ(claim(started, 10, 149)->next_due_at, at_second(150));
  const auto second = claim(started, 10, 150).value();
  ASSERT_EQ(second.claimed.size(), 1U);
  EXPECT_EQ(second.claimed[0].attempt.attempt, 2);
  EXPECT_EQ(states(started), "sending");
}

TEST_P(DeliveryStoreContract, ARowReleasedUnsentKeepsItsAttemptNumber) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  AttemptRecord release = ended(started, DeliveryState::Waiting);
  release.was_attempted = false;
  ASSERT_TRUE(record(started, release));
  EXPECT_EQ(first(started).attempts, 0);
  EXPECT_EQ(claim(started)->claimed.at(0).attempt.attempt, 1);
}

TEST_P(DeliveryStoreContract, RecordsOfSettledOrOlderAttemptsAreIgnored) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  EXPECT_EQ(states(started), "waiting");
  ASSERT_TRUE(claim(started));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Waiting)));
  ASSERT_TRUE(claim(started));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted, 1)));
  EXPECT_EQ(states(started), "sending");
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted, 2)));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Failed, 2)));
  EXPECT_EQ(states(started), "accepted");
  EXPECT_EQ(first(started).provider_id, "provider-1");
  EXPECT_EQ(counts(started).total().accepted, 1);
}

TEST_P(DeliveryStoreContract, AcceptancesOfOneMomentAreRecordedEachForItself) {
  std::vector<PlannedDelivery> rows;
  for (int i = 0; i < 40; ++i) rows.push_back(waiting_row("c" + std::to_string(i)));
  const auto started = start(std::move(rows));
  ASSERT_EQ(claim(started)->claimed.size(), 40U);
  const auto accepted = [&](std::uint32_t position) {
    AttemptRecord one = ended(started, DeliveryState::Accepted);
    one.attempt.delivery = id_of(started, position);
    one.provider_id = "provider-" + std::to_string(position);
    return one;
  };
  // An event that came first, one released and claimed again meanwhile, one that has failed, one without an id.
  ASSERT_EQ(apply({DeliveryEvent{id_of(started, 3), DeliveryEventKind::Delivered, at_second(105), "words"}}), 1U);
  AttemptRecord again = accepted(7);
  again.to = DeliveryState::Waiting;
  again.provider_id.clear();
  AttemptRecord failed = accepted(20);
  failed.to = DeliveryState::Failed;
  failed.provider_id.clear();
  ASSERT_TRUE(run(stores_->deliveries().record(started.campaign.number, started.fence, {again, failed})));
  ASSERT_EQ(claim(started)->claimed.size(), 1U);
  std::vector<AttemptRecord> records;
  for (std::uint32_t i = 0; i < 40; ++i) records.push_back(accepted(39 - i));
  records.at(39 - 30).provider_id.clear();
  ASSERT_TRUE(run(stores_->deliveries().record(started.campaign.number, started.fence, records)));

  const StateCounts counts_now = counts(started).total();
  EXPECT_TRUE(counts_now.adds_up());
  EXPECT_EQ(counts_now.accepted, 38);
  EXPECT_EQ(counts_now.delivered, 1);
  EXPECT_EQ(counts_now.sending, 1);
  EXPECT_EQ(counts_now.failed, 1);
  EXPECT_EQ(run(stores_->campaigns().find("camp-1"))->actual_cost, Money{38 * 150});
  for (std::uint32_t i = 0; i < 40; ++i) {
    const Delivery row = run(stores_->log().find(id_of(started, i))).value();
    const bool is_ignored = i == 7 || i == 20;
    EXPECT_EQ(row.provider_id, is_ignored || i == 30 ? "" : "provider-" + std::to_string(i));
    EXPECT_EQ(row.parts, is_ignored ? 1 : 2) << i;
    EXPECT_EQ(row.state, i == 3    ? DeliveryState::Delivered
                         : i == 7  ? DeliveryState::Sending
                         : i == 20 ? DeliveryState::Failed
                                   : DeliveryState::Accepted)
        << i;
  }
}

TEST_P(DeliveryStoreContract, WhatIsInDoubtCanBeSettledByALaterRecord) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::InDoubt)));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Waiting)));
  EXPECT_EQ(states(started), "waiting(because)");
  EXPECT_EQ(claim(started)->claimed.at(0).attempt.attempt, 2);
}

TEST_P(DeliveryStoreContract, RecordsForUnknownOrForeignDeliveriesChangeNothing) {
  const auto started = start({waiting_row("c0")});
  const auto other = start({waiting_row("d0")}, "camp-2");
  ASSERT_TRUE(claim(other));
  AttemptRecord foreign = ended(other, DeliveryState::Failed);
  AttemptRecord unknown = ended(started, DeliveryState::Failed);
  unknown.attempt.delivery = id_of(started, 77);
  ASSERT_TRUE(run(stores_->deliveries().record(started.campaign.number, started.fence, {foreign, unknown})));
  EXPECT_EQ(states(started), "waiting");
  EXPECT_EQ(states(other), "sending");
}

TEST_P(DeliveryStoreContract, AnOlderFenceCanNeitherClaimNorRecordNorSkip) {
  auto old = start({waiting_row("c0"), waiting_row("c1")});
  ASSERT_EQ(claim(old, 1)->claimed.size(), 1U);
  auto owner = old;
  owner.fence = run(stores_->deliveries().take_fence(old.campaign.number, at_second(120))).value();
  EXPECT_NE(owner.fence, old.fence);
  EXPECT_EQ(claim(old).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(record(old, ended(old, DeliveryState::Accepted)).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(run(stores_->deliveries().skip_waiting(old.campaign.number, old.fence, "x", at_second(130))).error().kind,
            ErrorKind::Conflict);
  stores_->reopen();
  EXPECT_EQ(claim(old).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(states(owner), "in_doubt(process ended while sending) waiting");
  EXPECT_EQ(claim(owner)->claimed.size(), 1U);
}

TEST_P(DeliveryStoreContract, AnUnknownCampaignIsNotFound) {
  StartedCampaign nobody;
  nobody.campaign.number = CampaignNumber{99};
  EXPECT_EQ(run(stores_->deliveries().append_plan(CampaignNumber{99}, {})).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(stores_->deliveries().complete_plan(CampaignNumber{99}, {})).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(stores_->deliveries().take_fence(CampaignNumber{99}, {})).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(claim(nobody).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(record(nobody, ended(nobody, DeliveryState::Failed)).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(stores_->log().count_reasons(CampaignNumber{99})).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(stores_->log().find(id_of(nobody, 0))).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(apply({event(nobody, DeliveryEventKind::Delivered)}), 0U);
}

TEST_P(DeliveryStoreContract, SkippingWaitingRowsLeavesTheOthers) {
  PlannedDelivery later = waiting_row("c2", Channel::Email);
  later.due_at = at_second(900);
  const auto started = start({waiting_row("c0"), waiting_row("c1"), later});
  ASSERT_TRUE(claim(started, 1));
  EXPECT_EQ(
      run(stores_->deliveries().skip_waiting(started.campaign.number, started.fence, "cancelled", at_second(150))), 2);
  EXPECT_EQ(states(started), "sending skipped(cancelled) skipped(cancelled)");
  EXPECT_EQ(claim(started, 10, 1000)->claimed.size(), 0U);
  EXPECT_EQ(claim(started, 10, 150)->next_due_at, std::nullopt);
  EXPECT_EQ(run(stores_->deliveries().skip_waiting(started.campaign.number, started.fence, "again", at_second(160))),
            0);
}

TEST_P(DeliveryStoreContract, SkippingALongPlanReachesItsEnd) {
  PlannedDelivery row = waiting_row("c", Channel::Email);
  row.due_at = at_second(500);
  const auto started = start(std::vector(70'001, row));
  EXPECT_EQ(
      run(stores_->deliveries().skip_waiting(started.campaign.number, started.fence, "cancelled", at_second(150))),
      70'001);
  EXPECT_EQ(counts(started).by_channel[Channel::Email].skipped, 70'001);
  EXPECT_EQ(text_of(claim(started, 10, 1000, Channel::Email).value()), "");
}

INSTANTIATE_TEST_SUITE_P(Stores, DeliveryStoreContract, ::testing::ValuesIn(all_storages()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace clarion::testing
