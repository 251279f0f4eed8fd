// Several processes that send the same campaigns: two engines over one ledger and one rate ledger.
#include "base/task_group.h"
#include "engine/forwarding_delivery_store.h"
#include "fakes/memory_budget_ledger.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

// A ledger that several owners claim from: every engine that asks has the one fence.
class SharedDeliveryStore final : public ForwardingDeliveryStore {
 public:
  using ForwardingDeliveryStore::ForwardingDeliveryStore;

  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override {
    if (const auto found = fences_.find(campaign); found != fences_.end()) co_return found->second;
    auto fence = co_await inner_.take_fence(campaign, now);
    if (fence) fences_.emplace(campaign, *fence);
    co_return fence;
  }
  bool is_all_held = false;  // by a third one
  Task<Result<ClaimReply>> claim(ClaimRequest request) override {
    if (!is_all_held) co_return co_await inner_.claim(request);
    co_return ClaimReply{
        .claimed = {}, .next_due_at = request.now + std::chrono::seconds(1), .is_held_elsewhere = true};
  }

 private:
  std::map<CampaignNumber, Fence> fences_;
};

class CampaignShared : public EngineTest {
 public:
  ~CampaignShared() override {
    for (Process* process : {&first_, &second_}) {
      if (process->engine) end(*process);
    }
  }

 protected:
  // Two processes, each with a carrier connection of its own, so that the test sees who sent what.
  CampaignShared() {
    for (Process* process : {&first_, &second_}) begin(*process);
  }
  struct Process {
    Process(Clock& clock, MemoryBudgetBooks& books, std::string name)
        : sms(clock, "pool"), other(clock, "other"), budgets(books, std::move(name)) {}
    ScriptedSender sms;
    ScriptedSender other;
    MemoryBudgetLedger budgets;
    std::unique_ptr<CampaignEngine> engine;
    TaskGroup group;
  };
  void begin(Process& process) {
    process.engine = std::make_unique<CampaignEngine>(CampaignEngine::Deps{
        .campaigns = campaigns_,
        .deliveries = shared_,
        .rates = rates_,
        .budgets = &process.budgets,
        .senders = {{&process.sms, &process.other, &process.other}},
        .clock = clock_,
        .make_renderer = [](const CampaignDefinition&) -> Result<std::shared_ptr<const MessageRenderer>> {
          return std::make_shared<PlainRenderer>();
        },
        .make_plan_source = [](const Campaign&) -> Result<std::unique_ptr<PlanSource>> {
          return fail(ErrorKind::Invalid, "it was made from a list");
        },
        .is_shared = true,
        .log = &rows_});
    process.group.spawn(context_.get_executor(), process.engine->follow_others());
    clock_.settle();
  }
  void end(Process& process) {
    run(process.engine->stop(clock_.now() + 2s));
    process.group.cancel();
    run(process.group.join());
    process.engine.reset();
  }
  Result<Campaign> begin(double tps, int recipients) {
    return run(first_.engine->create_and_start(definition(tps), std::make_unique<GivenPlan>(planned(recipients))));
  }
  std::string seen_by(Process& process) { return text(run(process.engine->progress("camp")).value()); }
  [[nodiscard]] std::size_t sent() const { return first_.sms.sent.size() + second_.sms.sent.size(); }

  SharedDeliveryStore shared_{rows_};
  MemoryBudgetBooks books_;
  Process first_{clock_, books_, "first"};
  Process second_{clock_, books_, "second"};
};

TEST_F(CampaignShared, BothSendDifferentPeopleAtOneRate) {
  ASSERT_TRUE(begin(200, 5000));
  clock_.advance(10s);
  // Burst 5 x 200, then 200 a second: whoever sends.
  EXPECT_LE(sent(), 1000U + 2000U + 2U);
  EXPECT_GE(sent(), 1000U + 2000U - 60U);
  EXPECT_GT(first_.sms.sent.size(), 100U);
  EXPECT_GT(second_.sms.sent.size(), 100U);
  for (const auto& [contact, count] : first_.sms.per_contact()) {
    EXPECT_EQ(count, 1);
    EXPECT_FALSE(second_.sms.per_contact().contains(contact)) << contact;
  }
}

TEST_F(CampaignShared, TheLastOneToEndCompletesIt) {
  ASSERT_TRUE(begin(100, 800));
  clock_.advance(15s);
  EXPECT_EQ(seen_by(first_), "completed w0 s0 a800 f0 k0 ?0");
  EXPECT_EQ(sent(), 800U);
}

TEST_F(CampaignShared, WhatOthersHoldIsNotTakenForQuietHours) {
  ASSERT_TRUE(begin(20, 500));
  clock_.advance(2s);
  EXPECT_EQ(run(second_.engine->progress("camp"))->limited_by, "throughput_tps");
  shared_.is_all_held = true;
  clock_.advance(5s);
  EXPECT_EQ(run(second_.engine->progress("camp"))->limited_by, "other_workers");
  shared_.is_all_held = false;
  clock_.advance(3s);
  EXPECT_EQ(run(second_.engine->progress("camp"))->limited_by, "throughput_tps");
}

TEST_F(CampaignShared, WhatIsAskedOfOneIsDoneByBoth) {
  ASSERT_TRUE(begin(20, 5000));
  clock_.advance(10s);
  ASSERT_TRUE(run(second_.engine->pause("camp", "lunch")));
  clock_.advance(2s);
  const std::size_t at_pause = sent();
  clock_.advance(60s);
  EXPECT_EQ(sent(), at_pause);
  ASSERT_TRUE(run(second_.engine->resume("camp")));
  ASSERT_TRUE(run(first_.engine->set_throughput("camp", 1)));
  clock_.advance(3s);
  const std::size_t slow = sent();
  clock_.advance(10s);
  EXPECT_LE(sent(), slow + 12U);
  ASSERT_TRUE(run(first_.engine->cancel("camp")));
  clock_.advance(3s);
  EXPECT_EQ(sent(), static_cast<std::size_t>(run(second_.engine->progress("camp"))->counts.total().accepted));
  EXPECT_EQ(run(second_.engine->progress("camp"))->counts.total().waiting, 0);
}

TEST_F(CampaignShared, OneGoesOnWhenTheOtherStops) {
  ASSERT_TRUE(begin(50, 1000));
  clock_.advance(5s);
  end(first_);
  clock_.advance(30s);
  EXPECT_EQ(seen_by(second_), "completed w0 s0 a1000 f0 k0 ?0");
}

TEST_F(CampaignShared, ACampaignThatAnotherProcessIsAboutToPlanIsLeftToIt) {
  auto created = run(campaigns_.create(definition(20), CampaignStatus::Running, clock_.wall_now()));
  ASSERT_TRUE(created);
  ASSERT_TRUE(run(second_.engine->resume_all()));
  clock_.advance(30s);
  EXPECT_EQ(seen_by(second_), "running w0 s0 a0 f0 k0 ?0") << "it was made from a list, which only its creator has";
  // Nobody planned it: its creator has ended, and the list with it.
  clock_.advance(40s);
  EXPECT_EQ(seen_by(second_), "cancelled w0 s0 a0 f0 k0 ?0");
}

class CampaignSharedBudget : public CampaignShared {
 public:
  ~CampaignSharedBudget() override {
    for (Process* process : {&third_, &fourth_}) {
      if (process->engine) end(*process);
    }
  }

 protected:
  static constexpr std::int64_t price = 10'000;  // of planned()

  CampaignSharedBudget() {
    for (Process* process : {&third_, &fourth_}) CampaignShared::begin(*process);
    for (Process* process : all_) process->sms.latency = 30ms;
  }
  Result<Campaign> begin_capped(Money cap, int recipients, double tps = 200) {
    CampaignDefinition made = definition(tps);
    made.budget = cap;
    return run(first_.engine->create_and_start(std::move(made), std::make_unique<GivenPlan>(planned(recipients))));
  }
  [[nodiscard]] std::size_t sent_by_all() const {
    std::size_t sum = 0;
    for (const Process* process : all_) sum += process->sms.sent.size();
    return sum;
  }
  Campaign campaign() { return run(campaigns_.find("camp")).value(); }

  Process third_{clock_, books_, "third"};
  Process fourth_{clock_, books_, "fourth"};
  std::vector<Process*> all_{&first_, &second_, &third_, &fourth_};
};

TEST_F(CampaignSharedBudget, FourWorkersNeverPassTheBudgetAndUseAllOfIt) {
  for (const std::int64_t messages : {7, 100, 1000}) {
    SCOPED_TRACE(messages);
    const std::size_t before = sent_by_all();
    CampaignDefinition made = definition(200, "camp" + std::to_string(messages));
    made.budget = Money{messages * price + price / 2};
    ASSERT_TRUE(run(first_.engine->create_and_start(std::move(made), std::make_unique<GivenPlan>(planned(2000)))));
    for (int i = 0; i < 60; ++i) {
      clock_.advance(1s);
      ASSERT_LE(sent_by_all() - before, static_cast<std::size_t>(messages));
    }
    EXPECT_EQ(sent_by_all() - before, static_cast<std::size_t>(messages));
    const Campaign ended = run(campaigns_.find("camp" + std::to_string(messages))).value();
    EXPECT_EQ(ended.status, CampaignStatus::Paused);
    EXPECT_NE(ended.status_reason.find("leaves no room for the next message"), std::string::npos);
    EXPECT_EQ(ended.actual_cost, Money{messages * price});
  }
}

TEST_F(CampaignSharedBudget, ManyTakePartInIt) {
  ASSERT_TRUE(begin_capped(Money{100'000 * price}, 3000));
  clock_.advance(20s);
  for (const Process* process : all_) EXPECT_GT(process->sms.sent.size(), 50U);
}

TEST_F(CampaignSharedBudget, WhatADeadWorkerHeldAndDidNotSpendIsSpentByTheOthers) {
  ASSERT_TRUE(begin_capped(Money{400 * price}, 2000, 20));
  clock_.advance(3s);
  // A fifth one took a slice and died with it.
  BudgetBook& book = books_.books.at(campaign().number);
  book.shares.push_back({.worker = "fifth", .spent = Money{}, .held = Money{50 * price}});
  ++book.version;
  books_.dead.insert("fifth");
  clock_.advance(2min);
  EXPECT_EQ(sent_by_all(), 400U);
  EXPECT_EQ(campaign().status, CampaignStatus::Paused);
}

TEST_F(CampaignSharedBudget, WhatALivingWorkerHoldsIsWaitedFor) {
  ASSERT_TRUE(begin_capped(Money{400 * price}, 2000, 50));
  clock_.advance(1s);
  BudgetBook& book = books_.books.at(campaign().number);
  book.shares.push_back({.worker = "fifth", .spent = Money{}, .held = Money{50 * price}});
  ++book.version;
  clock_.advance(1min);
  EXPECT_LE(sent_by_all(), 350U);
  EXPECT_EQ(campaign().status, CampaignStatus::Running);
  EXPECT_EQ(run(first_.engine->progress("camp"))->limited_by, "budget");
  books_.dead.insert("fifth");
  clock_.advance(1min);
  EXPECT_EQ(sent_by_all(), 400U);
}

TEST_F(CampaignSharedBudget, WhatIsInDoubtCountsAsSpent) {
  for (Process* process : all_) {
    process->sms.answer = [](const Message&) -> SendOutcome {
      return std::unexpected(SendFailure{FailureClass::Ambiguous, "", "", std::nullopt});
    };
  }
  ASSERT_TRUE(begin_capped(Money{100 * price}, 500));
  clock_.advance(1min);
  EXPECT_EQ(sent_by_all(), 100U);
  EXPECT_EQ(campaign().status, CampaignStatus::Paused);
}

TEST_F(CampaignSharedBudget, WithoutTheBookNothingIsSentBeyondTheSlices) {
  ASSERT_TRUE(begin_capped(Money{1000 * price}, 2000, 20));
  clock_.advance(3s);
  books_.is_down = true;
  clock_.advance(1min);
  const std::size_t stuck = sent_by_all();
  EXPECT_LT(stuck, 500U);
  books_.is_down = false;
  clock_.advance(2min);
  EXPECT_EQ(sent_by_all(), 1000U);
}

TEST_F(CampaignSharedBudget, APausedCampaignGivesBackWhatItHeld) {
  ASSERT_TRUE(begin_capped(Money{200 * price}, 1000, 20));
  clock_.advance(3s);
  ASSERT_TRUE(run(first_.engine->pause("camp", "lunch")));
  clock_.advance(3s);
  Money held;
  for (const BudgetShare& share : books_.books.at(campaign().number).shares) held += share.held;
  EXPECT_EQ(held, Money{});
  ASSERT_TRUE(run(second_.engine->resume("camp")));
  clock_.advance(1min);
  EXPECT_EQ(sent_by_all(), 200U);
}

// A ledger that is shared finds out by itself who has gone, while others send.
TEST_F(CampaignShared, WhatAWorkerThatHasGoneLeftInDoubtIsSentAgainByTheOthers) {
  CampaignDefinition resend = definition(10);
  resend.on_unknown = OnUnknown::Resend;
  auto rows = planned(80);
  ASSERT_TRUE(run(first_.engine->create_and_start(std::move(resend), std::make_unique<GivenPlan>(std::move(rows)))));
  clock_.advance(1s);
  MemoryRow& last = ledger_.campaigns.at(1).rows.back();
  ASSERT_EQ(last.state, DeliveryState::Waiting);
  last.state = DeliveryState::InDoubt;
  last.attempts = 1;
  const auto done = run(first_.engine->wait("camp", clock_.now() + 1min), 2min);
  ASSERT_TRUE(done);
  EXPECT_EQ(text(*done), "completed w0 s0 a80 f0 k0 ?0");
}

}  // namespace
}  // namespace clarion::testing
