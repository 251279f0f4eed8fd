// What one message costs in DynamoDB: write units by rate, as docs/cost.md tells them. The emulator counts units as AWS
// does: one for each KB of an item, begun ones whole.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "contract/dynamo_service.h"
#include "contract/ledger_text.h"
#include "engine/exposure.h"
#include "engine/indexed_delivery_store.h"
#include "engine/leasing_rate_ledger.h"
#include "store/dynamo_ledger.h"
#include "store/dynamo_rate_frontier.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

// A message as one from a template is: an address, four variables, the sentence that says why.
PlannedDelivery usual_row(int number) {
  PlannedDelivery row = waiting_row("CUST-" + std::to_string(100'000 + number));
  row.destination = "+14255550" + std::to_string(1000 + number);
  row.payload = R"({"t":"promotion","v":{"name":"Ana Garcia","sku":"laptop-15","discount":"20 %","city":"Bangalore"}})";
  row.why = R"({"channel":"sms","scores":{"sms":0.041,"email":0.018,"whatsapp":0.033},"p":0.9,"explored":false})";
  row.estimated_cost = Money{7'900};
  return row;
}

struct Units {
  double planning = 0;
  double sending = 0;  // claims, outcomes and the delivery item
  [[nodiscard]] double all() const { return planning + sending; }
};

// One worker, as ChannelRunner claims and OutcomeRecorder records at that rate. `has_index`: the message has to be
// found by the carrier's own id.
Units units_of_one_message(double rate, int messages, bool has_index = false) {
  auto stores = make_dynamo_stores();
  const MessageIndexNeed need(has_index);
  IndexedDeliveryStore deliveries(stores->deliveries(), stores->messages(), need);
  const auto written = [] { return DynamoService::shared().client().use().write_units; };
  std::vector<PlannedDelivery> rows;
  for (int i = 0; i < messages; ++i) rows.push_back(usual_row(i));
  Units units;
  double before = written();
  const StartedCampaign started = start_campaign(*stores, std::move(rows));
  units.planning = (written() - before) / messages;
  before = written();
  const auto window = static_cast<std::size_t>(claim_window(rate));
  const double delay = std::chrono::duration<double>(record_delay(rate)).count();
  const auto group = static_cast<std::size_t>(std::ceil(rate * delay));
  int sent = 0;
  std::vector<AttemptRecord> records;
  while (sent < messages) {
    const auto claimed =
        run(stores->deliveries().claim({started.campaign.number, Channel::Sms, started.fence, window, at_second(100)}))
            .value()
            .claimed;
    if (claimed.empty()) {
      ADD_FAILURE() << "nothing to claim";
      break;
    }
    for (const ClaimedDelivery& delivery : claimed) {
      AttemptRecord record;
      record.attempt = delivery.attempt;
      record.channel = Channel::Sms;
      record.to = DeliveryState::Accepted;
      record.provider_id = "7f3c6a52-9d5e-4d0c-8b1e-" + std::to_string(100'000'000'000 + sent);
      record.parts = 1;
      record.cost = Money{7'900};
      record.at = at_second(101);
      records.push_back(std::move(record));
      ++sent;
      if (records.size() < group && sent < messages) continue;
      EXPECT_TRUE(run(deliveries.record(started.campaign.number, started.fence, std::exchange(records, {}))));
    }
  }
  units.sending = (written() - before) / messages;
  return units;
}

class DynamoCost : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
  }
};

TEST_F(DynamoCost, AMessageTakesAtMostThreeWriteUnits) {
  fmt::print("rate     planning  sending  together (write units a message)\n");
  for (const double rate : {1.0, 10.0, 100.0, 1000.0}) {
    const Units units = units_of_one_message(rate, rate < 100 ? 256 : 1024);
    fmt::print("{:6}/s  {:8.3f} {:8.3f}  {:8.3f}\n", rate, units.planning, units.sending, units.all());
    EXPECT_LE(units.all(), 3) << rate;
  }
}

TEST_F(DynamoCost, BeingFoundByTheCarriersOwnIdTakesOneWriteUnitMore) {
  constexpr double rate = 100;
  constexpr int messages = 512;
  const double without = units_of_one_message(rate, messages).all();
  const double with = units_of_one_message(rate, messages, true).all();
  fmt::print("{:.3f} write units a message, {:.3f} with the index\n", without, with);
  EXPECT_NEAR(with - without, 1, 0.05);
}

TEST_F(DynamoCost, ASharedRateTakesAtMostTwoWritesASecondForEachBucket) {
  for (const double rate : {1.0, 10.0, 100.0, 1000.0}) {
    SteppedClock clock;
    const auto database = DynamoService::shared().open(DynamoService::shared().make_tables(), clock);
    DynamoRateFrontier frontier(*database);
    LeasingRateLedger ledger(frontier, clock, 1);
    const auto written = [] { return DynamoService::shared().client().use().write_units; };
    const double before = written();
    const RateLimit limit{.per_second = rate, .burst = std::llround(5 * rate)};
    constexpr int seconds = 20;
    for (int step = 0; step < seconds * 50; ++step) {
      for (int i = 0; i < std::max(1, static_cast<int>(rate / 50)); ++i) {
        ASSERT_TRUE(run(ledger.lease("pool", limit, std::max<std::int64_t>(1, std::llround(rate / 20)))));
      }
      clock.advance(20ms);
    }
    const double each_second = (written() - before) / seconds;
    fmt::print("{:6}/s  {:.2f} write units a second for one bucket\n", rate, each_second);
    EXPECT_LE(each_second, 2.05) << rate;
  }
}

TEST_F(DynamoCost, AskingForALongReasonWritesNothing) {
  auto stores = make_dynamo_stores();
  const auto written = [] { return DynamoService::shared().client().use().write_units; };
  const double before = written();
  DeliveryQuery query;
  query.reason = std::string(1000, 'r');
  EXPECT_TRUE(run(stores->log().list(query))->empty());
  EXPECT_EQ(written(), before);
}

TEST_F(DynamoCost, ALongTextExpiresWithTheLastWhoWroteIt) {
  SteppedClock clock;
  const auto database = DynamoService::shared().open(DynamoService::shared().make_tables(), clock);
  DynamoLedger ledger(*database, "worker", "instance", std::chrono::hours(24));
  const auto expires_after = [&] {
    const auto kept = run(database->run(ledger.keep_reason(std::string(1000, 'r')))).value();
    const std::string digest = kept.text.substr(kept.text.find('#') + 1);
    const auto item = run(database->run(database->client().get_item(
        database->tables().deliveries, dynamo_key("text#" + digest, key_of(std::uint32_t{0})))));
    return number_of(item->value(), expiry_attribute) - 1'800'000'000;
  };
  EXPECT_EQ(expires_after(), 24 * 3600);
  clock.advance(10s);
  EXPECT_EQ(expires_after(), 24 * 3600 + 10);
}

}  // namespace
}  // namespace clarion::testing
