#include "decision/channel_choice.h"

#include <algorithm>
#include <limits>

#include "base/hash.h"
#include "domain/phone_country.h"

namespace clarion {

namespace {

// Carriers bill by the number.
std::string_view billed_country(const Contact& contact, Channel channel) {
  const std::string_view country = channel == Channel::Email ? std::string_view() : country_of_phone(contact.phone);
  return country.empty() ? contact.country : country;
}

}  // namespace

void ChannelChoice::score(const ChoiceInputs& inputs, PerChannel<ChannelScore>& scores) const {
  for (const Channel channel : all_channels) {
    ChannelScore& score = scores[channel];
    const ResponseEstimate estimate = model_.estimate(inputs.contact, inputs.contact_hash, channel, inputs.now);
    score.response = estimate.response;
    score.own = estimate.own;
    score.segment_response = estimate.segment;
    score.opt_out_risk = model_.opt_out_risk(channel, inputs.messages_this_week);
    const std::string_view country = billed_country(inputs.contact, channel);
    score.cost = prices_.price(channel, country, inputs.parts[channel], policy_.whatsapp_category).amount;
    score.reward = score.response.mean * policy_.value_of_response - score.cost.usd() -
                   score.opt_out_risk * policy_.cost_of_opt_out;
    score.exclusion = inputs.eligibility.exclusion[channel];
  }
}

void ChannelChoice::choose(Decision& decision, Channel channel) {
  decision.channel = channel;
  decision.probability = decision.scores[channel].probability;
}

Decision ChannelChoice::decide(const ChoiceInputs& inputs) const {
  Decision decision;
  decision.wanted = inputs.wanted;
  score(inputs, decision.scores);

  std::int32_t allowed = 0;
  Channel best{};
  double best_reward = -std::numeric_limits<double>::infinity();
  for (const Channel channel : all_channels) {
    const ChannelScore& score = decision.scores[channel];
    if (score.exclusion) continue;
    ++allowed;
    if (score.reward > best_reward) {
      best = channel;
      best_reward = score.reward;
    }
  }
  if (allowed == 0) {
    decision.exclusion = best_explaining(inputs.eligibility);
    return decision;
  }

  SeededRandom random(mix64(inputs.contact_hash ^ mix64(policy_.seed)));
  // Both draws are always made, so that a changed holdout share moves nobody else to another channel.
  const double holdout_draw = random.uniform();
  const double choice_draw = random.uniform();
  if (holdout_draw < policy_.holdout) {
    decision.exclusion = Exclusion{Rule::Holdout, holdout_draw, policy_.holdout};
    return decision;
  }
  if (inputs.wanted && !decision.scores[*inputs.wanted].exclusion) {
    decision.scores[*inputs.wanted].probability = 1;
    choose(decision, *inputs.wanted);
    return decision;
  }
  if (policy_.may_choose_nothing && best_reward < 0) {
    decision.exclusion = Exclusion{Rule::NotWorthSending, best_reward, 0};
    return decision;
  }

  const double floor = std::clamp(policy_.exploration, 0.0, 1.0) / allowed;
  double below = 0;
  for (const Channel channel : all_channels) {
    ChannelScore& score = decision.scores[channel];
    if (score.exclusion) continue;
    score.probability = floor + (channel == best ? 1 - floor * allowed : 0);
    if (!decision.channel && choice_draw < below + score.probability) decision.channel = channel;
    below += score.probability;
  }
  // Rounding can leave a sliver of the interval to nobody.
  choose(decision, decision.channel.value_or(best));
  decision.is_exploration = *decision.channel != best;
  return decision;
}

}  // namespace clarion
