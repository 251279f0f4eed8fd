#pragma once
// SqliteDeliveryStore: the DeliveryStore in clarion.db.
//
// Every call is one piece of work for the database's writer; calls that wait together share one transaction.
// skip_waiting goes through a long plan in stretches, so that it holds nobody else up: when it fails it may have
// moved some rows, and calling it again moves the rest.

#include <memory>

#include "ports/delivery_store.h"
#include "store/sqlite_database.h"
#include "store/sqlite_ledger.h"

namespace clarion {

class SqliteDeliveryStore final : public DeliveryStore {
 public:
  // REQUIRES: the only one of its database, which outlives it.
  explicit SqliteDeliveryStore(SqliteDatabase& database);
  ~SqliteDeliveryStore() override;

  Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) override;
  Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) override;
  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override;
  Task<Result<ClaimReply>> claim(ClaimRequest request) override;
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override;
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override;
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override;

 private:
  SqliteDatabase& database_;
  std::shared_ptr<SqliteLedger> ledger_;  // shared with work that is still queued; used on the writer thread only
};

}  // namespace clarion
