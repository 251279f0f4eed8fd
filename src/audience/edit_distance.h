#pragma once
// Edit distance for misspellings. Algorithm: optimal string alignment (Levenshtein plus swapped neighbours), with a
// band: work is O(length x limit).

#include <string_view>

namespace clarion {

// The distance in bytes between a and b, or limit + 1 when it is above the limit.
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b, int limit);

// How many errors a word of this many bytes may have and still be recognised: 0 below 4, 1 below 8, then 2.
[[nodiscard]] int allowed_errors(std::size_t bytes);

}  // namespace clarion
