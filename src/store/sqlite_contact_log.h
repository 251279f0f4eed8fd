#pragma once
// SqliteContactLog: the ContactLog over clarion.db.
//
// Cost  one pass over the rows of the campaigns in question: about a second for a million (bench/ledger_bench.cpp).

#include "ports/contact_log.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteContactLog final : public ContactLog {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteContactLog(SqliteDatabase& database) : database_(database) {}

  Task<Result<void>> visit_pending(std::function<void(const PendingContact&)> visit) override;
  Task<Result<void>> visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
