// The DynamoDB emulator of the contract suites, and its StoreSet.
#include "contract/dynamo_service.h"

#include <cstdlib>
#include <stdexcept>

#include "fakes/memory_campaign_store.h"
#include "fakes/memory_delivery_store.h"
#include "fakes/memory_response_log.h"
#include "store/dynamo_segment_store.h"
#include "store/dynamo_suppression_store.h"
#include "store/dynamo_template_store.h"
#include "store/dynamo_token_store.h"

namespace clarion::testing {
namespace {

class DynamoStores final : public StoreSet {
 public:
  DynamoStores() : tables_(DynamoService::shared().make_tables()) { reopen(); }
  CampaignStore& campaigns() override { return campaigns_; }
  DeliveryStore& deliveries() override { return deliveries_; }
  DeliveryLog& log() override { return deliveries_; }
  ResponseLog& responses() override { return responses_; }
  SegmentStore& segments() override { return open_->segments; }
  TemplateStore& templates() override { return open_->templates; }
  SuppressionStore& suppressions() override { return open_->suppressions; }
  TokenStore& tokens() override { return open_->tokens; }
  void reopen() override {
    open_.reset();
    open_ = std::make_unique<Open>(DynamoService::shared().open(tables_, clock_));
  }

 private:
  struct Open {
    explicit Open(std::unique_ptr<DynamoDatabase> opened) : database(std::move(opened)) {}
    std::unique_ptr<DynamoDatabase> database;
    DynamoSegmentStore segments{*database};
    DynamoTemplateStore templates{*database};
    DynamoSuppressionStore suppressions{*database};
    DynamoTokenStore tokens{*database};
  };
  SystemClock clock_;
  DynamoTableNames tables_;
  std::unique_ptr<Open> open_;
  MemoryLedger ledger_;
  MemoryCampaignStore campaigns_{ledger_};
  MemoryDeliveryStore deliveries_{ledger_};
  MemoryResponseLog responses_{ledger_};
};

}  // namespace

bool DynamoService::is_wanted() {
  return std::getenv("CLARION_TEST_DYNAMO") != nullptr;
}

DynamoService& DynamoService::shared() {
  static DynamoService service;
  return service;
}

DynamoService::DynamoService()
    : transport_(context_.get_executor(), clock_, {}),
      caller_({transport_, credentials_, clock_}, {{false, "127.0.0.1", emulator_.port()}, "", "us-east-1", "dynamodb"},
              std::chrono::seconds(20)),
      client_({.caller = caller_, .clock = clock_}),
      thread_([this] { context_.run(); }) {}

DynamoService::~DynamoService() {
  asio::co_spawn(context_, transport_.close(), asio::use_future).get();
  work_.reset();
}

DynamoTableNames DynamoService::make_tables() {
  const std::string number = std::to_string(++tables_made_);
  DynamoTableNames tables{.campaigns = "campaigns-" + number,
                          .deliveries = "deliveries-" + number,
                          .rates = "rates-" + number,
                          .contacts = "contacts-" + number};
  const auto database = open(tables, clock_);
  if (const auto made = clarion::testing::run(database->run(database->create_tables())); !made) {
    throw std::runtime_error(made.error().message + " " + made.error().detail);
  }
  return tables;
}

std::unique_ptr<DynamoDatabase> DynamoService::open(DynamoTableNames tables, Clock& clock) {
  return std::make_unique<DynamoDatabase>(executor(), client_, clock, std::move(tables));
}

std::vector<Storage> storages_with_dynamo() {
  auto all = all_storages();
  if (DynamoService::is_wanted()) all.push_back({"Dynamo", [] { return std::make_unique<DynamoStores>(); }});
  return all;
}

}  // namespace clarion::testing
