#pragma once
// IdentityLimit: what the campaigns of one process share of one origination identity: the rate its carrier takes, and
// whose turn it is when its tokens are short.
//
// Fairness  first come, first served: whoever was refused is served before those who come later, so that a campaign
//           that holds tokens cannot keep another one from getting any.

#include <cstdint>
#include <set>

#include "engine/adaptive_rate.h"

namespace clarion {

struct IdentityLimit {
  AdaptiveRate adaptive;
  std::set<std::uint64_t> waiting;  // tickets, oldest first
  std::uint64_t next_ticket = 1;
};

}  // namespace clarion
