#include "engine/refusal_streak.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

SendOutcome refused(FailureClass failure, std::string code) {
  return std::unexpected(SendFailure{.failure = failure, .code = std::move(code), .detail = ""});
}

TEST(RefusalStreak, OneKindInARowIsTooLongAndTheOthersAreNot) {
  RefusalStreak streak(3);
  const SendOutcome blocked = refused(FailureClass::Blocked, "B");
  EXPECT_FALSE(streak.is_too_long_with(blocked));
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::InvalidAddress, "A")));
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::OptedOut, "O")));
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::Throttled, "T")));
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::Ambiguous, "")));
  EXPECT_FALSE(streak.is_too_long_with(blocked));
  EXPECT_TRUE(streak.is_too_long_with(blocked));
  EXPECT_EQ(streak.length(), 3);
}

TEST(RefusalStreak, AnAcceptedMessageOrAnotherKindEndsIt) {
  RefusalStreak streak(2);
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::Blocked, "B")));
  EXPECT_FALSE(streak.is_too_long_with(Accepted{}));
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::Blocked, "B")));
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::Blocked, "C")));
  EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::InvalidContent, "C")));
  EXPECT_TRUE(streak.is_too_long_with(refused(FailureClass::InvalidContent, "C")));
}

TEST(RefusalStreak, ZeroIsNever) {
  RefusalStreak streak(0);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(streak.is_too_long_with(refused(FailureClass::Blocked, "B")));
}

}  // namespace
}  // namespace clarion
