#include "engine/fallback_rules.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "engine/retry_rules.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

DeliveryEvent said(DeliveryEventKind kind, std::string detail = {}) {
  return {.delivery = {}, .kind = kind, .at = WallTime{} + 2s, .detail = std::move(detail)};
}

// As the ledger has it: what a carrier said later comes with its event, and the time of sending.
Delivery failed_with(std::string_view reason, std::string detail = {}) {
  Delivery delivery;
  delivery.channel = Channel::Sms;
  delivery.state = DeliveryState::Failed;
  delivery.reason = reason;
  delivery.attempts = 1;
  if (reason != "bounced" && reason != "not_delivered") return delivery;
  delivery.sent_at = WallTime{} + 1s;
  delivery.events.push_back(
      said(reason == "bounced" ? DeliveryEventKind::Bounced : DeliveryEventKind::Failed, std::move(detail)));
  return delivery;
}

struct Case {
  std::string_view reason;
  std::string_view detail;
  bool is_for;
};

// One for each row of the table, in its order, and what the carriers write for it.
constexpr std::array cases{
    Case{"invalid_address", "", true},
    Case{"bounced", "Transient/MessageTooLarge 5.3.4", false},
    Case{"bounced", "Transient/ContentRejected 5.7.1", false},
    Case{"bounced", "Transient/AttachmentRejected", false},
    Case{"bounced", "Permanent/OnAccountSuppressionList 5.1.1", false},
    Case{"bounced", "Permanent/UnsubscribedRecipient", false},
    Case{"bounced", "Permanent/General 5.1.1", true},
    Case{"not_delivered", "TEXT_UNREACHABLE: handset is off; totalMessagePrice 0.0058", true},
    Case{"not_delivered", "TEXT_CARRIER_UNREACHABLE", true},
    Case{"not_delivered", "TEXT_TTL_EXPIRED; totalMessagePrice 0", true},
    Case{"not_delivered", "131049 Not delivered to maintain healthy ecosystem engagement", true},
    Case{"not_delivered", "130472", true},
    Case{"not_delivered", "simulated: handset not reachable", true},
    Case{"not_delivered", "", false},
};

TEST(FallbackRules, EveryRowIsDecidedAsItSays) {
  const auto rows = fallback_rows();
  ASSERT_EQ(cases.size(), rows.size()) << "each row has a case";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].reason, cases[i].reason);
    EXPECT_TRUE(cases[i].detail.starts_with(rows[i].said)) << cases[i].detail;
    EXPECT_EQ(rows[i].is_unreachable, cases[i].is_for) << cases[i].detail;
    EXPECT_EQ(is_for_fallback(failed_with(cases[i].reason, std::string(cases[i].detail)), OnUnknown::Hold),
              cases[i].is_for)
        << cases[i].reason << " " << cases[i].detail;
  }
  for (const char* detail : {"TEXT_INVALID", "TEXT_BLOCKED: blocked by the handset", "131026 Message undeliverable",
                             "131021", "Transient/MailboxFull 5.2.2", "Undetermined", ""}) {
    EXPECT_TRUE(is_for_fallback(failed_with("bounced", detail), OnUnknown::Hold)) << detail;
  }
}

TEST(FallbackRules, WhatLiesWithTheMessageOrTheAccountIsNotForAnotherChannel) {
  for (const char* detail :
       {"TEXT_SPAM", "TEXT_CARRIER_BLOCKED", "TEXT_INVALID_MESSAGE", "TEXT_PROTECT_BLOCKED", "RCS_FAILED",
        "132001 Template does not exist", "131056", "131000", "rejected: virus", "not rendered: name",
        "Message retries exhausted, dropping message.", "TEXT_UNREACHABLES"}) {
    EXPECT_FALSE(is_for_fallback(failed_with("not_delivered", detail), OnUnknown::Hold)) << detail;
  }
  for (const char* reason : {"blocked", "invalid_content", "retries_exhausted: provider_busy", "opted_out",
                             "settled_not_arrived", "no_address", "missing_variable", ""}) {
    EXPECT_FALSE(is_for_fallback(failed_with(reason), OnUnknown::Hold)) << reason;
  }
}

TEST(FallbackRules, WhoMayHaveGotItOrSaidStopIsNot) {
  using enum DeliveryEventKind;
  for (const Case& one : cases) {
    if (!one.is_for) continue;
    for (const auto kind : {Delivered, Opened, Clicked, Replied, Complained, OptedOut, SettledArrived}) {
      Delivery delivery = failed_with(one.reason, std::string(one.detail));
      delivery.events.push_back(said(kind));
      EXPECT_FALSE(is_for_fallback(delivery, OnUnknown::Hold)) << one.reason << " " << to_string(kind);
    }
    for (const DeliveryState state : {DeliveryState::InDoubt, DeliveryState::Accepted, DeliveryState::Delivered,
                                      DeliveryState::Skipped, DeliveryState::Waiting, DeliveryState::Sending}) {
      Delivery delivery = failed_with(one.reason, std::string(one.detail));
      delivery.state = state;
      EXPECT_FALSE(is_for_fallback(delivery, OnUnknown::Hold)) << one.reason << " " << to_string(state);
    }
  }
  Delivery heard_of = failed_with("invalid_address");
  heard_of.sent_at = WallTime{} + 1s;
  EXPECT_FALSE(is_for_fallback(heard_of, OnUnknown::Hold)) << "a carrier had it";
}

TEST(FallbackRules, EveryReportOfAFailureHasToSaySo) {
  Delivery twice = failed_with("not_delivered", "TEXT_UNREACHABLE");
  twice.events.push_back(said(DeliveryEventKind::Failed, "TEXT_SPAM"));
  EXPECT_FALSE(is_for_fallback(twice, OnUnknown::Hold));
  // An earlier report of another kind does not matter: the bounce decides.
  Delivery bounced = failed_with("bounced", "TEXT_INVALID");
  bounced.events.push_back(said(DeliveryEventKind::Failed, "TEXT_SPAM"));
  EXPECT_TRUE(is_for_fallback(bounced, OnUnknown::Hold));
  Delivery silent = failed_with("bounced");
  silent.events.clear();
  EXPECT_FALSE(is_for_fallback(silent, OnUnknown::Hold)) << "nobody said why";
}

TEST(FallbackRules, WhereUnknownOutcomesAreSentAgainOnlyAFirstAttemptProvesAnything) {
  for (const char* reason : {"invalid_address", "bounced"}) {
    Delivery second = failed_with(reason);
    second.attempts = 2;
    EXPECT_TRUE(is_for_fallback(second, OnUnknown::Hold));
    EXPECT_FALSE(is_for_fallback(second, OnUnknown::Resend));
    EXPECT_TRUE(is_for_fallback(failed_with(reason), OnUnknown::Resend));
    second.attempts = 0;
    EXPECT_FALSE(is_for_fallback(second, OnUnknown::Hold)) << "it failed in its plan";
  }
}

TEST(FallbackRules, NoDeliveryIsForARetryToo) {
  for (const Case& one : cases) {
    const Delivery delivery = failed_with(one.reason, std::string(one.detail));
    if (one.is_for) EXPECT_FALSE(is_retryable(delivery, OnUnknown::Hold)) << one.reason;
  }
  for (const char* reason : {"blocked", "invalid_content", "retries_exhausted: provider_busy"}) {
    ASSERT_TRUE(is_retryable(failed_with(reason), OnUnknown::Hold));
    EXPECT_FALSE(is_for_fallback(failed_with(reason), OnUnknown::Hold)) << reason;
  }
}

}  // namespace
}  // namespace clarion::testing
