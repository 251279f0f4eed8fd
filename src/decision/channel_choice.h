#pragma once
// Channel choice: which channel one contact gets the message on, with what probability, and why.
//
// Reward     response x value_of_response - cost - opt-out risk x cost_of_opt_out, in USD. The best reward wins.
// Explore    with probability `exploration` any allowed channel is drawn evenly, so that each allowed channel has at
//            least exploration / (number of allowed channels), and the log can be judged without bias later
//            (inverse propensity weighting). The probability of what was chosen is part of the decision.
// Seed       everything random is a function of (contact id, seed): the same seed gives the same plan.
// Threads    pure.

#include <cstdint>
#include <optional>

#include "decision/eligibility.h"
#include "decision/response_model.h"
#include "domain/price_table.h"

namespace clarion {

// The operator's values; all figures in USD are theirs to set.
struct ChoicePolicy {
  double value_of_response = 2.0;
  double cost_of_opt_out = 5.0;
  double exploration = 0.05;        // in [0, 1]
  double holdout = 0;               // share of allowed contacts that get nothing, for comparison
  bool may_choose_nothing = false;  // when every reward is below zero, nothing is sent
  MessageCategory whatsapp_category = MessageCategory::Marketing;
  std::uint64_t seed = 0;
};

struct ChannelScore {
  Posterior response;
  EvidenceCounts own;                  // the contact's own messages and responses behind it
  double segment_response = 0;         // of people like the contact
  Money cost;                          // of the message, all its parts
  double opt_out_risk = 0;             // probability
  double reward = 0;                   // USD
  double probability = 0;              // with which this channel was to be chosen
  std::optional<Exclusion> exclusion;  // none: allowed
};

struct Decision {
  std::optional<Channel> channel;  // none: see exclusion
  double probability = 1;          // of the channel, or of nothing, given that the contact is not held out
  bool is_exploration = false;     // drawn although another had the better reward
  // The channel that the operator chose for this contact. Taken when it is allowed, with probability 1; otherwise the
  // choice is made as for everybody, and scores[*wanted].exclusion says why.
  std::optional<Channel> wanted;
  std::optional<Exclusion> exclusion;  // when nothing is sent: NoAddress ... DuplicateAddress, Holdout, ...
  PerChannel<ChannelScore> scores;
};

struct ChoiceInputs {
  const Contact& contact;
  std::uint64_t contact_hash = 0;  // hash64(contact.id)
  const ContactEligibility& eligibility;
  PerChannel<std::int32_t> parts{{1, 1, 1}};  // what each channel's message would count
  std::int32_t messages_this_week = 0;
  WallTime now{};
  std::optional<Channel> wanted = std::nullopt;  // by the operator, for this contact
};

class ChannelChoice {
 public:
  // Keeps references.
  ChannelChoice(const ResponseModel& model, const PriceTable& prices, ChoicePolicy policy)
      : model_(model), prices_(prices), policy_(policy) {}

  // Scores every channel, also the excluded ones, and chooses among the allowed. A wanted channel outweighs the scores
  // and may_choose_nothing, but neither an exclusion nor the holdout.
  [[nodiscard]] Decision decide(const ChoiceInputs& inputs) const;
  [[nodiscard]] const ChoicePolicy& policy() const { return policy_; }

 private:
  static void choose(Decision& decision, Channel channel);
  void score(const ChoiceInputs& inputs, PerChannel<ChannelScore>& scores) const;

  const ResponseModel& model_;
  const PriceTable& prices_;
  ChoicePolicy policy_;
};

}  // namespace clarion
