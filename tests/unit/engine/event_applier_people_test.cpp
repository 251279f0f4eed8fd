// What people say for themselves: START after STOP, and answers by WhatsApp.
#include <fmt/format.h>

#include "engine/event_applier.h"
#include "engine/recording_suppression_store.h"
#include "fakes/memory_audience_stores.h"
#include "fakes/memory_consent_log.h"
#include "fakes/memory_message_index.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class GivenEvents final : public EventSource {
 public:
  EventBatch next;
  int acknowledged = 0;
  Task<Result<EventBatch>> receive() override { co_return next; }
  Task<Result<void>> acknowledge(std::uint64_t) override {
    ++acknowledged;
    co_return Result<void>();
  }
};

class EventApplierPeopleTest : public EngineTest {
 protected:
  void SetUp() override {
    auto rows = planned(2, Channel::WhatsApp);
    rows[0].destination = "+5511912345678";  // which WhatsApp writes +551112345678
    ASSERT_TRUE(start(definition(100), std::move(rows)));
    ASSERT_EQ(text(wait(10s)), "completed w0 s0 a2 f0 k0 ?0");
  }
  std::size_t apply(EventBatch batch) {
    batch.receipt = 7;
    source_.next = std::move(batch);
    return run(applier_.apply_next()).value();
  }
  [[nodiscard]] CarrierEvent event(DeliveryEventKind kind, Channel channel, std::string address) const {
    CarrierEvent one;
    one.channel = channel;
    one.kind = kind;
    one.at = clock_.wall_now();
    one.address = std::move(address);
    return one;
  }
  [[nodiscard]] CarrierEvent arrived(std::uint32_t position, std::string reply_id, std::string address) const {
    CarrierEvent one = event(DeliveryEventKind::Delivered, Channel::WhatsApp, std::move(address));
    one.delivery = make_delivery_id(CampaignNumber{1}, position);
    one.reply_id = std::move(reply_id);
    return one;
  }
  [[nodiscard]] CarrierEvent stop(std::string address, Channel channel = Channel::Sms) const {
    return event(DeliveryEventKind::OptedOut, channel, std::move(address));
  }
  [[nodiscard]] OptIn start_of(std::string address, Channel channel = Channel::Sms) const {
    return {.channel = channel, .at = clock_.wall_now(), .address = std::move(address), .message_id = {}};
  }
  // "sms +14255550150 opt_out" lines.
  std::string suppressed() {
    std::string lines;
    const auto all = run(inner_.list());
    for (const Suppression& one : all.value()) {
      lines += fmt::format("{} {} {}\n", to_string(one.channel), one.address, one.reason);
    }
    return lines;
  }
  // "suppressed opt_out sqs" lines of one address.
  std::string said(const std::string& address) {
    std::string lines;
    const auto entries = run(consents_.list({address_subject(address)}));
    for (const ConsentEntry& one : entries.value()) {
      lines += fmt::format("{} {} {}\n", to_string(one.event), one.reason, one.source);
    }
    return lines;
  }
  std::string kinds(std::uint32_t position) {
    std::string all;
    const auto delivery = run(rows_.find(make_delivery_id(CampaignNumber{1}, position)));
    for (const DeliveryEvent& one : delivery->events) all.append(to_string(one.kind)) += ' ';
    return all;
  }

  GivenEvents source_;
  MemorySuppressionStore inner_;
  MemoryConsentLog consents_;
  MemoryMessageIndex index_;
  RecordingSuppressionStore suppressions_{{.inner = inner_, .log = consents_, .clock = clock_}};
  EventMetrics metrics_{"sqs"};
  int told_ = 0;
  EventApplier applier_{{.source = &source_,
                         .deliveries = deliveries_,
                         .log = rows_,
                         .suppressions = suppressions_,
                         .consents = consents_,
                         .clock = clock_,
                         .metrics = metrics_,
                         .messages = &index_,
                         .on_suppressed = [this] { ++told_; }}};
};

TEST_F(EventApplierPeopleTest, StartLiftsTheStopOfTheSameNumberAndIsKept) {
  apply({.events = {stop("+14255550150"), stop("+14255550151")}});
  clock_.advance(5s);
  EXPECT_EQ(apply({.events = {}, .opt_ins = {start_of("+14255550150")}}), 1U);
  EXPECT_EQ(suppressed(), "sms +14255550151 opt_out\n");
  EXPECT_EQ(said("+14255550150"), "suppressed opt_out sqs\nreleased opt_in sqs\n");
  EXPECT_EQ(told_, 2);
  const EventCounts counts = metrics_.counts();
  EXPECT_EQ(counts.received, 3U);
  EXPECT_EQ(counts.applied, 1U);
  EXPECT_EQ(counts.unmatched, 2U);
}

TEST_F(EventApplierPeopleTest, StartIsNeverANewConsentAndLiftsNothingOfAnotherChannelOrMaker) {
  ASSERT_TRUE(run(suppressions_.add({{.channel = Channel::Sms,
                                      .address = "+14255550150",
                                      .reason = "hard_bounce",
                                      .source = "sqs",
                                      .at = clock_.wall_now()},
                                     {.channel = Channel::Sms,
                                      .address = "+14255550151",
                                      .reason = "operator",
                                      .source = "api",
                                      .at = clock_.wall_now()}})));
  apply({.events = {stop("+14255550152", Channel::WhatsApp)}});
  clock_.advance(5s);
  const std::string before = suppressed();
  EXPECT_EQ(apply({.events = {},
                   .opt_ins = {start_of("+14255550150"), start_of("+14255550151"), start_of("+14255550152"),
                               start_of("+14255550199")}}),
            0U);
  EXPECT_EQ(suppressed(), before);
  EXPECT_EQ(said("+14255550199"), "") << "who was never suppressed has consented to nothing";
  EXPECT_EQ(metrics_.counts().informative, 4U);
}

TEST_F(EventApplierPeopleTest, StopAndStartInAnyOrderAndTwiceEndWithTheLatestWord) {
  const CarrierEvent first_stop = stop("+14255550150");
  clock_.advance(5s);
  const OptIn first_start = start_of("+14255550150");
  apply({.events = {first_stop}, .opt_ins = {first_start}});
  EXPECT_EQ(suppressed(), "");
  apply({.events = {first_stop}, .opt_ins = {first_start}});
  EXPECT_EQ(suppressed(), "") << "the same batch again";
  clock_.advance(5s);
  const CarrierEvent second_stop = stop("+14255550150");
  apply({.events = {second_stop}});
  apply({.events = {first_stop}, .opt_ins = {first_start}});
  EXPECT_EQ(suppressed(), "sms +14255550150 opt_out\n") << "they stopped again since";
}

TEST_F(EventApplierPeopleTest, AStopThatComesWhileAStartIsAppliedIsNotLost) {
  apply({.events = {stop("+14255550150")}});
  clock_.advance(5s);
  const OptIn start = start_of("+14255550150");
  clock_.advance(5s);
  consents_.after_list = [this]() -> Task<void> {
    std::vector<Suppression> second{{.channel = Channel::Sms,
                                     .address = "+14255550150",
                                     .reason = "opt_out",
                                     .source = "sns",
                                     .at = clock_.wall_now()}};
    EXPECT_TRUE(co_await suppressions_.add(std::move(second)));
  };
  EXPECT_EQ(apply({.events = {}, .opt_ins = {start}}), 0U);
  EXPECT_EQ(suppressed(), "sms +14255550150 opt_out\n") << "the last word was STOP";
  EXPECT_EQ(apply({.events = {}, .opt_ins = {start}}), 0U) << "the same START again";
  EXPECT_EQ(suppressed(), "sms +14255550150 opt_out\n");
}

TEST_F(EventApplierPeopleTest, AStartThatCannotBeRecordedLiftsNothingAndComesAgain) {
  apply({.events = {stop("+14255550150")}});
  clock_.advance(5s);
  consents_.failure = Error{ErrorKind::Unavailable, "the disk is full"};
  source_.next = {.events = {}, .opt_ins = {start_of("+14255550150")}, .receipt = 8};
  EXPECT_EQ(run(applier_.apply_next()).error().message, "the disk is full");
  EXPECT_EQ(suppressed(), "sms +14255550150 opt_out\n");
  EXPECT_EQ(source_.acknowledged, 1);
  consents_.failure.reset();
  EXPECT_EQ(run(applier_.apply_next()).value(), 1U);
  EXPECT_EQ(suppressed(), "");
}

TEST_F(EventApplierPeopleTest, AnAnswerByWhatsAppBelongsToTheMessageItNamesElseToTheLastThatArrived) {
  apply({.events = {arrived(0, "wamid.0", "+551112345678"), arrived(1, "wamid.1", "+14255550151")}});
  CarrierEvent quoting = event(DeliveryEventKind::Replied, Channel::WhatsApp, "+551112345678");
  quoting.message_id = "wamid.1";
  EXPECT_EQ(apply({.events = {quoting}}), 1U);
  EXPECT_EQ(kinds(1), "delivered replied ");
  EXPECT_EQ(apply({.events = {event(DeliveryEventKind::Replied, Channel::WhatsApp, "+551112345678")}}), 1U);
  EXPECT_EQ(kinds(0), "delivered replied ");
  CarrierEvent of_another = event(DeliveryEventKind::Replied, Channel::WhatsApp, "+551112345678");
  of_another.message_id = "wamid.of-a-conversation";
  of_another.at += 1s;
  EXPECT_EQ(apply({.events = {of_another}}), 1U);
  EXPECT_EQ(apply({.events = {event(DeliveryEventKind::Replied, Channel::WhatsApp, "+14255550199")}}), 0U);
  EXPECT_EQ(apply({.events = {event(DeliveryEventKind::Replied, Channel::Sms, "+551112345678")}}), 0U)
      << "an answer by SMS without an id stays without one";
}

TEST_F(EventApplierPeopleTest, StopAndStartByWhatsAppAreOfTheNumberAsWeWroteIt) {
  apply({.events = {arrived(0, "wamid.0", "+551112345678"), stop("+551112345678", Channel::WhatsApp)}});
  EXPECT_EQ(suppressed(), "whatsapp +5511912345678 opt_out\n");
  EXPECT_EQ(kinds(0), "delivered opted_out ");
  clock_.advance(5s);
  EXPECT_EQ(apply({.events = {}, .opt_ins = {start_of("+551112345678", Channel::WhatsApp)}}), 1U);
  EXPECT_EQ(suppressed(), "");
}

TEST_F(EventApplierPeopleTest, WithoutTheIndexOfWhatArrivedTheBatchComesAgain) {
  index_.failure = Error{ErrorKind::Unavailable, "the index cannot be written"};
  source_.next = {.events = {arrived(0, "wamid.0", "+551112345678")}, .receipt = 9};
  EXPECT_EQ(run(applier_.apply_next()).error().message, "the index cannot be written");
  EXPECT_EQ(source_.acknowledged, 0);
}

}  // namespace
}  // namespace clarion::testing
