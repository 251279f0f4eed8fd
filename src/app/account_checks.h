#pragma once
// The checks that ask AWS: region, endpoints, credentials, identity. Shared by `clarion doctor` and start-up.

#include <vector>

#include "app/checks.h"
#include "base/clock.h"
#include "base/task.h"

namespace clarion {

// Contacts AWS, or what was put in its place, a few times, on the caller's executor. Never fails: what cannot be asked
// is a row.
Task<std::vector<Check>> check_account(const Settings& settings, Clock& clock);

}  // namespace clarion
