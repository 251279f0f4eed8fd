#pragma once
// SqliteMessageIndex: the MessageIndex in clarion.db.

#include "ports/message_index.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteMessageIndex final : public MessageIndex {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteMessageIndex(SqliteDatabase& database) : database_(database) {}

  Task<Result<void>> add(std::vector<IndexedMessage> messages) override;
  Task<Result<std::map<std::string, DeliveryId>>> find(std::vector<std::string> message_ids) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
