#pragma once
// RateLedger: the bucket of one origination identity, shared by every campaign and worker that sends from it.
// Tokens are leased in spans, so that nobody writes one hot item for each message.
//
// Errors  Unavailable: the caller keeps to a safe fraction of its last rate, never to "no limit".

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

namespace clarion {

struct RateLimit {
  double per_second = 0;   // > 0
  std::int64_t burst = 1;  // >= 1
};

struct TokenLease {
  std::int64_t tokens = 0;  // granted now; 0 when none are free
  TimePoint retry_at{};     // when tokens == 0: not before this can one be granted
};

class RateLedger {
 public:
  virtual ~RateLedger() = default;
  // Takes up to `wanted` tokens of the bucket `key`, which refills by `limit`. A refusal costs nothing.
  virtual Task<Result<TokenLease>> lease(std::string key, RateLimit limit, std::int64_t wanted) = 0;
  // Gives back tokens that were not used.
  virtual Task<Result<void>> give_back(std::string key, std::int64_t tokens) = 0;
};

}  // namespace clarion
