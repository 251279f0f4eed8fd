// Contract of DeliveryLog, over memory and SQLite alike.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "contract/delivery_fixture.h"

namespace clarion::testing {
namespace {

class DeliveryLogContract : public DeliveryFixture {};

TEST_P(DeliveryLogContract, ThePagesOfAListMeetWithoutGapOrOverlap) {
  std::vector<PlannedDelivery> rows;
  for (std::size_t i = 0; i < 300; ++i) rows.push_back(waiting_row("c" + std::to_string(i), all_channels[i % 3]));
  const auto started = start(rows);
  start({waiting_row("other")}, "camp-2");
  ASSERT_TRUE(claim(started, 50));
  for (const bool in_campaign : {true, false}) {
    DeliveryQuery query;
    if (in_campaign) query.campaign = started.campaign.number;
    query.limit = 7;
    std::vector<DeliveryId> seen;
    while (true) {
      const auto page = run(stores_->log().list(query)).value();
      if (page.empty()) break;
      EXPECT_LE(page.size(), 7U);
      for (const Delivery& one : page) seen.push_back(one.id);
      query.after = page.back().id;
    }
    EXPECT_EQ(seen.size(), in_campaign ? 300U : 301U);
    EXPECT_TRUE(in_campaign ? std::ranges::is_sorted(seen) : std::ranges::is_sorted(seen, std::greater{}));
    EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
  }
}

TEST_P(DeliveryLogContract, AListIsFilteredByStateChannelContactAndReason) {
  PlannedDelivery skipped = waiting_row("c2", Channel::Email);
  skipped.state = DeliveryState::Skipped;
  skipped.reason = "quiet_hours";
  const auto started = start({waiting_row("c0"), waiting_row("c1"), skipped, waiting_row("c3")});
  ASSERT_TRUE(claim(started, 2));
  ASSERT_TRUE(record(started, ended(started, DeliveryState::Accepted)));
  AttemptRecord second = ended(started, DeliveryState::Accepted);
  second.attempt.delivery = id_of(started, 1);
  ASSERT_TRUE(record(started, second));
  apply({event(started, DeliveryEventKind::Delivered)});
  const auto contacts = [&](auto set) {
    DeliveryQuery query;
    query.campaign = started.campaign.number;
    set(query);
    std::string text;
    const auto all = run(stores_->log().list(query)).value();
    for (const Delivery& one : all) text += one.contact_id + " ";
    return text;
  };
  EXPECT_EQ(contacts([](auto& query) { query.state = DeliveryState::Accepted; }), "c0 c1 ");
  EXPECT_EQ(contacts([](auto& query) { query.state = DeliveryState::Delivered; }), "c0 ");
  EXPECT_EQ(contacts([](auto& query) { query.state = DeliveryState::Waiting; }), "c3 ");
  EXPECT_EQ(contacts([](auto& query) { query.channel = Channel::Email; }), "c2 ");
  EXPECT_EQ(contacts([](auto& query) { query.contact_id = "c3"; }), "c3 ");
  EXPECT_EQ(contacts([](auto& query) { query.reason = "quiet_hours"; }), "c2 ");
  EXPECT_EQ(contacts([](auto& query) { query.reason = "never_used"; }), "");
  EXPECT_EQ(contacts([](auto& query) { query.limit = 0; }), "");
}

TEST_P(DeliveryLogContract, RecentContactsAreTheOnesACarrierMayHave) {
  const auto started = start({waiting_row("accepted"), waiting_row("in_doubt"), waiting_row("failed"),
                              waiting_row("waiting"), waiting_row("sending"), waiting_row("bounced")});
  ASSERT_TRUE(claim(started, 6));
  const std::array ends{DeliveryState::Accepted, DeliveryState::InDoubt, DeliveryState::Failed, DeliveryState::Waiting};
  for (std::uint32_t i = 0; i < ends.size(); ++i) {
    AttemptRecord one = ended(started, ends[i]);
    one.attempt.delivery = id_of(started, i);
    one.at = at_second(110 + i);
    ASSERT_TRUE(record(started, one));
  }
  AttemptRecord bounced = ended(started, DeliveryState::Accepted);
  bounced.attempt.delivery = id_of(started, 5);
  ASSERT_TRUE(record(started, bounced));
  apply({DeliveryEvent{id_of(started, 5), DeliveryEventKind::Bounced, at_second(300), ""}});
  const auto since = [&](std::int64_t second) {
    std::string text;
    EXPECT_TRUE(run(stores_->log().visit_recent(
        at_second(second), [&](const RecentContact& recent) { text += std::string(recent.contact_id) + " "; })));
    return text;
  };
  EXPECT_EQ(since(110), "accepted in_doubt bounced ");
  EXPECT_EQ(since(111), "in_doubt ");
  EXPECT_EQ(since(112), "");
}

TEST_P(DeliveryLogContract, AnyBytesComeBackUnchanged) {
  const std::string nul("a\0b", 3);
  const std::string quotes = R"('"; DROP TABLE delivery; -- %s {} \)";
  const std::string broken = "\xff\xfe\xc3(\x80";
  const std::string large(1'000'000, 'x');
  std::uint32_t number = 0;
  for (const std::string& text : {nul, quotes, broken, large, std::string()}) {
    PlannedDelivery row = waiting_row(text);
    row.destination = text;
    row.payload = text;
    row.why = text;
    PlannedDelivery skipped = row;
    skipped.state = DeliveryState::Skipped;
    skipped.reason = text;
    const auto started = start({row, skipped}, "camp-" + std::to_string(number++));
    const auto claimed = claim(started).value().claimed;
    ASSERT_EQ(claimed.size(), 1U);
    EXPECT_EQ(claimed[0].contact_id, text);
    EXPECT_EQ(claimed[0].payload, text);
    AttemptRecord one = ended(started, DeliveryState::Failed);
    one.reason = text;
    one.provider_id = text;
    ASSERT_TRUE(record(started, one));
    DeliveryEvent said = event(started, DeliveryEventKind::Complained);
    said.detail = text;
    EXPECT_EQ(apply({said}), 1U);
    stores_->reopen();
    const Delivery back = first(started);
    EXPECT_EQ(back.contact_id, text);
    EXPECT_EQ(back.destination, text);
    EXPECT_EQ(back.why, text);
    EXPECT_EQ(back.reason, text);
    EXPECT_EQ(back.provider_id, text);
    EXPECT_EQ(back.events.at(0).detail, text);
    DeliveryQuery query;
    query.campaign = started.campaign.number;
    query.contact_id = text;
    query.reason = text;
    EXPECT_EQ(run(stores_->log().list(query))->size(), 2U);
    EXPECT_EQ(run(stores_->log().count_reasons(started.campaign.number))->size(), 2U);
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, DeliveryLogContract, ::testing::ValuesIn(all_storages()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace clarion::testing
