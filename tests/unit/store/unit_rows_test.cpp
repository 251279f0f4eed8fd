#include "store/unit_rows.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "store/byte_stream.h"
#include "store/plan_chunk.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

WallTime at(std::int64_t milliseconds) {
  return WallTime{std::chrono::milliseconds{1'800'000'000'000 + milliseconds}};
}

// Everything but new_reason, which is not kept.
std::string text_of(const std::vector<UnitRow>& rows) {
  std::string text;
  const auto time = [](std::optional<WallTime> one) { return one ? format_iso8601(*one) : "-"; };
  for (const UnitRow& one : rows) {
    const LedgerRow& row = one.row;
    text += std::to_string(one.place) + " " + std::string(to_string(row.state)) + " " + std::to_string(row.attempts) +
            " " + std::to_string(row.event_rank) + " " + std::to_string(row.parts) + " " +
            (row.actual_cost ? std::to_string(row.actual_cost->micros) : "-") + " " + time(row.due_at) + " " +
            time(row.sent_at) + " " + time(row.updated_at) + " " + std::to_string(one.estimated_cost.micros) + " " +
            std::to_string(one.kinds) + " '" + one.reason.text + "' " + (one.reason.is_elsewhere ? "far" : "near") +
            "\n";
  }
  return text;
}

// `most_kinds` 256: none of the kinds that only a person's word brings.
std::vector<UnitRow> random_rows(SeededRandom& random, std::uint64_t most_kinds = 256) {
  std::vector<UnitRow> rows;
  for (unsigned place = 0; place < chunk_rows; ++place) {
    if (random.below(4) == 0) continue;
    UnitRow one;
    one.place = static_cast<std::uint8_t>(place);
    one.row.state = static_cast<DeliveryState>(random.below(delivery_state_count));
    one.row.attempts = static_cast<std::int32_t>(random.below(3) == 0 ? random.below(1000) : random.below(9));
    one.row.parts = static_cast<std::int32_t>(random.below(5));
    if (random.below(2) == 0) one.row.actual_cost = Money{static_cast<std::int64_t>(random.below(1'000'000)) - 500};
    if (random.below(3) == 0) one.row.due_at = at(static_cast<std::int64_t>(random.below(1'000'000'000)) - 500'000'000);
    one.row.updated_at = at(static_cast<std::int64_t>(random.below(100'000)) - 50'000);
    if (random.below(2) == 0) one.row.sent_at = random.below(2) == 0 ? one.row.updated_at : at(-7);
    one.estimated_cost = Money{static_cast<std::int64_t>(random.below(3)) * 7900};
    one.kinds = static_cast<std::uint16_t>(random.below(3) == 0 ? random.below(most_kinds) : 0);
    for (unsigned kind = 0; kind < delivery_event_kind_count; ++kind) {
      if ((one.kinds >> kind & 1U) == 0) continue;
      one.row.event_rank = std::max(one.row.event_rank, rank_of(static_cast<DeliveryEventKind>(kind)));
    }
    if (random.below(3) == 0) one.reason = {"reason-" + std::to_string(random.below(4)), random.below(2) == 0};
    rows.push_back(std::move(one));
  }
  return rows;
}

TEST(UnitRows, WhateverTheRowsAreTheyComeBack) {
  SeededRandom random(1);
  for (int i = 0; i < 200; ++i) {
    const auto rows = random_rows(random, i % 2 == 0 ? 256 : 1024);
    const auto back = unpack(pack(rows));
    ASSERT_TRUE(back);
    ASSERT_EQ(text_of(*back), text_of(rows));
  }
  EXPECT_TRUE(unpack(pack({}))->empty());
}

TEST(UnitRows, ADamagedItemIsRefusedAndNeverReadBeyondItsEnd) {
  SeededRandom random(2);
  const std::string whole = pack(random_rows(random));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(unpack(whole.substr(0, size)), std::nullopt) << size;
  EXPECT_EQ(unpack(whole + "x"), std::nullopt);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = whole;
    damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    if (const auto rows = unpack(damaged)) {
      for (const UnitRow& one : *rows) ASSERT_LT(one.place, chunk_rows);
    }
  }
}

TEST(UnitRows, AFullUnitCostsOneWriteUnitUntilTheEventsComeAndTwoThen) {
  std::vector<UnitRow> rows;
  SeededRandom random(3);
  for (unsigned place = 0; place < chunk_rows; ++place) {
    UnitRow one;
    one.place = static_cast<std::uint8_t>(place);
    one.row.state = DeliveryState::Delivered;
    one.row.attempts = 1;
    one.row.actual_cost = Money{7900};
    one.row.sent_at = at(static_cast<std::int64_t>(place) * 2);
    one.row.updated_at = at(static_cast<std::int64_t>(random.below(60'000)));
    one.kinds = 3;
    one.estimated_cost = Money{7900};
    rows.push_back(one);
  }
  const std::string packed = pack(rows);
  EXPECT_LE(packed.size(), 1300U) << "delivered and opened, with two times each: the widest row there is";
  for (UnitRow& one : rows) {
    one.row.state = DeliveryState::Accepted;
    one.row.updated_at = *one.row.sent_at;
    one.kinds = 0;
  }
  EXPECT_LE(pack(rows).size(), 550U) << "accepted";
  for (UnitRow& one : rows) {
    one.row = {};
    one.row.updated_at = at(0);
  }
  EXPECT_LE(pack(rows).size(), 280U) << "waiting";
}

TEST(UnitRows, ASummaryCountsWhatTheRowsSay) {
  std::vector<UnitRow> rows(4);
  for (unsigned i = 0; i < rows.size(); ++i) rows[i].place = static_cast<std::uint8_t>(i * 2);
  rows[0].row.due_at = at(500);
  rows[1].row.state = DeliveryState::Delivered;
  rows[1].row.actual_cost = Money{70};
  rows[1].row.sent_at = at(90);
  rows[1].kinds = 1U << static_cast<unsigned>(DeliveryEventKind::Clicked);
  rows[2].row.state = DeliveryState::Sending;
  rows[3].row.due_at = at(400);
  rows[1].estimated_cost = Money{60};
  rows[3].estimated_cost = Money{40};
  const UnitSummary summary = summary_of(rows);
  EXPECT_EQ(summary.counts.planned, 4);
  EXPECT_EQ(summary.counts.waiting, 2);
  EXPECT_EQ(summary.counts.delivered, 1);
  EXPECT_TRUE(summary.counts.adds_up());
  EXPECT_EQ(summary.actual_cost, Money{70});
  EXPECT_EQ(summary.estimated_cost, Money{100});
  EXPECT_EQ(summary.earliest_due, at(400));
  EXPECT_EQ(summary.last_sent_at, at(90));
  EXPECT_EQ(summary.kinds[static_cast<std::size_t>(DeliveryEventKind::Clicked)], 1);
  EXPECT_TRUE(summary.places.test(6));
  EXPECT_FALSE(summary.places.test(5));
}

TEST(PlanChunk, NamesAndBodiesComeBackAndDamageIsRefused) {
  std::vector<PlannedDelivery> rows(3);
  rows[0].contact_id = std::string("a\0\xff", 3);
  rows[1].destination = "+14255550156";
  rows[1].payload = std::string(1000, 'p');
  rows[2].why = "{}";
  rows[2].parts = 300;
  const auto names = unpack_names(pack_names(rows));
  ASSERT_TRUE(names);
  EXPECT_EQ(names->at(0), rows[0].contact_id);
  const std::string packed = pack_bodies(rows);
  const auto bodies = unpack_bodies(packed);
  ASSERT_TRUE(bodies);
  EXPECT_EQ(bodies->at(1).payload, rows[1].payload);
  EXPECT_EQ(bodies->at(2).parts, 300);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_FALSE(unpack_bodies(std::string_view(packed).substr(0, size)));
  }
}

TEST(ByteStream, NumbersTakeAsManyBytesAsTheyNeed) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{-65},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    ByteWriter out;
    out.signed_number(number);
    const std::string bytes = out.take();
    ByteReader in(bytes);
    EXPECT_EQ(in.signed_number(), number);
    EXPECT_TRUE(in.is_whole());
  }
  const std::string endless(11, '\xff');
  ByteReader in(endless);
  EXPECT_EQ(in.number(), 0U);
  EXPECT_FALSE(in.is_whole());
}

}  // namespace
}  // namespace clarion
