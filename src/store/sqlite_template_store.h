#pragma once
// SqliteTemplateStore: the TemplateStore in clarion.db.

#include "ports/template_store.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteTemplateStore final : public TemplateStore {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteTemplateStore(SqliteDatabase& database) : database_(database) {}

  Task<Result<StoredTemplate>> save(StoredTemplate draft) override;
  Task<Result<StoredTemplate>> find(std::string name, Channel channel) override;
  Task<Result<std::vector<StoredTemplate>>> list() override;
  Task<Result<std::vector<StoredTemplate>>> list_versions(std::string name, Channel channel) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
