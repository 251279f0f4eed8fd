#pragma once
// ChannelPace: when the next message of one campaign may leave on one channel, and what is holding it.
//
// Three limits, all of which must agree: the campaign's own bucket (burst 5 x rate), the bucket of the origination
// identity that all campaigns share (leased from the RateLedger in spans of about 50 ms), and, once the burst is
// used up, a limit of the peak, so that what a stall held back comes out evenly instead of in one lump. When several
// processes send the campaign, its bucket is leased from the RateLedger too, and the one here bounds this process.
// What a carrier pushes back to bounds this process alone: the others find out for themselves.
//
// Units    parts: what the provider counts.
// Errors   an unreachable ledger never means "no limit": a safe fraction of the last rate is kept, and all campaigns
//          of the process together keep to that fraction of the identity's, and to what they used before.
// Threads  one executor.

#include <optional>
#include <string>

#include "domain/token_bucket.h"
#include "domain/token_stock.h"
#include "engine/identity_limit.h"
#include "engine/peak_limit.h"
#include "ports/channel_sender.h"
#include "ports/rate_ledger.h"

namespace clarion {

enum class RateLimiter : std::uint8_t { Throughput, OperatorCeiling, ProviderQuota, Throttling, LedgerUnreachable };
// "throughput_tps", "operator_ceiling", "provider_quota", "throttling", "rate_ledger".
[[nodiscard]] std::string_view to_string(RateLimiter limiter);

class ChannelPace {
 public:
  struct Deps {
    RateLedger& ledger;
    const ChannelSender& sender;
    IdentityLimit& identity;  // of the sender
    // The campaign's own bucket; made when empty. It outlives this, so that pausing and resuming fills no bucket.
    std::optional<TokenBucket>& own;
    double max_tps = 1000;
    // Where the ledger keeps the campaign's own bucket when several processes send it; empty: this one does alone.
    std::string campaign_key = {};
  };
  ChannelPace(Deps deps, double throughput_tps, TimePoint now);

  // Takes the tokens for one message, or none.
  [[nodiscard]] bool take(TimePoint now, std::int32_t parts);
  // Parts that take() would grant now.
  [[nodiscard]] std::int64_t available(TimePoint now);
  // Not before this can take(parts) succeed, as far as is known.
  [[nodiscard]] TimePoint next_at(TimePoint now, std::int32_t parts);

  // Follows the live quota and the adaptive rate. Call about once a tick.
  void refresh(TimePoint now);
  void set_throughput(TimePoint now, double throughput_tps);
  // Whether lease() should be called before a message of `parts` can go.
  [[nodiscard]] bool needs_lease(TimePoint now, std::int32_t parts);
  Task<void> lease(Clock& clock, std::int32_t parts);
  // Nothing is to be sent for now: others need not wait for this campaign's turn.
  void rest();
  // Returns what was leased and not used.
  Task<void> give_back();

  [[nodiscard]] double rate() const { return rate_; }
  // What sets the rate now.
  [[nodiscard]] RateLimiter limiter() const { return limiter_; }
  // The rate that was asked for, whatever else holds it.
  [[nodiscard]] double asked() const { return throughput_; }
  // The campaign's own bucket: what is in it, and what fits in.
  [[nodiscard]] std::int64_t tokens(TimePoint now) const { return own_.available(now); }
  [[nodiscard]] std::int64_t burst() const { return own_.policy().burst; }

 private:
  [[nodiscard]] bool is_peak_limited(TimePoint now);
  // What one call of the ledger came to.
  enum class Leased : std::uint8_t { Enough, NotYet, Unreachable };
  // Fills the stock of the campaign's bucket, where it is shared, and of the identity's up to `wanted`.
  Task<Leased> lease_both(Clock& clock, std::int64_t wanted);
  Task<Leased> fill(Clock& clock, TokenStock& stock, std::string key, RateLimit limit, std::int64_t wanted);
  void fall_back(TimePoint now, std::int64_t wanted);
  [[nodiscard]] bool is_shared() const { return !deps_.campaign_key.empty(); }
  // Where the identity's bucket is as tight as the campaign's, it keeps the campaign's limit too.
  [[nodiscard]] bool leases_campaign() const {
    return is_shared() && (campaign_.per_second < identity_.per_second || campaign_.burst < identity_.burst);
  }
  // Tokens of all buckets, for later too, and those that can be used now.
  [[nodiscard]] std::int64_t held() const;
  [[nodiscard]] std::int64_t usable(TimePoint now) const;
  void forget_expired(TimePoint now, std::int64_t parts);
  // The shared bucket has rested, and may be emptied in one burst, when the tokens it gives are old.
  void note_rest(TimePoint now, const TokenSpan& span);
  [[nodiscard]] std::int64_t span() const;
  [[nodiscard]] bool is_my_turn() const;
  void queue_up();

  Deps deps_;
  std::string key_;
  double throughput_;
  double rate_ = 0;  // the least of all limits
  RateLimiter limiter_{};
  RateLimit identity_;  // the shared bucket's
  RateLimit campaign_;  // the campaign's, of all processes
  TokenBucket& own_;
  PeakLimit peak_;
  TokenBucket fallback_;     // while the ledger cannot be reached
  bool is_drained_ = false;  // the burst is used up
  bool is_unreachable_ = false;
  TokenStock of_identity_;
  TokenStock of_campaign_;             // unused unless leases_campaign()
  std::int64_t more_of_campaign_ = 0;  // the ledger's stock of this worker, beside of_campaign_
  std::uint64_t ticket_ = 0;           // in the identity's queue; 0: none
  TimePoint lease_again_at_{};
};

}  // namespace clarion
