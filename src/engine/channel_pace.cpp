#include "engine/channel_pace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
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
  identity_ = {.per_second = shared, .burst = whole_tokens(shared_burst)};
  double rate = std::min(throughput_, shared);
  campaign_ = {.per_second = rate, .burst = whole_tokens(std::min(burst_seconds * rate, shared_burst)), .group = key_};
  limiter_ = throughput_ <= shared ? RateLimiter::Throughput : shared_limiter;
  if (const auto adaptive = deps_.identity.adaptive.limit(now, shared); adaptive && *adaptive < shared) {
    identity_.most_here = adaptive;
    if (*adaptive < rate) {
      rate = *adaptive;
      limiter_ = RateLimiter::Throttling;
    }
    // A carrier that pushes back gets no bursts.
    shared_burst = std::min(shared_burst, std::max(1.0, *adaptive / 10));
  }
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
  // Rested: may burst again. Of a shared bucket this one is a part only; note_rest() sees whether the whole has.
  if (is_drained_ && !is_shared() && own_.available(now) >= own_.policy().burst) is_drained_ = false;
  return is_drained_;
}

void ChannelPace::note_rest(TimePoint now, const TokenSpan& span) {
  if (span.spacing == Duration::zero()) return;  // without times of their own they say nothing
  const Duration age = now - span.first_at;
  if (age > span.life / 2) is_drained_ = false;
  if (age < span.life / 16) is_drained_ = true;
}

std::int64_t ChannelPace::held() const {
  return leases_campaign() ? std::min(of_campaign_.held(), of_identity_.held()) : of_identity_.held();
}

std::int64_t ChannelPace::usable(TimePoint now) const {
  const std::int64_t count = of_identity_.usable(now);
  return leases_campaign() ? std::min(count, of_campaign_.usable(now)) : count;
}

void ChannelPace::forget_expired(TimePoint now, std::int64_t parts) {
  of_identity_.forget_expired(now, parts);
  of_campaign_.forget_expired(now, parts);
}

bool ChannelPace::take(TimePoint now, std::int32_t parts) {
  forget_expired(now, parts);
  if (usable(now) < parts) return false;
  const bool limited = is_peak_limited(now);
  if (limited && !peak_.has_room(now, parts)) return false;
  if (own_.take_or_wait(now, parts) > Duration::zero()) {
    is_drained_ = true;
    return false;
  }
  if (limited) peak_.add(now, parts);
  deps_.identity.use.add(now, parts);
  of_identity_.take(parts);
  if (leases_campaign()) of_campaign_.take(parts);
  return true;
}

std::int64_t ChannelPace::available(TimePoint now) {
  const std::int64_t count = std::min(own_.available(now), usable(now));
  return is_peak_limited(now) ? std::min(count, peak_.room(now)) : count;
}

TimePoint ChannelPace::next_at(TimePoint now, std::int32_t parts) {
  TimePoint next = now + own_.wait_for(now, parts);
  if (is_drained_) next = std::max(next, peak_.room_at(now, parts));
  if (held() < parts) return std::max(next, lease_again_at_);
  if (leases_campaign()) next = std::max(next, of_campaign_.usable_at(parts));
  return std::max(next, of_identity_.usable_at(parts));
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
  forget_expired(now, parts);
  if (held() >= parts) return held() * 2 < span() && deps_.identity.waiting.empty();
  if (own_.wait_for(now, parts) > most_prefetch) {
    rest();  // its own rate holds it: no reason to hold the others
    return false;
  }
  return true;
}

Task<ChannelPace::Leased> ChannelPace::fill(Clock& clock, TokenStock& stock, std::string key, RateLimit limit,
                                            std::int64_t wanted) {
  if (stock.held() >= wanted) co_return Leased::Enough;
  const auto lease = co_await deps_.ledger.lease(std::move(key), limit, wanted - stock.held());
  if (!lease) {
    if (!is_unreachable_) {
      log_warn("rate_ledger_unreachable",
               {{"key", std::string_view(key_)}, {"error", std::string_view(lease.error().message)}});
    }
    co_return Leased::Unreachable;
  }
  if (lease->tokens.count == 0) {
    lease_again_at_ = lease->retry_at;
    co_return Leased::NotYet;
  }
  if (&stock == &of_campaign_) more_of_campaign_ = lease->more;
  if (&stock == (leases_campaign() ? &of_campaign_ : &of_identity_)) note_rest(clock.now(), lease->tokens);
  stock.add(lease->tokens);
  co_return Leased::Enough;
}

Task<ChannelPace::Leased> ChannelPace::lease_both(Clock& clock, std::int64_t wanted) {
  if (leases_campaign()) {
    const Leased campaign = co_await fill(clock, of_campaign_, deps_.campaign_key, campaign_, wanted);
    if (campaign == Leased::Unreachable) co_return campaign;
    identity_.need = {.campaign = deps_.campaign_key, .tokens = of_campaign_.held() + more_of_campaign_};
    wanted = std::min(wanted, of_campaign_.held());
    if (wanted == 0) {
      rest();  // its own rate holds it: no reason to hold the others
      co_return Leased::Enough;
    }
  }
  co_return co_await fill(clock, of_identity_, key_, identity_, wanted);
}

void ChannelPace::fall_back(TimePoint now, std::int64_t wanted) {
  if (!is_unreachable_) {
    is_unreachable_ = true;
    fallback_ = TokenBucket({.per_second = safe_fraction * rate_, .burst = 1});
  }
  std::optional<TokenBucket>& all = deps_.identity.fallback;
  if (!all) {
    // However many workers there are, together they used no more than the limit. Who used nothing cannot know.
    const double fraction = safe_fraction * identity_.per_second;
    const double used = deps_.identity.use.per_second(now);
    all.emplace(RatePolicy{.per_second = used > 0 ? std::min(used, fraction) : fraction, .burst = 1});
  }
  const std::int64_t count = all->take_up_to(now, std::min(wanted, fallback_.available(now)));
  std::ignore = fallback_.take_up_to(now, count);
  const TokenSpan safe{.count = count, .first_at = now, .life = std::chrono::milliseconds(100)};
  of_identity_.add(safe);
  if (leases_campaign()) of_campaign_.add(safe);
  lease_again_at_ = now + std::min(unreachable_pause, std::max(fallback_.wait_for(now), all->wait_for(now)));
}

Task<void> ChannelPace::lease(Clock& clock, std::int32_t parts) {
  if (!is_my_turn()) {
    queue_up();
    lease_again_at_ = clock.now() + turn_pause;
    co_return;
  }
  const std::int64_t wanted = std::max<std::int64_t>(parts, span());
  const Leased leased = co_await lease_both(clock, wanted);
  if (leased == Leased::Unreachable) {
    fall_back(clock.now(), wanted);
    co_return;
  }
  is_unreachable_ = false;
  deps_.identity.fallback.reset();
  if (held() >= parts) {
    rest();
  } else if (leased == Leased::NotYet) {
    queue_up();
  }
}

Task<void> ChannelPace::give_back() {
  rest();
  // Best effort: what cannot be given back is sent later, never twice.
  if (is_unreachable_) co_return;
  for (TokenSpan unused = of_identity_.remove_last(); unused.count > 0; unused = of_identity_.remove_last()) {
    static_cast<void>(co_await deps_.ledger.give_back(key_, unused));
  }
  for (TokenSpan unused = of_campaign_.remove_last(); unused.count > 0; unused = of_campaign_.remove_last()) {
    static_cast<void>(co_await deps_.ledger.give_back(deps_.campaign_key, unused));
  }
}

}  // namespace clarion
