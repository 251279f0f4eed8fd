// Plans that keep to frequency caps are made one after the other.
#include <boost/asio/detached.hpp>

#include <set>
#include <utility>

#include "fakes/memory_contact_log.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

// Skips whoever is to be written to by another campaign, as a cap of one does; takes a while, as a real plan does.
class CappedPlan final : public PlanSource {
 public:
  CappedPlan(ContactLog& log, Clock& clock, std::vector<PlannedDelivery> rows)
      : log_(log), clock_(clock), rows_(std::move(rows)) {}

  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t) override {
    if (std::exchange(is_given_, true)) co_return std::vector<PlannedDelivery>{};
    std::set<std::string> claimed;
    const auto visited = co_await log_.visit_pending(
        [&claimed](const PendingContact& one) { claimed.insert(std::string(one.contact_id)); });
    if (!visited) co_return std::unexpected(visited.error());
    co_await clock_.sleep_for(300ms);
    for (PlannedDelivery& row : rows_) {
      if (!claimed.contains(row.contact_id)) continue;
      row.state = DeliveryState::Skipped;
      row.reason = "frequency_cap_day";
    }
    co_return rows_;
  }
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override { return std::nullopt; }

 private:
  ContactLog& log_;
  Clock& clock_;
  std::vector<PlannedDelivery> rows_;
  bool is_given_ = false;
};

class CampaignTurnsTest : public EngineTest {
 protected:
  // Begins to create it; it is planned while others are.
  void create(const std::string& id, bool respects_caps = true) {
    CampaignDefinition made = definition(1000, id);
    made.respects_caps = respects_caps;
    made.start_at = clock_.wall_now() + std::chrono::hours(1);  // so that what is planned goes on waiting
    asio::co_spawn(
        context_,
        [](CampaignEngine& engine, CampaignDefinition what, std::unique_ptr<PlanSource> plan) -> Task<void> {
          (void)co_await engine.create_and_start(std::move(what), std::move(plan));
        }(engine(), std::move(made), std::make_unique<CappedPlan>(log_, clock_, planned(10))),
        asio::detached);
  }
  void settle(Duration passed) {
    clock_.settle();
    for (Duration done{}; done < passed; done += 10ms) clock_.advance(10ms);
  }
  std::string counts(const std::string& id) {
    const StateCounts counts = progress(id).counts.total();
    return "waiting " + std::to_string(counts.waiting) + " skipped " + std::to_string(counts.skipped);
  }

  MemoryContactLog log_{ledger_};
};

TEST_F(CampaignTurnsTest, TwoCampaignsCreatedAtOnceDoNotExceedTheCapTogether) {
  create("a");
  create("b");
  settle(100ms);
  EXPECT_NE(progress("b").campaign.status_reason.find("It waits for its turn to be planned: 'a' is being planned"),
            std::string::npos)
      << progress("b").campaign.status_reason;
  settle(2s);
  EXPECT_EQ(counts("a"), "waiting 10 skipped 0");
  EXPECT_EQ(counts("b"), "waiting 0 skipped 10");
}

TEST_F(CampaignTurnsTest, ACancelledCampaignFreesItsClaims) {
  create("a");
  settle(1s);
  (void)run(engine().cancel("a"));
  create("b");
  settle(1s);
  EXPECT_EQ(counts("b"), "waiting 10 skipped 0");
}

TEST_F(CampaignTurnsTest, ACampaignThatIgnoresCapsWaitsForNobody) {
  create("a");
  create("list", false);
  settle(100ms);
  EXPECT_EQ(progress("list").campaign.status_reason.find("turn"), std::string::npos);
  settle(300ms);
  EXPECT_TRUE(progress("list").campaign.is_planned);
}

TEST_F(CampaignTurnsTest, ACampaignCancelledWhileItWaitsLetsTheNextOneHaveItsTurn) {
  create("a");
  create("b");
  create("c");
  settle(100ms);
  (void)run(engine().cancel("b"));
  settle(2s);
  EXPECT_EQ(counts("a"), "waiting 10 skipped 0");
  EXPECT_EQ(counts("c"), "waiting 0 skipped 10");
  EXPECT_EQ(progress("b").campaign.status, CampaignStatus::Cancelled);
}

// Nobody has it, somebody has, or it is not known who.
class ScriptedLease final : public PlanLease {
 public:
  Task<Result<std::optional<std::string>>> take(std::string) override {
    ++taken;
    if (is_out) co_return fail(ErrorKind::Unavailable, "the campaigns table cannot be reached");
    co_return holder;
  }
  Task<void> give_back(std::string) override {
    ++given_back;
    co_return;
  }
  std::optional<std::string> holder;
  bool is_out = false;
  int taken = 0;
  int given_back = 0;
};

TEST_F(CampaignTurnsTest, AnotherProcessThatPlansIsWaitedFor) {
  ScriptedLease lease;
  lease.holder = "theirs";
  plan_lease_ = &lease;
  create("a");
  settle(1s);
  EXPECT_FALSE(progress("a").campaign.is_planned);
  EXPECT_NE(progress("a").campaign.status_reason.find("'theirs' is being planned"), std::string::npos);
  lease.holder.reset();
  settle(1s);
  EXPECT_TRUE(progress("a").campaign.is_planned);
  EXPECT_EQ(lease.given_back, 1);
}

TEST_F(CampaignTurnsTest, NothingIsPlannedWhileItIsNotKnownWhoPlans) {
  ScriptedLease lease;
  lease.is_out = true;
  plan_lease_ = &lease;
  segment_ = planned(10);
  run(engine().create_and_start(definition(1000, "a"), nullptr)).value();
  settle(1s);
  EXPECT_EQ(state("a"), "running w0 s0 a0 f0 k0 ?0");
  lease.is_out = false;
  EXPECT_EQ(text(wait(60s, "a")), "completed w0 s0 a10 f0 k0 ?0");
}

TEST_F(CampaignTurnsTest, APlanWhoseTurnWasLostIsMadeAgain) {
  ScriptedLease lease;
  plan_lease_ = &lease;
  segment_ = planned(10);
  run(engine().create_and_start(definition(1000, "a"), nullptr)).value();
  settle(50ms);
  lease.holder = "theirs";
  settle(1s);
  EXPECT_FALSE(progress("a").campaign.is_planned);
  lease.holder.reset();
  EXPECT_EQ(text(wait(60s, "a")), "completed w0 s0 a10 f0 k0 ?0");
  EXPECT_EQ(plans_made_, 2);
}

}  // namespace
}  // namespace clarion::testing
