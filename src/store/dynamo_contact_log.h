#pragma once
// DynamoContactLog: the ContactLog over the ledger's units, of every worker. A million rows are about 8 MB of units and
// 12 MB of contact ids, of which what this worker knows already is not read again.

#include "ports/contact_log.h"
#include "store/dynamo_ledger.h"

namespace clarion {

class DynamoContactLog final : public ContactLog {
 public:
  // REQUIRES: the ledger outlives it.
  explicit DynamoContactLog(DynamoLedger& ledger) : ledger_(ledger) {}

  Task<Result<void>> visit_pending(std::function<void(const PendingContact&)> visit) override;
  Task<Result<void>> visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) override;

 private:
  DynamoLedger& ledger_;
};

}  // namespace clarion
