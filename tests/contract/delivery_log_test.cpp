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

TEST_P(DeliveryLogContract, AListHasTheEventsThatFindHasWhenItIsAskedForThem) {
  // Every third of 100 was heard of, some twice and not in the order of time; another campaign lies beside it.
  std::vector<PlannedDelivery> rows;
  for (std::size_t i = 0; i < 100; ++i)
    rows.push_back(waiting_row(i % 99 == 0 ? "seldom" + std::to_string(i) : "c" + std::to_string(i)));
  const auto started = start(rows);
  const auto other = start({waiting_row("seldom0"), waiting_row("c1")}, "camp-2");
  std::vector<DeliveryEvent> said;
  for (const StartedCampaign& one : {started, other}) {
    const auto claimed = claim(one);
    ASSERT_TRUE(claimed);
    for (std::uint32_t i = 0; i < claimed->claimed.size(); ++i) {
      AttemptRecord record_of_one = ended(one, DeliveryState::Accepted);
      record_of_one.attempt.delivery = id_of(one, i);
      ASSERT_TRUE(record(one, record_of_one));
      if (i % 3 != 0) continue;
      const auto kind = i % 9 == 0 ? DeliveryEventKind::Bounced : DeliveryEventKind::Opened;
      said.push_back({id_of(one, i), kind, at_second(300 + i), "later " + std::to_string(i)});
      if (i % 2 != 0) said.push_back({id_of(one, i), DeliveryEventKind::Delivered, at_second(200 + i), "arrived"});
    }
  }
  ASSERT_EQ(apply(said), said.size());
  const auto text_of_events = [](const Delivery& one) {
    std::string text;
    for (const DeliveryEvent& event : one.events) {
      EXPECT_EQ(event.delivery, one.id);
      text += std::string(to_string(event.kind)) + "@" + std::to_string(event.at.time_since_epoch().count()) + " " +
              event.detail + "; ";
    }
    return text;
  };
  const auto expect_events = [&](std::size_t count, auto set) {
    DeliveryQuery query;
    query.limit = 1000;
    query.with_events = true;
    set(query);
    const auto all = run(stores_->log().list(query)).value();
    EXPECT_EQ(all.size(), count);
    for (const Delivery& one : all) {
      EXPECT_EQ(text_of_events(one), text_of_events(run(stores_->log().find(one.id)).value()))
          << one.campaign_id << " " << one.contact_id;
    }
    query.with_events = false;
    const auto bare = run(stores_->log().list(query)).value();
    EXPECT_TRUE(std::ranges::all_of(bare, [](const Delivery& one) { return one.events.empty(); })) << "not asked for";
    return std::ranges::count_if(all, [](const Delivery& one) { return !one.events.empty(); });
  };
  EXPECT_EQ(expect_events(100, [&](auto& query) { query.campaign = started.campaign.number; }), 34);
  EXPECT_EQ(expect_events(102, [](auto&) {}), 35) << "newest first";
  const auto before_other = [&](auto& query) {
    query.after = id_of(other, 0);
    query.limit = 17;
  };
  EXPECT_EQ(expect_events(17, before_other), 6) << "newest first, side by side";
  const auto arrived = [&](auto& query) {
    query.campaign = started.campaign.number;
    query.state = DeliveryState::Delivered;
  };
  EXPECT_EQ(expect_events(22, arrived), 22) << "some between them have events and are left out";
  EXPECT_EQ(expect_events(2, [](auto& query) { query.contact_id = "seldom0"; }), 2) << "rows far apart";
  EXPECT_EQ(expect_events(0, [](auto& query) { query.contact_id = "nobody"; }), 0);
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
