#pragma once
// BudgetLedger: how the money of one campaign is divided among the workers that send it. One small book a campaign,
// replaced as a whole where nobody else was faster.
//
// Errors  Unavailable: nothing is certain; whoever cannot write takes no money.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/delivery.h"
#include "domain/money.h"

namespace clarion {

// What one worker has of the budget: spent for certain or perhaps, and may still spend.
struct BudgetShare {
  std::string worker;
  Money spent = {};
  Money held = {};
  bool is_alive = true;  // read only: a worker that has ended spends no more, and gives nothing back
};

struct BudgetBook {
  std::int64_t version = 0;  // 0: there is no book yet
  Money before = {};         // spent by whoever has no share any more
  std::vector<BudgetShare> shares = {};
};

class BudgetLedger {
 public:
  virtual ~BudgetLedger() = default;
  // This worker's name, another one after each start.
  [[nodiscard]] virtual std::string worker() const = 0;
  virtual Task<Result<BudgetBook>> read(CampaignNumber campaign) = 0;
  // False, and nothing is written, when book.version is not the one there any more.
  virtual Task<Result<bool>> write(CampaignNumber campaign, BudgetBook book) = 0;
};

}  // namespace clarion
