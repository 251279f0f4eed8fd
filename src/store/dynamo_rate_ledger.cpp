#include "store/dynamo_rate_ledger.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace clarion {
namespace {

constexpr Duration least_pause = std::chrono::milliseconds(250);  // between two writes of one bucket
// And up to this on top, by chance: or of two workers in step the first would always empty the bucket for the other.
constexpr Duration most_jitter = std::chrono::milliseconds(100);
constexpr double least_burst_seconds = 0.25;  // of the rate: what one such pause uses up
// More than is used until the next lease, so that what a late one left in the bucket is caught up with.
constexpr double span_seconds = 0.5;
constexpr Duration most_held = std::chrono::seconds(1);
constexpr double least_per_second = 1.0 / (365.0 * 86400.0);  // slower is no rate, and would overflow
constexpr int most_tries = 3;                                 // of one lease, when others are at it too

// The limit in the item's unit.
struct Gcra {
  std::int64_t per_token = 1;  // nanoseconds, rounded up: too slow rather than too fast
  std::int64_t burst = 1;

  explicit Gcra(RateLimit limit)
      : per_token(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(1e9 / limit.per_second)))),
        burst(std::max(limit.burst, static_cast<std::int64_t>(std::ceil(limit.per_second * least_burst_seconds)))) {
    // Half of what 64 bits hold is 146 years: no bucket needs longer to fill.
    burst = std::min(burst, std::numeric_limits<std::int64_t>::max() / 2 / per_token);
  }
  [[nodiscard]] std::int64_t available(std::int64_t now, std::int64_t full_at) const {
    const std::int64_t missing = std::max<std::int64_t>(0, full_at - now);
    return std::max<std::int64_t>(0, (per_token * burst - missing) / per_token);
  }
};

}  // namespace

Task<Result<TokenLease>> DynamoRateLedger::lease(std::string key, RateLimit limit, std::int64_t wanted) {
  return database_.run(lease_at_home(std::move(key), limit, wanted));
}

Task<Result<void>> DynamoRateLedger::give_back(std::string key, std::int64_t tokens) {
  return database_.run(give_back_at_home(std::move(key), tokens));
}

Task<Result<TokenLease>> DynamoRateLedger::lease_at_home(std::string key, RateLimit limit, std::int64_t wanted) {
  if (!(limit.per_second >= least_per_second) || !std::isfinite(limit.per_second) || limit.burst < 1 || wanted < 1) {
    co_return fail(ErrorKind::Invalid, "a lease needs a rate above 0, a burst and a wish of at least 1 token");
  }
  Bucket& bucket = buckets_[key];  // a map keeps its elements where they are
  Clock& clock = database_.clock();
  if (clock.now() > bucket.held_until) bucket.held = 0;
  if (bucket.held == 0 && !bucket.is_asking && clock.now() >= bucket.ask_again_at) {
    const auto span = static_cast<std::int64_t>(std::ceil(limit.per_second * span_seconds));
    bucket.is_asking = true;
    const auto taken = co_await take(key, limit, std::max(wanted, span), bucket);
    bucket.is_asking = false;
    const TimePoint now = clock.now();
    bucket.ask_again_at =
        now + least_pause * std::max(1, bucket.writes) +
        Duration(static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most_jitter.count()))));
    if (!taken) co_return std::unexpected(taken.error());
    bucket.held += *taken;
    bucket.held_until = now + most_held;
    if (*taken == 0) {
      const Gcra gcra(limit);
      const std::int64_t wall = milliseconds_of(clock.wall_now()) * 1'000'000;
      const std::int64_t wait = bucket.full_at - (gcra.burst - 1) * gcra.per_token - wall;
      // Not for longer than the bucket takes to fill: the clock of whoever wrote it may be wrong.
      const std::int64_t longest = gcra.burst * gcra.per_token;
      bucket.ask_again_at = std::max(bucket.ask_again_at, now + Duration(std::clamp<std::int64_t>(wait, 0, longest)));
    }
  }
  TokenLease lease{.tokens = std::min(wanted, bucket.held), .retry_at = clock.now()};
  bucket.held -= lease.tokens;
  if (lease.tokens == 0) {
    lease.retry_at = std::max(bucket.ask_again_at, clock.now() + std::chrono::milliseconds(1));
  }
  co_return lease;
}

Task<Result<std::int64_t>> DynamoRateLedger::take(std::string key, RateLimit limit, std::int64_t wanted,
                                                  Bucket& bucket) {
  const Gcra gcra(limit);
  std::int64_t count = std::min(wanted, gcra.burst);
  bool is_known = bucket.full_at != 0;
  bucket.writes = 0;
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    // What another worker has done is not known; that it is at least as full as when it was last seen is not either.
    // So the condition decides, and a guess only chooses which of two forms is tried.
    const std::int64_t now = milliseconds_of(database_.clock().wall_now()) * 1'000'000;
    if (is_known) count = std::min(count, gcra.available(now, bucket.full_at));
    if (count == 0) co_return 0;
    DynamoUpdate update{.table = database_.tables().rates, .key = dynamo_key(key, "bucket"), .update = ""};
    if (bucket.full_at <= now) {
      update.update = "SET #full_at = :full_at";
      update.condition = {"attribute_not_exists(#full_at) OR #full_at <= :now", {{":now", now}}};
      update.values = {{":full_at", now + count * gcra.per_token}};
    } else {
      update.update = "SET #full_at = #full_at + :cost";
      update.condition = {"#full_at > :now AND #full_at <= :most",
                          {{":now", now}, {":most", now + (gcra.burst - count) * gcra.per_token}}};
      update.values = {{":cost", count * gcra.per_token}};
    }
    ++bucket.writes;
    const auto wrote = co_await database_.client().update_item_once(std::move(update));
    if (!wrote) co_return std::unexpected(wrote.error());
    auto item = wrote->item;
    if (!item) {
      auto read = co_await database_.client().get_item(database_.tables().rates, dynamo_key(key, "bucket"));
      if (!read) co_return std::unexpected(read.error());
      item = std::move(*read);
    }
    bucket.full_at = item ? number_of(*item, "full_at") : 0;
    if (wrote->is_applied) co_return count;
    is_known = true;
    count = std::min(wanted, gcra.burst);
  }
  co_return 0;
}

Task<Result<void>> DynamoRateLedger::give_back_at_home(std::string key, std::int64_t tokens) {
  // Into this worker's own stock: writing them back would cost more than they are worth.
  const auto found = buckets_.find(key);
  if (found != buckets_.end() && tokens > 0) {
    Bucket& bucket = found->second;
    if (database_.clock().now() > bucket.held_until) bucket.held = 0;
    bucket.held += tokens;
    bucket.held_until = database_.clock().now() + most_held;
  }
  co_return Result<void>();
}

}  // namespace clarion
