// What is counted of sending, and when.

#include "engine/send_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "engine/metered_delivery_store.h"
#include "fakes/failing_delivery_store.h"
#include "fakes/memory_campaign_store.h"
#include "fakes/memory_delivery_store.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

AttemptRecord ended(Channel channel, DeliveryState to) {
  AttemptRecord record;
  record.channel = channel;
  record.to = to;
  return record;
}

TEST(SendMetrics, EndsAreCountedByChannelAndRetriesAreNone) {
  SendMetrics metrics;
  metrics.on_recorded(count_ends(
      std::vector{ended(Channel::Sms, DeliveryState::Accepted), ended(Channel::Sms, DeliveryState::Accepted),
                  ended(Channel::Sms, DeliveryState::Failed), ended(Channel::Email, DeliveryState::InDoubt),
                  ended(Channel::Email, DeliveryState::Skipped), ended(Channel::Email, DeliveryState::Waiting)}));
  const auto counts = metrics.counts();
  EXPECT_EQ(counts[Channel::Sms].accepted, 2U);
  EXPECT_EQ(counts[Channel::Sms].failed, 1U);
  EXPECT_EQ(counts[Channel::Email].in_doubt, 1U);
  EXPECT_EQ(counts[Channel::Email].skipped, 1U);
  EXPECT_EQ(counts[Channel::Email].accepted + counts[Channel::WhatsApp].accepted, 0U);
}

TEST(SendMetrics, AnswersAreCountedByLatencyAndThrottlesApart) {
  SendMetrics metrics;
  metrics.on_answer(Channel::Sms, Accepted{}, 10ms);
  metrics.on_answer(Channel::Sms, Accepted{}, 11ms);
  metrics.on_answer(Channel::Sms, Accepted{}, 6s);
  metrics.on_answer(Channel::Sms, std::unexpected(SendFailure{FailureClass::Throttled, "", ""}), 1ms);
  metrics.on_answer(Channel::Sms, std::unexpected(SendFailure{FailureClass::Ambiguous, "", ""}), 1ms);
  const SendCounts counts = metrics.counts()[Channel::Sms];
  EXPECT_EQ(counts.throttled, 1U);
  EXPECT_EQ(counts.answers.front(), 3U) << "10 ms and less";
  EXPECT_EQ(counts.answers.at(1), 1U);
  EXPECT_EQ(counts.answers.back(), 1U) << "more than 5 s";
  EXPECT_EQ(counts.answer_count(), 5U);
  EXPECT_NEAR(counts.answer_seconds, 6.023, 1e-9);
}

TEST(SendMetrics, AHundredLatenciesStandForAMinute) {
  SendMetrics metrics;
  for (int i = 0; i < 10'000; ++i) metrics.on_answer(Channel::Email, Accepted{}, std::chrono::milliseconds(i));
  const auto taken = metrics.take_latencies()[Channel::Email];
  ASSERT_EQ(taken.size(), 100U);
  double sum = 0;
  for (const double value : taken) sum += value;
  EXPECT_NEAR(sum / 100, 5000, 1200) << "a fair sample, not the first or last hundred";
  EXPECT_TRUE(metrics.take_latencies()[Channel::Email].empty()) << "each belongs to one report";
  metrics.on_answer(Channel::Email, Accepted{}, 7ms);
  EXPECT_THAT(metrics.take_latencies()[Channel::Email], ::testing::ElementsAre(7.0));
}

TEST(MeteredDeliveryStore, CountsOnlyWhatIsInTheLedger) {
  asio::io_context context;
  const auto run = [&context](auto task) {
    auto done = asio::co_spawn(context, std::move(task), asio::use_future);
    context.restart();
    context.run();
    return done.get();
  };
  MemoryLedger ledger;
  MemoryCampaignStore campaigns(ledger);
  MemoryDeliveryStore inner(ledger);
  FailingDeliveryStore failing(inner);
  SendMetrics metrics;
  MeteredDeliveryStore store(failing, metrics);
  CampaignDefinition definition;
  definition.id = "c";
  const auto campaign = run(campaigns.create(definition, CampaignStatus::Running, WallTime{}))->number;
  const Fence fence = run(store.take_fence(campaign, WallTime{})).value();
  failing.add_fault({.call = LedgerCall::Record});
  const std::vector ends{ended(Channel::Sms, DeliveryState::Accepted)};
  EXPECT_FALSE(run(store.record(campaign, fence, ends)));
  EXPECT_EQ(metrics.counts()[Channel::Sms].accepted, 0U);
  EXPECT_TRUE(run(store.record(campaign, fence, ends)));
  EXPECT_EQ(metrics.counts()[Channel::Sms].accepted, 1U);
}

}  // namespace
}  // namespace clarion::testing
