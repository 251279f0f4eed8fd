#include "engine/channel_pace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/log.h"

namespace clarion {
namespace {

constexpr double burst_seconds = 5;     // product rule: burst = 5 x TPS
constexpr double lease_seconds = 0.05;  // tokens of the shared bucket held at once
constexpr std::int64_t most_leased = 10'000;
constexpr Duration most_prefetch = std::chrono::milliseconds(50);
constexpr double safe_fraction = 0.25;  // of the last rate, while the ledger cannot be reached
constexpr Duration turn_pause = std::chrono::milliseconds(1);
constexpr Duration unreachable_pause = std::chrono::seconds(1);

std::int64_t whole_tokens(double tokens) {
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(tokens), 1, 1'000'000'000);
}

}  // namespace

std::string_view to_string(RateLimiter limiter) {
  constexpr std::array<std::string_view, 5> names{"throughput_tps", "operator_ceiling", "provider_quota", "throttling",
                                                  "rate_ledger"};
  return names[static_cast<std::size_t>(limiter)];
}

ChannelPace::ChannelPace(Deps deps, double throughput_tps, TimePoint now)
    : deps_(deps),
      key_(deps.sender.identity()),
      throughput_(throughput_tps),
      // The rate is set by the refresh below; the bursts start full here, so that set_policy cuts and never gives.
      own_(deps.own ? *deps.own
                    : deps.own.emplace(RatePolicy{.per_second = throughput_tps,
                                                  .burst = whole_tokens(burst_seconds * throughput_tps)})),
      peak_(throughput_tps),
      fallback_({.per_second = safe_fraction * throughput_tps, .burst = 1}) {
  refresh(now);
}

void ChannelPace::refresh(TimePoint now) {
  const auto quota = deps_.sender.quota();
  double shared = deps_.max_tps;
  double shared_burst = burst_seconds * deps_.max_tps;
  RateLimiter shared_limiter = RateLimiter::OperatorCeiling;
  if (quota && quota->per_second > 0) {
    if (quota->per_second < shared) {
      shared = quota->per_second;
      shared_limiter = RateLimiter::ProviderQuota;
    }
    shared_burst = std::min(shared_burst, std::max(1.0, static_cast<double>(quota->burst)));
  }
  if (const auto adaptive = deps_.identity.adaptive.limit(now, shared); adaptive && *adaptive < shared) {
    shared = *adaptive;
    // A carrier that pushes back gets no bursts.
    shared_burst = std::min(shared_burst, std::max(1.0, shared / 10));
    shared_limiter = RateLimiter::Throttling;
  }
  identity_ = {.per_second = shared, .burst = whole_tokens(shared_burst)};
  const double rate = std::min(throughput_, shared);
  limiter_ = throughput_ <= shared ? RateLimiter::Throughput : shared_limiter;
  if (is_unreachable_) limiter_ = RateLimiter::LedgerUnreachable;

  const RatePolicy own{.per_second = rate, .burst = whole_tokens(std::min(burst_seconds * rate, shared_burst))};
  if (own_.policy() != own) own_.set_policy(now, own);
  peak_.set_rate(rate);
  rate_ = rate;
}

void ChannelPace::set_throughput(TimePoint now, double throughput_tps) {
  throughput_ = throughput_tps;
  refresh(now);
}

bool ChannelPace::is_peak_limited(TimePoint now) {
  if (is_drained_ && own_.available(now) >= own_.policy().burst) is_drained_ = false;  // rested: may burst again
  return is_drained_;
}

bool ChannelPace::take(TimePoint now, std::int32_t parts) {
  if (leased_ < parts) return false;
  const bool limited = is_peak_limited(now);
  if (limited && !peak_.has_room(now, parts)) return false;
  if (own_.take_or_wait(now, parts) > Duration::zero()) {
    is_drained_ = true;
    return false;
  }
  if (limited) peak_.add(now, parts);
  leased_ -= parts;
  return true;
}

std::int64_t ChannelPace::available(TimePoint now) {
  const std::int64_t own = own_.available(now);
  return std::min(leased_, is_peak_limited(now) ? std::min(own, peak_.room(now)) : own);
}

TimePoint ChannelPace::next_at(TimePoint now, std::int32_t parts) {
  TimePoint next = now + own_.wait_for(now, parts);
  if (is_drained_) next = std::max(next, peak_.room_at(now, parts));
  if (leased_ < parts) next = std::max(next, lease_again_at_);
  return next;
}

std::int64_t ChannelPace::span() const {
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(rate_ * lease_seconds)), 1, most_leased);
}

bool ChannelPace::is_my_turn() const {
  return deps_.identity.waiting.empty() || *deps_.identity.waiting.begin() == ticket_;
}

void ChannelPace::queue_up() {
  if (ticket_ != 0) return;
  ticket_ = deps_.identity.next_ticket++;
  deps_.identity.waiting.insert(ticket_);
}

void ChannelPace::rest() {
  if (ticket_ != 0) deps_.identity.waiting.erase(std::exchange(ticket_, 0));
}

bool ChannelPace::needs_lease(TimePoint now, std::int32_t parts) {
  if (now < lease_again_at_) return false;
  if (leased_ >= parts) return leased_ * 2 < span() && deps_.identity.waiting.empty();
  if (own_.wait_for(now, parts) > most_prefetch) {
    rest();  // its own rate holds it: no reason to hold the others
    return false;
  }
  return true;
}

Task<Result<TokenLease>> ChannelPace::lease_both(std::int64_t wanted) {
  if (deps_.campaign_key.empty()) co_return co_await deps_.ledger.lease(key_, identity_, wanted);
  const RateLimit own{.per_second = own_.policy().per_second, .burst = own_.policy().burst};
  auto campaign = co_await deps_.ledger.lease(deps_.campaign_key, own, wanted);
  if (!campaign || campaign->tokens == 0) co_return campaign;
  auto identity = co_await deps_.ledger.lease(key_, identity_, campaign->tokens);
  const std::int64_t unused = campaign->tokens - (identity ? identity->tokens : 0);
  if (unused > 0) static_cast<void>(co_await deps_.ledger.give_back(deps_.campaign_key, unused));
  co_return identity;
}

Task<void> ChannelPace::lease(Clock& clock, std::int32_t parts) {
  if (!is_my_turn()) {
    queue_up();
    lease_again_at_ = clock.now() + turn_pause;
    co_return;
  }
  const std::int64_t wanted = std::max<std::int64_t>(parts, span()) - leased_;
  const auto lease = co_await lease_both(wanted);
  const TimePoint now = clock.now();
  if (lease) {
    is_unreachable_ = false;
    leased_ += lease->tokens;
    if (leased_ >= parts) {
      rest();
    } else {
      queue_up();
      if (lease->tokens == 0) lease_again_at_ = lease->retry_at;
    }
    co_return;
  }
  if (!is_unreachable_) {
    log_warn("rate_ledger_unreachable",
             {{"key", std::string_view(key_)}, {"error", std::string_view(lease.error().message)}});
    is_unreachable_ = true;
    fallback_ = TokenBucket({.per_second = safe_fraction * rate_, .burst = 1});
  }
  leased_ += fallback_.take_up_to(now, wanted);
  lease_again_at_ = now + std::min(unreachable_pause, fallback_.wait_for(now));
}

Task<void> ChannelPace::give_back() {
  rest();
  const std::int64_t unused = std::exchange(leased_, 0);
  // Best effort: what cannot be given back is sent later, never twice.
  if (unused <= 0 || is_unreachable_) co_return;
  static_cast<void>(co_await deps_.ledger.give_back(key_, unused));
  if (!deps_.campaign_key.empty()) static_cast<void>(co_await deps_.ledger.give_back(deps_.campaign_key, unused));
}

}  // namespace clarion
