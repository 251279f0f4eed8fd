#pragma once
// ForwardingDeliveryStore: passes every call on to another DeliveryStore; a decorator overrides those it is about.

#include <string>
#include <utility>
#include <vector>

#include "ports/delivery_store.h"

namespace clarion {

class ForwardingDeliveryStore : public DeliveryStore {
 public:
  // REQUIRES: `inner` outlives this.
  explicit ForwardingDeliveryStore(DeliveryStore& inner) : inner_(inner) {}

  Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) override {
    return inner_.append_plan(campaign, std::move(rows));
  }
  Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) override {
    return inner_.complete_plan(campaign, estimated_cost);
  }
  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override {
    return inner_.take_fence(campaign, now);
  }
  Task<Result<ClaimReply>> claim(ClaimRequest request) override { return inner_.claim(request); }
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override {
    return inner_.record(campaign, fence, std::move(records));
  }
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override {
    return inner_.apply_events(std::move(events));
  }
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override {
    return inner_.skip_waiting(campaign, fence, std::move(reason), at);
  }

 protected:
  DeliveryStore& inner_;
};

}  // namespace clarion
