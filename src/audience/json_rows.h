#pragma once
// Contacts from a JSON array or one JSON object a line.

#include <memory>
#include <string_view>

#include "audience/contact_rows.h"

namespace clarion {

// `head` is the beginning of the file, which the caller still has to feed. `asked` may be Auto, Clarion or Pinpoint.
[[nodiscard]] std::unique_ptr<RowReader> make_json_rows(std::string_view head, ContactFormat asked, RowOutput& output);

}  // namespace clarion
