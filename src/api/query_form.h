#pragma once
// The structured form of POST /api/query: location, sku and filters, as the existing page sends them.
//
// Absent   a member that is absent, null or "" asks for nothing.
// Unknown  names and members that mean nothing here are reported, never ignored: a place nobody lives in matches nobody
//          and says so; an unknown member of filters is refused.

#include <boost/json.hpp>

#include <string>
#include <vector>

#include "audience/filter.h"
#include "audience/sentence.h"
#include "audience/vocabulary.h"

namespace clarion {

struct QueryForm {
  Filter filter;
  std::vector<std::string> suggestions;
};

// Invalid when a member has the wrong type, a count is negative, a category is not known, or filters
// has another member.
[[nodiscard]] Result<QueryForm> read_query_form(const boost::json::object& body, const Vocabulary& vocabulary);

}  // namespace clarion
