#include "decision/eligibility.h"

#include <algorithm>
#include <utility>

namespace clarion {
namespace {

double days_between(WallTime earlier, WallTime later) {
  return std::chrono::duration<double, std::chrono::days::period>(later - earlier).count();
}

}  // namespace

EligibilityRules EligibilityRules::for_explicit_list(bool respects_caps) {
  EligibilityRules rules;
  rules.requires_opt_in = false;
  rules.excludes_open_complaints = false;
  rules.complaint_days = 0;
  rules.min_sentiment.reset();
  if (!respects_caps) {
    rules.max_per_day = 0;
    rules.max_per_week = 0;
    rules.quiet_hours.reset();
  }
  return rules;
}

bool ContactEligibility::is_any_allowed() const {
  return std::ranges::any_of(all_channels, [this](Channel channel) { return is_allowed(channel); });
}

std::optional<WallTime> ContactEligibility::due_at(Channel channel) const {
  return best_time ? best_time : quiet_until[channel];
}

Eligibility::Eligibility(EligibilityRules rules, const SuppressionSet& suppressions, const RecentContacts& recent)
    : rules_(std::move(rules)),
      suppressions_(suppressions),
      recent_(recent),
      local_times_(recent.now(), rules_.quiet_hours.value_or(QuietHours{0, 0}), rules_.fallback_zone) {}

std::optional<Exclusion> Eligibility::check_channel(const Contact& contact, Channel channel) const {
  if (!rules_.offered[channel]) return Exclusion{.rule = Rule::NotOffered};
  if (!rules_.set_up[channel]) return Exclusion{.rule = Rule::NotSetUp};
  const std::string& address = address_of(contact, channel);
  if (address.empty()) return Exclusion{.rule = Rule::NoAddress};
  if (channel == Channel::Email ? !is_mailbox(address) : !is_e164(address)) {
    return Exclusion{.rule = Rule::InvalidAddress};
  }
  const Consent& consent = contact.consent[channel];
  if (consent.state == ConsentState::OptedOut) return Exclusion{.rule = Rule::OptedOut, .detail = consent.source};
  if (rules_.requires_opt_in && consent.state != ConsentState::OptedIn) {
    return Exclusion{.rule = Rule::NoConsent, .detail = consent.source};
  }
  if (const auto reason = suppressions_.find(channel, address)) {
    return Exclusion{.rule = Rule::Suppressed, .detail = *reason};
  }
  return std::nullopt;
}

// Whether they, or an operator for them, said stop on the channel. That an address is no good says nothing of that.
std::optional<Exclusion> Eligibility::check_stop(const Contact& contact, Channel channel) const {
  const Consent& consent = contact.consent[channel];
  if (consent.state == ConsentState::OptedOut) return Exclusion{.rule = Rule::OptedOut, .detail = consent.source};
  const auto reason = suppressions_.find(channel, address_of(contact, channel));
  if (reason && *reason != "hard_bounce") return Exclusion{.rule = Rule::Suppressed, .detail = *reason};
  return std::nullopt;
}

std::optional<Exclusion> Eligibility::check_contact(const Contact& contact) const {
  if (rules_.excludes_open_complaints && contact.has_open_complaint) {
    return Exclusion{.rule = Rule::OpenComplaint, .value = 1};
  }
  if (rules_.complaint_days > 0 && contact.complaint_at) {
    const double days = std::max(0.0, days_between(*contact.complaint_at, now()));
    if (days < rules_.complaint_days) {
      return Exclusion{Rule::RecentComplaint, days, static_cast<double>(rules_.complaint_days), {}};
    }
  }
  if (rules_.min_sentiment && contact.sentiment && *contact.sentiment < *rules_.min_sentiment) {
    return Exclusion{Rule::NegativeSentiment, *contact.sentiment, *rules_.min_sentiment, {}};
  }
  return std::nullopt;
}

bool Eligibility::has_caps() const {
  return rules_.max_per_day > 0 || rules_.max_per_week > 0 || rules_.min_hours_between > 0;
}

std::optional<Exclusion> Eligibility::check_caps(const Contact& contact, const RecentContacts::Counts& counts) const {
  const std::string_view planner = recent_.find_planner(counts);
  if (rules_.min_hours_between > 0) {
    // The ledger knows what we sent; the contact may carry a date from another system. The later one counts.
    std::optional<double> hours;
    if (counts.last_week > 0) hours = counts.last_at / 3600.0;
    if (contact.last_contacted_at) {
      const double imported = std::max(0.0, days_between(*contact.last_contacted_at, now()) * 24);
      hours = std::min(hours.value_or(imported), imported);
    }
    if (hours && *hours < rules_.min_hours_between) {
      return Exclusion{Rule::RecentContact, *hours, static_cast<double>(rules_.min_hours_between), planner};
    }
  }
  const auto exceeded = [planner](Rule rule, std::int32_t count, std::int32_t cap) {
    return Exclusion{rule, static_cast<double>(count), static_cast<double>(cap), planner};
  };
  if (rules_.max_per_week > 0 && counts.last_week >= rules_.max_per_week) {
    return exceeded(Rule::FrequencyCapWeek, counts.last_week, rules_.max_per_week);
  }
  if (rules_.max_per_day > 0 && counts.last_day >= rules_.max_per_day) {
    return exceeded(Rule::FrequencyCapDay, counts.last_day, rules_.max_per_day);
  }
  return std::nullopt;
}

void Eligibility::apply_caps(const Contact& contact, std::uint64_t contact_hash, const PerChannel<WallTime>& send_at,
                             ContactEligibility& result) const {
  std::optional<Exclusion> whole;
  if (!recent_.has_later()) whole = check_caps(contact, recent_.find(contact_hash));
  for (const Channel channel : all_channels) {
    if (!result.is_allowed(channel)) continue;
    // What is planned for later depends on when this message leaves.
    result.exclusion[channel] =
        recent_.has_later()
            ? check_caps(contact, recent_.find(contact_hash, result.due_at(channel).value_or(send_at[channel])))
            : whole;
  }
}

void Eligibility::find_times(const Contact& contact, const PerChannel<WallTime>& send_at, ContactEligibility& result) {
  if (rules_.quiet_hours) {
    for (const Channel channel : all_channels) {
      if (!rules_.has_quiet_hours[channel] || !result.is_allowed(channel)) continue;
      result.quiet_until[channel] = local_times_.quiet_until(contact.time_zone, contact.country, send_at[channel]);
    }
  }
  if (rules_.waits_for_best_hour && contact.best_hour && *contact.best_hour >= 0 && *contact.best_hour < 24) {
    const WallTime best = local_times_.next_hour(contact.time_zone, contact.country, *contact.best_hour);
    if (best > now()) result.best_time = best;
  }
}

ContactEligibility Eligibility::check(const Contact& contact, std::uint64_t contact_hash,
                                      const PerChannel<WallTime>& send_at, const PerChannel<bool>& failed) {
  ContactEligibility result;
  std::optional<Exclusion> whole;
  for (const Channel channel : all_channels) {
    if (failed[channel]) {
      const auto stop = check_stop(contact, channel);
      result.exclusion[channel] = stop.value_or(Exclusion{.rule = Rule::ChannelFailed});
      if (stop) whole = stop;
    } else {
      result.exclusion[channel] = check_channel(contact, channel);
    }
  }
  if (!result.is_any_allowed()) return result;

  if (!whole) whole = check_contact(contact);
  if (whole) {
    for (const Channel channel : all_channels) {
      if (result.is_allowed(channel)) result.exclusion[channel] = whole;
    }
    return result;
  }
  find_times(contact, send_at, result);
  if (has_caps()) apply_caps(contact, contact_hash, send_at, result);
  for (const Channel channel : all_channels) {
    if (result.is_allowed(channel) && addresses_.has(address_of(contact, channel))) {
      result.exclusion[channel] = Exclusion{.rule = Rule::DuplicateAddress, .value = 2, .threshold = 1};
    }
  }
  return result;
}

const Exclusion& best_explaining(const ContactEligibility& eligibility) {
  const Exclusion* best = nullptr;
  for (const auto& exclusion : eligibility.exclusion.values) {
    if (exclusion && (best == nullptr || exclusion->rule > best->rule)) best = &*exclusion;
  }
  return *best;
}

std::optional<Channel> channel_in_question(const ContactEligibility& eligibility) {
  std::optional<Channel> offered;
  std::optional<Channel> reachable;
  std::size_t offered_count = 0;
  std::size_t reachable_count = 0;
  for (const Channel channel : all_channels) {
    const auto& exclusion = eligibility.exclusion[channel];
    if (exclusion && exclusion->rule == Rule::NotOffered) continue;
    offered = channel;
    ++offered_count;
    if (exclusion && exclusion->rule == Rule::NoAddress) continue;
    reachable = channel;
    ++reachable_count;
  }
  if (offered_count == 1) return offered;
  if (reachable_count == 1) return reachable;
  return std::nullopt;
}

bool is_e164(std::string_view text) {
  if (text.size() < 9 || text.size() > 16 || text[0] != '+' || text[1] == '0') return false;
  return std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_mailbox(std::string_view text) {
  if (text.size() > 254) return false;
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return false;
  const std::string_view domain = text.substr(at + 1);
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == domain.size()) return false;
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
}

}  // namespace clarion
