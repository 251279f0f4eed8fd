#pragma once
// Budget: a hard cap on what one campaign may cost. Money is reserved before a message leaves.
//
// Shared  when several processes send the campaign, each spends only what it was granted (shared_budget.h).

#include <algorithm>
#include <optional>

#include "domain/money.h"

namespace clarion {

class Budget {
 public:
  Budget(std::optional<Money> cap, Money spent) : cap_(cap), spent_(spent), allowance_(cap) {}
  // Nothing is granted yet.
  static Budget shared(Money cap) {
    Budget budget(cap, Money{});
    budget.allowance_ = Money{};
    budget.short_of_ = Money{1};
    budget.is_shared_ = true;
    return budget;
  }

  // False, and nothing is reserved, when the cap, or what was granted of it, could be passed; is_short() from then on.
  [[nodiscard]] bool reserve(Money planned) {
    if (allowance_ && spent_ + reserved_ + planned > *allowance_) {
      is_reached_ = is_reached_ || !is_shared_;
      short_of_ = std::max(short_of_, planned);
      return false;
    }
    reserved_ += planned;
    return true;
  }
  // The reservation ends; `cost` is zero for what was not accepted, and the planned cost for what is in doubt.
  void settle(Money planned, Money cost) {
    reserved_ = reserved_ - planned;
    spent_ += cost;
  }

  // More may be spent here. REQUIRES: shared.
  void grant(Money more) {
    allowance_ = *allowance_ + more;
    if (left() >= short_of_) short_of_ = Money{};
  }
  // What is neither spent nor reserved may be spent elsewhere from now on. REQUIRES: shared.
  void give_up_rest() { allowance_ = spent_ + reserved_; }
  // There is no money left for the next message, here or elsewhere.
  void reach(Money spent_by_all) {
    is_reached_ = true;
    spent_by_all_ = spent_by_all;
  }

  [[nodiscard]] bool is_reached() const { return is_reached_; }
  // No room for the next message now, which costs `short_of`.
  [[nodiscard]] bool is_short() const { return is_reached_ || short_of_ > Money{}; }
  [[nodiscard]] Money short_of() const { return short_of_; }
  [[nodiscard]] std::optional<Money> cap() const { return cap_; }
  [[nodiscard]] Money spent() const { return spent_; }
  [[nodiscard]] Money spent_by_all() const { return spent_by_all_.value_or(spent_); }
  [[nodiscard]] Money reserved() const { return reserved_; }
  // REQUIRES: there is a cap.
  [[nodiscard]] Money left() const { return *allowance_ - spent_ - reserved_; }

 private:
  std::optional<Money> cap_;
  Money spent_;
  Money reserved_;
  std::optional<Money> allowance_;  // what may be spent here; the cap when nobody else sends
  Money short_of_;
  std::optional<Money> spent_by_all_;
  bool is_shared_ = false;
  bool is_reached_ = false;
};

}  // namespace clarion
