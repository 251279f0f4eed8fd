#pragma once
// DynamoBudgetLedger: the books of budgets in the campaigns table, one item a campaign.
//
// Item     pk = budget#number, sk = book: version, before, and for each worker spent_<worker> and held_<worker> in
//          millionths of a dollar. A worker is a process: its name and its instance.
// Threads  any executor.

#include "ports/budget_ledger.h"
#include "store/dynamo_worker.h"

namespace clarion {

class DynamoBudgetLedger final : public BudgetLedger {
 public:
  // REQUIRES: both outlive it.
  DynamoBudgetLedger(DynamoDatabase& database, DynamoWorker& worker) : database_(database), worker_(worker) {}

  [[nodiscard]] std::string worker() const override;
  Task<Result<BudgetBook>> read(CampaignNumber campaign) override;
  Task<Result<bool>> write(CampaignNumber campaign, BudgetBook book) override;

 private:
  Task<Result<BudgetBook>> read_at_home(CampaignNumber campaign);
  Task<Result<bool>> write_at_home(CampaignNumber campaign, BudgetBook book);

  DynamoDatabase& database_;
  DynamoWorker& worker_;
};

}  // namespace clarion
