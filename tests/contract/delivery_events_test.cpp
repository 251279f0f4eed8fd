// Contract of DeliveryStore::apply_events, over memory and SQLite alike.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "contract/delivery_fixture.h"

namespace clarion::testing {
namespace {

class DeliveryEventsContract : public DeliveryFixture {};

TEST_P(DeliveryEventsContract, EventsMoveWhatWasAccepted) {
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

TEST_P(DeliveryEventsContract, EventsInAnyOrderGiveTheSameLedger) {
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

TEST_P(DeliveryEventsContract, APersonSettlesWhatIsInDoubt) {
  struct Case {
    DeliveryEventKind said;
    DeliveryEventKind other;
    std::string state;
    Money cost;
  };
  int number = 0;
  for (const Case& one : {Case{DeliveryEventKind::SettledArrived, DeliveryEventKind::SettledNotArrived, "accepted",
                               waiting_row("c0").estimated_cost},
                          Case{DeliveryEventKind::SettledNotArrived, DeliveryEventKind::SettledArrived,
                               "failed(settled_not_arrived)", Money{}}}) {
    const std::string id = "camp-" + std::to_string(number++);
    const auto started = start({waiting_row("c0")}, id);
    ASSERT_TRUE(claim(started));
    ASSERT_TRUE(record(started, ended(started, DeliveryState::InDoubt)));
    EXPECT_EQ(apply({event(started, one.said)}), 1U);
    EXPECT_EQ(states(started), one.state);
    EXPECT_TRUE(counts(started).total().adds_up());
    EXPECT_EQ(run(stores_->campaigns().find(id))->actual_cost, one.cost);
    EXPECT_EQ(apply({event(started, one.said)}), 0U) << "a duplicate";
    EXPECT_EQ(apply({event(started, one.other, 201)}), 1U) << "kept";
    EXPECT_EQ(states(started), one.state) << "the first word counts";
    ASSERT_TRUE(record(started, ended(started, DeliveryState::Waiting)));
    EXPECT_EQ(states(started), one.state) << "it was sent again";
    EXPECT_EQ(first(started).events.size(), 2U);
    EXPECT_EQ(first(started).events.front().kind, one.said);
    EXPECT_EQ(first(started).events.front().detail, "words");
  }
}

TEST_P(DeliveryEventsContract, WhatACarrierSaysOutweighsWhatAPersonSaid) {
  int number = 0;
  for (const auto said : {DeliveryEventKind::SettledArrived, DeliveryEventKind::SettledNotArrived}) {
    for (const auto& [kind, state] : {std::pair{DeliveryEventKind::Delivered, "delivered"},
                                      std::pair{DeliveryEventKind::Failed, "failed(not_delivered)"}}) {
      for (const bool is_said_first : {true, false}) {
        const auto started = start({waiting_row("c0")}, "camp-" + std::to_string(number++));
        ASSERT_TRUE(claim(started));
        ASSERT_TRUE(record(started, ended(started, DeliveryState::InDoubt)));
        apply({event(started, is_said_first ? said : kind)});
        apply({event(started, is_said_first ? kind : said, 201)});
        EXPECT_EQ(states(started), state) << to_string(said);
        EXPECT_TRUE(counts(started).total().adds_up());
      }
    }
  }
}

TEST_P(DeliveryEventsContract, APersonsWordMovesNothingThatIsNotInDoubt) {
  int number = 0;
  for (const DeliveryState state : {DeliveryState::Accepted, DeliveryState::Failed, DeliveryState::Waiting}) {
    const auto started = start({waiting_row("c0")}, "camp-" + std::to_string(number++));
    ASSERT_TRUE(claim(started));
    ASSERT_TRUE(record(started, ended(started, state)));
    const std::string before = states(started);
    apply({event(started, DeliveryEventKind::SettledArrived), event(started, DeliveryEventKind::SettledNotArrived)});
    EXPECT_EQ(states(started), before);
    EXPECT_TRUE(counts(started).total().adds_up());
  }
}

TEST_P(DeliveryEventsContract, AnEventBeforeTheRecordWaitsForItsCost) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  EXPECT_EQ(apply({event(started, DeliveryEventKind::Delivered, 105)}), 1U);
  EXPECT_EQ(states(started), "sending");
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  EXPECT_EQ(states(started), "delivered");
  EXPECT_EQ(first(started).provider_id, "provider-1");
  EXPECT_EQ(run(stores_->campaigns().find("camp-1"))->actual_cost, Money{150});
}

TEST_P(DeliveryEventsContract, AnEventBeforeACrashSettlesWhatWouldBeInDoubt) {
  const auto started = start({waiting_row("c0")});
  ASSERT_TRUE(claim(started));
  EXPECT_EQ(apply({event(started, DeliveryEventKind::Opened)}), 1U);
  stores_->reopen();
  ASSERT_TRUE(run(stores_->deliveries().take_fence(started.campaign.number, at_second(210))));
  EXPECT_EQ(states(started), "delivered");
  EXPECT_EQ(run(stores_->campaigns().find("camp-1"))->actual_cost, Money{100}) << "the planned cost stands for it";
}

TEST_P(DeliveryEventsContract, AnEventForARowThatWaitsAgainKeepsItFromBeingSentTwice) {
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

TEST_P(DeliveryEventsContract, ADeliveryThatWasNeverAttemptedHasNoEvents) {
  const auto started = start({waiting_row("c0")});
  DeliveryEvent unknown = event(started, DeliveryEventKind::Delivered);
  unknown.delivery = id_of(started, 9);
  EXPECT_EQ(apply({event(started, DeliveryEventKind::Delivered), unknown}), 0U);
  EXPECT_EQ(states(started), "waiting");
  EXPECT_TRUE(first(started).events.empty());
}

TEST_P(DeliveryEventsContract, SaysOfEachEventInItsPlaceWhatCameOfIt) {
  using enum EventOutcome;
  const auto started = start({waiting_row("c0"), waiting_row("c1")});
  ASSERT_TRUE(claim(started, 1));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  DeliveryEvent waiting = event(started, DeliveryEventKind::Delivered);
  waiting.delivery = id_of(started, 1);
  DeliveryEvent foreign = waiting;
  foreign.delivery = make_delivery_id(CampaignNumber{99}, 0);
  const DeliveryEvent opened = event(started, DeliveryEventKind::Opened);
  const DeliveryEvent delivered = event(started, DeliveryEventKind::Delivered);
  EXPECT_EQ(outcomes({waiting, opened, foreign, opened, delivered}),
            (std::vector{Unmatched, Added, Unmatched, Known, Added}));
  EXPECT_EQ(outcomes({delivered, opened}), (std::vector{Known, Known}));
  EXPECT_TRUE(outcomes({}).empty());
}

TEST_P(DeliveryEventsContract, EventsOfSeveralCampaignsInOneBatch) {
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

INSTANTIATE_TEST_SUITE_P(Stores, DeliveryEventsContract, ::testing::ValuesIn(all_storages()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace clarion::testing
