#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <map>
#include <set>

#include "carriers/simulated_sender.h"
#include "fakes/manual_clock.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

class Simulated : public ::testing::Test {
 protected:
  static Message message(int contact, std::int32_t attempt = 1, Channel channel = Channel::Sms) {
    Message made;
    made.attempt = {make_delivery_id(CampaignNumber{1}, static_cast<std::uint32_t>(contact)), attempt};
    made.contact_id = "c" + std::to_string(contact);
    made.destination = "+14255550156";
    if (channel == Channel::Email) made.body = EmailBody{"s", "t", "", ""};
    return made;
  }
  template <class T>
  std::optional<T> begin_and_settle(Task<T> task) {
    auto out = std::make_shared<std::optional<T>>();
    asio::co_spawn(context_, std::move(task), [out](const std::exception_ptr& failure, T value) {
      if (!failure) out->emplace(std::move(value));
    });
    clock_.settle();
    for (int i = 0; i < 1000 && !*out; ++i) clock_.advance(10ms);
    return *out;
  }
  SendOutcome send(SimulatedSender& sender, const Message& what) {
    return begin_and_settle([](SimulatedSender& to, Message copy) -> Task<SendOutcome> {
             co_return co_await to.send(copy);
           }(sender, what))
        .value();
  }
  static std::string name(const SendOutcome& outcome) {
    return outcome ? "accepted" : std::string(to_string(outcome.error().failure));
  }

  asio::io_context context_{1};
  ManualClock clock_{context_};
  SimulatedEvents events_{clock_};
};

TEST_F(Simulated, TheSameSeedGivesTheSameOutcomeForEachRecipientInAnyOrder) {
  const SimulatedCarrierSettings settings{.seed = 42, .median_latency = 0ms, .failure_rate = 0.5};
  SimulatedSender one(Channel::Sms, settings, clock_, nullptr);
  SimulatedSender two(Channel::Sms, settings, clock_, nullptr);
  std::map<int, std::string> forwards;
  for (int i = 0; i < 300; ++i) forwards[i] = name(send(one, message(i)));
  for (int i = 299; i >= 0; --i) EXPECT_EQ(name(send(two, message(i))), forwards[i]) << i;

  SimulatedSender other(Channel::Sms, {.seed = 43, .median_latency = 0ms, .failure_rate = 0.5}, clock_, nullptr);
  int different = 0;
  for (int i = 0; i < 300; ++i) different += name(send(other, message(i))) == forwards[i] ? 0 : 1;
  EXPECT_GT(different, 100);
}

TEST_F(Simulated, FailsAtTheAskedRateInEveryClassThatIsAnOutcomeOfAMessage) {
  SimulatedSender sender(Channel::Email, {.seed = 7, .median_latency = 0ms, .failure_rate = 0.2}, clock_, nullptr);
  std::map<std::string, int> counts;
  for (int i = 0; i < 5000; ++i) ++counts[name(send(sender, message(i, 1, Channel::Email)))];
  EXPECT_NEAR(5000 - counts["accepted"], 1000, 100);
  for (std::size_t i = 0; i < failure_class_count; ++i) {
    const auto failure = static_cast<FailureClass>(i);
    const bool is_drawn = failure != FailureClass::Throttled && failure != FailureClass::RecipientBusy &&
                          action_for(failure) != FailureAction::PauseChannel;
    EXPECT_EQ(counts[std::string(to_string(failure))] > 0, is_drawn) << to_string(failure);
  }
}

TEST_F(Simulated, AnotherAttemptMayEndDifferently) {
  SimulatedSender sender(Channel::Sms, {.seed = 7, .median_latency = 0ms, .failure_rate = 0.3}, clock_, nullptr);
  int recovered = 0;
  for (int i = 0; i < 1000; ++i) {
    if (name(send(sender, message(i, 1))) == "provider_busy" && send(sender, message(i, 2))) ++recovered;
  }
  EXPECT_GT(recovered, 10);
}

TEST_F(Simulated, ThrottlesAreNoOutcomeSoTheSameMessageGetsThroughLater) {
  SimulatedSender sender(Channel::Sms, {.seed = 7, .median_latency = 0ms, .failure_rate = 0, .throttle_rate = 0.9},
                         clock_, nullptr);
  int tries = 0;
  while (!send(sender, message(1))) ASSERT_LT(++tries, 200);
  EXPECT_GT(tries, 0);
}

TEST_F(Simulated, EnforcesTheQuotaItReports) {
  SimulatedSender sender(Channel::Sms,
                         {.seed = 7,
                          .median_latency = 0ms,
                          .failure_rate = 0,
                          .throttle_rate = 0,
                          .quota = SenderQuota{.per_second = 10, .burst = 3, .source = "test"}},
                         clock_, nullptr);
  EXPECT_EQ(sender.quota()->per_second, 10);
  int accepted = 0;
  for (int i = 0; i < 20; ++i) accepted += send(sender, message(i)) ? 1 : 0;
  EXPECT_EQ(accepted, 3);
  clock_.advance(1s);
  EXPECT_TRUE(send(sender, message(50)));
  sender.set_quota(std::nullopt);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(send(sender, message(i)));
}

TEST_F(Simulated, LatenciesSpreadAroundTheMedian) {
  SimulatedSender sender(Channel::Sms, {.seed = 7, .median_latency = 100ms, .failure_rate = 0}, clock_, nullptr);
  std::multiset<Duration> taken;
  const TimePoint began = clock_.now();
  for (int i = 0; i < 400; ++i) {
    asio::co_spawn(
        context_,
        [](SimulatedSender& to, Message copy) -> Task<SendOutcome> { co_return co_await to.send(copy); }(sender,
                                                                                                         message(i)),
        [&](const std::exception_ptr&, const SendOutcome&) { taken.insert(clock_.now() - began); });
  }
  clock_.advance(5s);
  ASSERT_EQ(taken.size(), 400U);
  const Duration median = *std::next(taken.begin(), 200);
  EXPECT_GT(median, 85ms);
  EXPECT_LT(median, 115ms);
  EXPECT_GT(*taken.rbegin(), 250ms);
  EXPECT_LT(*taken.begin(), 50ms);
}

TEST_F(Simulated, AStoppedChannelRefusesEverythingUntilItIsNot) {
  SimulatedSender sender(Channel::Sms, {.seed = 7, .median_latency = 0ms, .failure_rate = 0}, clock_, nullptr);
  sender.set_stopped("the balance is used up");
  const auto refused = send(sender, message(1));
  EXPECT_EQ(name(refused), "channel_stopped");
  EXPECT_EQ(refused.error().detail, "the balance is used up");
  sender.set_stopped("");
  EXPECT_TRUE(send(sender, message(1)));
}

TEST_F(Simulated, NothingBouncesLaterWhenNothingFails) {
  SimulatedEvents events(clock_);
  SimulatedSender sender(Channel::Email, {.seed = 5, .median_latency = 0ms, .failure_rate = 0}, clock_, &events);
  for (int i = 0; i < 1000; ++i) static_cast<void>(send(sender, message(i, 1, Channel::Email)));
  std::map<std::string, int> kinds;
  for (int i = 0; i < 3000 && events.pending() > 0; ++i) {
    const auto batch = begin_and_settle(events.receive()).value().value();
    for (const CarrierEvent& event : batch.events) ++kinds[std::string(to_string(event.kind))];
    begin_and_settle(events.acknowledge(batch.receipt)).value().value();
  }
  EXPECT_EQ(kinds["delivered"], 1000);
  EXPECT_EQ(kinds["bounced"] + kinds["failed"], 0);
}

TEST_F(Simulated, EventsFollowInTimeAndTheSameForTheSameSeed) {
  const auto all_events = [this] {
    SimulatedEvents events(clock_);
    SimulatedSender sender(Channel::Email, {.seed = 5, .median_latency = 0ms, .failure_rate = 0.1}, clock_, &events);
    for (int i = 0; i < 2000; ++i) static_cast<void>(send(sender, message(i, 1, Channel::Email)));
    EXPECT_GT(events.pending(), 2000U);
    std::map<std::string, int> kinds;
    for (int i = 0; i < 3000 && events.pending() > 0; ++i) {
      const auto batch = begin_and_settle(events.receive()).value().value();
      for (const CarrierEvent& event : batch.events) ++kinds[std::string(to_string(event.kind))];
      begin_and_settle(events.acknowledge(batch.receipt)).value().value();
    }
    return kinds;
  };
  const auto first = all_events();
  EXPECT_NEAR(first.at("delivered"), 1790, 60);
  EXPECT_NEAR(first.at("opened"), 570, 80);
  EXPECT_GT(first.at("clicked"), 40);
  EXPECT_GT(first.at("bounced"), 5);
  EXPECT_EQ(all_events(), first);
}

TEST_F(Simulated, AnUnacknowledgedBatchComesAgain) {
  events_.follow(Channel::Sms, make_delivery_id(CampaignNumber{1}, 1), SeededRandom(1));
  clock_.advance(30s);
  const auto first = begin_and_settle(events_.receive()).value().value();
  ASSERT_FALSE(first.events.empty());
  EXPECT_EQ(begin_and_settle(events_.receive()).value()->receipt, first.receipt);
  begin_and_settle(events_.acknowledge(first.receipt)).value().value();
  EXPECT_NE(begin_and_settle(events_.receive()).value()->receipt, first.receipt);
}

TEST_F(Simulated, ReceivingReturnsEmptyHandedAfterAFewSeconds) {
  const TimePoint began = clock_.now();
  EXPECT_TRUE(begin_and_settle(events_.receive()).value()->events.empty());
  EXPECT_LE(clock_.now() - began, 3s);
}

TEST_F(Simulated, PendingEventsAreBounded) {
  for (std::uint32_t i = 0; i < 600'000; ++i) {
    events_.follow(Channel::Sms, make_delivery_id(CampaignNumber{1}, i), SeededRandom(i));
  }
  EXPECT_EQ(events_.pending(), SimulatedEvents::max_pending);
}

}  // namespace
}  // namespace clarion::testing
