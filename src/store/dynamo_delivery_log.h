#pragma once
// DynamoDeliveryLog: the ledger in DynamoDB as people and rules read it.
//
// Cost  a page is found in the units, which lie in memory once they were read, and costs the plan and the delivery
//       items of what it shows; their events lie in the same items. Looking for a contact without naming a campaign reads about 12 bytes a recipient of
//       every campaign until the page is full; what was sent to one customer is one query on its own
//       (docs/dynamodb.md).

#include "ports/delivery_store.h"
#include "store/dynamo_ledger.h"

namespace clarion {

class DynamoDeliveryLog final : public DeliveryLog {
 public:
  // REQUIRES: the ledger outlives it.
  explicit DynamoDeliveryLog(DynamoLedger& ledger) : ledger_(ledger) {}

  Task<Result<Delivery>> find(DeliveryId id) override;
  Task<Result<std::vector<Delivery>>> list(DeliveryQuery query) override;
  Task<Result<void>> visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) override;
  Task<Result<std::vector<ReasonCount>>> count_reasons(CampaignNumber campaign) override;

 private:
  DynamoLedger& ledger_;
};

}  // namespace clarion
