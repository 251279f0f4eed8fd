#pragma once
// contacts.ndjson as an import reads it: whole rows, whatever is in them, and who each of them is.

#include <filesystem>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "domain/contact.h"

namespace clarion {

// Calls `take` with every row of `file` on one line, and with a contact of which id and consent are set
// (audience/kept_contact.h); both live until it returns. A file that is not there has no rows. Conflict, with line and
// reason, for a row of which that cannot be read: a file that was cut off, or a row that is none. Errors of the file.
[[nodiscard]] Result<void> visit_kept_contacts(
    const std::filesystem::path& file, const std::function<void(const Contact& contact, std::string_view row)>& take);

}  // namespace clarion
