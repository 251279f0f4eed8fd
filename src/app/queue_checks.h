#pragma once
// Queue checks: whether the work queue answers and is set up for what it is used for.

#include <vector>

#include "app/aws_context.h"
#include "app/checks.h"
#include "app/settings.h"

namespace clarion {

// One row when WORK_QUEUE_URL is set and the ledger is shared. Never essential: without the queue work is found in the
// ledger.
Task<void> check_work_queue(const Settings& settings, AwsContext& aws, std::vector<Check>& checks);

}  // namespace clarion
