#pragma once
// Filters as JSON: strict to read, canonical to print.
//
// Form     {"everyone": true} | {"field": "city", "operator": "=", "value": "Pune"} | {"and": [...]} |
//          {"or": [...]} | {"not": {...}}; a time is "2026-06-01T00:00:00Z" or {"days_ago": 90}.
// Errors   Invalid, with the path of what is wrong: filters.and[1].value must be a number, not "x".
// Limits   1 MiB of text, 16 levels, 1,000 comparisons, 10,000 values a list, 1,000 bytes a text.

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

#include "audience/filter.h"

namespace clarion {

// Members that appear twice, unknown members and malformed UTF-8 are refused.
[[nodiscard]] Result<Filter> parse_filter(std::string_view text);
// The same for a document that is read already; `path` is where it stands in it. Repeated members cannot be seen here.
[[nodiscard]] Result<Filter> parse_filter(const boost::json::value& document, std::string_view path = "filters");

// Flattened, sorted, without repetitions and double negation: same criteria, same tree.
[[nodiscard]] Filter normalise(const Filter& filter);
// The normalised tree on one line; parse_filter reads it back.
[[nodiscard]] std::string to_json_text(const Filter& filter);
[[nodiscard]] boost::json::value to_json(const Filter& filter);
// A value as it stands in the form above.
[[nodiscard]] boost::json::value to_json(const FilterValue& value);

// "seg-" and 32 hex digits of the normalised, case-folded tree: same criteria, same id, in every release.
// Two seeds of a hash that is not collision-proof against an attacker: whoever stores segments compares the
// criteria too.
[[nodiscard]] std::string segment_id(const Filter& filter);

}  // namespace clarion
