#pragma once
// Filters in words: SQL text for people to read, and one label per comparison. Neither is ever executed.
//
// SQL   texts are single-quoted with '' for a quote; lists read 'SKU-1' IN purchased_skus, or
//       purchased_skus OVERLAPS ('a', 'b'), or purchased_skus IS NOT EMPTY; And, Or and Not are bracketed where
//       precedence would not say it. Everyone is TRUE.

#include <string>

#include "audience/filter.h"

namespace clarion {

// city = 'Bangalore' AND purchase_count >= 2 AND 'SKU-LAPTOP-1' IN purchased_skus. In the order of the tree.
[[nodiscard]] std::string to_sql(const Filter& filter);

// "City is Bangalore", "Purchases at least 2", "Bought SKU-LAPTOP-1"; negated: "City is not Bangalore" or
// "Not: Purchases at least 2".
[[nodiscard]] std::string to_label(const Comparison& comparison, bool is_negated = false);

}  // namespace clarion
