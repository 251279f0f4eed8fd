// Whom a retry and a fallback write to, and on which channels, over chains of campaigns that follow each other.

#include "api/follow_up_plan.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fakes/memory_campaign_store.h"
#include "fakes/memory_consent_log.h"
#include "fakes/memory_delivery_store.h"
#include "unit/engine/plan_audience_fixture.h"

namespace clarion::testing {
namespace {

// How one delivery ended; the carrier's words are those of its event.
MemoryRow ended(const std::string& contact_id, Channel channel, DeliveryState state, std::string reason = {}) {
  MemoryRow row;
  row.plan.contact_id = contact_id;
  row.plan.channel = channel;
  row.state = state;
  row.attempts = 1;
  if (reason == "bounced") row.events[{WallTime{}, DeliveryEventKind::Bounced}] = "Permanent/General";
  row.reason = std::move(reason);
  return row;
}
MemoryRow bounced(const std::string& contact_id, Channel channel) {
  return ended(contact_id, channel, DeliveryState::Failed, "bounced");
}
MemoryRow blocked(const std::string& contact_id, Channel channel) {
  return ended(contact_id, channel, DeliveryState::Failed, "blocked");
}

class FollowUpPlanTest : public AudiencePlanTest {
 protected:
  FollowUpPlanTest() {
    for (int number = 1; number <= 6; ++number) people_.push_back(person(number));
  }

  Contact& contact(int number) { return people_[static_cast<std::size_t>(number) - 1]; }

  CampaignDefinition add(CampaignDefinition definition, std::vector<MemoryRow> rows) {
    const auto campaign = run(campaigns_.create(definition, CampaignStatus::Completed, clock_.wall_now())).value();
    ledger_.campaigns[static_cast<std::uint32_t>(campaign.number)].rows = std::move(rows);
    return definition;
  }
  CampaignDefinition add(std::string id, std::vector<MemoryRow> rows) {
    CampaignDefinition definition;
    definition.id = std::move(id);
    definition.throughput_tps = 1;
    definition.audience = R"({"kind": "segment", "filter": {"everyone": true}})";
    definition.content = content_;
    definition.rules = R"({"decision": {"exploration": 0}})";
    return add(std::move(definition), std::move(rows));
  }
  static CampaignDefinition following(FollowUp kind, const CampaignDefinition& followed) {
    CampaignDefinition definition = followed;
    definition.id = follow_up_id_of(kind, followed.id);
    definition.audience = write_follow_up_audience(kind, followed);
    return definition;
  }
  Result<std::vector<PlannedDelivery>> plan_of(const CampaignDefinition& definition) {
    auto audience = std::make_shared<AudienceSnapshot>();
    Selection made = selection(people_);
    audience->contacts = made.contacts;
    audience->responses = made.responses;
    audience->prices = made.prices;
    FollowUpPlan plan({{suppressions_, deliveries_, contact_log_, clock_}, campaigns_, consents_, audience},
                      definition);
    std::vector<PlannedDelivery> all;
    while (true) {
      auto batch = run(plan.next(2));
      if (!batch) return batch;
      if (batch->empty()) return all;
      EXPECT_EQ(plan.expected_rows().value_or(0) >= static_cast<std::int64_t>(all.size()), true);
      for (PlannedDelivery& row : *batch) all.push_back(std::move(row));
    }
  }
  // "C-1 whatsapp", "C-6 email channel_failed", one after the other.
  std::string plan_text(const CampaignDefinition& definition) {
    std::string text;
    const auto planned = plan_of(definition);
    if (!planned) return planned.error().message;
    for (const PlannedDelivery& row : *planned) {
      text += text.empty() ? "" : ", ";
      text += row.contact_id;
      if (row.channel) text.append(" ").append(to_string(*row.channel));
      if (!row.reason.empty()) text.append(" ").append(row.reason);
    }
    return text;
  }
  std::string fallback_of(const CampaignDefinition& followed) {
    return plan_text(following(FollowUp::Fallback, followed));
  }
  std::string retry_of(const CampaignDefinition& followed) { return plan_text(following(FollowUp::Retry, followed)); }
  void leave(Contact& person, std::initializer_list<Channel> channels) {
    for (const Channel channel : all_channels) {
      if (std::ranges::find(channels, channel) == channels.end()) {
        person.consent[channel].state = ConsentState::Unknown;
      }
    }
  }

  MemoryLedger ledger_;
  MemoryCampaignStore campaigns_{ledger_};
  MemoryConsentLog consents_;
  MemoryDeliveryStore deliveries_{ledger_};
  std::vector<Contact> people_;
};

TEST_F(FollowUpPlanTest, AFallbackGoesToThoseWhomTheirChannelDidNotReachByAnotherOne) {
  leave(contact(1), {Channel::Sms, Channel::Email});
  leave(contact(2), {Channel::WhatsApp, Channel::Email});
  contact(5).phone.clear();
  const auto first = add("c", {bounced("C-1", Channel::Sms), bounced("C-2", Channel::Email),
                               ended("C-3", Channel::Sms, DeliveryState::Accepted), blocked("C-4", Channel::Sms),
                               bounced("C-5", Channel::Email), bounced("gone", Channel::Sms)});
  EXPECT_EQ(fallback_of(first), "C-1 email, C-2 whatsapp, C-5 email channel_failed, gone sms not_a_contact");
  Campaign campaign = run(campaigns_.find("c")).value();
  EXPECT_EQ(run(count_followed(FollowUp::Fallback, deliveries_, campaign, 100)).value(), 4);
  EXPECT_EQ(run(count_followed(FollowUp::Fallback, deliveries_, campaign, 2)).value(), 2);
  EXPECT_EQ(run(count_followed(FollowUp::Retry, deliveries_, campaign, 100)).value(), 1);
  campaign.definition.audience = R"({"kind": "list"})";
  EXPECT_EQ(run(count_followed(FollowUp::Fallback, deliveries_, campaign, 100)).value(), 0);
}

TEST_F(FollowUpPlanTest, WhoSaidStopOnTheChannelIsSkippedOnEveryOther) {
  const auto first = add("c", {bounced("C-1", Channel::Sms), bounced("C-2", Channel::Email)});
  contact(1).consent[Channel::Sms].state = ConsentState::OptedOut;
  ASSERT_TRUE(run(suppressions_.add({{.channel = Channel::Email,
                                      .address = contact(2).email,
                                      .reason = "complaint",
                                      .source = "d-1",
                                      .at = clock_.wall_now()}})));
  EXPECT_EQ(fallback_of(first), "C-1 opted_out, C-2 suppressed");
}

TEST_F(FollowUpPlanTest, AStopThatABounceHidesIsFoundInTheLog) {
  const auto suppress = [&](const std::string& address, const std::string& reason, int second) {
    const Suppression one{.channel = Channel::Sms,
                          .address = address,
                          .reason = reason,
                          .source = "d-1",
                          .at = clock_.wall_now() + std::chrono::seconds(second)};
    ASSERT_TRUE(run(suppressions_.add({one})));
    ASSERT_TRUE(run(consents_.append({entry_of(one, one.at)})));
  };
  for (int number = 1; number <= 3; ++number) {
    leave(contact(number), {Channel::Sms, Channel::Email});
    suppress(contact(number).phone, "hard_bounce", 1);
  }
  suppress(contact(1).phone, "opt_out", 2);
  // Who was released since may be written to as if nothing had been said.
  suppress(contact(2).phone, "opt_out", 2);
  ConsentEntry released{.subject = address_subject(contact(2).phone),
                        .channel = Channel::Sms,
                        .event = ConsentEvent::Released,
                        .reason = {},
                        .source = "operator",
                        .at = clock_.wall_now() + std::chrono::seconds(3),
                        .recorded_at = clock_.wall_now() + std::chrono::seconds(3)};
  ASSERT_TRUE(run(consents_.append({released})));
  const auto first =
      add("c", {bounced("C-1", Channel::Sms), bounced("C-2", Channel::Sms), bounced("C-3", Channel::Sms)});
  EXPECT_EQ(fallback_of(first), "C-2 email, C-3 email, C-1 sms suppressed");
}

TEST_F(FollowUpPlanTest, ARetryMayUseEveryChannelAgain) {
  leave(contact(4), {Channel::Sms});
  const auto first = add("c", {bounced("C-1", Channel::Sms), blocked("C-4", Channel::Sms)});
  EXPECT_EQ(retry_of(first), "C-4 sms");
  EXPECT_EQ(retry_of(add(following(FollowUp::Retry, first), {blocked("C-4", Channel::Sms)})), "C-4 sms");
}

TEST_F(FollowUpPlanTest, NoChannelThatFailedInTheChainIsUsedAgain) {
  leave(contact(1), {Channel::Sms, Channel::WhatsApp, Channel::Email});
  leave(contact(2), {Channel::Sms, Channel::WhatsApp});
  leave(contact(3), {Channel::Sms, Channel::Email});
  const auto first =
      add("c", {bounced("C-1", Channel::Sms), bounced("C-2", Channel::Sms), bounced("C-3", Channel::Sms)});
  const auto second =
      add(following(FollowUp::Fallback, first),
          {bounced("C-1", Channel::WhatsApp), blocked("C-2", Channel::WhatsApp), blocked("C-3", Channel::Email)});
  EXPECT_EQ(fallback_of(second), "C-1 email");
  // The retry of a fallback tries the channel that was refused again, and not the one before it.
  const auto third = following(FollowUp::Retry, second);
  EXPECT_EQ(plan_text(third), "C-2 whatsapp, C-3 email");
  add(third, {bounced("C-2", Channel::WhatsApp), bounced("C-3", Channel::Email)});
  EXPECT_EQ(fallback_of(third), "C-2 no_consent, C-3 no_consent");
}

TEST_F(FollowUpPlanTest, WhatFailedBeforeARetryFailedToo) {
  leave(contact(1), {Channel::Sms, Channel::WhatsApp});
  const auto first = add("c", {blocked("C-1", Channel::Sms)});
  const auto second = add(following(FollowUp::Retry, first), {bounced("C-1", Channel::WhatsApp)});
  EXPECT_EQ(fallback_of(second), "C-1 no_consent") << "there is only email left";
}

TEST_F(FollowUpPlanTest, WhoWasReachedAfterAllIsLeftOut) {
  const auto first = add("c", {ended("C-1", Channel::Sms, DeliveryState::Delivered), bounced("C-2", Channel::Sms)});
  const auto second =
      add(following(FollowUp::Fallback, first), {bounced("C-1", Channel::WhatsApp), bounced("C-2", Channel::WhatsApp)});
  EXPECT_EQ(fallback_of(second), "C-2 email");
}

TEST_F(FollowUpPlanTest, AChainThatIsTooLongIsRefused) {
  auto last = add("c", {bounced("C-1", Channel::Sms)});
  for (int i = 0; i < FollowUpPlan::most_followed; ++i) {
    last = add(following(FollowUp::Retry, last), {bounced("C-1", Channel::Sms)});
  }
  EXPECT_EQ(fallback_of(last).substr(0, 4), "C-1 ");
  last = add(following(FollowUp::Retry, last), {bounced("C-1", Channel::Sms)});
  EXPECT_EQ(plan_of(following(FollowUp::Fallback, last)).error().kind, ErrorKind::Invalid);
}

TEST(FollowUpId, IsTheSameEachTimeAndNeverTooLong) {
  EXPECT_EQ(follow_up_id_of(FollowUp::Retry, "spring"), "spring-retry");
  EXPECT_EQ(follow_up_id_of(FollowUp::Fallback, "spring"), "spring-fallback");
  const std::string a(64, 'a');
  const std::string b = a.substr(1) + "b";
  for (const FollowUp kind : all_follow_ups) {
    EXPECT_EQ(follow_up_id_of(kind, a).size(), 64U);
    EXPECT_EQ(follow_up_id_of(kind, a), follow_up_id_of(kind, a));
    EXPECT_NE(follow_up_id_of(kind, a), follow_up_id_of(kind, b));
    EXPECT_TRUE(follow_up_id_of(kind, a).ends_with(to_string(kind)));
  }
}

}  // namespace
}  // namespace clarion::testing
