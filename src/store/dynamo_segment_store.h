#pragma once
// DynamoSegmentStore: the SegmentStore in the campaigns table.

#include "ports/segment_store.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoSegmentStore final : public SegmentStore {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoSegmentStore(DynamoDatabase& database) : database_(database) {}

  Task<Result<void>> save(Segment segment) override;
  Task<Result<Segment>> find(std::string id) override;
  Task<Result<SegmentList>> list(std::size_t limit) override;

 private:
  DynamoDatabase& database_;
};

}  // namespace clarion
