#pragma once
// Outlook: what a campaign is expected to cost and bring, "everyone by SMS" beside the plan.
//
// Figures  sums over the contacts of prices and posteriors; nothing is assumed here.
// Before   one SMS to every matched contact with a phone number, no rule asked: what a plain bulk tool does.
// After    the messages of the plan. Fewer people can mean fewer responses; the comparison hides nothing.

#include <algorithm>
#include <cstdint>
#include <optional>

#include "decision/channel_choice.h"

namespace clarion {

struct Outlook {
  std::int64_t contacts = 0;  // considered
  std::int64_t messages = 0;
  PerChannel<std::int64_t> messages_by_channel;
  PerChannel<Money> cost_by_channel;
  Money cost;
  double expected_responses = 0;
  double expected_opt_outs = 0;

  // USD; none without an expected response.
  [[nodiscard]] std::optional<double> cost_per_response() const {
    if (expected_responses <= 0) return std::nullopt;
    return cost.usd() / expected_responses;
  }
  void add(Channel channel, const ChannelScore& score) {
    ++messages;
    ++messages_by_channel[channel];
    cost += score.cost;
    cost_by_channel[channel] += score.cost;
    expected_responses += score.response.mean;
    expected_opt_outs += score.opt_out_risk;
  }
};

// What the plan's messages cost if each went by the cheapest, and by the dearest, channel that its contact allows: the
// bounds of every choice between channels.
struct CostRange {
  Money lowest;
  Money highest;

  void add(const Decision& decision) {
    std::optional<Money> least;
    Money most;
    for (const Channel channel : all_channels) {
      const ChannelScore& score = decision.scores[channel];
      if (score.exclusion) continue;
      least = least ? std::min(*least, score.cost) : score.cost;
      most = std::max(most, score.cost);
    }
    lowest += least.value_or(Money());
    highest += most;
  }
};

struct OutlookComparison {
  Outlook before;
  Outlook after;
  CostRange range;  // of `after`

  // One contact with the decision made for it. REQUIRES: decision.scores are filled.
  void add(const Contact& contact, const Decision& decision) {
    ++before.contacts;
    ++after.contacts;
    if (!contact.phone.empty()) before.add(Channel::Sms, decision.scores[Channel::Sms]);
    if (!decision.channel) return;
    after.add(*decision.channel, decision.scores[*decision.channel]);
    range.add(decision);
  }
};

}  // namespace clarion
