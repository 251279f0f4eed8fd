#pragma once
// SqliteRunHistoryStore: the RunHistoryStore in clarion.db. One process has the database, so every history is its own.

#include "ports/run_history_store.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteRunHistoryStore final : public RunHistoryStore {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteRunHistoryStore(SqliteDatabase& database) : database_(database) {}

  Task<Result<void>> save(CampaignNumber campaign, std::string history) override;
  Task<Result<std::vector<KeptRun>>> load(CampaignNumber campaign) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
