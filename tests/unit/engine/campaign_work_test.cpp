// What a process tells others of, and what it does when it is told.
#include "base/task_group.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignWork : public EngineTest {
 public:
  ~CampaignWork() override {
    following_.cancel();
    run(following_.join());
  }

 protected:
  CampaignWork() {
    announce_ = [this](CampaignNumber campaign) { announced_.push_back(static_cast<std::uint32_t>(campaign)); };
    hears_of_work_ = [this] { return hears_; };
  }
  // A campaign whose plan another process has just completed.
  CampaignNumber planned_elsewhere(CampaignDefinition made = definition(100)) {
    const Campaign created =
        run(campaigns_.create(std::move(made), CampaignStatus::Running, clock_.wall_now())).value();
    EXPECT_TRUE(run(rows_.append_plan(created.number, planned(50))));
    EXPECT_TRUE(run(rows_.complete_plan(created.number, Money{1})));
    return created.number;
  }
  void follow() { following_.spawn(context_.get_executor(), engine().follow_others()); }

  std::vector<std::uint32_t> announced_;
  bool hears_ = false;
  TaskGroup following_;
};

TEST_F(CampaignWork, WhoeverMakesACampaignRunTellsOfItOnce) {
  ASSERT_TRUE(start(definition(1), planned(100)));
  clock_.advance(5s);
  EXPECT_EQ(announced_, std::vector<std::uint32_t>{1});
  ASSERT_TRUE(run(engine().pause("camp", "lunch")));
  EXPECT_EQ(announced_.size(), 1U);
  ASSERT_TRUE(run(engine().resume("camp")));
  clock_.advance(5s);
  EXPECT_EQ(announced_, (std::vector<std::uint32_t>{1, 1}));
}

TEST_F(CampaignWork, AScheduledCampaignIsToldOfWhenItStarts) {
  CampaignDefinition made = definition(1);
  made.start_at = clock_.wall_now() + 1h;
  ASSERT_TRUE(start(std::move(made), planned(100)));
  clock_.advance(30min);
  EXPECT_TRUE(announced_.empty());
  clock_.advance(31min);
  EXPECT_EQ(announced_, std::vector<std::uint32_t>{1});
}

TEST_F(CampaignWork, ACampaignThatIsStartedEarlyIsToldOfThen) {
  CampaignDefinition made = definition(1);
  made.start_at = clock_.wall_now() + 1h;
  ASSERT_TRUE(start(std::move(made), planned(100)));
  clock_.advance(1min);
  ASSERT_TRUE(run(engine().start_now("camp")));
  clock_.advance(1s);
  EXPECT_EQ(announced_, std::vector<std::uint32_t>{1});
}

TEST_F(CampaignWork, WhoeverOnlyGoesOnWithItTellsNobody) {
  ASSERT_TRUE(start(definition(1), planned(100)));
  clock_.advance(5s);
  announced_.clear();
  stop(1s);
  ASSERT_TRUE(run(engine().resume_all()));
  clock_.advance(5s);
  EXPECT_TRUE(announced_.empty()) << "the references are in the queue since it began";
}

TEST_F(CampaignWork, WhatIsToldOfIsSentAtOnce) {
  const CampaignNumber number = planned_elsewhere();
  const auto taken = run(engine().take_up(number));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_TRUE(*taken);
  clock_.advance(100ms);
  EXPECT_EQ(sms_.sent.size(), 50U);
  EXPECT_TRUE(announced_.empty());
}

TEST_F(CampaignWork, WhatIsSentHereAlreadyIsNotBegunAgain) {
  ASSERT_TRUE(start(definition(1), planned(100)));
  clock_.advance(1s);
  EXPECT_EQ(run(engine().take_up(CampaignNumber{1})), true);
  clock_.advance(200s);
  EXPECT_EQ(sms_.sent.size(), 100U);
  expect_nobody_twice();
}

TEST_F(CampaignWork, NothingIsSentOfWhatIsPausedOverOrUnknown) {
  const CampaignNumber number = planned_elsewhere();
  ASSERT_TRUE(run(engine().pause("camp", "lunch")));
  EXPECT_EQ(run(engine().take_up(number)), false);
  ASSERT_TRUE(run(engine().cancel("camp")));
  EXPECT_EQ(run(engine().take_up(number)), false);
  EXPECT_EQ(run(engine().take_up(CampaignNumber{2})).error().kind, ErrorKind::NotFound);
  clock_.advance(10s);
  EXPECT_TRUE(sms_.sent.empty());
}

TEST_F(CampaignWork, WhoSendsNothingAndIsToldOfWorkLooksLessOften) {
  hears_ = true;
  follow();
  clock_.advance(1500ms);
  planned_elsewhere();
  clock_.advance(5s);
  EXPECT_TRUE(sms_.sent.empty()) << "it waits to be told";
  clock_.advance(6s);
  EXPECT_EQ(sms_.sent.size(), 50U) << "what nobody told of is found all the same";
}

TEST_F(CampaignWork, WhoIsToldOfNothingLooksEachSecond) {
  follow();
  clock_.advance(1500ms);
  planned_elsewhere();
  clock_.advance(2s);
  EXPECT_EQ(sms_.sent.size(), 50U);
}

TEST_F(CampaignWork, WhoSendsLooksEachSecondForWhatWasAskedOfOthers) {
  hears_ = true;
  ASSERT_TRUE(start(definition(10), planned(1000)));
  follow();
  clock_.advance(20s);
  ASSERT_TRUE(run(campaigns_.change_status(CampaignNumber{1}, {.from = {CampaignStatus::Running},
                                                               .to = CampaignStatus::Paused,
                                                               .reason = "another process was asked",
                                                               .at = clock_.wall_now()})));
  clock_.advance(1500ms);
  const std::size_t at_pause = sms_.sent.size();
  clock_.advance(10s);
  EXPECT_EQ(sms_.sent.size(), at_pause);
}

}  // namespace
}  // namespace clarion::testing
