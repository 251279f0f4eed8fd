#pragma once
// Outlook: what a campaign is expected to cost and bring, "everyone by SMS" beside the plan.
//
// Figures  sums over the contacts of prices and posteriors; nothing is assumed here.
// Before   one SMS to every matched contact with a phone number, no rule asked: what a plain bulk tool does.
// After    the messages of the plan. Fewer people can mean fewer responses; the comparison hides nothing.

#include <cstdint>
#include <optional>

#include "decision/channel_choice.h"

namespace clarion {

struct Outlook {
  std::int64_t contacts = 0;  // considered
  std::int64_t messages = 0;
  PerChannel<std::int64_t> messages_by_channel;
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
    expected_responses += score.response.mean;
    expected_opt_outs += score.opt_out_risk;
  }
};

struct OutlookComparison {
  Outlook before;
  Outlook after;

  // One contact with the decision made for it. REQUIRES: decision.scores are filled.
  void add(const Contact& contact, const Decision& decision) {
    ++before.contacts;
    ++after.contacts;
    if (!contact.phone.empty()) before.add(Channel::Sms, decision.scores[Channel::Sms]);
    if (decision.channel) after.add(*decision.channel, decision.scores[*decision.channel]);
  }
};

}  // namespace clarion
