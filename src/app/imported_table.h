#pragma once
// `clarion import` into the contacts table of DynamoDB, or into whatever the settings name.
//
// Whole    the file is read to the end without writing, so that one that breaks off changes nothing; then each contact
//          replaces the one of its id, except its consent (audience/consent_merge.h). Running servers read the table
//          again when all is written; an import that is cut off has written some, and run again it writes all.
// Alone    one import at a time (store/dynamo_import_lease.h), from whatever machine.
// Memory   some MB whatever the number of contacts: see ContactMerge.

#include <filesystem>

#include "app/settings.h"
#include "base/result.h"
#include "store/file_contact_source.h"

namespace clarion {

// Like merge_contacts (app/imported_contacts.h). Errors of DynamoDB, Conflict while another import into
// the table is under way, and Invalid for configuration that cannot be used.
[[nodiscard]] Result<ImportSummary> merge_contacts_into_table(const Settings& settings,
                                                              const std::filesystem::path& file,
                                                              const ImportOptions& options, bool is_dry_run,
                                                              WallTime now);

// Into that table, or into the file of the data directory: where `settings` keep the contacts.
[[nodiscard]] Result<ImportSummary> merge_contacts(const Settings& settings, const std::filesystem::path& file,
                                                   const ImportOptions& options, bool is_dry_run, WallTime now);

}  // namespace clarion
