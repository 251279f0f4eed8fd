// Several workers on one campaign in DynamoDB: claims never meet, and the work of a dead one is taken over.
#include <gtest/gtest.h>

#include <set>

#include "contract/dynamo_service.h"
#include "contract/ledger_text.h"
#include "store/dynamo_campaign_store.h"
#include "store/dynamo_delivery_items.h"
#include "store/dynamo_delivery_log.h"
#include "store/dynamo_delivery_store.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

class DynamoWorkersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
    tables_ = DynamoService::shared().make_tables();
  }

  // A process with a name.
  struct Worker {
    Worker(const DynamoTableNames& tables, Clock& clock, const std::string& name, const std::string& instance)
        : database(DynamoService::shared().open(tables, clock)), ledger(*database, name, instance) {}
    std::unique_ptr<DynamoDatabase> database;
    DynamoLedger ledger;
    DynamoCampaignStore campaigns{ledger};
    DynamoDeliveryStore deliveries{ledger};
    DynamoDeliveryLog log{ledger};
    Fence fence{};
  };
  std::unique_ptr<Worker> worker(const std::string& name) {
    auto made = std::make_unique<Worker>(tables_, clock_, name, name + "-" + std::to_string(++instances_));
    if (number_) made->fence = run(made->deliveries.take_fence(*number_, at_second(1))).value();
    return made;
  }
  void plan(Worker& by, std::size_t rows) {
    number_ = run(by.campaigns.create(definition_of("camp-1"), CampaignStatus::Running, at_second(0)))->number;
    by.fence = run(by.deliveries.take_fence(*number_, at_second(1))).value();
    std::vector<PlannedDelivery> planned;
    for (std::size_t i = 0; i < rows; ++i) planned.push_back(waiting_row("c" + std::to_string(i)));
    ASSERT_TRUE(run(by.deliveries.append_plan(*number_, planned)));
    ASSERT_TRUE(run(by.deliveries.complete_plan(*number_, Money{1})));
  }
  Result<ClaimReply> claim(Worker& by, std::size_t limit) {
    return run(by.deliveries.claim({*number_, Channel::Sms, by.fence, limit, at_second(100)}));
  }
  AttemptRecord accepted(const ClaimedDelivery& claimed) {
    AttemptRecord record;
    record.attempt = claimed.attempt;
    record.to = DeliveryState::Accepted;
    record.provider_id = "message of " + claimed.contact_id;
    record.parts = 1;
    record.cost = Money{90};
    record.at = at_second(110);
    return record;
  }
  Result<void> record(Worker& by, std::vector<AttemptRecord> records) {
    return run(by.deliveries.record(*number_, by.fence, std::move(records)));
  }
  StateCounts counts(Worker& by) {
    clock_.advance(1100ms);
    return run(by.campaigns.counts(*number_))->total();
  }

  DynamoTableNames tables_;
  SteppedClock clock_;
  std::optional<CampaignNumber> number_;
  int instances_ = 0;
};

TEST_F(DynamoWorkersTest, TwoWorkersClaimDisjointRowsAndAllOfThem) {
  auto a = worker("a");
  plan(*a, 1000);
  auto b = worker("b");
  std::set<std::string> seen;
  std::size_t claimed = 0;
  for (int round = 0; round < 100 && claimed < 1000; ++round) {
    for (Worker* by : {a.get(), b.get()}) {
      const auto reply = claim(*by, 100).value();
      std::vector<AttemptRecord> records;
      for (const ClaimedDelivery& one : reply.claimed) {
        EXPECT_TRUE(seen.insert(one.contact_id).second) << one.contact_id;
        records.push_back(accepted(one));
      }
      claimed += reply.claimed.size();
      ASSERT_TRUE(record(*by, std::move(records)));
    }
  }
  EXPECT_EQ(claimed, 1000U);
  EXPECT_EQ(text_of(counts(*a)), text_of(counts(*b)));
  EXPECT_EQ(counts(*b).accepted, 1000);
}

TEST_F(DynamoWorkersTest, RowsThatALiveWorkerHoldsAreLeftAloneAndLookedAtAgain) {
  auto a = worker("a");
  plan(*a, 20);
  auto b = worker("b");
  ASSERT_EQ(claim(*a, 5)->claimed.size(), 5U);
  const auto reply = claim(*b, 5).value();
  EXPECT_TRUE(reply.claimed.empty()) << "all rows are in the unit that the first worker sends from";
  EXPECT_EQ(reply.next_due_at, at_second(101));
  EXPECT_TRUE(reply.is_held_elsewhere);
}

TEST_F(DynamoWorkersTest, WhatADeadWorkerLeftInSendingIsInDoubtAndTheRestIsSent) {
  auto a = worker("a");
  plan(*a, 10);
  auto b = worker("b");
  const auto held = claim(*a, 4).value().claimed;
  ASSERT_EQ(held.size(), 4U);
  EXPECT_TRUE(claim(*b, 10)->claimed.empty());
  // The lease is seen unchanged for its whole length, by the other's clock.
  clock_.advance(DynamoWorker::lease + 1s);
  EXPECT_EQ(claim(*b, 10)->claimed.size(), 6U);
  EXPECT_EQ(counts(*b).in_doubt, 4);
  // The worker wakes: it can neither claim nor record, and nothing it says changes anything.
  EXPECT_EQ(claim(*a, 10).error().kind, ErrorKind::Conflict);
  const auto late = record(*a, {accepted(held[0])});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(counts(*b).in_doubt, 4);
}

TEST_F(DynamoWorkersTest, AWorkerThatKeepsItsLeaseIsNotTakenOver) {
  auto a = worker("a");
  plan(*a, 4);
  auto b = worker("b");
  ASSERT_EQ(claim(*a, 4)->claimed.size(), 4U);
  for (int i = 0; i < 12; ++i) {
    clock_.advance(DynamoWorker::lease / 3);
    ASSERT_TRUE(run(a->database->run(a->ledger.worker().keep_alive())));
    EXPECT_TRUE(claim(*b, 4)->claimed.empty());
  }
  EXPECT_EQ(counts(*b).sending, 4);
}

TEST_F(DynamoWorkersTest, AWorkerThatEndsInOrderIsTakenOverAtOnce) {
  auto a = worker("a");
  plan(*a, 4);
  auto b = worker("b");
  ASSERT_EQ(claim(*a, 2)->claimed.size(), 2U);
  ASSERT_TRUE(run(a->database->run(a->ledger.worker().end())));
  EXPECT_EQ(claim(*b, 4)->claimed.size(), 2U);
  EXPECT_EQ(counts(*b).in_doubt, 2);
}

TEST_F(DynamoWorkersTest, WhoTakesOverSeesWhatTheCarrierTookAccordingToTheDeliveryItem) {
  auto a = worker("a");
  plan(*a, 2);
  const auto held = claim(*a, 2).value().claimed;
  ASSERT_EQ(held.size(), 2U);
  // The first write of a record is the delivery item; here the worker ends before the second, the unit's.
  UnitRow row;
  row.row.state = DeliveryState::Accepted;
  row.row.attempts = 1;
  const auto campaign = run(a->database->run(a->ledger.campaign(*number_))).value();
  const DeliveryAt delivery{.id = held[0].attempt.delivery, .slot = 0, .contact_id = held[0].contact_id};
  ASSERT_TRUE(run(a->database->run(write_attempt(a->ledger, campaign, delivery, row, PlanBody{}, accepted(held[0])))));
  ASSERT_TRUE(run(a->database->run(a->ledger.worker().end())));
  auto b = worker("b");
  EXPECT_TRUE(claim(*b, 2)->claimed.empty());
  const Delivery first = run(b->log.find(held[0].attempt.delivery)).value();
  EXPECT_EQ(first.state, DeliveryState::Accepted);
  EXPECT_EQ(first.provider_id, "message of c0");
  EXPECT_EQ(first.cost, Money{90});
  EXPECT_EQ(run(b->log.find(held[1].attempt.delivery))->state, DeliveryState::InDoubt);
}

// As when the second write failed: the unit has what a person said, the delivery item has not.
TEST_F(DynamoWorkersTest, WhoSettledADeliveryIsCompletedWhenItIsSaidAgain) {
  for (const auto said : {DeliveryEventKind::SettledArrived, DeliveryEventKind::SettledNotArrived}) {
    tables_ = DynamoService::shared().make_tables();
    number_.reset();
    auto a = worker("a");
    plan(*a, 1);
    const ClaimedDelivery claimed = claim(*a, 1)->claimed.at(0);
    AttemptRecord in_doubt = accepted(claimed);
    in_doubt.to = DeliveryState::InDoubt;
    in_doubt.provider_id.clear();
    ASSERT_TRUE(record(*a, {in_doubt}));
    const DeliveryId id = claimed.attempt.delivery;
    const auto settle = [&](std::string by, WallTime at) {
      return run(a->deliveries.apply_events({{.delivery = id, .kind = said, .at = at, .detail = std::move(by)}}));
    };
    ASSERT_TRUE(settle("by ana", at_second(200)));
    const DynamoItem key = key_of_delivery({.id = id, .slot = 0, .contact_id = claimed.contact_id});
    ASSERT_TRUE(run(a->database->run(a->database->client().delete_item(tables_.deliveries, key))));

    clock_.advance(1100ms);
    Delivery found = run(a->log.find(id)).value();
    const DeliveryState settled = found.state;
    EXPECT_NE(settled, DeliveryState::InDoubt);
    ASSERT_EQ(found.events.size(), 1U);
    EXPECT_EQ(found.events[0].kind, said);
    EXPECT_EQ(found.events[0].at, at_second(200));
    EXPECT_EQ(found.events[0].detail, "") << "nobody knows who";
    ASSERT_TRUE(settle("by ana again", found.events[0].at));
    found = run(a->log.find(id)).value();
    EXPECT_EQ(found.state, settled);
    ASSERT_EQ(found.events.size(), 1U);
    EXPECT_EQ(found.events[0].detail, "by ana again");
  }
}

TEST_F(DynamoWorkersTest, AnOlderProcessOfTheSameNameIsFencedOut) {
  auto old = worker("a");
  plan(*old, 300);
  ASSERT_EQ(claim(*old, 3)->claimed.size(), 3U);
  auto fresh = worker("a");
  EXPECT_EQ(counts(*fresh).in_doubt, 3);
  // It knows nothing of its successor, and units of other chunks are free: it still gets none.
  EXPECT_EQ(claim(*old, 200).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(counts(*fresh).waiting, 297);
  EXPECT_EQ(claim(*fresh, 300)->claimed.size(), 297U);
}

TEST_F(DynamoWorkersTest, OnlyOneWorkerPlans) {
  auto a = worker("a");
  auto b = worker("b");
  number_ = run(a->campaigns.create(definition_of("camp-1"), CampaignStatus::Running, at_second(0)))->number;
  ASSERT_TRUE(run(a->deliveries.append_plan(*number_, {waiting_row("c0")})));
  // Whoever cannot make the plan again would take the campaign for lost, so nobody else may have it yet.
  const auto early = run(b->deliveries.take_fence(*number_, at_second(1)));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().kind, ErrorKind::Unavailable);
  EXPECT_EQ(early.error().message, "worker 'a' is planning this campaign");
  const auto second = run(b->deliveries.append_plan(*number_, {waiting_row("other")}));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::Conflict);
  ASSERT_TRUE(run(a->deliveries.complete_plan(*number_, Money{1})));
  b->fence = run(b->deliveries.take_fence(*number_, at_second(1))).value();
  EXPECT_EQ(claim(*b, 10)->claimed.at(0).contact_id, "c0");
}

TEST_F(DynamoWorkersTest, APlannerThatDiedIsSucceededAndItsPlanIsNothing) {
  auto a = worker("a");
  auto b = worker("b");
  number_ = run(a->campaigns.create(definition_of("camp-1"), CampaignStatus::Running, at_second(0)))->number;
  ASSERT_TRUE(run(a->deliveries.append_plan(*number_, std::vector(200, waiting_row("old")))));
  EXPECT_FALSE(run(b->deliveries.take_fence(*number_, at_second(1))));
  EXPECT_FALSE(run(b->deliveries.append_plan(*number_, {waiting_row("new")})));
  clock_.advance(DynamoWorker::lease + 1s);
  ASSERT_TRUE(run(b->deliveries.take_fence(*number_, at_second(40))));
  ASSERT_TRUE(run(b->deliveries.append_plan(*number_, {waiting_row("new")})));
  ASSERT_TRUE(run(b->deliveries.complete_plan(*number_, Money{1})));
  EXPECT_EQ(run(a->deliveries.complete_plan(*number_, Money{1})).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(counts(*b).planned, 1);
  EXPECT_EQ(counts(*a).planned, 1);
}

TEST_F(DynamoWorkersTest, AnEventReachesARowThatAnotherWorkerHasClaimedSince) {
  auto a = worker("a");
  plan(*a, 2);
  auto b = worker("b");
  ASSERT_TRUE(run(b->campaigns.counts(*number_)));  // it knows both as waiting
  const auto held = claim(*a, 1).value().claimed;
  ASSERT_TRUE(record(*a, {accepted(held[0])}));
  const DeliveryEvent event{held[0].attempt.delivery, DeliveryEventKind::Delivered, at_second(120), "words"};
  using enum EventOutcome;
  EXPECT_EQ(run(b->deliveries.apply_events({event, event})).value(), (std::vector{Added, Known}));
  EXPECT_EQ(run(a->deliveries.apply_events({event})).value(), std::vector{Known});
  EXPECT_EQ(counts(*a).delivered, 1);
}

TEST_F(DynamoWorkersTest, OfManyCampaignsTheLeastUsedAreForgottenAndNeverOneThatIsSent) {
  auto a = worker("a");
  plan(*a, 3);
  const CampaignNumber sent = *number_;
  const auto held = claim(*a, 1).value().claimed;
  a->ledger.set_most_kept(2);
  auto other = worker("b");
  std::vector<CampaignNumber> others;
  for (const std::string id : {"x", "y", "z"}) {
    const auto number = run(other->campaigns.create(definition_of(id), CampaignStatus::Running, at_second(0)))->number;
    ASSERT_TRUE(run(other->deliveries.append_plan(number, {waiting_row("c0"), waiting_row("c1")})));
    ASSERT_TRUE(run(other->deliveries.complete_plan(number, Money{1})));
    EXPECT_EQ(run(a->campaigns.counts(number))->total().planned, 2);
    others.push_back(number);
  }
  const auto is_kept = [&a](CampaignNumber number) {
    return a->ledger.find_unit(number, index_of(Channel::Sms), 0) != nullptr;
  };
  EXPECT_TRUE(is_kept(sent));
  EXPECT_EQ((std::vector{is_kept(others[0]), is_kept(others[1]), is_kept(others[2])}),
            (std::vector{false, false, true}));
  EXPECT_EQ(run(a->campaigns.counts(others[0]))->total().waiting, 2) << "it is read again";
  ASSERT_TRUE(run(a->deliveries.record(sent, a->fence, {accepted(held[0])})));
  EXPECT_EQ(counts(*a).accepted, 1);
  EXPECT_EQ(claim(*a, 10)->claimed.size(), 2U);
}

}  // namespace
}  // namespace clarion::testing
