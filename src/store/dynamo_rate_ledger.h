#pragma once
// DynamoRateLedger: the bucket of one origination identity, shared by every worker through one item.
//
// Item       pk = identity, full_at = the theoretical arrival time in nanoseconds of UTC: from then on the bucket is
//            full (GCRA, as in domain/token_bucket.h). A lease is one conditional UpdateItem; nothing is read before.
// Spans      a worker leases up to half a second of the rate at once and hands it out from memory, and writes at most
//            four times a second for each identity, however many campaigns send from it. A burst smaller than a quarter
//            of a second of the rate counts as that. What is not used within a second is forgotten.
// Bound      all workers together take at most burst + rate x time; what each still holds from its last span, and one
//            rate x skew for the worker whose clock is furthest ahead, may come on top. A clock that is behind only
//            makes its worker slower.
// Errors     Unavailable: the caller keeps to a safe fraction. What an unknown write may have taken is not handed out.
// Threads    any executor.

#include <map>
#include <string>

#include "base/hash.h"
#include "ports/rate_ledger.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoRateLedger final : public RateLedger {
 public:
  // REQUIRES: the database outlives it. Each worker needs a seed of its own.
  DynamoRateLedger(DynamoDatabase& database, std::uint64_t seed) : database_(database), random_(seed) {}

  Task<Result<TokenLease>> lease(std::string key, RateLimit limit, std::int64_t wanted) override;
  Task<Result<void>> give_back(std::string key, std::int64_t tokens) override;

 private:
  // What this worker knows and holds of one bucket.
  struct Bucket {
    std::int64_t held = 0;
    TimePoint held_until{};
    TimePoint ask_again_at{};
    std::int64_t full_at = 0;  // as last seen; 0: never seen
    int writes = 0;            // of the last lease: refused ones count, so that the next comes later
    bool is_asking = false;
  };
  Task<Result<TokenLease>> lease_at_home(std::string key, RateLimit limit, std::int64_t wanted);
  Task<Result<void>> give_back_at_home(std::string key, std::int64_t tokens);
  // Takes up to `wanted` tokens from the item and returns how many; bucket.full_at is then what the item says.
  Task<Result<std::int64_t>> take(std::string key, RateLimit limit, std::int64_t wanted, Bucket& bucket);

  DynamoDatabase& database_;
  SeededRandom random_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace clarion
