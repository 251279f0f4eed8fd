#pragma once
// DynamoContacts: every contact in a table of its own, one item each, and a marker that says when they changed.
//
// Items    pk = the contact's id (key_of), sk = "contact", json = the contact as ContactReader reads it; 1 WRU for each
//          KB. The marker lies under pk "contacts", sk "version".
// Reading  a parallel scan, eventually consistent: 1 RRU for each 8 KB.
// Errors   as DynamoDatabase.

#include <functional>
#include <string>
#include <vector>

#include "store/dynamo_database.h"

namespace clarion {

class DynamoContacts {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoContacts(DynamoDatabase& database) : database_(database) {}

  struct Row {
    std::string id;
    std::string json;  // of write_contact_json()
  };
  // Replaces what has the same id. Of two rows with one id the later stays.
  Task<Result<void>> put(std::vector<Row> rows);
  using Take = std::function<void(std::string_view key, std::string_view json)>;
  // Calls `take` with key and JSON of every contact, in any order, on the database's executor.
  Task<Result<void>> visit(Take take);
  // 0 before the first import; another number after every mark_changed().
  Task<Result<std::int64_t>> version();
  Task<Result<void>> mark_changed();

 private:
  Task<Result<void>> put_at_home(std::vector<Row> rows);
  Task<Result<void>> visit_at_home(Take take);
  Task<Result<std::int64_t>> version_at_home();
  Task<Result<void>> mark_changed_at_home();

  DynamoDatabase& database_;
};

}  // namespace clarion
