#pragma once
// SqliteDeliveryLog: the ledger in clarion.db as people and rules read it. Works on a database opened ReadOnly too.
//
// Cost  find and a page without conditions are look-ups; a page with conditions scans the narrow rows of the campaign,
//       about 50 ms a million, as no column that changes is indexed.

#include "ports/delivery_store.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteDeliveryLog final : public DeliveryLog {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteDeliveryLog(SqliteDatabase& database) : database_(database) {}

  Task<Result<Delivery>> find(DeliveryId id) override;
  Task<Result<std::vector<Delivery>>> list(DeliveryQuery query) override;
  Task<Result<void>> visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) override;
  Task<Result<std::vector<ReasonCount>>> count_reasons(CampaignNumber campaign) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
