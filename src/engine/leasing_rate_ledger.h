#pragma once
// LeasingRateLedger: buckets that several processes share through a RateFrontier.
//
// Algorithm  a bucket mints a token every 1/rate; the frontier is the time of the next token that nobody has. A worker
//            leases the stretch of time between two positions of the frontier, ahead of now or, after a rest, behind
//            it, and uses each token within (burst - 1)/rate of its own time (domain/token_stock.h). So all workers
//            together keep to burst + rate x time in every stretch of time, whatever each of them holds, and whether it
//            dies or stalls with it. What it does not use in that time is lost.
// Needs      of an identity's bucket a campaign has use for as many tokens as it holds of its own, and soon for all of
//            them: so many are leased for it, and no more than twice as many whatever was used lately. What lies unused
//            in one worker the others do without.
// Shares     the further the frontier is ahead the less is leased at once, so that every worker ends with the same
//            share, without knowing how many there are; and nobody leases much more than it last used. A worker of few
//            campaigns waits longer, up to 30 s, beside one that has many and so leases farther ahead.
// Writes     at most two a second for each bucket, refused ones counted, and two for all the campaigns' buckets of one
//            identity together: C campaigns ask C times more seldom, for C times as long. So a worker and channel has
//            at most four, however many campaigns there are (above 20 it is two for each 20), and one more for each
//            start.
// Clocks     a clock that is ahead uses its tokens that much too early, one that is behind too late; up to 50 ms of
//            difference between any two are kept back from the burst. A burst of less than half a second counts as that
//            where the rate is below two a second, as 1/rate below ten, as 0.1 s above.
// Errors     Unavailable: the caller keeps to a safe fraction. What an unknown write may have taken is not handed out.
// Threads    one executor.

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/hash.h"
#include "domain/token_bucket.h"
#include "ports/rate_frontier.h"
#include "ports/rate_ledger.h"

namespace clarion {

class LeasingRateLedger final : public RateLedger {
 public:
  // REQUIRES: frontier and clock outlive it. Each worker needs a seed of its own.
  LeasingRateLedger(RateFrontier& frontier, Clock& clock, std::uint64_t seed)
      : frontier_(frontier), clock_(clock), random_(seed) {}

  Task<Result<TokenLease>> lease(std::string key, RateLimit limit, std::int64_t wanted) override;
  Task<Result<void>> give_back(std::string key, TokenSpan unused) override;

 private:
  // A stretch of a bucket's time that is this worker's.
  struct Stretch {
    TimePoint begin;
    TimePoint end;
  };
  // A limit in the bucket's unit.
  struct Terms {
    explicit Terms(const RateLimit& limit);
    Duration per_token;
    Duration life;  // of a token
  };
  // What this worker knows and holds of one bucket.
  struct Bucket {
    std::deque<Stretch> held;            // oldest first
    std::optional<BucketTime> frontier;  // as last seen
    BucketTime seen_at{};
    double pace_of_others = 0;  // how fast they move it, in seconds a second
    TimePoint asked_at{};
    TimePoint ask_again_at{};
    std::int64_t given = 0;  // since asked_at
    double use = 0;          // tokens a second, at the last ask
    bool was_short = true;   // somebody wanted more than was held since then
    bool is_asking = false;
    int stretch = 1;                  // so many times more seldom, and so many times as far ahead
    std::optional<TokenBucket> here;  // RateLimit::most_here
    struct Need {
      std::int64_t tokens;
      TimePoint at;
    };
    std::map<std::string, Need, std::less<>> needs;  // RateLimit::need, by campaign
  };

  // How many buckets of the group are in use, `key` among them.
  int count_in_group(const std::string& group, const std::string& key);
  static void forget_expired(Bucket& bucket, const Terms& terms, TimePoint now);
  // Of the tokens whose time comes before `until`.
  [[nodiscard]] static std::int64_t held(const Bucket& bucket, const Terms& terms, TimePoint until = TimePoint::max());
  // The needs that were named lately; none: nobody names them.
  static std::optional<std::int64_t> needed(Bucket& bucket, TimePoint now);
  [[nodiscard]] std::int64_t missing(Bucket& bucket, const Terms& terms, std::int64_t wanted) const;
  TokenLease hand_out(Bucket& bucket, const Terms& terms, std::int64_t wanted);
  // Moves the frontier by up to `wanted` tokens, which are then held.
  Task<Result<void>> ask(std::string key, Terms terms, std::int64_t wanted, Bucket& bucket);
  // Learns how fast others move the frontier; `found` is where it was before this worker's move, none: at rest.
  static void note(Bucket& bucket, BucketTime now, std::optional<BucketTime> found);

  RateFrontier& frontier_;
  Clock& clock_;
  SeededRandom random_;
  std::map<std::string, Bucket, std::less<>> buckets_;
  // RateLimit::group: its buckets, and when each was last leased from.
  std::map<std::string, std::map<std::string, TimePoint>> groups_;
};

}  // namespace clarion
