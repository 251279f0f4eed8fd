#pragma once
// What the chaos worker and the test that kills it agree on.

#include <cstdint>
#include <string>

#include "engine/exposure.h"

namespace clarion::testing {

inline constexpr int chaos_recipients = 2000;
inline constexpr double chaos_tps = 40;
inline constexpr std::int64_t chaos_max_in_flight = 4;

// What one kill may leave in doubt: the bound that the engine documents.
[[nodiscard]] inline std::int64_t chaos_bound() {
  return exposure_limit(chaos_tps, chaos_max_in_flight);
}
// The contact at a position of a campaign's plan.
[[nodiscard]] inline std::string chaos_contact(const std::string& campaign, int position) {
  return campaign + "-" + std::to_string(position);
}

}  // namespace clarion::testing
