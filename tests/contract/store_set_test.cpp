// The StoreSets of the contract suites.
#include "contract/store_set.h"

#include <unistd.h>

#include <stdexcept>

#include "contract/dynamo_service.h"
#include "fakes/memory_audience_stores.h"
#include "fakes/memory_campaign_store.h"
#include "fakes/memory_consent_log.h"
#include "fakes/memory_contact_log.h"
#include "fakes/memory_delivery_store.h"
#include "fakes/memory_message_index.h"
#include "fakes/memory_response_log.h"
#include "fakes/memory_run_history_store.h"
#include "fakes/memory_token_store.h"
#include "store/sqlite_campaign_store.h"
#include "store/sqlite_consent_log.h"
#include "store/sqlite_contact_log.h"
#include "store/sqlite_database.h"
#include "store/sqlite_delivery_log.h"
#include "store/sqlite_delivery_store.h"
#include "store/sqlite_message_index.h"
#include "store/sqlite_response_log.h"
#include "store/sqlite_run_history_store.h"
#include "store/sqlite_segment_store.h"
#include "store/sqlite_suppression_store.h"
#include "store/sqlite_template_store.h"
#include "store/sqlite_token_store.h"

namespace clarion::testing {
namespace {

class MemoryStores final : public StoreSet {
 public:
  CampaignStore& campaigns() override { return campaigns_; }
  DeliveryStore& deliveries() override { return deliveries_; }
  DeliveryLog& log() override { return deliveries_; }
  ResponseLog& responses() override { return responses_; }
  ContactLog& contact_log() override { return contact_log_; }
  SegmentStore& segments() override { return segments_; }
  TemplateStore& templates() override { return templates_; }
  SuppressionStore& suppressions() override { return suppressions_; }
  ConsentLog& consents() override { return consents_; }
  TokenStore& tokens() override { return tokens_; }
  MessageIndex& messages() override { return messages_; }
  RunHistoryStore& runs() override { return runs_; }
  void reopen() override {}

 private:
  MemoryLedger ledger_;
  MemoryCampaignStore campaigns_{ledger_};
  MemoryDeliveryStore deliveries_{ledger_};
  MemoryResponseLog responses_{ledger_};
  MemoryContactLog contact_log_{ledger_};
  MemorySegmentStore segments_;
  MemoryTemplateStore templates_;
  MemorySuppressionStore suppressions_;
  MemoryConsentLog consents_;
  MemoryTokenStore tokens_;
  MemoryMessageIndex messages_;
  MemoryRunHistoryStore runs_;
};

class SqliteStores final : public StoreSet {
 public:
  SqliteStores() { reopen(); }
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
    auto database = SqliteDatabase::open(directory_.path(), OpenMode::ReadWrite);
    if (!database) throw std::runtime_error(database.error().message);
    open_ = std::make_unique<Open>(std::move(*database));
  }

 private:
  struct Open {
    explicit Open(std::unique_ptr<SqliteDatabase> opened) : database(std::move(opened)) {}
    std::unique_ptr<SqliteDatabase> database;
    SqliteCampaignStore campaigns{*database};
    SqliteDeliveryStore deliveries{*database};
    SqliteDeliveryLog log{*database};
    SqliteResponseLog responses{*database};
    SqliteContactLog contact_log{*database};
    SqliteSegmentStore segments{*database};
    SqliteTemplateStore templates{*database};
    SqliteSuppressionStore suppressions{*database};
    SqliteConsentLog consents{*database};
    SqliteTokenStore tokens{*database};
    SqliteMessageIndex messages{*database};
    SqliteRunHistoryStore runs{*database};
  };
  TempDirectory directory_;
  std::unique_ptr<Open> open_;
};

}  // namespace

TempDirectory::TempDirectory() {
  // In memory where that exists: the suites make thousands of commits, and an fsync on a busy disk takes long.
  const std::filesystem::path shared_memory = "/dev/shm";
  const auto parent =
      ::access(shared_memory.c_str(), W_OK) == 0 ? shared_memory : std::filesystem::temp_directory_path();
  std::string name = (parent / "clarion-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::unique_ptr<StoreSet> make_memory_stores() {
  return std::make_unique<MemoryStores>();
}
std::unique_ptr<StoreSet> make_sqlite_stores() {
  return std::make_unique<SqliteStores>();
}
std::vector<Storage> all_storages() {
  std::vector<Storage> all{{"Memory", make_memory_stores}, {"Sqlite", make_sqlite_stores}};
  if (DynamoService::is_wanted()) all.push_back({"Dynamo", make_dynamo_stores});
  return all;
}

}  // namespace clarion::testing
