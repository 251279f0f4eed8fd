#pragma once
// MemoryContactLog: the ContactLog over a MemoryLedger.

#include "fakes/memory_ledger.h"
#include "ports/contact_log.h"

namespace clarion::testing {

class MemoryContactLog final : public ContactLog {
 public:
  explicit MemoryContactLog(MemoryLedger& ledger) : ledger_(ledger) {}
  Task<Result<void>> visit_pending(std::function<void(const PendingContact&)> visit) override;
  Task<Result<void>> visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) override;

 private:
  MemoryLedger& ledger_;
};

}  // namespace clarion::testing
