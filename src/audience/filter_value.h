#pragma once
// One comparison against one contact: reads the field, then applies the operator. And a value as text.

#include "audience/filter.h"

namespace clarion {

// Whether the comparison holds. False when the operator or the value does not suit the field (check_comparison).
[[nodiscard]] bool comparison_holds(const Comparison& comparison, const Contact& contact, WallTime now);

// Integers without fraction or exponent; the shortest text that reads back as the same number otherwise.
[[nodiscard]] std::string number_text(double number);

}  // namespace clarion
