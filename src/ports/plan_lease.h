#pragma once
// PlanLease: who plans now. Plans that keep to frequency caps are made one at a time, because each has to see what the
// ones before it are going to send.
//
// Errors  Unavailable: it is not known who has it; do not plan.

#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"

namespace clarion {

class PlanLease {
 public:
  virtual ~PlanLease() = default;
  // Takes the lease for this campaign, or keeps it: then nullopt. Otherwise the campaign that has it.
  virtual Task<Result<std::optional<std::string>>> take(std::string campaign_id) = 0;
  // Best effort; what a process held ends with it. Nothing happens when another campaign has it.
  virtual Task<void> give_back(std::string campaign_id) = 0;
};

}  // namespace clarion
