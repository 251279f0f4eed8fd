#pragma once
// ImportedContacts: what `clarion import` keeps: contacts.ndjson in the data directory, one contact a line.
//
// Merge    by id: a contact that comes again replaces the one that was there, except its consent, which follows
//          audience/consent_merge.h; the others stay.
// Whole    the new file takes the old one's place in one step or not at all; a running server sees it within seconds.
// Memory   some MB whatever the number of contacts: see ContactMerge.

#include <filesystem>

#include "audience/contact_reader.h"
#include "base/result.h"
#include "store/file_contact_source.h"

namespace clarion {

[[nodiscard]] std::filesystem::path imported_contacts_file(const std::filesystem::path& data_dir);

// Reads `file` and merges it in; with `is_dry_run` only reads and counts. A file that broke off in the middle changes
// nothing: see summary.stopped. `now` is when opt-outs without a date count from. Conflict while another import is
// under way.
[[nodiscard]] Result<ImportSummary> merge_contacts(const std::filesystem::path& data_dir,
                                                   const std::filesystem::path& file, const ImportOptions& options,
                                                   bool is_dry_run, WallTime now);

}  // namespace clarion
