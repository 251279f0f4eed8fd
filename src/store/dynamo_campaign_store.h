#pragma once
// DynamoCampaignStore: the CampaignStore in the campaigns table; counts and costs come from the ledger's units.
//
// Age      what other workers counted is at most a second old for a campaign that is sent, a minute for one that has
//          ended; this worker's own writes are always in.
// Numbers  from a counter that is raised under a condition; a creation that fails leaves a gap.

#include "ports/campaign_store.h"
#include "store/dynamo_ledger.h"

namespace clarion {

class DynamoCampaignStore final : public CampaignStore {
 public:
  // REQUIRES: the ledger outlives it.
  explicit DynamoCampaignStore(DynamoLedger& ledger) : ledger_(ledger) {}

  Task<Result<Campaign>> create(CampaignDefinition definition, CampaignStatus status, WallTime at) override;
  Task<Result<Campaign>> find(std::string id) override;
  Task<Result<std::vector<Campaign>>> list(std::uint32_t before, std::size_t limit) override;
  Task<Result<Campaign>> change_status(CampaignNumber number, StatusChange change) override;
  Task<Result<void>> set_throughput(CampaignNumber number, double throughput_tps) override;
  Task<Result<CampaignCounts>> counts(CampaignNumber number) override;

 private:
  DynamoLedger& ledger_;
};

}  // namespace clarion
