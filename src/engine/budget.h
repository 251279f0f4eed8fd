#pragma once
// Budget: a hard cap on what one campaign may cost. Money is reserved before a message leaves.

#include <algorithm>
#include <optional>

#include "domain/money.h"

namespace clarion {

class Budget {
 public:
  Budget(std::optional<Money> cap, Money spent) : cap_(cap), spent_(spent) {}

  // False, and nothing is reserved, when the cap could be passed; is_reached() from then on.
  [[nodiscard]] bool reserve(Money planned) {
    if (cap_ && spent_ + reserved_ + planned > *cap_) {
      is_reached_ = true;
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

  [[nodiscard]] bool is_reached() const { return is_reached_; }
  [[nodiscard]] std::optional<Money> cap() const { return cap_; }
  [[nodiscard]] Money spent() const { return spent_; }

 private:
  std::optional<Money> cap_;
  Money spent_;
  Money reserved_;
  bool is_reached_ = false;
};

}  // namespace clarion
