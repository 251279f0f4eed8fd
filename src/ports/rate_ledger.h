#pragma once
// RateLedger: the bucket of one origination identity, or of one campaign, shared by every campaign and worker that
// sends from it. Tokens are leased in spans, so that nobody writes one hot item for each message; each carries the time
// in which it may be used (domain/token_stock.h), so that what anybody holds never adds to the bound.
//
// Errors  Unavailable: the caller keeps to a safe fraction of its last rate, never to "no limit".

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/token_stock.h"

namespace clarion {

// What a campaign has use for of an identity's bucket: as many tokens as it holds of its own.
struct TokenNeed {
  std::string campaign;
  std::int64_t tokens = 0;
};

struct RateLimit {
  double per_second = 0;   // > 0
  std::int64_t burst = 1;  // >= 1
  // What this process holds itself to beyond that: a carrier pushed back. > 0
  std::optional<double> most_here = std::nullopt;
  // Leased here are the needs of all who name theirs, and not much more.
  std::optional<TokenNeed> need = std::nullopt;
  // Of a campaign's bucket: the identity it pays with. All buckets of one group are written by one process no more
  // often than one of them alone would be.
  std::string group = {};
};

struct TokenLease {
  TokenSpan tokens;       // granted; may begin a little later than now
  TimePoint retry_at{};   // when none were: not before this can one be granted
  std::int64_t more = 0;  // this worker's already, beyond those granted, for the next second and a half
};

class RateLedger {
 public:
  virtual ~RateLedger() = default;
  // Takes up to `wanted` tokens of the bucket `key`, which refills by `limit`. A refusal costs nothing.
  virtual Task<Result<TokenLease>> lease(std::string key, RateLimit limit, std::int64_t wanted) = 0;
  // Gives back tokens that were not used.
  virtual Task<Result<void>> give_back(std::string key, TokenSpan unused) = 0;
};

}  // namespace clarion
