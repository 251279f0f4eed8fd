#pragma once
// RunHistoryStore: how campaigns ran over time, kept so that a chart outlives the process that counted it.
//
// What is lost when it cannot be kept is a few seconds of a chart: nothing waits for it, nothing is decided by it.
// Errors   Unavailable, NotFound (no such campaign).
// Threads  call from any executor; the Task resumes on the caller's.

#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/delivery.h"

namespace clarion {

struct KeptRun {
  std::string history;  // as it was saved
  bool is_own = false;  // by the same worker, perhaps before it was started again
};

class RunHistoryStore {
 public:
  virtual ~RunHistoryStore() = default;
  // In place of what this worker saved of the campaign before.
  virtual Task<Result<void>> save(CampaignNumber campaign, std::string history) = 0;
  // Of every worker that saved one; in no order.
  virtual Task<Result<std::vector<KeptRun>>> load(CampaignNumber campaign) = 0;
};

}  // namespace clarion
