#pragma once
// DynamoRateFrontier: the buckets that every worker shares, one item each.
//
// Item     pk = bucket, next_at = the frontier in nanoseconds of UTC. A move is one conditional UpdateItem; nothing is
//          read before. Where the service does not say what it found (dynalite), a refused one is followed by a read.
// Threads  any executor.

#include "ports/rate_frontier.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoRateFrontier final : public RateFrontier {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoRateFrontier(DynamoDatabase& database) : database_(database) {}

  Task<Result<FrontierReply>> begin(std::string key, BucketTime from, std::chrono::nanoseconds by) override;
  Task<Result<FrontierReply>> advance(std::string key, BucketTime from, BucketTime to,
                                      std::chrono::nanoseconds by) override;

 private:
  Task<Result<FrontierReply>> move(DynamoUpdate update);

  DynamoDatabase& database_;
};

}  // namespace clarion
