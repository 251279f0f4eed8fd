// Contract of DeliveryStore and DeliveryLog, held over memory and SQLite alike.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "contract/ledger_text.h"

namespace clarion::testing {
namespace {

class DeliveryStoreContract : public ::testing::TestWithParam<Storage> {
 protected:
  std::unique_ptr<StoreSet> stores_ = GetParam().make();

  StartedCampaign start(std::vector<PlannedDelivery> rows, std::string id = "camp-1") {
    return start_campaign(*stores_, std::move(rows), std::move(id));
  }
  std::string states(const StartedCampaign& started) { return states_of(*stores_, started.campaign.number); }
  CampaignCounts counts(const StartedCampaign& started) {
    return run(stores_->campaigns().counts(started.campaign.number)).value();
  }
  Result<ClaimReply> claim(const StartedCampaign& started, std::size_t limit = 100, std::int64_t second = 100,
                           Channel channel = Channel::Sms) {
    return run(stores_->deliveries().claim(
        ClaimRequest{started.campaign.number, channel, started.fence, limit, at_second(second)}));
  }
  Result<void> record(const StartedCampaign& started, AttemptRecord one) {
    return run(stores_->deliveries().record(started.campaign.number, started.fence, {std::move(one)}));
  }
  std::size_t apply(std::vector<DeliveryEvent> events) {
    return run(stores_->deliveries().apply_events(std::move(events))).value();
  }
  static DeliveryId id_of(const StartedCampaign& started, std::uint32_t position) {
    return make_delivery_id(started.campaign.number, position);
  }
  AttemptRecord ended(const StartedCampaign& started, DeliveryState to, std::int32_t attempt = 1) {
    AttemptRecord one;
    one.attempt = AttemptId{id_of(started, 0), attempt};
    one.to = to;
    one.reason = to == DeliveryState::Accepted ? "" : "because";
    one.provider_id = to == DeliveryState::Accepted ? "provider-1" : "";
    one.parts = 2;
    one.cost = Money{150};
    one.at = at_second(110);
    return one;
  }
  DeliveryEvent event(const StartedCampaign& started, DeliveryEventKind kind, std::int64_t second = 200) {
    return DeliveryEvent{id_of(started, 0), kind, at_second(second), "words"};
  }
  Delivery first(const StartedCampaign& started) { return run(stores_->log().find(id_of(started, 0))).value(); }
};

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

TEST_P(DeliveryStoreContract, EventsMoveWhatWasAccepted) {
  struct Case {
    DeliveryEventKind kind;
    std::string state;
  };
  int number = 0;
  for (const DeliveryState base : {DeliveryState::Accepted, DeliveryState::InDoubt}) {
    const std::string unmoved = base == DeliveryState::Accepted ? "accepted" : "in_doubt(because)";
    for (const Case& one :
         {Case{DeliveryEventKind::Delivered, "delivered"}, Case{DeliveryEventKind::Opened, "delivered"},
          Case{DeliveryEventKind::Clicked, "delivered"}, Case{DeliveryEventKind::Replied, "delivered"},
          Case{DeliveryEventKind::Bounced, "failed(bounced)"}, Case{DeliveryEventKind::Failed, "failed(not_delivered)"},
          Case{DeliveryEventKind::Complained, unmoved}, Case{DeliveryEventKind::OptedOut, unmoved}}) {
      const auto started = start({waiting_row("c0")}, "camp-" + std::to_string(number++));
      ASSERT_TRUE(claim(started));
      ASSERT_TRUE(record(started, ended(started, base)));
      EXPECT_EQ(apply({event(started, one.kind)}), 1U);
      EXPECT_EQ(states(started), one.state) << to_string(one.kind);
      EXPECT_EQ(apply({event(started, one.kind)}), 0U) << "a duplicate";
      EXPECT_EQ(first(started).events.size(), 1U);
      EXPECT_TRUE(counts(started).total().adds_up());
    }
  }
}

TEST_P(DeliveryStoreContract, EventsInAnyOrderGiveTheSameLedger) {
  std::array<DeliveryEventKind, 5> kinds{DeliveryEventKind::Delivered, DeliveryEventKind::Opened,
                                         DeliveryEventKind::Bounced, DeliveryEventKind::Failed,
                                         DeliveryEventKind::OptedOut};
  std::ranges::sort(kinds);
  const auto wanted = kinds;
  for (const DeliveryState base : {DeliveryState::Accepted, DeliveryState::InDoubt, DeliveryState::Waiting}) {
    for (std::size_t taken = 1; taken <= kinds.size(); ++taken) {
      std::string expected;
      kinds = wanted;
      int number = 0;
      do {
        // Prefixes of permutations repeat; what counts is that the same set ends the same.
        if (!std::ranges::is_sorted(kinds.begin() + static_cast<std::ptrdiff_t>(taken), kinds.end())) continue;
        std::array<DeliveryEventKind, 5> set = kinds;
        std::sort(set.begin(), set.begin() + static_cast<std::ptrdiff_t>(taken));
        if (!std::equal(set.begin(), set.begin() + static_cast<std::ptrdiff_t>(taken), wanted.begin())) continue;
        const auto started = start({waiting_row("c0")}, std::to_string(static_cast<int>(base)) + "-" +
                                                            std::to_string(taken) + "-" + std::to_string(number++));
        ASSERT_TRUE(claim(started));
        ASSERT_TRUE(record(started, ended(started, base)));
        for (std::size_t i = 0; i < taken; ++i) {
          apply({event(started, kinds[i], 200 + static_cast<std::int64_t>(kinds[i]))});
        }
        const std::string text = text_of(*stores_, started.campaign);
        const std::string own = text.substr(0, text.find("recent "));
        if (expected.empty()) expected = own;
        EXPECT_EQ(own, expected);
      } while (std::ranges::next_permutation(kinds).found);
    }
  }
}

TEST_P(DeliveryStoreContract, AnEventBeforeTheRecordWaitsForItsCost) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  EXPECT_EQ(apply({event(started, DeliveryEventKind::Delivered, 105)}), 1U);
  EXPECT_EQ(states(started), "sending");
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  EXPECT_EQ(states(started), "delivered");
  EXPECT_EQ(first(started).provider_id, "provider-1");
  EXPECT_EQ(run(stores_->campaigns().find("camp-1"))->actual_cost, Money{150});
}

TEST_P(DeliveryStoreContract, AnEventBeforeACrashSettlesWhatWouldBeInDoubt) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  EXPECT_EQ(apply({event(started, DeliveryEventKind::Opened)}), 1U);
  stores_->reopen();
  ASSERT_TRUE(run(stores_->deliveries().take_fence(started.campaign.number, at_second(210))));
  EXPECT_EQ(states(started), "delivered");
  EXPECT_EQ(run(stores_->campaigns().find("camp-1"))->actual_cost, Money{100}) << "the planned cost stands for it";
}

TEST_P(DeliveryStoreContract, AnEventForARowThatWaitsAgainKeepsItFromBeingSentTwice) {
  const auto started = start({waiting_row("c0"), waiting_row("c1")});
  ASSERT_TRUE(claim(started, 1));
  AttemptRecord again = ended(started, DeliveryState::Waiting);
  again.due_at = at_second(150);
  ASSERT_TRUE(record(started, again));
  EXPECT_EQ(apply({event(started, DeliveryEventKind::Delivered)}), 1U);
  EXPECT_EQ(states(started), "delivered waiting");
  const auto reply = claim(started, 10, 500).value();
  ASSERT_EQ(reply.claimed.size(), 1U);
  EXPECT_EQ(reply.claimed[0].contact_id, "c1");
  EXPECT_EQ(reply.next_due_at, std::nullopt);
}

TEST_P(DeliveryStoreContract, ADeliveryThatWasNeverAttemptedHasNoEvents) {
  const auto started = start({waiting_row("c0")});
  DeliveryEvent unknown = event(started, DeliveryEventKind::Delivered);
  unknown.delivery = id_of(started, 9);
  EXPECT_EQ(apply({event(started, DeliveryEventKind::Delivered), unknown}), 0U);
  EXPECT_EQ(states(started), "waiting");
  EXPECT_TRUE(first(started).events.empty());
}

TEST_P(DeliveryStoreContract, EventsOfSeveralCampaignsInOneBatch) {
  const auto one = start({waiting_row("c0")}, "camp-1");
  const auto two = start({waiting_row("c0")}, "camp-2");
  for (const auto& started : {one, two}) {
    ASSERT_TRUE(claim(started));
    ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  }
  EXPECT_EQ(apply({event(two, DeliveryEventKind::Bounced), event(one, DeliveryEventKind::Delivered),
                   event(two, DeliveryEventKind::Delivered, 199)}),
            3U);
  EXPECT_EQ(states(one), "delivered");
  EXPECT_EQ(states(two), "failed(bounced)");
  EXPECT_EQ(counts(one).total().delivered, 1);
  EXPECT_EQ(counts(two).total().failed, 1);
}

TEST_P(DeliveryStoreContract, ThePagesOfAListMeetWithoutGapOrOverlap) {
  std::vector<PlannedDelivery> rows;
  for (std::size_t i = 0; i < 300; ++i) rows.push_back(waiting_row("c" + std::to_string(i), all_channels[i % 3]));
  const auto started = start(rows);
  start({waiting_row("other")}, "camp-2");
  ASSERT_TRUE(claim(started, 50));
  for (const bool in_campaign : {true, false}) {
    DeliveryQuery query;
    if (in_campaign) query.campaign = started.campaign.number;
    query.limit = 7;
    std::vector<DeliveryId> seen;
    while (true) {
      const auto page = run(stores_->log().list(query)).value();
      if (page.empty()) break;
      EXPECT_LE(page.size(), 7U);
      for (const Delivery& one : page) seen.push_back(one.id);
      query.after = page.back().id;
    }
    EXPECT_EQ(seen.size(), in_campaign ? 300U : 301U);
    EXPECT_TRUE(in_campaign ? std::ranges::is_sorted(seen) : std::ranges::is_sorted(seen, std::greater{}));
    EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
  }
}

TEST_P(DeliveryStoreContract, AListIsFilteredByStateChannelContactAndReason) {
  PlannedDelivery skipped = waiting_row("c2", Channel::Email);
  skipped.state = DeliveryState::Skipped;
  skipped.reason = "quiet_hours";
  const auto started = start({waiting_row("c0"), waiting_row("c1"), skipped, waiting_row("c3")});
  ASSERT_TRUE(claim(started, 2));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  AttemptRecord second = ended(started, DeliveryState::Accepted);
  second.attempt.delivery = id_of(started, 1);
  ASSERT_TRUE(record(started, second));
  apply({event(started, DeliveryEventKind::Delivered)});
  const auto contacts = [&](auto set) {
    DeliveryQuery query;
    query.campaign = started.campaign.number;
    set(query);
    std::string text;
    for (const Delivery& one : run(stores_->log().list(query)).value()) text += one.contact_id + " ";
    return text;
  };
  EXPECT_EQ(contacts([](auto& query) { query.state = DeliveryState::Accepted; }), "c0 c1 ");
  EXPECT_EQ(contacts([](auto& query) { query.state = DeliveryState::Delivered; }), "c0 ");
  EXPECT_EQ(contacts([](auto& query) { query.state = DeliveryState::Waiting; }), "c3 ");
  EXPECT_EQ(contacts([](auto& query) { query.channel = Channel::Email; }), "c2 ");
  EXPECT_EQ(contacts([](auto& query) { query.contact_id = "c3"; }), "c3 ");
  EXPECT_EQ(contacts([](auto& query) { query.reason = "quiet_hours"; }), "c2 ");
  EXPECT_EQ(contacts([](auto& query) { query.reason = "never_used"; }), "");
  EXPECT_EQ(contacts([](auto& query) { query.limit = 0; }), "");
}

TEST_P(DeliveryStoreContract, RecentContactsAreTheOnesACarrierMayHave) {
  const auto started = start({waiting_row("accepted"), waiting_row("in_doubt"), waiting_row("failed"),
                              waiting_row("waiting"), waiting_row("sending"), waiting_row("bounced")});
  ASSERT_TRUE(claim(started, 6));
  const std::array ends{DeliveryState::Accepted, DeliveryState::InDoubt, DeliveryState::Failed, DeliveryState::Waiting};
  for (std::uint32_t i = 0; i < ends.size(); ++i) {
    AttemptRecord one = ended(started, ends[i]);
    one.attempt.delivery = id_of(started, i);
    one.at = at_second(110 + i);
    ASSERT_TRUE(record(started, one));
  }
  AttemptRecord bounced = ended(started, DeliveryState::Accepted);
  bounced.attempt.delivery = id_of(started, 5);
  ASSERT_TRUE(record(started, bounced));
  apply({DeliveryEvent{id_of(started, 5), DeliveryEventKind::Bounced, at_second(300), ""}});
  const auto since = [&](std::int64_t second) {
    std::string text;
    EXPECT_TRUE(run(stores_->log().visit_recent(
        at_second(second), [&](const RecentContact& recent) { text += std::string(recent.contact_id) + " "; })));
    return text;
  };
  EXPECT_EQ(since(110), "accepted in_doubt bounced ");
  EXPECT_EQ(since(111), "in_doubt ");
  EXPECT_EQ(since(112), "");
}

TEST_P(DeliveryStoreContract, AnyBytesComeBackUnchanged) {
  const std::string nul("a\0b", 3);
  const std::string quotes = R"('"; DROP TABLE delivery; -- %s {} \)";
  const std::string broken = "\xff\xfe\xc3(\x80";
  const std::string large(1'000'000, 'x');
  std::uint32_t number = 0;
  for (const std::string& text : {nul, quotes, broken, large, std::string()}) {
    PlannedDelivery row = waiting_row(text);
    row.destination = text;
    row.payload = text;
    row.why = text;
    PlannedDelivery skipped = row;
    skipped.state = DeliveryState::Skipped;
    skipped.reason = text;
    const auto started = start({row, skipped}, "camp-" + std::to_string(number++));
    const auto claimed = claim(started).value().claimed;
    ASSERT_EQ(claimed.size(), 1U);
    EXPECT_EQ(claimed[0].contact_id, text);
    EXPECT_EQ(claimed[0].payload, text);
    AttemptRecord one = ended(started, DeliveryState::Failed);
    one.reason = text;
    one.provider_id = text;
    ASSERT_TRUE(record(started, one));
    DeliveryEvent said = event(started, DeliveryEventKind::Complained);
    said.detail = text;
    EXPECT_EQ(apply({said}), 1U);
    stores_->reopen();
    const Delivery back = first(started);
    EXPECT_EQ(back.contact_id, text);
    EXPECT_EQ(back.destination, text);
    EXPECT_EQ(back.why, text);
    EXPECT_EQ(back.reason, text);
    EXPECT_EQ(back.provider_id, text);
    EXPECT_EQ(back.events.at(0).detail, text);
    DeliveryQuery query;
    query.campaign = started.campaign.number;
    query.contact_id = text;
    query.reason = text;
    EXPECT_EQ(run(stores_->log().list(query))->size(), 2U);
    EXPECT_EQ(run(stores_->log().count_reasons(started.campaign.number))->size(), 2U);
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, DeliveryStoreContract, ::testing::ValuesIn(all_storages()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace clarion::testing
