#include "store/held_work.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

using namespace std::chrono_literals;
using enum WorkVerdict::Kind;

class HeldWorkTest : public ::testing::Test {
 protected:
  static WorkReference sms(std::uint32_t chunk, CampaignNumber campaign = CampaignNumber{1}) {
    return {.campaign = campaign, .channel = Channel::Sms, .chunk = chunk};
  }
  bool hold(const WorkReference& work) {
    return held_.hold({.work = work, .receipt = "r" + std::to_string(work.chunk)}, now_);
  }
  void claim(std::size_t rows, CampaignNumber campaign = CampaignNumber{1}) {
    held_.note_claim(campaign, Channel::Sms, rows, now_);
  }
  // "keep", "finish" or "put back for 60 s".
  std::string judge(const WorkSight& sight, std::uint32_t chunk = 0) {
    const WorkVerdict verdict = held_.judge(sms(chunk), sight, now_, wall_now_);
    if (verdict.kind == Keep) return "keep";
    if (verdict.kind == Finish) return "finish";
    return "put back for " + std::to_string(verdict.delay.count()) + " s";
  }

  HeldWork held_;
  TimePoint now_{1h};
  WallTime wall_now_ = *parse_iso8601("2026-11-02T10:00:00Z");
};

TEST_F(HeldWorkTest, WhoSendsNothingHasRoomForTwoAndSoLearnsOfWork) {
  EXPECT_EQ(held_.room(now_), 2U);
  hold(sms(0));
  EXPECT_EQ(held_.room(now_), 1U);
  hold(sms(1));
  EXPECT_EQ(held_.room(now_), 0U);
  EXPECT_FALSE(held_.has_room_for(sms(2), now_));
  EXPECT_TRUE(held_.has_room_for(sms(2, CampaignNumber{2}), now_)) << "another campaign has a room of its own";
}

TEST_F(HeldWorkTest, TheRoomIsWhatIsSentInTwoSecondsWithinBounds) {
  claim(1);
  EXPECT_EQ(held_.room(now_), 2U);
  claim(10);
  EXPECT_EQ(held_.room(now_), 5U) << "400 rows in two seconds, and one to begin with";
  claim(2);
  EXPECT_EQ(held_.room(now_), 5U) << "claims that fill up say little";
  claim(1000);
  EXPECT_EQ(held_.room(now_), 16U);
}

TEST_F(HeldWorkTest, AChannelThatPausesWantsNothingAndBeginsAnew) {
  claim(1000);
  now_ += 6s;
  EXPECT_EQ(held_.room(now_), 2U) << "as who sends nothing";
  claim(1);
  EXPECT_EQ(held_.room(now_), 2U);
}

TEST_F(HeldWorkTest, WhatOneCampaignHoldsTakesNoRoomFromAnother) {
  claim(1);
  hold(sms(0));
  hold(sms(1));
  EXPECT_EQ(held_.room(now_), 0U);
  claim(1, CampaignNumber{2});
  EXPECT_EQ(held_.room(now_), 2U);
}

TEST_F(HeldWorkTest, AReferenceIsHeldOnce) {
  EXPECT_TRUE(hold(sms(3)));
  EXPECT_FALSE(hold(sms(3)));
  hold(sms(1));
  hold({.campaign = CampaignNumber{1}, .channel = Channel::Email, .chunk = 2});
  EXPECT_EQ(held_.chunks(CampaignNumber{1}, Channel::Sms), (std::vector<std::uint32_t>{1, 3}));
  held_.drop_receipt("r1");
  EXPECT_EQ(held_.chunks(CampaignNumber{1}, Channel::Sms), (std::vector<std::uint32_t>{3}));
}

TEST_F(HeldWorkTest, IsExtendedWellBeforeOthersWouldReceiveIt) {
  hold(sms(0));
  now_ += 29s;
  EXPECT_TRUE(held_.take_due_for_extension(now_).empty());
  now_ += 1s;
  EXPECT_EQ(held_.take_due_for_extension(now_), std::vector<std::string>{"r0"});
  EXPECT_TRUE(held_.take_due_for_extension(now_).empty()) << "it has just been";
}

TEST_F(HeldWorkTest, WhatHasNothingLeftIsFinished) {
  EXPECT_EQ(judge({}), "finish");
  EXPECT_EQ(judge({.has_sending = true}), "keep") << "it may come back to waiting";
}

TEST_F(HeldWorkTest, WhatIsDueLaterIsPutBackUntilThenAndAtMostForTheLongestDelay) {
  const auto due_in = [&](std::chrono::milliseconds span) {
    return judge({.has_waiting = true, .earliest_due = wall_now_ + span});
  };
  EXPECT_EQ(due_in(-1h), "keep");
  EXPECT_EQ(due_in(10s), "keep") << "it is worth waiting for";
  EXPECT_EQ(due_in(10'500ms), "put back for 11 s");
  EXPECT_EQ(due_in(8h), "put back for 900 s");
  EXPECT_EQ(judge({.has_waiting = true, .has_sending = true, .earliest_due = wall_now_ + 8h}), "keep");
}

TEST_F(HeldWorkTest, WhatDoesNotChangeForAMinuteIsPutBackUnlessItIsSentFromHere) {
  hold(sms(0));
  WorkSight sight{.has_waiting = true, .earliest_due = WallTime{}, .version = 5};
  EXPECT_EQ(judge(sight), "keep");
  now_ += 60s;
  EXPECT_EQ(judge(sight), "keep");
  sight.version = 6;
  EXPECT_EQ(judge(sight), "keep") << "somebody makes progress";
  now_ += 61s;
  sight.is_mine = true;
  EXPECT_EQ(judge(sight), "keep");
  sight.is_mine = false;
  EXPECT_EQ(judge(sight), "put back for 60 s");
}

}  // namespace
}  // namespace clarion
