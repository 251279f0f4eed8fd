#include "store/sqlite_schema.h"

#include <array>
#include <string>

namespace clarion {
namespace {

// Times are UTC milliseconds, money micro-dollars, enums their numbers in domain/ (channel 3: none). A delivery's id is
// campaign number << 32 | position, so its rows lie together in plan order. No column that changes is indexed.
//
// What never changes (delivery_plan, wide) is kept apart from what changes at every transition (delivery, narrow):
// a transition then rewrites about 50 bytes, and a scan of states reads a tenth of the pages.
constexpr const char* first_schema = R"sql(
CREATE TABLE campaign (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  throughput_tps REAL NOT NULL,
  respects_caps INTEGER NOT NULL,
  on_unknown INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  start_at INTEGER,
  budget INTEGER,
  status INTEGER NOT NULL,
  status_reason TEXT NOT NULL,
  is_planned INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  estimated_cost INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  audience TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;

CREATE TABLE delivery_plan (
  id INTEGER PRIMARY KEY,
  parts INTEGER NOT NULL,
  estimated_cost INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  destination TEXT NOT NULL,
  payload TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  due_at INTEGER,
  attempts INTEGER NOT NULL,
  event_rank INTEGER NOT NULL,
  reason INTEGER NOT NULL,        -- delivery_reason.id, 0: none
  contact_hash INTEGER NOT NULL,  -- 31 bits, so that a search by contact scans numbers
  parts INTEGER NOT NULL,
  actual_cost INTEGER,
  sent_at INTEGER,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE delivery_reason (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE delivery_receipt (id INTEGER PRIMARY KEY, provider_id TEXT NOT NULL) STRICT;
CREATE TABLE delivery_event (
  delivery INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (delivery, at, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_count (
  campaign INTEGER NOT NULL REFERENCES campaign (number),
  channel INTEGER NOT NULL,
  planned INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  sending INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  in_doubt INTEGER NOT NULL,
  actual_cost INTEGER NOT NULL,
  last_sent_at INTEGER,
  PRIMARY KEY (campaign, channel),
  CHECK (planned = waiting + sending + accepted + failed + skipped + in_doubt)
) STRICT, WITHOUT ROWID;

CREATE TABLE segment (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  filter TEXT NOT NULL,
  sql TEXT NOT NULL,
  last_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE template (
  name TEXT NOT NULL,
  channel INTEGER NOT NULL,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (name, channel, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
  channel INTEGER NOT NULL,
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;
)sql";

// Who may use the API. No secret lies here: secret_hash is slow to compute and of random bytes.
constexpr const char* token_table = R"sql(
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What a campaign is planned by: JSON, as domain/campaign.h says.
constexpr const char* campaign_rules = "ALTER TABLE campaign ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';";

// Which delivery a carrier's own message id belongs to; written where carriers are real and tell what became of
// messages.
constexpr const char* message_table = R"sql(
CREATE TABLE delivery_message (message_id TEXT PRIMARY KEY, delivery INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// How a campaign ran over time, for its chart (engine/run_history.h): one row a campaign, of at most 60 KB.
constexpr const char* run_history_table = R"sql(
CREATE TABLE run_history (campaign INTEGER PRIMARY KEY, history TEXT NOT NULL) STRICT;
)sql";

// Names that people gave, so that a segment can be told from the many that queries leave behind.
constexpr const char* segment_names = "ALTER TABLE segment ADD COLUMN is_named INTEGER NOT NULL DEFAULT 0";

// What was said of whether somebody may be written to: entries are added and never change. The rows lie in the order
// they came; their index holds numbers only and stays small.
constexpr const char* consent_table = R"sql(
CREATE TABLE consent_entry (
  id INTEGER PRIMARY KEY,
  subject_hash INTEGER NOT NULL,
  subject TEXT NOT NULL,
  channel INTEGER NOT NULL,
  event INTEGER NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER,
  recorded_at INTEGER
) STRICT;
CREATE INDEX consent_entry_subject ON consent_entry (subject_hash);
)sql";

// Addresses are compared without regard to ASCII case.
constexpr const char* suppression_index =
    "CREATE INDEX suppression_address ON suppression (address COLLATE NOCASE, channel);";

constexpr std::array<const char*, 8> steps_taken{first_schema,      token_table,   campaign_rules, message_table,
                                                 run_history_table, segment_names, consent_table,  suppression_index};

std::int64_t version_of(SqliteConnection& connection) {
  SqliteStatement query = connection.prepare("PRAGMA user_version");
  query.step();
  return query.integer(0);
}

std::unexpected<Error> newer_schema(std::int64_t version, std::size_t known) {
  return fail(ErrorKind::Conflict, "the data directory was written by a newer Clarion (schema " +
                                       std::to_string(version) + ", this program knows " + std::to_string(known) +
                                       "); run that version, or choose another CLARION_DATA_DIR");
}

}  // namespace

std::span<const char* const> schema_steps() {
  return steps_taken;
}

Result<void> migrate(SqliteConnection& connection, std::span<const char* const> steps) {
  const std::int64_t version = version_of(connection);
  if (version > static_cast<std::int64_t>(steps.size())) return newer_schema(version, steps.size());
  for (auto next = static_cast<std::size_t>(version); next < steps.size(); ++next) {
    connection.execute("BEGIN IMMEDIATE");
    try {
      connection.execute(steps[next]);
      connection.execute(("PRAGMA user_version = " + std::to_string(next + 1)).c_str());
      connection.execute("COMMIT");
    } catch (const SqliteFault&) {
      if (connection.in_transaction()) connection.execute("ROLLBACK");
      throw;
    }
  }
  return {};
}

Result<void> check_schema(SqliteConnection& connection, std::span<const char* const> steps) {
  const std::int64_t version = version_of(connection);
  if (version > static_cast<std::int64_t>(steps.size())) return newer_schema(version, steps.size());
  if (version < static_cast<std::int64_t>(steps.size())) {
    return fail(ErrorKind::Conflict, "the data directory was written by an older Clarion (schema " +
                                         std::to_string(version) + ", this program needs " +
                                         std::to_string(steps.size()) + "); stop that one and start this one once");
  }
  return {};
}

Result<void> rewrite_version(SqliteConnection& connection) {
  connection.execute(("PRAGMA user_version = " + std::to_string(version_of(connection))).c_str());
  return {};
}

}  // namespace clarion
