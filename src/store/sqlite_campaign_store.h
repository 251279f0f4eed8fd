#pragma once
// SqliteCampaignStore: the CampaignStore in clarion.db. Reading works on a database opened ReadOnly too.

#include "ports/campaign_store.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteCampaignStore final : public CampaignStore {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteCampaignStore(SqliteDatabase& database) : database_(database) {}

  Task<Result<Campaign>> create(CampaignDefinition definition, CampaignStatus status, WallTime at) override;
  Task<Result<Campaign>> find(std::string id) override;
  Task<Result<std::vector<Campaign>>> list(std::uint32_t before, std::size_t limit) override;
  Task<Result<Campaign>> change_status(CampaignNumber number, StatusChange change) override;
  Task<Result<void>> set_throughput(CampaignNumber number, double throughput_tps) override;
  Task<Result<CampaignCounts>> counts(CampaignNumber number) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
