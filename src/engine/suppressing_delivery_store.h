#pragma once
// SuppressingDeliveryStore: a DeliveryStore that keeps people from being written to again when the carrier refuses a
// message because they have told it to stop. Events do the same (event_applier.h), but of a refusal none comes.
//
// Order    the suppression first: what fails or is cut off before the record is tried again, and adding a suppression
//          twice changes nothing. Without it the end of the attempt is not recorded either, so it cannot get lost.

#include "ports/delivery_store.h"
#include "ports/suppression_store.h"

namespace clarion {

class SuppressingDeliveryStore final : public DeliveryStore {
 public:
  struct Deps {
    DeliveryStore& inner;
    DeliveryLog& log;  // finds the address of a delivery
    SuppressionStore& suppressions;
  };
  // REQUIRES: all outlive this.
  explicit SuppressingDeliveryStore(Deps deps) : deps_(deps) {}

  Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) override;
  Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) override;
  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override;
  Task<Result<ClaimReply>> claim(ClaimRequest request) override;
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, std::vector<AttemptRecord> records) override;
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override;
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override;

 private:
  Task<Result<void>> suppress(std::vector<AttemptRecord> refused);

  Deps deps_;
};

}  // namespace clarion
