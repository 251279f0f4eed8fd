#pragma once
// Whom a person searching the ledger may mean: by id, whole address or name, found in the contacts in memory, so that
// the ledger itself is only asked for ids.
//
// Limits  an address or name of nobody among the contacts is not found, though a list may have been sent to it: by its
//         customer id it is.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "audience/contact_table.h"
#include "base/clock.h"
#include "base/result.h"

namespace clarion {

inline constexpr std::size_t most_people_searched = 25;

// Customer ids. An id of a contact means that contact; with a '@' or like a phone number it is an address; otherwise
// each word is one of the names, or where nobody has those, part of one. `text` itself is always among them as an id
// unless it is an address or has blanks. A blank before a phone number is taken for its lost plus. Invalid when more
// than most_people_searched are meant.
[[nodiscard]] Result<std::vector<std::string>> find_people(const ContactTable& contacts, std::string_view text,
                                                           WallTime now);
// "Ana Silva"; empty when there is no such contact or it has no name.
[[nodiscard]] std::string name_of(const ContactTable& contacts, std::string_view contact_id);

}  // namespace clarion
