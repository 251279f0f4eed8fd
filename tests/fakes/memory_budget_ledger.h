#pragma once
// MemoryBudgetLedger: one worker's view of the books that all workers of a test share.

#include <map>
#include <set>

#include "ports/budget_ledger.h"

namespace clarion::testing {

struct MemoryBudgetBooks {
  std::map<CampaignNumber, BudgetBook> books;
  std::set<std::string> dead;
  bool is_down = false;
};

class MemoryBudgetLedger final : public BudgetLedger {
 public:
  MemoryBudgetLedger(MemoryBudgetBooks& books, std::string worker) : books_(books), worker_(std::move(worker)) {}

  [[nodiscard]] std::string worker() const override { return worker_; }
  Task<Result<BudgetBook>> read(CampaignNumber campaign) override {
    if (books_.is_down) co_return fail(ErrorKind::Unavailable, "the table does not answer");
    BudgetBook book = books_.books[campaign];
    for (BudgetShare& share : book.shares) share.is_alive = !books_.dead.contains(share.worker);
    co_return book;
  }
  Task<Result<bool>> write(CampaignNumber campaign, BudgetBook book) override {
    if (books_.is_down) co_return fail(ErrorKind::Unavailable, "the table does not answer");
    BudgetBook& there = books_.books[campaign];
    if (there.version != book.version) co_return false;
    there = std::move(book);
    ++there.version;
    co_return true;
  }

 private:
  MemoryBudgetBooks& books_;
  std::string worker_;
};

}  // namespace clarion::testing
