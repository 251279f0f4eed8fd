#pragma once
// What AWS says of each sender: does it exist, may it send, how fast, and where do its events go.

#include <vector>

#include "app/aws_context.h"
#include "app/checks.h"
#include "base/task.h"

namespace clarion {

// One to four rows for each channel that is set up. A read that is not allowed is a warning that names the permission.
Task<void> check_senders(const Settings& settings, AwsContext& aws, std::vector<Check>& checks);

}  // namespace clarion
