// The DynamoDB emulator of the contract suites, and its StoreSet.
#include "contract/dynamo_service.h"

#include <cstdlib>
#include <stdexcept>

#include "store/dynamo_campaign_store.h"
#include "store/dynamo_consent_log.h"
#include "store/dynamo_contact_log.h"
#include "store/dynamo_delivery_log.h"
#include "store/dynamo_delivery_store.h"
#include "store/dynamo_message_index.h"
#include "store/dynamo_response_log.h"
#include "store/dynamo_run_history_store.h"
#include "store/dynamo_segment_store.h"
#include "store/dynamo_suppression_store.h"
#include "store/dynamo_template_store.h"
#include "store/dynamo_token_store.h"

namespace clarion::testing {
namespace {

class DynamoStores final : public StoreSet {
 public:
  DynamoStores() : tables_(DynamoService::shared().make_tables()) { reopen(); }
  CampaignStore& campaigns() override { return open_->campaigns; }
  DeliveryStore& deliveries() override { return open_->deliveries; }
  DeliveryLog& log() override { return open_->log; }
  ResponseLog& responses() override { return open_->responses; }
  ContactLog& contact_log() override { return open_->contact_log; }
  SegmentStore& segments() override { return open_->segments; }
  TemplateStore& templates() override { return open_->templates; }
  SuppressionStore& suppressions() override { return open_->suppressions; }
  ConsentLog& consents() override { return open_->consents; }
  TokenStore& tokens() override { return open_->tokens; }
  MessageIndex& messages() override { return open_->messages; }
  RunHistoryStore& runs() override { return open_->runs; }
  void reopen() override {
    open_.reset();
    open_ =
        std::make_unique<Open>(DynamoService::shared().open(tables_, clock_), "process-" + std::to_string(++starts_));
  }

 private:
  struct Open {
    Open(std::unique_ptr<DynamoDatabase> opened, std::string instance)
        : database(std::move(opened)), ledger(*database, "worker-1", std::move(instance)) {}
    std::unique_ptr<DynamoDatabase> database;
    DynamoLedger ledger;
    DynamoCampaignStore campaigns{ledger};
    DynamoDeliveryStore deliveries{ledger};
    DynamoDeliveryLog log{ledger};
    DynamoResponseLog responses{ledger};
    DynamoContactLog contact_log{ledger};
    DynamoSegmentStore segments{*database};
    DynamoTemplateStore templates{*database};
    DynamoSuppressionStore suppressions{*database};
    DynamoConsentLog consents{*database};
    DynamoTokenStore tokens{*database};
    DynamoMessageIndex messages{*database};
    DynamoRunHistoryStore runs{*database, "worker-1"};
  };
  SystemClock clock_;
  DynamoTableNames tables_;
  int starts_ = 0;
  std::unique_ptr<Open> open_;
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

std::unique_ptr<StoreSet> make_dynamo_stores() {
  return std::make_unique<DynamoStores>();
}

}  // namespace clarion::testing
