#include "engine/event_applier.h"

#include "fakes/memory_audience_stores.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class ScriptedEvents final : public EventSource {
 public:
  std::vector<DeliveryEvent> next;
  std::vector<std::uint64_t> acknowledged;
  Task<Result<EventBatch>> receive() override { co_return EventBatch{next, 7}; }
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
  [[nodiscard]] DeliveryEvent event(std::uint32_t position, DeliveryEventKind kind, std::string detail = "") const {
    return {make_delivery_id(CampaignNumber{1}, position), kind, clock_.wall_now(), std::move(detail)};
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

  ScriptedEvents source_;
  MemorySuppressionStore suppressions_;
  int told_ = 0;
  EventApplier applier_{{.source = source_,
                         .deliveries = deliveries_,
                         .log = rows_,
                         .suppressions = suppressions_,
                         .clock = clock_,
                         .on_suppressed = [this] { ++told_; }}};
};

TEST_F(EventApplierTest, BringsEventsToTheLedgerAndPeopleWhoSaidStopToTheSuppressions) {
  source_.next = {event(0, DeliveryEventKind::Delivered), event(0, DeliveryEventKind::OptedOut, "STOP"),
                  event(3, DeliveryEventKind::Bounced, "Permanent/General"),
                  event(4, DeliveryEventKind::Bounced, "Transient/MailboxFull"),
                  event(5, DeliveryEventKind::Complained)};
  EXPECT_EQ(run(applier_.apply_next()).value(), 5U);
  EXPECT_EQ(state(), "completed w0 s0 a4 f2 k0 ?0");
  EXPECT_EQ(suppressed(),
            "sms +142555510000 opt_out\n"
            "email Ana.B@example.com hard_bounce\n");
  EXPECT_EQ(told_, 1);
  EXPECT_EQ(source_.acknowledged, std::vector<std::uint64_t>{7});
}

TEST_F(EventApplierTest, TheSameBatchTwiceChangesNothing) {
  source_.next = {event(1, DeliveryEventKind::OptedOut)};
  ASSERT_TRUE(run(applier_.apply_next()));
  const std::string before = suppressed();
  EXPECT_EQ(run(applier_.apply_next()).value(), 0U);
  EXPECT_EQ(suppressed(), before);
}

TEST_F(EventApplierTest, WhatCouldNotBeAppliedIsNotAcknowledged) {
  source_.next = {event(1, DeliveryEventKind::Delivered)};
  deliveries_.add_fault({.call = LedgerCall::ApplyEvents, .nth = 1, .times = 1});
  EXPECT_EQ(run(applier_.apply_next()).error().kind, ErrorKind::Unavailable);
  EXPECT_TRUE(source_.acknowledged.empty());
  EXPECT_TRUE(run(applier_.apply_next()));
  EXPECT_EQ(source_.acknowledged.size(), 1U);
}

TEST_F(EventApplierTest, AnEventOfADeliveryWeNeverMadeIsTakenAndForgotten) {
  source_.next = {event(77, DeliveryEventKind::OptedOut),
                  {make_delivery_id(CampaignNumber{99}, 1), DeliveryEventKind::Complained, clock_.wall_now(), ""}};
  EXPECT_EQ(run(applier_.apply_next()).value(), 0U);
  EXPECT_EQ(suppressed(), "");
  EXPECT_EQ(source_.acknowledged.size(), 1U);
}

}  // namespace
}  // namespace clarion::testing
