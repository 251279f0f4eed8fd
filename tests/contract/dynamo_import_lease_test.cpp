// Who may import into the contacts table, over the emulator.
#include "store/dynamo_import_lease.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "contract/dynamo_service.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

// Time passes while somebody sleeps, and then others do something.
class SleepersClock final : public Clock {
 public:
  std::function<Task<void>()> meanwhile;
  std::atomic<int> sleeps = 0;

  [[nodiscard]] TimePoint now() const override { return TimePoint(1h) + passed_.load(); }
  [[nodiscard]] WallTime wall_now() const override {
    return WallTime{} + std::chrono::floor<std::chrono::milliseconds>(passed_.load());
  }
  Task<void> sleep_until(TimePoint deadline) override {
    ++sleeps;
    advance(deadline - now());
    if (meanwhile) co_await meanwhile();
  }
  void advance(Duration span) { passed_ = passed_.load() + span; }

 private:
  std::atomic<Duration> passed_{Duration::zero()};
};

class DynamoImportLeaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "CLARION_TEST_DYNAMO is not set; ctest's DynamoContracts sets it";
    database_ = DynamoService::shared().open(DynamoService::shared().make_tables(), clock_);
    first_.emplace(*database_, "first");
    second_.emplace(*database_, "second");
  }

  SleepersClock clock_;
  std::unique_ptr<DynamoDatabase> database_;
  std::optional<DynamoImportLease> first_;
  std::optional<DynamoImportLease> second_;
};

TEST_F(DynamoImportLeaseTest, WhoImportsKeepsOthersOut) {
  ASSERT_TRUE(run(first_->take()));
  clock_.meanwhile = [this]() -> Task<void> { EXPECT_TRUE(co_await first_->keep()); };
  const auto refused = run(second_->take());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
  EXPECT_LE(clock_.sleeps, 5) << "as soon as it is known that the other one lives";
  clock_.advance(10s);
  EXPECT_TRUE(run(first_->keep()));
}

TEST_F(DynamoImportLeaseTest, WhoEndsLeavesItToTheNextAtOnce) {
  ASSERT_TRUE(run(first_->take()));
  ASSERT_TRUE(run(first_->give_back()));
  ASSERT_TRUE(run(second_->take()));
  EXPECT_EQ(clock_.sleeps, 0);
  ASSERT_TRUE(run(first_->give_back())) << "of somebody else nothing is given back";
  clock_.advance(10s);
  EXPECT_TRUE(run(second_->keep()));
}

TEST_F(DynamoImportLeaseTest, WhoStandsStillLosesItAndFindsOut) {
  ASSERT_TRUE(run(first_->take()));
  ASSERT_TRUE(run(second_->take()));
  EXPECT_GE(clock_.now() - TimePoint(1h), DynamoImportLease::lease);
  const auto lost = run(first_->keep());
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::Conflict);
  clock_.advance(10s);
  EXPECT_TRUE(run(second_->keep()));
}

}  // namespace
}  // namespace clarion::testing
