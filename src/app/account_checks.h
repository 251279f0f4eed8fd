#pragma once
// The checks that ask AWS: region, endpoints, credentials, identity, senders and their quotas. Shared by
// `clarion doctor` and start-up.

#include <vector>

#include "app/checks.h"
#include "base/clock.h"
#include "base/task.h"

namespace clarion {

enum class CheckDepth : std::uint8_t {
  StartUp,     // whether requests can be signed and records kept at all
  Everything,  // also what the account says of every sender; paced by AWS's limits of reads, so it takes seconds
  Create       // everything, and tables that are missing are made
};

// Contacts AWS, or what was put in its place, on the caller's executor. Never fails: what cannot be asked is a row.
Task<std::vector<Check>> check_account(const Settings& settings, Clock& clock, CheckDepth depth);

}  // namespace clarion
