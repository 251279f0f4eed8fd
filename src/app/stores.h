#pragma once
// Stores: everything that is recorded, of one kind: SQLite on this machine, or DynamoDB for several.
//
// Threads  the stores may be called from anywhere; close() and destruction from the engine's executor.

#include <memory>

#include "app/aws_context.h"
#include "app/contact_source.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/task.h"
#include "ports/budget_ledger.h"
#include "ports/campaign_store.h"
#include "ports/consent_log.h"
#include "ports/contact_log.h"
#include "ports/delivery_store.h"
#include "ports/message_index.h"
#include "ports/plan_lease.h"
#include "ports/rate_ledger.h"
#include "ports/response_log.h"
#include "ports/run_history_store.h"
#include "ports/segment_store.h"
#include "ports/suppression_store.h"
#include "ports/template_store.h"
#include "ports/token_store.h"
#include "store/work_runner.h"

namespace clarion {

class Stores {
 public:
  virtual ~Stores() = default;
  [[nodiscard]] virtual CampaignStore& campaigns() = 0;
  [[nodiscard]] virtual DeliveryStore& deliveries() = 0;
  [[nodiscard]] virtual DeliveryLog& log() = 0;
  [[nodiscard]] virtual ResponseLog& responses() = 0;
  [[nodiscard]] virtual ContactLog& contact_log() = 0;
  // Null where one process has the stores.
  [[nodiscard]] virtual PlanLease* plan_lease() = 0;
  [[nodiscard]] virtual SegmentStore& segments() = 0;
  [[nodiscard]] virtual TemplateStore& templates() = 0;
  // Whatever it adds and removes is an entry of consents().
  [[nodiscard]] virtual SuppressionStore& suppressions() = 0;
  [[nodiscard]] virtual ConsentLog& consents() = 0;
  [[nodiscard]] virtual TokenStore& tokens() = 0;
  [[nodiscard]] virtual RateLedger& rates() = 0;
  [[nodiscard]] virtual MessageIndex& messages() = 0;
  [[nodiscard]] virtual RunHistoryStore& runs() = 0;
  // How processes that share these stores divide a budget; null where there is one only.
  [[nodiscard]] virtual BudgetLedger* budgets() = 0;
  // Other processes may use the same stores at the same time.
  [[nodiscard]] virtual bool is_shared() const = 0;
  // What tells this process, and the others by it, where messages wait; null: nothing does, or need to.
  [[nodiscard]] virtual WorkRunner* work() = 0;
  // Where the contacts are. REQUIRES: the stores outlive it.
  [[nodiscard]] virtual std::unique_ptr<ContactSource> make_contacts() = 0;
  // Whether something could be recorded now, as far as can be known without recording anything; an error says in one
  // sentence why not.
  virtual Task<Result<void>> check() = 0;
  // Begins and ends what runs in the background; close() once nothing else uses the stores.
  virtual Task<void> start() = 0;
  virtual Task<void> close() = 0;
};

// Opens the database of settings.data_dir. Conflict when another process has it.
[[nodiscard]] Result<std::unique_ptr<Stores>> open_sqlite_stores(const Settings& settings, Clock& clock);
// Over the tables of the settings; nothing is contacted. Conflict when another process has the data directory.
// REQUIRES: `aws` outlives them.
[[nodiscard]] Result<std::unique_ptr<Stores>> open_dynamo_stores(const Settings& settings, AwsContext& aws,
                                                                 const asio::any_io_executor& executor);

}  // namespace clarion
