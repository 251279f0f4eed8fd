#pragma once
// The schema of clarion.db, as a numbered list of steps; PRAGMA user_version says how many have been taken.

#include <cstdint>
#include <span>

#include "base/result.h"
#include "store/sqlite_connection.h"

namespace clarion {

// Every step ever released, in order. Steps are never edited, only added.
[[nodiscard]] std::span<const char* const> schema_steps();

// Takes the steps that are missing, each in its own transaction: one that fails leaves the schema before it. Conflict
// when the file was written by a newer program. Throws SqliteFault.
[[nodiscard]] Result<void> migrate(SqliteConnection& connection, std::span<const char* const> steps);
// The same check for a process that only reads: Conflict when the file is newer or still older than this program.
[[nodiscard]] Result<void> check_schema(SqliteConnection& connection, std::span<const char* const> steps);

// Writes the version that is there once more: a commit that reaches the disk and changes nothing.
[[nodiscard]] Result<void> rewrite_version(SqliteConnection& connection);

}  // namespace clarion
