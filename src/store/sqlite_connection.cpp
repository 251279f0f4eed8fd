#include "store/sqlite_connection.h"

namespace clarion {
namespace {

[[noreturn]] void raise(sqlite3* database, int code) {
  const bool has_database = database != nullptr;
  throw SqliteFault(has_database ? sqlite3_extended_errcode(database) : code,
                    has_database ? sqlite3_errmsg(database) : sqlite3_errstr(code));
}

// SQLite counts its memory for everybody under one lock, at every allocation; nobody here asks. Only possible before
// the first connection.
void stop_counting_memory() {
  [[maybe_unused]] static const int stopped = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

Error to_error(const SqliteFault& fault) {
  const auto make = [&](ErrorKind kind, const char* message) {
    return Error{kind, message, std::string("SQLite ") + std::to_string(fault.code()) + ": " + fault.what()};
  };
  switch (fault.code() & 0xff) {
    case SQLITE_FULL:
      return make(ErrorKind::Unavailable,
                  "nothing was recorded: the disk that holds the data directory is full; free space on it");
    case SQLITE_IOERR:
      return make(ErrorKind::Unavailable,
                  "nothing was recorded: the disk that holds the data directory cannot be read or written; check it");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make(
          ErrorKind::Unavailable,
          "nothing was recorded: another process holds the database in the data directory; end it or try again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return make(ErrorKind::Unavailable,
                  "the database in the data directory is damaged; stop Clarion and restore clarion.db from a backup");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return make(ErrorKind::Unavailable,
                  "nothing was recorded: clarion.db cannot be opened for writing; check its owner and permissions");
    case SQLITE_TOOBIG: return make(ErrorKind::Invalid, "a text is too long to be stored; shorten it");
    case SQLITE_NOMEM: return make(ErrorKind::Unavailable, "nothing was recorded: this machine is out of memory");
    default: return make(ErrorKind::Internal, "nothing was recorded: the database refused a statement");
  }
}

SqliteStatement::~SqliteStatement() {
  reset();
  // Bound texts belong to the caller and are about to go away.
  sqlite3_clear_bindings(statement_);
}

void SqliteStatement::check(int code) const {
  if (code != SQLITE_OK) raise(database_, code);
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) raise(database_, code);
  return false;
}

void SqliteStatement::run() {
  while (step()) {
  }
  reset();
}

void SqliteStatement::reset() {
  // The error of a failed step comes again here; it was raised there.
  sqlite3_reset(statement_);
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double SqliteStatement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string_view SqliteStatement::text(int column) const {
  // Blob access never converts and never stops at a NUL.
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return length == 0 ? std::string_view() : std::string_view(static_cast<const char*>(bytes), length);
}
std::optional<WallTime> SqliteStatement::optional_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

void SqliteStatement::bind_integer(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, index, value));
}
void SqliteStatement::bind_real(int index, double value) {
  check(sqlite3_bind_double(statement_, index, value));
}
void SqliteStatement::bind_text(int index, std::string_view value) {
  // A null pointer would bind NULL, which is not an empty text.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(statement_, index, bytes, value.size(), nullptr, SQLITE_UTF8));
}
void SqliteStatement::bind_null(int index) {
  check(sqlite3_bind_null(statement_, index));
}

SqliteConnection::SqliteConnection(const std::string& file, Access access) {
  stop_counting_memory();
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) raise(database, code);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, 5000);
  execute("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384");
  // A reader of a WAL database opens it for writing too, to take part in its locks; it must never change a row.
  if (access == Access::Read) execute("PRAGMA query_only = ON");
}

void SqliteConnection::execute(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(database_.get(), code);
}

SqliteStatement SqliteConnection::prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) raise(database_.get(), code);
    found = statements_.emplace(sql, statement).first;
  }
  return {database_.get(), found->second.get()};
}

std::int64_t SqliteConnection::changes() const {
  return sqlite3_changes64(database_.get());
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

}  // namespace clarion
