#include "decision/response_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/hash.h"

namespace clarion {
namespace {

// Bounds of an estimated strength: below 2 a single message would say everything, above 2,000 nobody could ever
// differ from their segment.
constexpr double min_strength = 2;
constexpr double max_strength = 2000;
constexpr double max_rate = 0.95;

// The age of single messages is not known, only that of the latest: all are as old as it. Without any date they are
// taken as one half-life old.
EvidenceCounts decayed(const Engagement& engagement, WallTime now, double half_life_days) {
  if (engagement.sent <= 0) return {};
  double weight = 0.5;
  if (engagement.last_at) {
    const double days = std::chrono::duration<double, std::chrono::days::period>(now - *engagement.last_at).count();
    weight = std::exp2(-std::max(0.0, days) / half_life_days);
  }
  const double responded = std::clamp(engagement.responded, 0, engagement.sent);
  return {engagement.sent * weight, responded * weight};
}

Posterior shrink(const EvidenceCounts& own, double mean, double strength) {
  const double n = own.sent + strength;
  return {n > 0 ? (own.responded + strength * mean) / n : mean, n};
}

// Kleinman's moment estimate. E[squares] = p(1-p) (freedom + gamma (growth - freedom)) with gamma = 1/(strength+1).
double estimate_strength(double squares, double freedom, double growth, double rate) {
  const double variance = rate * (1 - rate);
  if (variance <= 0 || growth - freedom <= 0 || freedom < 1) return max_strength;
  const double gamma = (squares / variance - freedom) / (growth - freedom);
  if (gamma <= 0) return max_strength;
  return std::clamp(1 / gamma - 1, min_strength, max_strength);
}

// Imported counts are what was known before Clarion sent anything; its own messages come on top.
EvidenceCounts own_counts(const Contact& contact, std::uint64_t contact_hash, Channel channel, WallTime now,
                          double half_life_days, const ResponseEvidence* evidence) {
  EvidenceCounts counts = decayed(contact.engagement[channel], now, half_life_days);
  if (evidence == nullptr) return counts;
  const EvidenceCounts ours = evidence->find(contact_hash, channel, now);
  counts.sent += ours.sent;
  counts.responded += ours.responded;
  return counts;
}

std::uint32_t age_band(const std::optional<std::int32_t>& age) {
  if (!age) return 0;
  constexpr std::array<std::int32_t, 6> starts{18, 25, 35, 45, 55, 65};
  return 1 + static_cast<std::uint32_t>(std::ranges::upper_bound(starts, *age) - starts.begin());
}

}  // namespace

std::uint32_t segment_key(const Contact& contact) {
  std::uint32_t country = 0;
  if (contact.country.size() == 2) {
    country = static_cast<std::uint32_t>(static_cast<unsigned char>(contact.country[0])) << 8U |
              static_cast<unsigned char>(contact.country[1]);
  }
  return country << 4U | age_band(contact.age);
}

void ResponseLearner::Moments::add(double group_sent, double group_responded) {
  if (group_sent <= 0) return;
  groups += 1;
  sent += group_sent;
  responded += group_responded;
  sent_squared += group_sent * group_sent;
  responded_over_n += group_responded * group_responded / group_sent;
}

double ResponseLearner::Moments::squares() const {
  return sent > 0 ? responded_over_n - responded * responded / sent : 0;
}

double ResponseLearner::Moments::freedom() const {
  return sent > 0 ? groups - 1 : 0;
}

double ResponseLearner::Moments::growth() const {
  return sent > 0 ? sent - sent_squared / sent : 0;
}

void ResponseLearner::add(const Contact& contact) {
  ++contacts_;
  PerChannel<Moments>& segment = segments_[segment_key(contact)];
  const std::uint64_t hash = evidence_ ? hash64(contact.id) : 0;
  for (const Channel channel : all_channels) {
    const Engagement& engagement = contact.engagement[channel];
    const EvidenceCounts counts = own_counts(contact, hash, channel, now_, priors_.half_life_days, evidence_.get());
    segment[channel].add(counts.sent, counts.responded);
    Sums& sums = sums_[channel];
    if (engagement.preference) {
      sums.preference += *engagement.preference;
      sums.preferences += 1;
    }
    if (engagement.sent > 0) {
      sums.ever_sent += engagement.sent;
      if (contact.consent[channel].state == ConsentState::OptedOut) sums.opted_out += 1;
    }
  }
}

ResponseModel ResponseLearner::finish() const {
  ResponseModel model(priors_);
  model.contacts_seen_ = contacts_;
  model.evidence_ = evidence_;
  for (const Channel channel : all_channels) {
    ResponseModel::Level& level = model.levels_[channel];
    const Sums& sums = sums_[channel];
    Moments between;
    double squares = 0;
    double freedom = 0;
    double growth = 0;
    for (const auto& [key, moments] : segments_) {
      const Moments& within = moments[channel];
      between.add(within.sent, within.responded);
      squares += within.squares();
      freedom += within.freedom();
      growth += within.growth();
    }
    level.whole = shrink({between.sent, between.responded}, priors_.response[channel], priors_.strength);
    if (between.sent > 0) {
      level.contact_strength = estimate_strength(squares, freedom, growth, level.whole.mean);
      level.segment_strength =
          estimate_strength(between.squares(), between.freedom(), between.growth(), level.whole.mean);
    }
    if (sums.preferences > 0) level.mean_preference = sums.preference / sums.preferences;
    const EvidenceCounts left = evidence_ ? evidence_->unwelcome(channel) : EvidenceCounts{};
    level.opt_out = (sums.opted_out + left.responded + priors_.opt_out[channel] * priors_.strength) /
                    (sums.ever_sent + left.sent + priors_.strength);
    for (const auto& [key, moments] : segments_) {
      const Moments& within = moments[channel];
      model.segments_[key][channel] = shrink({within.sent, within.responded}, level.whole.mean, level.segment_strength);
    }
  }
  return model;
}

ResponseModel::ResponseModel(ResponsePriors priors) : priors_(priors) {
  for (const Channel channel : all_channels) {
    levels_[channel] = Level{.whole = {priors_.response[channel], priors_.strength},
                             .contact_strength = priors_.strength,
                             .segment_strength = priors_.strength,
                             .opt_out = priors_.opt_out[channel]};
  }
}

Posterior ResponseModel::segment(const Contact& contact, Channel channel) const {
  const auto found = segments_.find(segment_key(contact));
  if (found != segments_.end()) return found->second[channel];
  return {levels_[channel].whole.mean, levels_[channel].segment_strength};
}

ResponseEstimate ResponseModel::estimate(const Contact& contact, std::uint64_t contact_hash, Channel channel,
                                         WallTime now) const {
  const Level& level = levels_[channel];
  const double rate = segment(contact, channel).mean;
  const Engagement& engagement = contact.engagement[channel];
  Posterior prior{rate, level.contact_strength};
  if (engagement.preference && level.mean_preference > 0) {
    const double moved = std::min(max_rate, rate * *engagement.preference / level.mean_preference);
    prior = shrink({priors_.preference_weight, priors_.preference_weight * moved}, rate, level.contact_strength);
  }
  const EvidenceCounts own = own_counts(contact, contact_hash, channel, now, priors_.half_life_days, evidence_.get());
  return {.response = shrink(own, prior.mean, prior.effective_n), .own = own, .segment = rate};
}

Posterior ResponseModel::response(const Contact& contact, Channel channel, WallTime now) const {
  return estimate(contact, hash64(contact.id), channel, now).response;
}

double ResponseModel::opt_out_risk(Channel channel, std::int32_t messages_this_week) const {
  return std::min(1.0, levels_[channel].opt_out * (1 + priors_.fatigue * std::max(0, messages_this_week)));
}

}  // namespace clarion
