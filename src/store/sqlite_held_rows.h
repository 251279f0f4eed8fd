#pragma once
// SqliteHeldRows: HeldRows in a temporary SQLite file, so that memory does not grow with them.
//
// File    made with the first row, 0600, without a name, gone with this object; SQLite puts it where SQLITE_TMPDIR or
//         TMPDIR says, else in /var/tmp.
// Memory  2 MiB of SQLite's pages.

#include <cstdint>
#include <optional>
#include <string>

#include "audience/held_rows.h"
#include "store/sqlite_connection.h"

namespace clarion {

class SqliteHeldRows final : public HeldRows {
 public:
  void put(std::string_view group, std::string_view row) override;
  void visit(const std::function<void(std::string_view row, bool is_first_of_group)>& take) override;
  [[nodiscard]] std::string fault() const override { return fault_; }

 private:
  std::optional<SqliteConnection> connection_;
  std::int64_t count_ = 0;
  std::string fault_;
};

}  // namespace clarion
