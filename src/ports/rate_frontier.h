#pragma once
// RateFrontier: one instant for each bucket, up to which the bucket's time has been given to somebody. It only moves
// forward, and whoever moves it owns what lies between.
//
// Errors  Unavailable: it may or may not have moved; the caller owns nothing.

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"

namespace clarion {

using BucketTime = std::chrono::sys_time<std::chrono::nanoseconds>;

struct FrontierReply {
  bool is_moved = false;
  std::optional<BucketTime> frontier;  // as it is now; none: nobody has used this bucket yet
};

class RateFrontier {
 public:
  virtual ~RateFrontier() = default;
  // Where there is none, or an earlier one than `from`: from + by.
  virtual Task<Result<FrontierReply>> begin(std::string key, BucketTime from, std::chrono::nanoseconds by) = 0;
  // Where it lies in [from, to]: on by `by`.
  virtual Task<Result<FrontierReply>> advance(std::string key, BucketTime from, BucketTime to,
                                              std::chrono::nanoseconds by) = 0;
};

}  // namespace clarion
