#pragma once
// One comparison against one contact: reads the field, then applies the operator.

#include "audience/filter.h"

namespace clarion {

// Whether the comparison holds. False when the operator or the value does not suit the field (check_comparison).
[[nodiscard]] bool comparison_holds(const Comparison& comparison, const Contact& contact, WallTime now);

}  // namespace clarion
