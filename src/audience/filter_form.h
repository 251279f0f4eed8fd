#pragma once
// The structured form of POST /api/query: a handful of boxes instead of a tree.

#include <boost/json/object.hpp>

#include "audience/filter.h"
#include "audience/vocabulary.h"

namespace clarion {

// "location", "sku" (texts; absent, null and "" mean any) and "filters": {"min_purchases", "max_purchases",
// "category", "has_cart_items", "country"}, each optional, null the same as absent; all of them must hold.
// A location is a city by any of its names, or a country; a sku means bought, viewed or in the cart.
// Other members of `body` are the caller's; an unknown one in "filters" is Invalid, as is a wrong type, a
// negative or contradictory count, and a category or country that does not exist. The message names the member.
[[nodiscard]] Result<Filter> parse_filter_form(const boost::json::object& body, const Vocabulary& vocabulary);

}  // namespace clarion
