// Who may lift a suppression by writing START, and when a STOP no longer counts.
#include "engine/opt_in_rules.h"

#include <gtest/gtest.h>

#include <vector>

#include "domain/delivery.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

constexpr WallTime start{std::chrono::seconds(1'800'000'000)};
const std::string delivery = to_string(make_delivery_id(CampaignNumber{1}, 1));

Suppression suppression(std::string reason, std::string source, std::chrono::seconds at = 0s) {
  return {.channel = Channel::Sms,
          .address = "+14255550150",
          .reason = std::move(reason),
          .source = std::move(source),
          .at = start + at};
}

ConsentEntry entry(ConsentEvent event, std::string reason, std::string source, std::chrono::seconds at,
                   std::chrono::seconds recorded_at) {
  return {.subject = address_subject("+14255550150"),
          .channel = Channel::Sms,
          .event = event,
          .reason = std::move(reason),
          .source = std::move(source),
          .at = start + at,
          .recorded_at = start + recorded_at};
}

ConsentEntry stop(std::chrono::seconds at) {
  return entry(ConsentEvent::Suppressed, "opt_out", "sqs", at, at);
}

bool is_lifted(const Suppression& one, const std::vector<ConsentEntry>& entries = {}) {
  return is_lifted_by_opt_in(one, entries, start + 10s);
}

TEST(OptInRules, OnlyWhatThePersonSaidIsLifted) {
  for (const std::string& source : {delivery, std::string("sqs"), std::string("sns"), std::string("simulated")}) {
    EXPECT_TRUE(is_lifted(suppression("opt_out", source))) << source;
  }
  EXPECT_FALSE(is_lifted(suppression("hard_bounce", delivery)));
  EXPECT_FALSE(is_lifted(suppression("complaint", delivery)));
  EXPECT_FALSE(is_lifted(suppression("operator", "api")));
  EXPECT_FALSE(is_lifted(suppression("opt_out", "api"))) << "an operator wrote down a call or a letter";
  EXPECT_FALSE(is_lifted(suppression("opt_out", "import")));
}

TEST(OptInRules, TheLatestWordCounts) {
  EXPECT_TRUE(is_lifted(suppression("opt_out", "sqs", 9s)));
  EXPECT_FALSE(is_lifted(suppression("opt_out", "sqs", 10s))) << "at the same time STOP counts";
  EXPECT_FALSE(is_lifted(suppression("opt_out", "sqs", 11s))) << "a START that came late";
  EXPECT_FALSE(is_lifted(suppression("opt_out", "sqs"), {stop(0s), stop(11s)}))
      << "the suppression keeps the first STOP, the log the last";
  ConsentEntry other_channel = stop(11s);
  other_channel.channel = Channel::WhatsApp;
  EXPECT_TRUE(is_lifted(suppression("opt_out", "sqs"), {stop(0s), other_channel}));
}

TEST(OptInRules, WhatOthersAddedSinceStaysUntilItWasReleased) {
  const Suppression own = suppression("opt_out", "sqs");
  const auto added = [](std::string reason, std::chrono::seconds at) {
    return entry(ConsentEvent::Suppressed, std::move(reason), "api", at, at);
  };
  EXPECT_FALSE(is_lifted(own, {stop(0s), added("operator", 2s)}));
  EXPECT_FALSE(is_lifted(own, {stop(0s), added("hard_bounce", 2s)}));
  const ConsentEntry released = entry(ConsentEvent::Released, "", "operator", 3s, 3s);
  EXPECT_TRUE(is_lifted(suppression("opt_out", "sqs", 4s), {added("operator", 2s), released, stop(4s)}));
  EXPECT_FALSE(is_lifted(suppression("opt_out", "sqs", 4s), {released, stop(4s), added("operator", 5s)}));
}

TEST(OptInRules, AStopFromBeforeAStartIsTakenBack) {
  const std::vector<ConsentEntry> entries{stop(0s), entry(ConsentEvent::Released, "opt_in", "sqs", 5s, 6s)};
  EXPECT_TRUE(is_taken_back(Channel::Sms, entries, start + 4s));
  EXPECT_FALSE(is_taken_back(Channel::Sms, entries, start + 5s));
  EXPECT_FALSE(is_taken_back(Channel::WhatsApp, entries, start + 4s));
  EXPECT_FALSE(is_taken_back(Channel::Sms, {{entry(ConsentEvent::Released, "", "operator", 5s, 5s)}}, start + 4s))
      << "only the person's own word";
}

}  // namespace
}  // namespace clarion::testing
