#pragma once
// DynamoPlanLease: the PlanLease of all workers, one item of the campaigns table. A worker that has ended, by its own
// lease (dynamo_worker.h), holds it no longer.
//
// Threads  call from any executor; it works on the database's.

#include "ports/plan_lease.h"
#include "store/dynamo_worker.h"

namespace clarion {

class DynamoPlanLease final : public PlanLease {
 public:
  // REQUIRES: both outlive it.
  DynamoPlanLease(DynamoDatabase& database, DynamoWorker& worker) : database_(database), worker_(worker) {}

  Task<Result<std::optional<std::string>>> take(std::string campaign_id) override;
  Task<void> give_back(std::string campaign_id) override;

 private:
  Task<Result<std::optional<std::string>>> take_here(std::string campaign_id);
  Task<Result<bool>> write(const std::string& campaign_id, DynamoCondition condition);
  Task<Result<void>> give_back_here(std::string campaign_id);

  DynamoDatabase& database_;
  DynamoWorker& worker_;
  std::optional<std::string> holder_;  // in this process
};

}  // namespace clarion
