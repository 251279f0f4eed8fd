#include "store/ledger_row.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

WallTime at(std::int64_t second) {
  return WallTime{std::chrono::seconds{second}};
}

LedgerRow sending() {
  LedgerRow row;
  row.state = DeliveryState::Sending;
  row.attempts = 1;
  row.updated_at = at(10);
  return row;
}

AttemptRecord ended(DeliveryState to) {
  AttemptRecord record;
  record.to = to;
  record.reason = "because";
  record.at = at(20);
  record.cost = Money{7};
  return record;
}

TEST(LedgerRow, OnlyTheCurrentOpenAttemptCanEnd) {
  for (const auto state : {DeliveryState::Waiting, DeliveryState::Accepted, DeliveryState::Delivered,
                           DeliveryState::Failed, DeliveryState::Skipped}) {
    LedgerRow row = sending();
    row.state = state;
    EXPECT_FALSE(end_attempt(row, ended(DeliveryState::Failed)));
    EXPECT_EQ(row.state, state);
  }
  LedgerRow row = sending();
  row.attempts = 2;
  EXPECT_FALSE(end_attempt(row, ended(DeliveryState::Accepted)));
  row.attempts = 1;
  EXPECT_TRUE(end_attempt(row, ended(DeliveryState::Accepted)));
}

TEST(LedgerRow, AnAcceptedAttemptHasNoReasonAndACost) {
  LedgerRow row = sending();
  ASSERT_TRUE(end_attempt(row, ended(DeliveryState::Accepted)));
  EXPECT_EQ(row.new_reason, "");
  EXPECT_EQ(row.actual_cost, Money{7});
  EXPECT_EQ(row.sent_at, at(20));
}

TEST(LedgerRow, ABounceOutweighsDeliveredAndAnOpenOutweighsBoth) {
  LedgerRow row = sending();
  ASSERT_TRUE(end_attempt(row, ended(DeliveryState::Accepted)));
  add_event(row, DeliveryEventKind::Bounced, at(30));
  add_event(row, DeliveryEventKind::Delivered, at(25));
  EXPECT_EQ(row.state, DeliveryState::Failed);
  EXPECT_EQ(row.new_reason, "bounced");
  add_event(row, DeliveryEventKind::Opened, at(26));
  add_event(row, DeliveryEventKind::Failed, at(40));
  EXPECT_EQ(row.state, DeliveryState::Delivered);
  EXPECT_EQ(row.new_reason, "");
  EXPECT_EQ(row.updated_at, at(40));
}

TEST(LedgerRow, AnEventDuringAnAttemptWaitsForItsEnd) {
  LedgerRow row = sending();
  add_event(row, DeliveryEventKind::Delivered, at(15));
  EXPECT_EQ(row.state, DeliveryState::Sending);
  EXPECT_FALSE(owes_cost(row));
  LedgerRow crashed = row;
  abandon_attempt(crashed, at(50));
  EXPECT_EQ(crashed.state, DeliveryState::Delivered);
  EXPECT_TRUE(owes_cost(crashed));
  ASSERT_TRUE(end_attempt(row, ended(DeliveryState::Accepted)));
  EXPECT_EQ(row.state, DeliveryState::Delivered);
  EXPECT_FALSE(owes_cost(row));
}

TEST(LedgerRow, AnOptOutIsKeptAndMovesNothing) {
  LedgerRow row = sending();
  ASSERT_TRUE(end_attempt(row, ended(DeliveryState::InDoubt)));
  add_event(row, DeliveryEventKind::OptedOut, at(30));
  add_event(row, DeliveryEventKind::Complained, at(31));
  EXPECT_EQ(row.state, DeliveryState::InDoubt);
}

TEST(LedgerRow, AnUndoneClaimGivesTheAttemptBack) {
  LedgerRow row = sending();
  AttemptRecord release = ended(DeliveryState::Waiting);
  release.was_attempted = false;
  ASSERT_TRUE(end_attempt(row, release));
  EXPECT_EQ(row.attempts, 0);
  EXPECT_EQ(row.sent_at, std::nullopt);
}

}  // namespace
}  // namespace clarion
