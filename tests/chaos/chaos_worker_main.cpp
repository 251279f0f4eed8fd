// chaos_worker DIRECTORY PORT CAMPAIGN: runs the campaign, made when it does not exist, over the SQLite ledger and a
// CarrierStandIn; prints "ready" once everything is resumed, and ends when the campaign does. Made to be killed.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>

#include "base/log.h"
#include "chaos/chaos_worker.h"
#include "engine/campaign_engine.h"
#include "engine/process_rate_ledger.h"
#include "store/sqlite_campaign_store.h"
#include "store/sqlite_delivery_store.h"
#include "support/carrier_stand_in.h"

namespace clarion::testing {
namespace {

class ChaosPlan final : public PlanSource {
 public:
  explicit ChaosPlan(std::string campaign) : campaign_(std::move(campaign)) {}
  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) override {
    std::vector<PlannedDelivery> rows;
    // Small batches, so that a kill can come between two of them.
    for (; made_ < chaos_recipients && rows.size() < std::min<std::size_t>(limit, 250); ++made_) {
      PlannedDelivery& row = rows.emplace_back();
      row.contact_id = chaos_contact(campaign_, made_);
      row.channel = Channel::Sms;
      row.destination = "+14255550156";
      row.payload = "hello";
    }
    co_return rows;
  }
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override { return chaos_recipients; }

 private:
  std::string campaign_;
  int made_ = 0;
};

class TextRenderer final : public MessageRenderer {
 public:
  [[nodiscard]] Result<MessageBody> render(Channel, std::string_view payload) const override {
    return SmsBody{.text = std::string(payload)};
  }
};

Task<int> work(CampaignEngine& engine, CampaignStore& campaigns, Clock& clock, std::string id) {
  if (const auto resumed = co_await engine.resume_all(); !resumed) co_return 1;
  if (const auto found = co_await campaigns.find(id); !found) {
    CampaignDefinition definition;
    definition.id = id;
    definition.throughput_tps = chaos_tps;
    if (!co_await engine.create_and_start(std::move(definition), nullptr)) co_return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  const auto done = co_await engine.wait(id, clock.now() + std::chrono::seconds(120));
  co_await engine.stop(clock.now() + std::chrono::seconds(5));
  co_return done && done->campaign.status == CampaignStatus::Completed ? 0 : 1;
}

int run(const char* directory, std::uint16_t port, std::string id) {
  auto database = SqliteDatabase::open(directory, OpenMode::ReadWrite);
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().message.c_str());
    return 1;
  }
  asio::io_context context{1};
  SystemClock clock;
  SqliteCampaignStore campaigns(**database);
  SqliteDeliveryStore deliveries(**database);
  ProcessRateLedger rates(clock);
  LoopbackSender sender(port);
  CampaignEngine engine(CampaignEngine::Deps{
      .campaigns = campaigns,
      .deliveries = deliveries,
      .rates = rates,
      .senders = {{&sender, &sender, &sender}},
      .clock = clock,
      .make_renderer = [](const CampaignDefinition&) -> Result<std::shared_ptr<const MessageRenderer>> {
        return std::make_shared<TextRenderer>();
      },
      .make_plan_source = [](const Campaign& campaign) -> Result<std::unique_ptr<PlanSource>> {
        return std::make_unique<ChaosPlan>(campaign.definition.id);
      },
      .max_in_flight = chaos_max_in_flight});
  int code = 1;
  asio::co_spawn(context, work(engine, campaigns, clock, std::move(id)),
                 [&code](const std::exception_ptr& failure, int result) { code = failure ? 1 : result; });
  context.run();
  return code;
}

}  // namespace
}  // namespace clarion::testing

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  clarion::set_log_level(clarion::LogLevel::Error);
  return clarion::testing::run(argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])), argv[3]);
}
