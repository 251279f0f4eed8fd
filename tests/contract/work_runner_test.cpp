// WorkRunner over the ledger in DynamoDB: which references a worker takes, keeps and lets go of, and that none of it
// changes what is sent.
#include "store/work_runner.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "contract/dynamo_service.h"
#include "contract/ledger_text.h"
#include "fakes/memory_work_queue.h"
#include "store/dynamo_campaign_store.h"
#include "store/dynamo_delivery_store.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

class DynamoWorkRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
    tables_ = DynamoService::shared().make_tables();
  }

  // A process with a name.
  struct Worker {
    Worker(const DynamoTableNames& tables, Clock& clock, WorkQueue& queue, const std::string& name)
        : database(DynamoService::shared().open(tables, clock)), ledger(*database, name, name), runner(ledger, queue) {}
    std::unique_ptr<DynamoDatabase> database;
    DynamoLedger ledger;
    WorkRunner runner;
    DynamoCampaignStore campaigns{ledger};
    DynamoDeliveryStore deliveries{ledger};
    Fence fence{};
  };
  std::unique_ptr<Worker> worker(const std::string& name) {
    auto made = std::make_unique<Worker>(tables_, clock_, queue_, name);
    if (number_) made->fence = run(made->deliveries.take_fence(*number_, at_second(1))).value();
    return made;
  }
  void plan(Worker& by, std::size_t rows, std::optional<WallTime> due_at = {}) {
    number_ = run(by.campaigns.create(definition_of("camp-1"), CampaignStatus::Running, at_second(0)))->number;
    by.fence = run(by.deliveries.take_fence(*number_, at_second(1))).value();
    std::vector<PlannedDelivery> planned;
    for (std::size_t i = 0; i < rows; ++i) {
      planned.push_back(waiting_row("c" + std::to_string(i)));
      planned.back().due_at = due_at;
    }
    ASSERT_TRUE(run(by.deliveries.append_plan(*number_, planned)));
    ASSERT_TRUE(run(by.deliveries.complete_plan(*number_, Money{1})));
  }
  std::vector<std::string> claim(Worker& by, std::size_t limit) {
    const auto reply = run(by.deliveries.claim({*number_, Channel::Sms, by.fence, limit, clock_.wall_now()}));
    EXPECT_TRUE(reply) << reply.error().message;
    std::vector<std::string> contacts;
    for (const ClaimedDelivery& one : reply->claimed) {
      contacts.push_back(one.contact_id);
      claimed_[one.contact_id] = one.attempt;
    }
    return contacts;
  }
  void end(Worker& by, const std::vector<std::string>& contacts, DeliveryState to = DeliveryState::Accepted,
           std::optional<WallTime> due_at = {}) {
    std::vector<AttemptRecord> records;
    for (const std::string& contact : contacts) {
      AttemptRecord record;
      record.attempt = claimed_.at(contact);
      record.to = to;
      record.provider_id = "message of " + contact;
      record.due_at = due_at;
      record.at = clock_.wall_now();
      records.push_back(std::move(record));
    }
    ASSERT_TRUE(run(by.deliveries.record(*number_, by.fence, std::move(records))));
  }

  // On the ledger's own executor, where everything of a runner belongs.
  template <class T>
  static T on_ledger(Task<T> task) {
    return asio::co_spawn(DynamoService::shared().executor(), std::move(task), asio::use_future).get();
  }
  bool receive(Worker& by, std::optional<bool> is_sent_here = true) {
    const WorkRunner::TakeUp take_up = [is_sent_here](CampaignNumber) -> Task<Result<bool>> {
      if (!is_sent_here) co_return fail(ErrorKind::NotFound, "there is no such campaign");
      co_return *is_sent_here;
    };
    return on_ledger(by.runner.receive(take_up, 0s));
  }
  void keep(Worker& by) { on_ledger(by.runner.keep()); }
  void announce(std::vector<std::uint32_t> chunks) {
    std::vector<Announcement> all;
    for (const std::uint32_t chunk : chunks) {
      all.push_back(
          {.work = {.campaign = number_.value_or(CampaignNumber{9}), .channel = Channel::Sms, .chunk = chunk}});
    }
    ASSERT_TRUE(on_ledger(queue_.announce(std::move(all))));
  }
  std::string counts(Worker& by) {
    clock_.advance(1100ms);
    return text_of(run(by.campaigns.counts(*number_))->total());
  }

  DynamoTableNames tables_;
  SteppedClock clock_;
  MemoryWorkQueue queue_{clock_};
  std::optional<CampaignNumber> number_;
  std::map<std::string, AttemptId> claimed_;
};

TEST_F(DynamoWorkRunnerTest, TellsOfEveryChunkInWhichRowsWait) {
  auto a = worker("a");
  plan(*a, 300);
  end(*a, claim(*a, 128));
  on_ledger(a->runner.announce_now(*number_));
  EXPECT_EQ(queue_.text(), "1 sms 1 waiting; 1 sms 2 waiting");
}

TEST_F(DynamoWorkRunnerTest, TellsOfWhatIsDueLaterForThen) {
  auto a = worker("a");
  plan(*a, 10, clock_.wall_now() + 5min);
  on_ledger(a->runner.announce_now(*number_));
  EXPECT_EQ(queue_.text(), "1 sms 0 in 300 s");
}

TEST_F(DynamoWorkRunnerTest, RowsOfAHeldReferenceAreClaimedFirstAndThenAllOthers) {
  auto a = worker("a");
  plan(*a, 300);
  announce({2});
  EXPECT_TRUE(receive(*a));
  EXPECT_EQ(claim(*a, 2), (std::vector<std::string>{"c256", "c257"}));
  EXPECT_EQ(claim(*a, 298).size(), 298U) << "a reference is a hint, never a limit";
}

TEST_F(DynamoWorkRunnerTest, IsHeldUntilItsRowsHaveEndedAndFinishedThen) {
  auto a = worker("a");
  plan(*a, 2);
  announce({0});
  ASSERT_TRUE(receive(*a));
  const auto held = claim(*a, 2);
  keep(*a);
  EXPECT_EQ(queue_.text(), "1 sms 0 held") << "they may come back to waiting";
  end(*a, held);
  keep(*a);
  EXPECT_EQ(queue_.text(), "");
  EXPECT_EQ(a->runner.status().references_held, 0);
}

TEST_F(DynamoWorkRunnerTest, WhatHasToBeTriedAgainLaterIsToldOfAgainForThen) {
  auto a = worker("a");
  plan(*a, 2);
  announce({0});
  ASSERT_TRUE(receive(*a));
  end(*a, claim(*a, 2), DeliveryState::Waiting, clock_.wall_now() + 90s);
  keep(*a);
  EXPECT_EQ(queue_.text(), "1 sms 0 in 90 s");
}

TEST_F(DynamoWorkRunnerTest, AStaleReferenceIsFinishedAndChangesNothing) {
  auto a = worker("a");
  plan(*a, 2);
  end(*a, claim(*a, 2));
  const std::string before = counts(*a);
  announce({0, 77});
  EXPECT_FALSE(receive(*a));
  EXPECT_EQ(queue_.text(), "") << "one is done, and the other never was";
  EXPECT_EQ(counts(*a), before);
}

TEST_F(DynamoWorkRunnerTest, ReferencesToWhatIsNotSentHereOrUnknownAreFinished) {
  auto a = worker("a");
  plan(*a, 2);
  announce({0});
  EXPECT_FALSE(receive(*a, false));
  EXPECT_EQ(queue_.text(), "");
  announce({0});
  EXPECT_FALSE(receive(*a, std::nullopt));
  EXPECT_EQ(queue_.text(), "");
}

TEST_F(DynamoWorkRunnerTest, ADoubledReferenceIsHeldOnceAndChangesNothing) {
  auto a = worker("a");
  plan(*a, 4);
  announce({0, 0});
  ASSERT_TRUE(receive(*a));
  EXPECT_EQ(queue_.text(), "1 sms 0 held");
  announce({0});
  auto b = worker("b");
  ASSERT_TRUE(receive(*b));
  std::set<std::string> seen;
  for (Worker* by : {a.get(), b.get(), a.get(), b.get()}) {
    const auto contacts = claim(*by, 1);
    for (const std::string& contact : contacts) EXPECT_TRUE(seen.insert(contact).second) << contact;
    end(*by, contacts);
  }
  EXPECT_EQ(seen.size(), 4U);
}

TEST_F(DynamoWorkRunnerTest, TakesNoMoreOfACampaignThanItCanUse) {
  auto a = worker("a");
  plan(*a, 128 * 5);
  announce({0, 1, 2, 3, 4});
  EXPECT_TRUE(receive(*a));
  EXPECT_FALSE(receive(*a));
  EXPECT_EQ(queue_.text(), "1 sms 0 held; 1 sms 1 held; 1 sms 2 in 60 s; 1 sms 3 waiting; 1 sms 4 waiting");
}

TEST_F(DynamoWorkRunnerTest, WhatIsHeldIsExtendedAndOthersDoNotReceiveIt) {
  auto a = worker("a");
  plan(*a, 2);
  announce({0});
  ASSERT_TRUE(receive(*a));
  for (int i = 0; i < 20; ++i) {
    clock_.advance(10s);
    end(*a, claim(*a, 1), DeliveryState::Waiting, clock_.wall_now());  // progress, of a kind
    keep(*a);
    EXPECT_EQ(queue_.text(), "1 sms 0 held");
  }
}

TEST_F(DynamoWorkRunnerTest, WhatAnotherHasReceivedMeanwhileIsLetGo) {
  auto a = worker("a");
  plan(*a, 2);
  announce({0});
  ASSERT_TRUE(receive(*a));
  clock_.advance(WorkQueue::holding + 1s);  // a machine that was suspended
  auto b = worker("b");
  ASSERT_TRUE(receive(*b));
  ASSERT_EQ(claim(*a, 1).size(), 1U);  // so that it is not put back for being stale
  keep(*a);
  EXPECT_EQ(a->runner.status().references_held, 0);
  EXPECT_EQ(b->runner.status().outage, "");
  EXPECT_EQ(queue_.text(), "1 sms 0 held");
}

TEST_F(DynamoWorkRunnerTest, WhatADeadWorkerHeldComesToAnotherWhoSettlesItsRows) {
  auto a = worker("a");
  plan(*a, 10);
  announce({0});
  ASSERT_TRUE(receive(*a));
  ASSERT_EQ(claim(*a, 4).size(), 4U);
  auto b = worker("b");
  receive(*b);
  EXPECT_EQ(queue_.text(), "1 sms 0 held") << "by the first, as long as it may live";
  EXPECT_TRUE(claim(*b, 10).empty());
  clock_.advance(WorkQueue::holding + 1s);
  EXPECT_TRUE(receive(*b));
  EXPECT_EQ(b->ledger.held_work().size(), 1U);
  EXPECT_EQ(claim(*b, 10).size(), 6U);
  EXPECT_EQ(run(b->campaigns.counts(*number_))->total().in_doubt, 4);
}

TEST_F(DynamoWorkRunnerTest, WhatEndsInOrderIsGivenBackAtOnce) {
  auto a = worker("a");
  plan(*a, 2);
  announce({0});
  ASSERT_TRUE(receive(*a));
  on_ledger([](WorkRunner& runner) -> Task<bool> {
    co_await runner.close();
    co_return true;
  }(a->runner));
  EXPECT_EQ(queue_.text(), "1 sms 0 waiting");
}

TEST_F(DynamoWorkRunnerTest, AQueueThatIsGoneStopsNothingAndIsShown) {
  auto a = worker("a");
  plan(*a, 200);
  queue_.error = Error{ErrorKind::Unavailable, "SQS cannot be reached"};
  EXPECT_FALSE(receive(*a));
  EXPECT_EQ(a->runner.status().outage, "SQS cannot be reached");
  EXPECT_FALSE(a->runner.tells_of_work());
  EXPECT_EQ(a->ledger.scan_every(), DynamoLedger::usual_scan);
  end(*a, claim(*a, 200));
  EXPECT_EQ(run(a->campaigns.counts(*number_))->total().accepted, 200);
  queue_.error.reset();
  EXPECT_TRUE(receive(*a)) << "an empty queue that answers is as good as any";
  EXPECT_EQ(a->runner.status().outage, "");
  EXPECT_TRUE(a->runner.tells_of_work());
  EXPECT_GT(a->ledger.scan_every(), DynamoLedger::usual_scan);
}

TEST_F(DynamoWorkRunnerTest, ClaimsFindWhatIsFreeThoughWhatTheyRememberIsOld) {
  auto a = worker("a");
  plan(*a, 128 * 40);
  auto b = worker("b");
  EXPECT_TRUE(receive(*b)) << "the queue works, so that b looks around less often";
  // Everything but the last chunk is sent by the other, and b remembers all of it as free.
  for (int i = 0; i < 39; ++i) end(*a, claim(*a, 128));
  clock_.advance(1100ms);
  std::vector<std::string> claimed = claim(*b, 3);
  EXPECT_EQ(claimed, (std::vector<std::string>{"c4992", "c4993", "c4994"}));
}

}  // namespace
}  // namespace clarion::testing
