#pragma once
// IdentityLimit: what the campaigns of one process share of one origination identity: the rate its carrier takes, whose
// turn it is when its tokens are short, and how much they send together while the ledger cannot be reached.
//
// Fairness  first come, first served: whoever was refused is served before those who come later, so that a campaign
//           that holds tokens cannot keep another one from getting any.

#include <cstdint>
#include <optional>
#include <set>

#include "domain/token_bucket.h"
#include "engine/adaptive_rate.h"
#include "engine/rate_meter.h"

namespace clarion {

struct IdentityLimit {
  AdaptiveRate adaptive;
  std::set<std::uint64_t> waiting;  // tickets, oldest first
  std::uint64_t next_ticket = 1;
  RateMeter use;                        // parts
  std::optional<TokenBucket> fallback;  // while the ledger cannot be reached
};

}  // namespace clarion
