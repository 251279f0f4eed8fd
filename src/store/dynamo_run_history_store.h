#pragma once
// DynamoRunHistoryStore: the RunHistoryStore in the campaigns table: run#<number> / <worker>, one item for each worker.

#include <string>

#include "ports/run_history_store.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoRunHistoryStore final : public RunHistoryStore {
 public:
  // `worker` survives a restart of the process. REQUIRES: the database outlives it.
  DynamoRunHistoryStore(DynamoDatabase& database, const std::string& worker)
      : database_(database), worker_(key_of(worker)) {}

  Task<Result<void>> save(CampaignNumber campaign, std::string history) override;
  Task<Result<std::vector<KeptRun>>> load(CampaignNumber campaign) override;

 private:
  DynamoDatabase& database_;
  std::string worker_;  // as a key
};

}  // namespace clarion
