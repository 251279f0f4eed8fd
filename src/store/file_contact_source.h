#pragma once
// Contacts from a file on disk: the reading half of `clarion import` and of every start.
//
// Memory  one buffer of 1 MiB; what the sink keeps is its own affair.
// Errors  NotFound, Denied or Invalid (a directory, a read error) for the file itself; wrong rows are counted in the
//         summary. summary.stopped says why the rest of a broken file was left unread: then every count is 0 and there
//         is no file of refusals, for nothing of it may be kept. With refuses_empty it also says why no row of a whole
//         file could be kept; then rows are counted, and those that were refused are in their file.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "audience/contact_reader.h"
#include "audience/contact_table.h"
#include "base/result.h"

namespace clarion {

struct ImportProgress {
  std::int64_t bytes_read = 0;
  std::int64_t bytes_total = 0;  // 0 when the file has no size (a pipe)
  std::int64_t rows_read = 0;
};

struct ImportOptions {
  ContactFormat format = ContactFormat::Auto;
  // Refused rows as CSV, created 0600 with the first of them; the file of an earlier import is removed when there is
  // none.
  std::optional<std::filesystem::path> rejected_csv = std::nullopt;
  // Where they go when that cannot be written, such as beside a file on a read-only disk; its folder is made.
  std::optional<std::filesystem::path> rejected_elsewhere = std::nullopt;
  bool needs_rejected = true;                                // false: that they can be written nowhere is no error
  std::function<void(const RejectedRow&)> rejected = {};     // each of them; may be empty
  std::function<void(const Contact&)> opted_out = {};        // as of ContactReader::Sink
  std::function<void(const ImportProgress&)> progress = {};  // after every buffer; may be empty
  std::function<bool()> is_cancelled = {};                   // asked after every buffer; may be empty
  // A file of blanks is Invalid, not a file of no contacts; and one of which nobody can be kept is stopped.
  bool refuses_empty = false;
};

// Reads `file` and hands every contact to `sink`, which returns whether the id was new. Conflict when cancelled.
[[nodiscard]] Result<ImportSummary> import_contacts(const std::filesystem::path& file,
                                                    std::function<bool(const Contact&)> sink,
                                                    const ImportOptions& options = {});

struct LoadedContacts {
  std::shared_ptr<const ContactTable> contacts;
  ImportSummary summary;
};

// The whole file as a table. With `keeps_opted_out` who has opted out is in it also where the row is refused, and is
// written to by nobody.
[[nodiscard]] Result<LoadedContacts> load_contacts(const std::filesystem::path& file, const ImportOptions& options = {},
                                                   bool keeps_opted_out = false);

}  // namespace clarion
