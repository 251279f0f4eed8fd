#pragma once
// SqliteSegmentStore: the SegmentStore in clarion.db.

#include "ports/segment_store.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteSegmentStore final : public SegmentStore {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteSegmentStore(SqliteDatabase& database) : database_(database) {}

  Task<Result<void>> save(Segment segment) override;
  Task<Result<Segment>> find(std::string id) override;
  Task<Result<SegmentList>> list(std::size_t limit) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
