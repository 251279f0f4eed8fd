#include "engine/leasing_rate_ledger.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/waits.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr Duration least_pause = 500ms;  // between two writes of one bucket
constexpr Duration most_jitter = 100ms;  // and up to this on top, so that workers do not stay in step
constexpr Duration most_ahead = 1500ms;  // of now, the frontier
constexpr double span_seconds = 1;       // of the rate, at most leased ahead at once
constexpr double cover_seconds = 1;      // of what is used, to be held
constexpr double growth = 1.25;          // from one lease to the next
// Of `wanted`, where needs are not named: a caller wants 50 ms of its rate, and may burst for 5 s.
constexpr double burst_wishes = 100;
constexpr Duration hand_out_ahead = 50ms;
constexpr Duration kept_back = 50ms;     // of a burst: clocks differ, and networks bunch
constexpr Duration asking_takes = 50ms;  // so long are the oldest tokens of a rested bucket still good
// Tokens that are too old to last for so long are leased beside the wished ones: in a burst, and for use as it comes.
constexpr Duration burst_keeps = 250ms;
constexpr Duration use_keeps = 1100ms;
constexpr Duration shortest_life = 100ms;
constexpr Duration longest_least_life = 500ms;
constexpr Duration longest_pause = 10s;
constexpr Duration need_lasts = 2s;                           // from when it was named
constexpr Duration use_lasts = 10s;                           // of a bucket in its group, from the last lease
constexpr int most_stretched = 20;                            // a pause of ten seconds, and thirty ahead of now
constexpr double least_per_second = 1.0 / (365.0 * 86400.0);  // slower is no rate, and would overflow
constexpr int most_lease_tries = 3;                           // of one lease, when others are at it too

BucketTime bucket_time(WallTime time) {
  return BucketTime(time);
}

std::int64_t tokens_in(double time_seconds, Duration per_token) {
  return static_cast<std::int64_t>(time_seconds / seconds(per_token));
}

}  // namespace

LeasingRateLedger::Terms::Terms(const RateLimit& limit)
    : per_token(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(1e9 / limit.per_second)))),
      // Half of what 64 bits hold is 146 years: no bucket needs longer to fill.
      life(per_token * std::min(limit.burst - 1, Duration::max().count() / 2 / per_token.count())) {
  life = std::max(life - kept_back, std::clamp(per_token, shortest_life, longest_least_life));
}

Task<Result<TokenLease>> LeasingRateLedger::lease(std::string key, RateLimit limit, std::int64_t wanted) {
  if (!(limit.per_second >= least_per_second) || !std::isfinite(limit.per_second) || limit.burst < 1 || wanted < 1) {
    co_return fail(ErrorKind::Invalid, "a lease needs a rate above 0, a burst and a wish of at least 1 token");
  }
  const Terms terms(limit);
  Bucket& bucket = buckets_[key];  // a map keeps its elements where they are
  if (!limit.most_here) {
    bucket.here.reset();
  } else {
    const RatePolicy here{.per_second = *limit.most_here,
                          .burst = std::max<std::int64_t>(1, static_cast<std::int64_t>(*limit.most_here / 10))};
    if (!bucket.here) bucket.here.emplace(here);
    if (bucket.here->policy() != here) bucket.here->set_policy(clock_.now(), here);
  }
  bucket.stretch = limit.group.empty() ? 1 : std::min(count_in_group(limit.group, key), most_stretched);
  if (limit.need) {
    bucket.needs[limit.need->campaign] = {limit.need->tokens, clock_.now()};
  } else {
    bucket.needs.clear();  // somebody's is not known
  }
  forget_expired(bucket, terms, clock_.now());
  const std::int64_t missing_now = missing(bucket, terms, wanted);
  if (missing_now > 0 && !bucket.is_asking && clock_.now() >= bucket.ask_again_at) {
    bucket.is_asking = true;
    const auto asked = co_await ask(key, terms, missing_now, bucket);
    bucket.is_asking = false;
    if (!asked) co_return std::unexpected(asked.error());
  }
  co_return hand_out(bucket, terms, wanted);
}

Task<Result<void>> LeasingRateLedger::give_back(std::string key, TokenSpan unused) {
  // Into this worker's own stock: writing them back would cost more than they are worth.
  const auto found = buckets_.find(key);
  if (found == buckets_.end() || unused.count <= 0 || unused.spacing == Duration::zero()) co_return Result<void>();
  Bucket& bucket = found->second;
  bucket.held.push_front({unused.first_at, unused.first_at + unused.spacing * unused.count});
  bucket.given -= unused.count;
  co_return Result<void>();
}

int LeasingRateLedger::count_in_group(const std::string& group, const std::string& key) {
  const TimePoint now = clock_.now();
  auto& members = groups_[group];
  members[key] = now;
  std::erase_if(members, [now](const auto& member) { return now - member.second > use_lasts; });
  return static_cast<int>(members.size());
}

void LeasingRateLedger::forget_expired(Bucket& bucket, const Terms& terms, TimePoint now) {
  const TimePoint oldest = now - terms.life;
  while (!bucket.held.empty()) {
    Stretch& first = bucket.held.front();
    if (first.begin < oldest) {
      const auto expired = (oldest - first.begin + terms.per_token - Duration(1)) / terms.per_token;
      first.begin += terms.per_token * expired;
    }
    // A rest of less than a token is left where the rate has been changed.
    if (first.end - first.begin >= terms.per_token) return;
    bucket.held.pop_front();
  }
}

std::int64_t LeasingRateLedger::held(const Bucket& bucket, const Terms& terms, TimePoint until) {
  std::int64_t sum = 0;
  for (const Stretch& stretch : bucket.held) {
    sum += std::max(Duration::zero(), std::min(stretch.end, until) - stretch.begin) / terms.per_token;
  }
  return sum;
}

std::optional<std::int64_t> LeasingRateLedger::needed(Bucket& bucket, TimePoint now) {
  std::erase_if(bucket.needs, [&](const auto& need) { return now - need.second.at > need_lasts; });
  if (bucket.needs.empty()) return std::nullopt;
  std::int64_t sum = 0;
  for (const auto& [campaign, need] : bucket.needs) sum += need.tokens;
  return sum;
}

std::int64_t LeasingRateLedger::missing(Bucket& bucket, const Terms& terms, std::int64_t wanted) const {
  const double since = seconds(clock_.now() - bucket.asked_at);
  const double use = std::max(bucket.use, static_cast<double>(bucket.given) / std::max(since, seconds(least_pause)));
  double target = growth * use * cover_seconds * bucket.stretch + static_cast<double>(wanted);
  if (const auto need = needed(bucket, clock_.now())) {
    const auto needs = static_cast<double>(std::max(*need, wanted));
    target = std::clamp(target, needs, 2 * needs);
  } else if (bucket.was_short) {
    target = std::max(target, burst_wishes * static_cast<double>(wanted));
  }
  if (bucket.here) target = std::min(target, bucket.here->policy().per_second * cover_seconds + 1);
  const auto has = static_cast<double>(held(bucket, terms));
  if (has >= target / 2 && has >= static_cast<double>(wanted)) return 0;
  return static_cast<std::int64_t>(std::ceil(target - has));
}

TokenLease LeasingRateLedger::hand_out(Bucket& bucket, const Terms& terms, std::int64_t wanted) {
  const TimePoint now = clock_.now();
  forget_expired(bucket, terms, now);
  TokenLease lease{.tokens = {.spacing = terms.per_token, .life = terms.life}, .retry_at = now + 1ms};
  if (bucket.held.empty()) {
    bucket.was_short = true;
    lease.retry_at = bucket.is_asking ? now + 2ms : std::max(bucket.ask_again_at, lease.retry_at);
    return lease;
  }
  Stretch& first = bucket.held.front();
  const Duration until_horizon = now + hand_out_ahead - first.begin;
  if (until_horizon < Duration::zero()) {
    lease.retry_at = first.begin - hand_out_ahead;
    return lease;
  }
  std::int64_t count =
      std::min({wanted, until_horizon / terms.per_token + 1, (first.end - first.begin) / terms.per_token});
  if (bucket.here) {
    const std::int64_t here = bucket.here->take_up_to(now, count);
    if (here == 0) lease.retry_at = now + bucket.here->wait_for(now);
    count = here;
  }
  lease.tokens.count = count;
  lease.tokens.first_at = first.begin;
  first.begin += terms.per_token * count;
  bucket.given += count;
  lease.more = held(bucket, terms, now + most_ahead);
  return lease;
}

Task<Result<void>> LeasingRateLedger::ask(std::string key, Terms terms, std::int64_t wanted, Bucket& bucket) {
  const Duration jitter(static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most_jitter.count()))));
  bucket.use =
      static_cast<double>(bucket.given) / std::max(seconds(clock_.now() - bucket.asked_at), seconds(least_pause));
  bucket.given = 0;
  const Duration keeps =
      std::min((bucket.was_short && !bucket.here ? burst_keeps : use_keeps) * bucket.stretch, terms.life * 3 / 5);
  const Duration pause = least_pause * bucket.stretch;
  const Duration farthest = most_ahead * bucket.stretch;
  bucket.was_short = false;
  bucket.asked_at = clock_.now();
  for (int tries = 1; tries <= most_lease_tries; ++tries) {
    bucket.ask_again_at = clock_.now() + pause * tries + jitter;
    const TimePoint steady = clock_.now();
    const BucketTime now = bucket_time(clock_.wall_now());
    const BucketTime latest = now + farthest;
    // Where a bucket that has rested begins.
    const BucketTime from = now - std::max(terms.life - asking_takes, terms.life / 2);
    if (bucket.frontier && *bucket.frontier > latest) {
      const Duration wait = *bucket.frontier - latest;
      bucket.ask_again_at = std::max(bucket.ask_again_at, steady + std::min(wait, longest_pause) + jitter);
      // Whoever moved it so far may have had a wrong clock; it is looked at again.
      if (wait > longest_pause) bucket.frontier.reset();
      co_return Result<void>();
    }
    // The frontier as it will be found: where it was seen, and on as others have moved it lately.
    BucketTime likely = from;
    if (bucket.frontier) {
      const auto moved = std::chrono::duration<double>(seconds(now - bucket.seen_at) * bucket.pace_of_others);
      likely = std::max(from, *bucket.frontier + std::chrono::duration_cast<std::chrono::nanoseconds>(moved));
    }
    const double ahead = std::clamp(seconds(likely - now), 0.0, seconds(farthest));
    const std::int64_t rested = std::max<std::int64_t>(0, (now - likely) / terms.per_token);
    const std::int64_t leased_ahead =
        tokens_in(span_seconds * bucket.stretch * (1 - ahead / seconds(farthest)), terms.per_token);
    const std::int64_t too_old = std::max<std::int64_t>(0, (now - terms.life + keeps - likely) / terms.per_token);
    const std::int64_t count = std::min(wanted + too_old, rested + std::max<std::int64_t>(1, leased_ahead));
    const std::chrono::nanoseconds by = terms.per_token * count;
    const bool has_rested = !bucket.frontier || *bucket.frontier < from;
    const auto reply =
        has_rested ? co_await frontier_.begin(key, from, by) : co_await frontier_.advance(key, from, latest, by);
    if (!reply) co_return std::unexpected(reply.error());
    std::optional<BucketTime> found = reply->frontier;
    if (reply->is_moved && found) *found -= by;
    note(bucket, now, has_rested && reply->is_moved ? std::nullopt : found);
    bucket.frontier = reply->frontier;
    if (reply->is_moved && found) {
      const TimePoint begin = steady + (*found - now);
      bucket.held.push_back({begin, begin + by});
      co_return Result<void>();
    }
  }
  co_return Result<void>();
}

void LeasingRateLedger::note(Bucket& bucket, BucketTime now, std::optional<BucketTime> found) {
  if (!found) {
    bucket.pace_of_others = 0;
  } else if (bucket.frontier && now > bucket.seen_at) {
    const double pace = seconds(*found - *bucket.frontier) / seconds(now - bucket.seen_at);
    bucket.pace_of_others += (std::clamp(pace, 0.0, 2.0) - bucket.pace_of_others) / 2;
  }
  bucket.seen_at = now;
}

}  // namespace clarion
