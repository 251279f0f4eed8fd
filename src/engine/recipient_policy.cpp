#include "engine/recipient_policy.h"

#include <optional>
#include <utility>

#include "base/hash.h"
#include "decision/why.h"

namespace clarion {
namespace {

EligibilityRules offering(EligibilityRules rules, const CampaignContent& content) {
  for (const Channel channel : all_channels) rules.offered[channel] &= content.has(channel);
  return rules;
}

}  // namespace

void PlanRules::ignore_caps() {
  eligibility.max_per_day = 0;
  eligibility.max_per_week = 0;
  eligibility.min_hours_between = 0;
  eligibility.quiet_hours.reset();
}

RecipientPolicy::RecipientPolicy(Deps deps, PlanRules rules)
    : deps_(std::move(deps)),
      throughput_tps_(rules.throughput_tps),
      overrides_(std::move(rules.channel_overrides)),
      eligibility_(offering(std::move(rules.eligibility), *deps_.content), deps_.facts->suppressions,
                   deps_.facts->recent),
      choice_(*deps_.responses, *deps_.prices, rules.choice) {}

PerChannel<WallTime> RecipientPolicy::next_turns() const {
  PerChannel<WallTime> turns;
  for (const Channel channel : all_channels) {
    turns[channel] = eligibility_.now();
    if (throughput_tps_ <= 0) continue;
    const std::chrono::duration<double> wait(static_cast<double>(queued_[channel]) / throughput_tps_);
    turns[channel] += std::chrono::floor<std::chrono::milliseconds>(wait);
  }
  return turns;
}

std::optional<Channel> RecipientPolicy::find_override(std::string_view contact_id) const {
  if (overrides_.empty()) return std::nullopt;
  const auto found = overrides_.find(contact_id);
  return found == overrides_.end() ? std::nullopt : std::optional(found->second);
}

RecipientPolicy::Planned RecipientPolicy::plan(const Contact& contact, const PerChannel<bool>& failed) {
  Planned planned;
  PlannedDelivery& row = planned.delivery;
  Decision& decision = planned.decision;
  const std::uint64_t hash = hash64(contact.id);
  ContactEligibility eligibility = eligibility_.check(contact, hash, next_turns(), failed);

  PerChannel<std::optional<PlannedContent>> content;
  const auto make_content = [&](Channel channel) {
    auto made = deps_.content->plan(channel, contact);
    if (made) {
      parts_[channel] = made->parts;
      content[channel] = std::move(*made);
      return;
    }
    const ContentRefusal& refusal = made.error();
    const bool is_missing = refusal.reason == "missing_variable";
    refusals_[channel] = is_missing ? refusal.variable : refusal.message;
    eligibility.exclusion[channel] =
        Exclusion{is_missing ? Rule::MissingVariable : Rule::InvalidContent, 0, 0, refusals_[channel]};
  };

  if (eligibility.is_allowed(Channel::Sms)) make_content(Channel::Sms);
  const ChoiceInputs inputs{.contact = contact,
                            .contact_hash = hash,
                            .eligibility = eligibility,
                            .parts = parts_,
                            .messages_this_week = deps_.facts->recent.find(hash).last_week,
                            .now = eligibility_.now(),
                            .wanted = find_override(contact.id)};
  decision = choice_.decide(inputs);
  while (decision.channel && !content[*decision.channel]) {
    make_content(*decision.channel);
    if (!content[*decision.channel]) decision = choice_.decide(inputs);  // at most once a channel
  }

  row.contact_id = contact.id;
  if (decision.channel) {
    const Channel channel = *decision.channel;
    row.channel = channel;
    row.state = DeliveryState::Waiting;
    row.destination = address_of(contact, channel);
    row.parts = content[channel]->parts;
    row.estimated_cost = decision.scores[channel].cost;
    row.due_at = eligibility.due_at(channel);
    row.payload = std::move(content[channel]->payload);
    if (!row.due_at) queued_[channel] += row.parts;
    eligibility_.take_address(row.destination);
  } else {
    row.state = DeliveryState::Skipped;
    row.reason = to_string(decision.exclusion->rule);
    row.channel = channel_in_question(eligibility);
    if (row.channel) row.destination = address_of(contact, *row.channel);
  }
  row.why = write_why(decision);
  return planned;
}

}  // namespace clarion
