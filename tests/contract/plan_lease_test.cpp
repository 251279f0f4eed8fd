// Contract of PlanLease: two processes, one plan at a time. In DynamoDB each has a worker's name.
#include <gtest/gtest.h>

#include "contract/dynamo_service.h"
#include "contract/store_set.h"
#include "engine/process_plan_lease.h"
#include "store/dynamo_plan_lease.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

std::optional<std::string> take(PlanLease& lease, const std::string& campaign) {
  return run(lease.take(campaign)).value();
}
void give_back(PlanLease& lease, const std::string& campaign) {
  run([](PlanLease& from, std::string id) -> Task<bool> {
    co_await from.give_back(std::move(id));
    co_return true;
  }(lease, campaign));
}

void hold_to_the_contract(PlanLease& lease) {
  EXPECT_EQ(take(lease, "a"), std::nullopt);
  EXPECT_EQ(take(lease, "a"), std::nullopt) << "kept";
  EXPECT_EQ(take(lease, "b"), "a");
  give_back(lease, "b");
  EXPECT_EQ(take(lease, "b"), "a") << "only its holder gives it back";
  give_back(lease, "a");
  EXPECT_EQ(take(lease, "b"), std::nullopt);
}

TEST(ProcessPlanLease, IsHeldByOneCampaignAtATime) {
  ProcessPlanLease lease;
  hold_to_the_contract(lease);
}

class DynamoPlanLeaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
    tables_ = DynamoService::shared().make_tables();
  }
  struct Process {
    Process(const DynamoTableNames& tables, Clock& clock, std::string name, std::string instance)
        : database(DynamoService::shared().open(tables, clock)),
          worker(*database, std::move(name), std::move(instance)),
          lease(*database, worker) {}
    std::unique_ptr<DynamoDatabase> database;
    DynamoWorker worker;
    DynamoPlanLease lease;
  };
  std::unique_ptr<Process> process(const std::string& name) {
    return std::make_unique<Process>(tables_, clock_, name, name + "-" + std::to_string(++instances_));
  }

  DynamoTableNames tables_;
  SteppedClock clock_;
  int instances_ = 0;
};

TEST_F(DynamoPlanLeaseTest, IsHeldByOneCampaignAtATime) {
  hold_to_the_contract(process("one")->lease);
}

TEST_F(DynamoPlanLeaseTest, ALiveProcessIsWaitedForAndADeadOneIsNot) {
  const auto one = process("one");
  const auto two = process("two");
  ASSERT_EQ(take(one->lease, "a"), std::nullopt);
  EXPECT_EQ(take(two->lease, "b"), "a");
  clock_.advance(20s);
  ASSERT_TRUE(run(one->database->run(one->worker.keep_alive())));
  EXPECT_EQ(take(two->lease, "b"), "a");
  clock_.advance(20s);
  EXPECT_EQ(take(two->lease, "b"), "a") << "it has shown that it lives";
  clock_.advance(31s);
  EXPECT_EQ(take(two->lease, "b"), std::nullopt);
}

TEST_F(DynamoPlanLeaseTest, AProcessThatStartsAgainHasItsLeaseAtOnce) {
  ASSERT_EQ(take(process("one")->lease, "a"), std::nullopt);
  EXPECT_EQ(take(process("one")->lease, "b"), std::nullopt);
}

TEST_F(DynamoPlanLeaseTest, WhatWasGivenBackIsFreeForOthers) {
  const auto one = process("one");
  const auto two = process("two");
  ASSERT_EQ(take(one->lease, "a"), std::nullopt);
  give_back(one->lease, "a");
  EXPECT_EQ(take(two->lease, "b"), std::nullopt);
  give_back(one->lease, "a");
  EXPECT_EQ(take(one->lease, "a"), "b") << "a late return takes nothing from others";
}

}  // namespace
}  // namespace clarion::testing
