#include "engine/process_rate_ledger.h"

#include <algorithm>

namespace clarion {

Task<Result<TokenLease>> ProcessRateLedger::lease(std::string key, RateLimit limit, std::int64_t wanted) {
  if (!(limit.per_second > 0) || limit.burst < 1 || wanted < 1) {
    co_return fail(ErrorKind::Invalid, "a lease needs a rate above 0, a burst and a wish of at least 1 token");
  }
  RatePolicy policy{limit.per_second, limit.burst};
  if (limit.most_here && *limit.most_here < limit.per_second) {
    // A carrier that pushes back gets no bursts.
    policy.per_second = *limit.most_here;
    policy.burst = std::min(policy.burst, std::max<std::int64_t>(1, static_cast<std::int64_t>(*limit.most_here / 10)));
  }
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.try_emplace(std::move(key), policy).first;
  TokenBucket& bucket = found->second;
  if (bucket.policy() != policy) bucket.set_policy(now, policy);
  TokenLease lease{.tokens = {.count = bucket.take_up_to(now, wanted), .first_at = now}, .retry_at = now};
  if (lease.tokens.count == 0) lease.retry_at = now + bucket.wait_for(now);
  co_return lease;
}

Task<Result<void>> ProcessRateLedger::give_back(std::string key, TokenSpan unused) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  if (const auto found = buckets_.find(key); found != buckets_.end() && unused.count > 0) {
    found->second.give_back(now, unused.count);
  }
  co_return Result<void>();
}

}  // namespace clarion
