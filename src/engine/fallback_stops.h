#pragma once
// Who said stop at an address that had bounced before. A suppression keeps its oldest reason, so that one of a bounce
// hides it: only the log of consents knows.
//
// Cost  a look-up of the suppressions with all addresses, and one of the log for each that has bounced.

#include <set>
#include <span>
#include <string>
#include <vector>

#include "ports/consent_log.h"
#include "ports/suppression_store.h"

namespace clarion {

// Whether somebody has said stop at an address on the channel, and nobody has released it since. `entries` are those of
// the address, on any channel. Pure.
[[nodiscard]] bool is_stopped(Channel channel, std::span<const ConsentEntry> entries);

// Those of the addresses that are suppressed for a bounce and are stopped besides. Errors are the stores'.
// REQUIRES: addresses in the form that SuppressionStore keeps.
[[nodiscard]] Task<Result<std::set<std::string>>> find_stopped(SuppressionStore& suppressions, ConsentLog& consents,
                                                               Channel channel, std::vector<std::string> addresses);

}  // namespace clarion
