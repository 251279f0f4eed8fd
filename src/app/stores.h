#pragma once
// Stores: everything that is recorded, of one kind: SQLite on this machine.
//
// Threads  the stores may be called from anywhere; close() and destruction from the engine's executor.

#include <memory>

#include "app/settings.h"
#include "base/clock.h"
#include "base/task.h"
#include "ports/campaign_store.h"
#include "ports/delivery_store.h"
#include "ports/rate_ledger.h"
#include "ports/response_log.h"
#include "ports/segment_store.h"
#include "ports/suppression_store.h"
#include "ports/template_store.h"
#include "ports/token_store.h"

namespace clarion {

class Stores {
 public:
  virtual ~Stores() = default;
  [[nodiscard]] virtual CampaignStore& campaigns() = 0;
  [[nodiscard]] virtual DeliveryStore& deliveries() = 0;
  [[nodiscard]] virtual DeliveryLog& log() = 0;
  [[nodiscard]] virtual ResponseLog& responses() = 0;
  [[nodiscard]] virtual SegmentStore& segments() = 0;
  [[nodiscard]] virtual TemplateStore& templates() = 0;
  [[nodiscard]] virtual SuppressionStore& suppressions() = 0;
  [[nodiscard]] virtual TokenStore& tokens() = 0;
  [[nodiscard]] virtual RateLedger& rates() = 0;
};

// Opens the database of settings.data_dir. Conflict when another process has it.
[[nodiscard]] Result<std::unique_ptr<Stores>> open_sqlite_stores(const Settings& settings, Clock& clock);

}  // namespace clarion
