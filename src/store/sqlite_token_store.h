#pragma once
// SqliteTokenStore: the TokenStore in clarion.db. Works on a database opened Beside too.

#include "ports/token_store.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteTokenStore final : public TokenStore {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteTokenStore(SqliteDatabase& database) : database_(database) {}

  Task<Result<void>> create(StoredToken token) override;
  Task<Result<StoredToken>> find(std::string id) override;
  Task<Result<std::vector<StoredToken>>> list() override;
  Task<Result<bool>> revoke(std::string name) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
