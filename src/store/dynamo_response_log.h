#pragma once
// DynamoResponseLog: the ResponseLog over the ledger's units.

#include "store/dynamo_ledger.h"

namespace clarion {

class DynamoResponseLog final : public ResponseLog {
 public:
  // REQUIRES: the ledger outlives it.
  explicit DynamoResponseLog(DynamoLedger& ledger) : ledger_(ledger) {}

  Task<Result<PerChannel<ChannelResponse>>> responses(CampaignNumber campaign) override;

 private:
  DynamoLedger& ledger_;
};

}  // namespace clarion
