#pragma once
// RecipientPolicy: one contact in, one row of the plan out: eligibility -> channel -> content -> delivery.
//
// Content  a channel whose message cannot be made for this contact (a variable without value) is excluded, and the
//          choice is made again among the others. An SMS is rendered before the choice, because its parts are its
//          price; the other channels only when chosen.
// Channel  of a skipped row: the one that was in question (the only one offered, or the only one with an address);
//          none when there were several.
// Cost     a few microseconds a contact (bench/decision_bench.cpp).
// Threads  belongs to one campaign and one thread; remembers the addresses it has planned.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "content/campaign_content.h"
#include "decision/channel_choice.h"
#include "decision/eligibility.h"
#include "domain/price_table.h"
#include "ports/delivery_store.h"

namespace clarion {

// What is known of the past when a campaign is planned.
struct AudienceFacts {
  SuppressionSet suppressions;
  RecentContacts recent;  // its now() is the moment the plan is made for
};

struct PlanRules {
  EligibilityRules eligibility;  // of `offered` only what the content has
  ChoicePolicy choice;
  // Contact id -> the channel that the operator chose for that contact; used when it is allowed.
  std::map<std::string, Channel, std::less<>> channel_overrides;
  // The campaign's rate. Quiet hours are taken as of when a message's turn comes at this rate, so that the end of a
  // long campaign is not sent at night. 0: as if all left at once.
  double throughput_tps = 0;

  // Caps, gaps and quiet hours off: for a campaign that does not respect them.
  void ignore_caps();
};

class RecipientPolicy {
 public:
  struct Deps {
    std::shared_ptr<const AudienceFacts> facts;
    std::shared_ptr<const CampaignContent> content;
    std::shared_ptr<const ResponseModel> responses;
    std::shared_ptr<const PriceTable> prices;
  };

  // REQUIRES: no member of deps is null; prices has every channel.
  RecipientPolicy(Deps deps, PlanRules rules);

  struct Planned {
    PlannedDelivery delivery;  // Waiting or Skipped
    // Views in its exclusions live until the next plan(), and no longer than the contact.
    Decision decision;
  };
  // `failed`: the channels that did not reach the contact before (Eligibility::check).
  [[nodiscard]] Planned plan(const Contact& contact, const PerChannel<bool>& failed = {});

 private:
  [[nodiscard]] PerChannel<WallTime> next_turns() const;
  [[nodiscard]] std::optional<Channel> find_override(std::string_view contact_id) const;

  Deps deps_;
  double throughput_tps_;
  std::map<std::string, Channel, std::less<>> overrides_;
  Eligibility eligibility_;
  ChannelChoice choice_;
  PerChannel<std::int32_t> parts_{{1, 1, 1}};  // of the latest message; what an SMS that is not allowed would count
  PerChannel<std::int64_t> queued_;            // parts that are to leave as soon as the rate allows
  PerChannel<std::string> refusals_;           // backs the details of content exclusions
};

}  // namespace clarion
