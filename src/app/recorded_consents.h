#pragma once
// What an import changed of consents, into the log of consents of the data directory.

#include <filesystem>

#include "base/clock.h"
#include "base/result.h"
#include "store/changed_consents.h"

namespace clarion {

// Makes the database when there is none, and writes beside the process that has it otherwise; nothing is opened where
// nothing changed. Errors of SqliteDatabase.
[[nodiscard]] Result<void> record_consents(const std::filesystem::path& data_dir, ChangedConsents& changed,
                                           WallTime now);

}  // namespace clarion
