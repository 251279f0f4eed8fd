#pragma once
// What was said of one person's consent over time, as GET /api/contacts/{id} tells it.

#include <boost/json.hpp>

#include <vector>

#include "domain/contact.h"
#include "ports/consent_log.h"
#include "ports/suppression_store.h"

namespace clarion {

// Of whom the log has to be asked: the contact, and the addresses it has now.
[[nodiscard]] std::vector<std::string> consent_subjects(const Contact& contact);

// What the log has and, for it may be older than the log, what is on record now: each once, the newest first, at most
// 200. `suppressions` are those of the contact's addresses; entries of a channel by another address are left out.
[[nodiscard]] boost::json::array consent_history(const Contact& contact, const std::vector<Suppression>& suppressions,
                                                 std::vector<ConsentEntry> entries);

}  // namespace clarion
