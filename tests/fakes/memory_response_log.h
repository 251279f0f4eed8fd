#pragma once
// MemoryResponseLog: the ResponseLog over a MemoryLedger, added up from its rows each time.

#include "fakes/memory_ledger.h"
#include "ports/response_log.h"

namespace clarion::testing {

class MemoryResponseLog final : public ResponseLog {
 public:
  explicit MemoryResponseLog(MemoryLedger& ledger) : ledger_(ledger) {}
  Task<Result<PerChannel<ChannelResponse>>> responses(CampaignNumber campaign) override;

 private:
  MemoryLedger& ledger_;
};

}  // namespace clarion::testing
