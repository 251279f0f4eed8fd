#pragma once
// Contacts from CSV with a header line: Clarion's own columns, Pinpoint's dotted ones, or listmonk's subscribers.

#include <memory>
#include <string_view>

#include "audience/contact_rows.h"

namespace clarion {

// `head` is the beginning of the file, which the caller still has to feed. The column names decide when `asked` is
// Auto.
[[nodiscard]] std::unique_ptr<RowReader> make_csv_rows(std::string_view head, ContactFormat asked, RowOutput& output);

}  // namespace clarion
