#pragma once
// MemoryCampaignStore: the CampaignStore over a MemoryLedger.

#include <string>
#include <vector>

#include "fakes/memory_ledger.h"
#include "ports/campaign_store.h"

namespace clarion::testing {

class MemoryCampaignStore final : public CampaignStore {
 public:
  explicit MemoryCampaignStore(MemoryLedger& ledger) : ledger_(ledger) {}

  Task<Result<Campaign>> create(CampaignDefinition definition, CampaignStatus status, WallTime at) override;
  Task<Result<Campaign>> find(std::string id) override;
  Task<Result<std::vector<Campaign>>> list(std::uint32_t before, std::size_t limit) override;
  Task<Result<Campaign>> change_status(CampaignNumber number, StatusChange change) override;
  Task<Result<void>> set_throughput(CampaignNumber number, double throughput_tps) override;
  std::optional<Error> counts_failure;  // of the next calls of counts
  Task<Result<CampaignCounts>> counts(CampaignNumber number) override;

  int turns_after_create = 0;  // others run so often between a campaign's creation and its answer

 private:
  MemoryLedger& ledger_;
};

}  // namespace clarion::testing
