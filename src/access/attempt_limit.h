#pragma once
// AttemptLimit: how often somebody may be wrong.
//
// Who        a client is an IPv4 address or an IPv6 /64, which is what one customer of a network gets. Behind a proxy
//            all are one client, so guesses at one id are counted apart from guesses at another, and from those at
//            none: whoever guesses blindly holds up no right token.
// Algorithm  a token bucket each (domain/token_bucket.h); where a check is slow it is charged before, so that a
//            thousand guesses at once are a thousand charges, and given back when the token was right.
// Memory     at most `clients` buckets; beyond that the one not heard of for longest goes.
// Threads    not thread-safe.

#include <map>
#include <string>
#include <string_view>

#include "domain/token_bucket.h"

namespace clarion {

class AttemptLimit {
 public:
  struct Policy {
    RatePolicy each{.per_second = 0.2, .burst = 10};
    // Slow hashes, of all clients together: a fifth of a second each, so that guessing takes less than half a core.
    RatePolicy hashes{.per_second = 2, .burst = 50};
    std::size_t clients = 4096;
  };
  explicit AttemptLimit(const Policy& policy) : policy_(policy), hashes_(policy.hashes) {}

  // Zero, or how long until `client` may try again; `id` is that of a token that exists, or empty.
  [[nodiscard]] Duration charge(TimePoint now, std::string_view client, std::string_view id = {});
  // The same for the slow hash that the attempt needs.
  [[nodiscard]] Duration charge_hash(TimePoint now) { return hashes_.take_or_wait(now); }
  // The token was right: neither counts.
  void give_back(TimePoint now, std::string_view client, std::string_view id);
  [[nodiscard]] std::size_t clients() const { return buckets_.size(); }

 private:
  struct Bucket {
    TokenBucket bucket;
    TimePoint used_at{};
  };
  void make_room();

  Policy policy_;
  TokenBucket hashes_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace clarion
