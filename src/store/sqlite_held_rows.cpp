#include "store/sqlite_held_rows.h"

#include <fmt/format.h>

namespace clarion {
namespace {

std::string what_failed(const SqliteFault& fault) {
  return fmt::format("rows could not be kept in a temporary file: {}; TMPDIR says where it goes", fault.what());
}

}  // namespace

void SqliteHeldRows::put(std::string_view group, std::string_view row) {
  if (!fault_.empty()) return;
  try {
    if (!connection_) {
      connection_.emplace("", SqliteConnection::Access::ReadWrite);
      // Nothing of it outlives this object, so nothing has to be safe on the disk.
      connection_->execute(
          "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048;"
          "CREATE TABLE grp (name TEXT PRIMARY KEY, first INTEGER NOT NULL) WITHOUT ROWID;"
          "CREATE TABLE held (first INTEGER NOT NULL, number INTEGER NOT NULL, row TEXT NOT NULL,"
          " PRIMARY KEY (first, number)) WITHOUT ROWID;"
          "BEGIN");
    }
    ++count_;
    connection_->prepare("INSERT INTO grp (name, first) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(group, count_)
        .run();
    connection_->prepare("INSERT INTO held (first, number, row) SELECT first, ?, ? FROM grp WHERE name = ?")
        .bind(count_, row, group)
        .run();
  } catch (const SqliteFault& fault) {
    fault_ = what_failed(fault);
  }
}

void SqliteHeldRows::visit(const std::function<void(std::string_view row, bool is_first_of_group)>& take) {
  if (!connection_ || !fault_.empty()) return;
  try {
    auto rows = connection_->prepare("SELECT row, first = number FROM held ORDER BY first, number");
    while (rows.step()) take(rows.text(0), rows.integer(1) == 1);
  } catch (const SqliteFault& fault) {
    fault_ = what_failed(fault);
  }
}

}  // namespace clarion
