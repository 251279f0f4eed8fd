#pragma once
// SegmentStore: saved filters. The id is a function of the filter, so the same criteria are one segment.

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

namespace clarion {

struct Segment {
  std::string id;               // "seg-<hash of the normalised filter>"
  std::string name;             // for people; the sentence or the SQL text when none was given
  bool is_named = false;        // whether somebody gave the name
  std::string filter;           // JSON of the filter tree
  std::string sql;              // the same as SQL text
  std::int64_t last_count = 0;  // how many matched when it was last asked
  WallTime created_at{};
  WallTime last_used_at{};
};

struct SegmentList {
  std::vector<Segment> segments;
  std::int64_t total = 0;  // how many there are
};

class SegmentStore {
 public:
  virtual ~SegmentStore() = default;
  // Inserts, or updates last_count and last_used_at of the segment that exists; and its name when `segment` is named.
  virtual Task<Result<void>> save(Segment segment) = 0;
  virtual Task<Result<Segment>> find(std::string id) = 0;  // NotFound
  // At most `limit`: named ones first, then the others, each latest used first.
  virtual Task<Result<SegmentList>> list(std::size_t limit) = 0;
};

}  // namespace clarion
