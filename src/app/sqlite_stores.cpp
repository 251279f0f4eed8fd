#include "app/stores.h"
#include "engine/process_rate_ledger.h"
#include "engine/recording_suppression_store.h"
#include "store/sqlite_campaign_store.h"
#include "store/sqlite_consent_log.h"
#include "store/sqlite_contact_log.h"
#include "store/sqlite_database.h"
#include "store/sqlite_delivery_log.h"
#include "store/sqlite_delivery_store.h"
#include "store/sqlite_message_index.h"
#include "store/sqlite_response_log.h"
#include "store/sqlite_run_history_store.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_segment_store.h"
#include "store/sqlite_suppression_store.h"
#include "store/sqlite_template_store.h"
#include "store/sqlite_token_store.h"

namespace clarion {
namespace {

class SqliteStores final : public Stores {
 public:
  SqliteStores(const Settings& settings, std::unique_ptr<SqliteDatabase> database, Clock& clock)
      : settings_(settings), database_(std::move(database)), clock_(clock), rates_(clock) {}

  CampaignStore& campaigns() override { return campaigns_; }
  DeliveryStore& deliveries() override { return deliveries_; }
  DeliveryLog& log() override { return log_; }
  ResponseLog& responses() override { return responses_; }
  ContactLog& contact_log() override { return contact_log_; }
  PlanLease* plan_lease() override { return nullptr; }
  SegmentStore& segments() override { return segments_; }
  TemplateStore& templates() override { return templates_; }
  SuppressionStore& suppressions() override { return recording_suppressions_; }
  ConsentLog& consents() override { return consents_; }
  TokenStore& tokens() override { return tokens_; }
  RateLedger& rates() override { return rates_; }
  MessageIndex& messages() override { return messages_; }
  RunHistoryStore& runs() override { return runs_; }
  BudgetLedger* budgets() override { return nullptr; }
  [[nodiscard]] bool is_shared() const override { return false; }
  // Whoever has all the records knows where messages wait: the store's index of due rows is the queue.
  [[nodiscard]] WorkRunner* work() override { return nullptr; }
  [[nodiscard]] std::unique_ptr<ContactSource> make_contacts() override {
    return make_file_contacts(settings_.data_dir, !settings_.is_production);
  }
  Task<Result<void>> check() override { co_return co_await database_->write(rewrite_version); }
  Task<void> start() override { co_return; }
  Task<void> close() override { co_return; }

 private:
  Settings settings_;
  std::unique_ptr<SqliteDatabase> database_;
  Clock& clock_;
  SqliteCampaignStore campaigns_{*database_};
  SqliteDeliveryStore deliveries_{*database_};
  SqliteDeliveryLog log_{*database_};
  SqliteResponseLog responses_{*database_};
  SqliteContactLog contact_log_{*database_};
  SqliteSegmentStore segments_{*database_};
  SqliteTemplateStore templates_{*database_};
  SqliteSuppressionStore suppressions_{*database_};
  SqliteConsentLog consents_{*database_};
  RecordingSuppressionStore recording_suppressions_{{.inner = suppressions_, .log = consents_, .clock = clock_}};
  SqliteTokenStore tokens_{*database_};
  SqliteMessageIndex messages_{*database_};
  SqliteRunHistoryStore runs_{*database_};
  // One process has the database, so its bucket is everybody's.
  ProcessRateLedger rates_;
};

}  // namespace

Result<std::unique_ptr<Stores>> open_sqlite_stores(const Settings& settings, Clock& clock) {
  auto database = SqliteDatabase::open(settings.data_dir, OpenMode::ReadWrite);
  if (!database) return std::unexpected(database.error());
  return std::make_unique<SqliteStores>(settings, std::move(*database), clock);
}

}  // namespace clarion
