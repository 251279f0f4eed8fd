#pragma once
// SharedBudget: keeps one campaign's cap over several processes. Each draws slices of it from the BudgetLedger and
// spends nothing else, so that what all have spent and still hold never passes the cap.
//
// Bound     a slice is granted by replacing the whole book, where nobody else was faster; a share says what its worker
//           has spent and holds at most, because what it spends later comes out of what it holds.
// The end   a worker that finds no room gives back what is too little for a message, and waits for what others hold.
//           When nobody alive holds anything, the ledger of deliveries says what was really spent: so a dead worker's
//           slice is given back, less what it may have sent.
// Errors    without the BudgetLedger nothing is granted, and sending ends with the slice.
// Threads   one executor. stop(), then the group's join(), then close(), before destruction.

#include <functional>

#include "base/alarm.h"
#include "engine/budget.h"
#include "ports/budget_ledger.h"

namespace clarion {

class SharedBudget {
 public:
  struct Deps {
    BudgetLedger& ledger;
    Clock& clock;
    CampaignNumber campaign{};
    Budget& budget;  // made by Budget::shared
    // What the campaign has cost or may yet have cost, all workers together, by the ledger of deliveries.
    std::function<Task<Result<Money>>()> committed;
    std::function<void()> on_change;  // something was granted, or the budget is reached
  };
  explicit SharedBudget(Deps deps) : deps_(std::move(deps)), alarm_(deps_.clock) {}

  Task<void> run();
  void stop();
  // Says what was spent and gives back the rest. REQUIRES: nothing of this campaign is under way here any more.
  Task<void> close();

 private:
  enum class Draw : std::uint8_t { Done, Wait, Again };

  Task<Draw> draw();
  // Nobody has anything left: is there really no money?
  Task<Draw> settle_the_end(BudgetBook book);
  Task<Result<bool>> write(BudgetBook book, Money granted);
  [[nodiscard]] Money slice();
  [[nodiscard]] BudgetShare& my_share(BudgetBook& book) const;

  Deps deps_;
  Alarm alarm_;
  bool is_stopping_ = false;
  bool is_open_ = false;
  Money spent_before_;   // by this worker, in its share, before this run
  Money spent_at_draw_;  // to see how fast it goes
};

}  // namespace clarion
