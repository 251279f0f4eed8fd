#include "engine/event_applier.h"

#include <fmt/format.h>

#include "base/task_group.h"
#include "engine/indexed_delivery_store.h"
#include "fakes/memory_audience_stores.h"
#include "fakes/memory_consent_log.h"
#include "fakes/memory_message_index.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class ScriptedEvents final : public EventSource {
 public:
  EventBatch next;
  std::optional<Error> failure;
  std::vector<std::uint64_t> acknowledged;
  int asked = 0;
  Task<Result<EventBatch>> receive() override {
    ++asked;
    if (failure) co_return std::unexpected(*failure);
    co_return next;
  }
  Task<Result<void>> acknowledge(std::uint64_t receipt) override {
    acknowledged.push_back(receipt);
    co_return Result<void>();
  }
};

class EventApplierTest : public EngineTest {
 protected:
  void SetUp() override {
    auto rows = planned(3, Channel::Sms);
    for (auto& row : planned(3, Channel::Email, 3)) {
      row.destination = "Ana.B@Example.COM";
      rows.push_back(row);
    }
    ASSERT_TRUE(start(definition(100), std::move(rows)));
    ASSERT_EQ(text(wait(10s)), "completed w0 s0 a6 f0 k0 ?0");
  }
  void receive(std::vector<CarrierEvent> events) { source_.next = {.events = std::move(events), .receipt = 7}; }
  [[nodiscard]] CarrierEvent event(std::uint32_t position, DeliveryEventKind kind, std::string detail = "") const {
    CarrierEvent one;
    one.channel = position < 3 ? Channel::Sms : Channel::Email;
    one.kind = kind;
    one.at = clock_.wall_now();
    one.detail = std::move(detail);
    one.delivery = make_delivery_id(CampaignNumber{1}, position);
    return one;
  }
  [[nodiscard]] CarrierEvent permanent(CarrierEvent one) const {
    one.is_permanent = true;
    return one;
  }
  // Of somebody who is named, and no delivery.
  [[nodiscard]] CarrierEvent of(Channel channel, std::string address, DeliveryEventKind kind) const {
    CarrierEvent one;
    one.channel = channel;
    one.kind = kind;
    one.at = clock_.wall_now();
    one.address = std::move(address);
    return one;
  }
  // "sms +14255550000 opt_out d-..." lines.
  std::string suppressed() {
    std::string lines;
    const auto all = run(suppressions_.list());
    for (const Suppression& one : all.value()) {
      lines += std::string(to_string(one.channel)) + " " + one.address + " " + one.reason + "\n";
    }
    return lines;
  }
  // "received 5: applied 3, duplicates 0, ..."
  std::string health() const {
    const EventCounts counts = metrics_.counts();
    return fmt::format("{}, received {}: applied {}, duplicates {}, unmatched {}, informative {}, malformed {}",
                       to_string(counts.status), counts.received, counts.applied, counts.duplicates, counts.unmatched,
                       counts.informative, counts.malformed);
  }

  ScriptedEvents source_;
  MemorySuppressionStore suppressions_;
  MemoryConsentLog consents_;
  EventMetrics metrics_{"scripted"};
  int told_ = 0;
  std::string noticed_;
  EventApplier applier_{{.source = &source_,
                         .deliveries = deliveries_,
                         .log = rows_,
                         .suppressions = suppressions_,
                         .consents = consents_,
                         .clock = clock_,
                         .metrics = metrics_,
                         .on_suppressed = [this] { ++told_; },
                         .on_notice = [this](const CarrierEvent& event) { noticed_ += event.detail; }}};
};

TEST_F(EventApplierTest, BringsEventsToTheLedgerAndPeopleWhoSaidStopToTheSuppressions) {
  receive({event(0, DeliveryEventKind::Delivered), event(0, DeliveryEventKind::OptedOut, "STOP"),
           permanent(event(3, DeliveryEventKind::Bounced, "Permanent/General")),
           event(4, DeliveryEventKind::Bounced, "Transient/MailboxFull"), event(5, DeliveryEventKind::Complained)});
  EXPECT_EQ(run(applier_.apply_next()).value(), 5U);
  EXPECT_EQ(state(), "completed w0 s0 a4 f2 k0 ?0");
  EXPECT_EQ(suppressed(),
            "sms +142555510000 opt_out\n"
            "email Ana.B@example.com hard_bounce\n");
  EXPECT_EQ(told_, 1);
  EXPECT_EQ(source_.acknowledged, std::vector<std::uint64_t>{7});
}

TEST_F(EventApplierTest, TheSameBatchTwiceChangesNothing) {
  receive({event(1, DeliveryEventKind::OptedOut)});
  ASSERT_TRUE(run(applier_.apply_next()));
  const std::string before = suppressed();
  EXPECT_EQ(run(applier_.apply_next()).value(), 0U);
  EXPECT_EQ(suppressed(), before);
  EXPECT_EQ(health(), "receiving, received 2: applied 1, duplicates 1, unmatched 0, informative 0, malformed 0");
}

TEST_F(EventApplierTest, WhatCouldNotBeAppliedIsNotAcknowledgedAndNotCounted) {
  receive({event(1, DeliveryEventKind::Delivered)});
  deliveries_.add_fault({.call = LedgerCall::ApplyEvents, .nth = 1, .times = 1});
  EXPECT_EQ(run(applier_.apply_next()).error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(source_.acknowledged.empty());
  EXPECT_EQ(metrics_.counts().received, 0U);
  EXPECT_TRUE(run(applier_.apply_next()));
  EXPECT_EQ(source_.acknowledged.size(), 1U);
}

TEST_F(EventApplierTest, WhatSaysMoreThanItsMessageIsPassedOnOnce) {
  CarrierEvent locked = event(3, DeliveryEventKind::Failed, "131031 ");
  locked.notice.emplace();
  CarrierEvent foreign = locked;
  foreign.delivery = make_delivery_id(CampaignNumber{99}, 1);
  receive({event(2, DeliveryEventKind::Failed, "x"), locked, foreign, locked});
  ASSERT_TRUE(run(applier_.apply_next()));
  EXPECT_EQ(noticed_, "131031 ");
  ASSERT_TRUE(run(applier_.apply_next()));
  EXPECT_EQ(noticed_, "131031 ") << "the same batch again says nothing new";
}

TEST_F(EventApplierTest, AnEventOfADeliveryWeNeverMadeIsTakenAndForgotten) {
  CarrierEvent foreign = event(0, DeliveryEventKind::Complained);
  foreign.delivery = make_delivery_id(CampaignNumber{99}, 1);
  receive({event(77, DeliveryEventKind::OptedOut), foreign});
  EXPECT_EQ(run(applier_.apply_next()).value(), 0U);
  EXPECT_EQ(suppressed(), "");
  EXPECT_EQ(source_.acknowledged.size(), 1U);
  EXPECT_EQ(health(), "receiving, received 2: applied 0, duplicates 0, unmatched 2, informative 0, malformed 0");
}

TEST_F(EventApplierTest, SomebodyWhoIsNamedIsSuppressedWithoutADelivery) {
  CarrierEvent foreign = permanent(of(Channel::Email, "Bob@Example.COM", DeliveryEventKind::Bounced));
  foreign.delivery = make_delivery_id(CampaignNumber{99}, 1);
  CarrierEvent renamed = event(4, DeliveryEventKind::Complained);
  renamed.address = "ana.b@example.com";
  receive({of(Channel::Sms, "+14255550199", DeliveryEventKind::OptedOut),
           of(Channel::Sms, "+14255550198", DeliveryEventKind::Replied), foreign, renamed});
  EXPECT_EQ(run(applier_.apply_next()).value(), 1U);
  EXPECT_EQ(suppressed(),
            "sms +14255550199 opt_out\n"
            "email Ana.B@example.com complaint\n"
            "email Bob@example.com hard_bounce\n")
      << "where a delivery is known, its own way to write the address counts";
}

TEST_F(EventApplierTest, WhatCameBackWithoutOurIdIsFoundByTheCarriersOwn) {
  MemoryMessageIndex index;
  EventApplier applier({.source = &source_,
                        .deliveries = deliveries_,
                        .log = rows_,
                        .suppressions = suppressions_,
                        .consents = consents_,
                        .clock = clock_,
                        .metrics = metrics_,
                        .messages = &index});
  ASSERT_TRUE(run(index.add({{"sms-1", make_delivery_id(CampaignNumber{1}, 1)}})));
  CarrierEvent reply = of(Channel::Sms, "+142555510001", DeliveryEventKind::Replied);
  reply.message_id = "sms-1";
  CarrierEvent other = reply;
  other.message_id = "sms-2";
  receive({reply, other, of(Channel::Sms, "+142555510001", DeliveryEventKind::Replied)});
  EXPECT_EQ(run(applier.apply_next()).value(), 1U);
  EXPECT_EQ(ledger_.find(make_delivery_id(CampaignNumber{1}, 1))->state, DeliveryState::Delivered);
  EXPECT_EQ(metrics_.counts().unmatched, 2U);
  index.failure = Error{ErrorKind::Unavailable, "the index cannot be read"};
  EXPECT_EQ(run(applier.apply_next()).error().message, "the index cannot be read");
  EXPECT_EQ(source_.acknowledged.size(), 1U) << "it comes again";
}

TEST_F(EventApplierTest, WhatIsAcceptedCanBeFoundByTheCarriersOwnIdExceptEmail) {
  MemoryMessageIndex index;
  MessageIndexNeed need(true);
  IndexedDeliveryStore store(deliveries_, index, need);
  const auto accepted = [](Channel channel, std::string id) {
    AttemptRecord one;
    one.attempt = {make_delivery_id(CampaignNumber{1}, 2), 1};
    one.channel = channel;
    one.to = DeliveryState::Accepted;
    one.provider_id = std::move(id);
    return one;
  };
  ASSERT_TRUE(run(store.record(CampaignNumber{1}, Fence{1},
                               {accepted(Channel::Sms, "s"), accepted(Channel::WhatsApp, "w"),
                                accepted(Channel::Email, "e"), accepted(Channel::Sms, "")})));
  EXPECT_EQ(run(index.find({"s", "w", "e", ""}))->size(), 2U);
  index.failure = Error{ErrorKind::Unavailable, "the index cannot be written"};
  EXPECT_TRUE(run(store.record(CampaignNumber{1}, Fence{1}, {accepted(Channel::Sms, "x")})))
      << "a message is recorded all the same";
}

TEST_F(EventApplierTest, WhatNothingNeedsIsNotIndexed) {
  const MessageIndexNeed silent(false);
  EXPECT_FALSE(silent.of(Channel::Sms)) << "nobody answers, and events bring our own id back";
  EXPECT_FALSE(silent.of(Channel::Email));

  MessageIndexNeed need(true);
  EXPECT_TRUE(need.of(Channel::Sms));
  EXPECT_TRUE(need.of(Channel::WhatsApp)) << "nobody has promised that our id comes back";
  MemoryMessageIndex index;
  EventApplier applier({.source = &source_,
                        .deliveries = deliveries_,
                        .log = rows_,
                        .suppressions = suppressions_,
                        .consents = consents_,
                        .clock = clock_,
                        .metrics = metrics_,
                        .messages = &index,
                        .need = &need});
  CarrierEvent status = event(0, DeliveryEventKind::Delivered);
  status.channel = Channel::WhatsApp;
  receive({status});
  ASSERT_TRUE(run(applier.apply_next()));
  EXPECT_FALSE(need.of(Channel::WhatsApp)) << "it does";
  EXPECT_TRUE(need.of(Channel::Sms));
  CarrierEvent reply = of(Channel::WhatsApp, "+14255550150", DeliveryEventKind::Replied);
  reply.message_id = "wamid.1";
  receive({reply});
  ASSERT_TRUE(run(applier.apply_next()));
  EXPECT_FALSE(need.of(Channel::WhatsApp)) << "a reply never has";
  CarrierEvent without = of(Channel::WhatsApp, "+14255550150", DeliveryEventKind::Failed);
  without.message_id = "aws-1";
  receive({without, status});
  ASSERT_TRUE(run(applier.apply_next()));
  EXPECT_TRUE(need.of(Channel::WhatsApp)) << "one came without, so others may";
}

TEST_F(EventApplierTest, WhatIsMalformedOrInformativeIsCountedAndTheRestApplied) {
  source_.next = {.events = {event(2, DeliveryEventKind::Delivered)}, .informative = 3, .malformed = 2, .receipt = 9};
  EXPECT_EQ(run(applier_.apply_next()).value(), 1U);
  EXPECT_EQ(health(), "receiving, received 6: applied 1, duplicates 0, unmatched 0, informative 3, malformed 2");
  source_.next = {.events = {}, .malformed = 1};
  EXPECT_EQ(run(applier_.apply_next()).value(), 0U);
  EXPECT_EQ(source_.acknowledged, std::vector<std::uint64_t>{9}) << "nothing to acknowledge";
  EXPECT_EQ(metrics_.counts().malformed, 3U);
  const EventCounts counts = metrics_.counts();
  EXPECT_EQ(counts.by_channel[Channel::Sms].by_kind.at(static_cast<std::size_t>(DeliveryEventKind::Delivered)), 1U);
  EXPECT_EQ(counts.by_channel[Channel::Sms].last_event_at, clock_.wall_now());
  EXPECT_FALSE(counts.by_channel[Channel::Email].last_event_at);
}

TEST_F(EventApplierTest, AFailingSourceIsAskedLessAndLessOftenAndSaidToBeFailing) {
  EXPECT_EQ(metrics_.counts().status, SourceStatus::Off);
  source_.failure = Error{ErrorKind::Denied, "the queue may not be read"};
  TaskGroup background;
  background.spawn(context_.get_executor(), applier_.run());
  clock_.advance(10min);
  EXPECT_EQ(metrics_.counts().status, SourceStatus::Failing);
  EXPECT_EQ(metrics_.counts().last_error, "the queue may not be read");
  EXPECT_GT(source_.asked, 20);
  EXPECT_LT(source_.asked, 120) << "half a minute between two, on average a quarter";
  receive({event(0, DeliveryEventKind::Delivered)});
  source_.failure.reset();
  background.cancel();
  clock_.advance(1min);
}

}  // namespace
}  // namespace clarion::testing
