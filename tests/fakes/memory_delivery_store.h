#pragma once
// MemoryDeliveryStore: DeliveryStore and DeliveryLog over a MemoryLedger.

#include <string>
#include <vector>

#include "fakes/memory_ledger.h"
#include "ports/delivery_store.h"

namespace clarion::testing {

class MemoryDeliveryStore final : public DeliveryStore, public DeliveryLog {
 public:
  explicit MemoryDeliveryStore(MemoryLedger& ledger) : ledger_(ledger) {}

  Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) override;
  Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) override;
  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override;
  Task<Result<ClaimReply>> claim(ClaimRequest request) override;
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override;
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override;
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override;

  Task<Result<Delivery>> find(DeliveryId id) override;
  Task<Result<std::vector<Delivery>>> list(DeliveryQuery query) override;
  Task<Result<void>> visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) override;
  Task<Result<std::vector<ReasonCount>>> count_reasons(CampaignNumber campaign) override;

 private:
  MemoryLedger& ledger_;
};

}  // namespace clarion::testing
