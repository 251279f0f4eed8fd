#pragma once
// Small rules that the ledger's writer and readers share.

#include <string_view>

#include "base/hash.h"
#include "domain/delivery.h"
#include "store/ledger_row.h"
#include "store/sqlite_connection.h"

namespace clarion {

// Reads planned, waiting, sending, accepted, delivered, failed, skipped and in_doubt from eight columns.
inline StateCounts read_counts(const SqliteStatement& row, int first) {
  return StateCounts{.planned = row.integer(first),
                     .waiting = row.integer(first + 1),
                     .sending = row.integer(first + 2),
                     .accepted = row.integer(first + 3),
                     .delivered = row.integer(first + 4),
                     .failed = row.integer(first + 5),
                     .skipped = row.integer(first + 6),
                     .in_doubt = row.integer(first + 7)};
}

// The number in delivery.contact_hash: 31 bits, which SQLite keeps in four bytes.
inline std::int64_t contact_hash(std::string_view contact_id) {
  return static_cast<std::int64_t>(hash64(contact_id) & 0x7fffffffU);
}

}  // namespace clarion
