#pragma once
// DynamoDeliveryStore: the DeliveryStore in DynamoDB, for any number of workers on one campaign.
//
// Fence     one for each campaign and worker name: an older process of the same name is refused. Workers of different
//           names send the same campaign side by side.
// Claims    a worker takes rows of units that nobody is sending from, or whose owner is dead: what that one left in
//           Sending is in doubt then, unless its delivery item says that the carrier took it.
// Batches   are atomic unit by unit. After an error some of a batch may be recorded: recording it again settles the
//           rest.
// Threads   any executor; the work runs on the database's.

#include "ports/delivery_store.h"
#include "store/dynamo_ledger.h"

namespace clarion {

class DynamoDeliveryStore final : public DeliveryStore {
 public:
  // REQUIRES: the ledger outlives it.
  explicit DynamoDeliveryStore(DynamoLedger& ledger) : ledger_(ledger) {}

  Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) override;
  Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) override;
  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override;
  Task<Result<ClaimReply>> claim(ClaimRequest request) override;
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override;
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override;
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override;

 private:
  DynamoLedger& ledger_;
};

// What the files of this store share.
// NotFound; Conflict when this worker holds another fence of the campaign.
Task<Result<LedgerCampaignPtr>> fenced_campaign(DynamoLedger& ledger, CampaignNumber number, Fence fence);
// What an owner that has ended left in Sending: accepted where its delivery item says so, in doubt otherwise.
Task<Result<void>> abandon_rows(DynamoLedger& ledger, LedgerCampaignPtr campaign, std::size_t slot, std::uint32_t chunk,
                                OpenUnit& open, WallTime now);
Task<Result<void>> record_attempts(DynamoLedger& ledger, CampaignNumber number, Fence fence, AttemptRecords records);
Task<Result<std::vector<EventOutcome>>> apply_delivery_events(DynamoLedger& ledger, std::vector<DeliveryEvent> events);

}  // namespace clarion
