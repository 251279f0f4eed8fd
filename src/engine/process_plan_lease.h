#pragma once
// ProcessPlanLease: the PlanLease of one process, in memory.
//
// Threads  one executor.

#include <utility>

#include "ports/plan_lease.h"

namespace clarion {

class ProcessPlanLease final : public PlanLease {
 public:
  Task<Result<std::optional<std::string>>> take(std::string campaign_id) override {
    if (holder_ && *holder_ != campaign_id) co_return holder_;
    holder_ = std::move(campaign_id);
    co_return std::optional<std::string>();
  }
  Task<void> give_back(std::string campaign_id) override {
    if (holder_ == campaign_id) holder_.reset();
    co_return;
  }

 private:
  std::optional<std::string> holder_;
};

}  // namespace clarion
