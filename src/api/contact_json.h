#pragma once
// Contacts as JSON, in the order of domain/contact.h; what is not known is null.

#include <boost/json.hpp>

#include "domain/contact.h"

namespace clarion {

// {"customer_id", names, addresses, place, lists, counts, "consent": {channel: {"state", "source", "at"}},
// "engagement"}.
[[nodiscard]] boost::json::object contact_to_json(const Contact& contact);

}  // namespace clarion
