#include "engine/retry_rules.h"

#include <gtest/gtest.h>

#include <string>

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

Delivery failed_with(std::string reason) {
  Delivery delivery;
  delivery.state = DeliveryState::Failed;
  delivery.reason = std::move(reason);
  delivery.attempts = 1;
  return delivery;
}

TEST(RetryRules, WhatTheCarrierRefusedOrWasTooBusyForIsTriedAgain) {
  for (const char* reason : {"blocked", "invalid_content", "retries_exhausted: provider_busy"}) {
    EXPECT_TRUE(is_retryable(failed_with(reason), OnUnknown::Hold)) << reason;
  }
}

TEST(RetryRules, WhatIsWrongWithThePersonIsNot) {
  for (const char* reason : {"invalid_address", "opted_out", "no_address", "unknown_channel", "no_channel", ""}) {
    EXPECT_FALSE(is_retryable(failed_with(reason), OnUnknown::Hold)) << reason;
  }
}

TEST(RetryRules, WhatMayHaveBeenAcceptedIsNot) {
  for (const char* reason : {"not_delivered", "bounced", "ambiguous", "retries_exhausted: ambiguous"}) {
    EXPECT_FALSE(is_retryable(failed_with(reason), OnUnknown::Hold)) << reason;
  }
  Delivery heard_of = failed_with("blocked");
  heard_of.sent_at = WallTime{} + 1s;
  EXPECT_FALSE(is_retryable(heard_of, OnUnknown::Hold)) << "an event said that a carrier had it";
  for (const DeliveryState state : {DeliveryState::InDoubt, DeliveryState::Accepted, DeliveryState::Delivered,
                                    DeliveryState::Skipped, DeliveryState::Waiting, DeliveryState::Sending}) {
    Delivery other = failed_with("blocked");
    other.state = state;
    EXPECT_FALSE(is_retryable(other, OnUnknown::Hold)) << to_string(state);
  }
}

TEST(RetryRules, WhereUnknownOutcomesAreSentAgainOnlyAFirstAttemptProvesAnything) {
  Delivery second = failed_with("blocked");
  second.attempts = 2;
  EXPECT_TRUE(is_retryable(second, OnUnknown::Hold));
  EXPECT_FALSE(is_retryable(second, OnUnknown::Resend));
  EXPECT_TRUE(is_retryable(failed_with("blocked"), OnUnknown::Resend));
}

TEST(RetryRules, WhatFailedInThePlanWasNeverAskedOfACarrier) {
  Delivery unsent = failed_with("invalid_content");
  unsent.attempts = 0;
  EXPECT_FALSE(is_retryable(unsent, OnUnknown::Hold));
}

}  // namespace
}  // namespace clarion::testing
