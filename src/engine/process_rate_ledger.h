#pragma once
// ProcessRateLedger: the shared buckets of one process, in memory.
//
// Threads  safe from any thread; nothing waits inside.

#include <map>
#include <mutex>
#include <string>

#include "domain/token_bucket.h"
#include "ports/rate_ledger.h"

namespace clarion {

class ProcessRateLedger final : public RateLedger {
 public:
  explicit ProcessRateLedger(Clock& clock) : clock_(clock) {}

  Task<Result<TokenLease>> lease(std::string key, RateLimit limit, std::int64_t wanted) override;
  Task<Result<void>> give_back(std::string key, TokenSpan unused) override;

 private:
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, TokenBucket, std::less<>> buckets_;
};

}  // namespace clarion
