#pragma once
// SqliteSuppressionStore: the SuppressionStore in clarion.db.

#include "ports/suppression_store.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteSuppressionStore final : public SuppressionStore {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteSuppressionStore(SqliteDatabase& database) : database_(database) {}

  Task<Result<void>> add(std::vector<Suppression> suppressions) override;
  Task<Result<bool>> remove(Release release) override;
  Task<Result<std::vector<Suppression>>> find(Channel channel, std::vector<std::string> addresses) override;
  Task<Result<std::vector<Suppression>>> list() override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
