#pragma once
// SuppressingDeliveryStore: a DeliveryStore that keeps people from being written to again when the carrier refuses a
// message because they have told it to stop. Events do the same (event_applier.h), but of a refusal none comes.
//
// Order    the suppression first: what fails or is cut off before the record is tried again, and adding a suppression
//          twice changes nothing. Without it the end of the attempt is not recorded either, so it cannot get lost.

#include "engine/forwarding_delivery_store.h"
#include "ports/suppression_store.h"

namespace clarion {

class SuppressingDeliveryStore final : public ForwardingDeliveryStore {
 public:
  struct Deps {
    DeliveryStore& inner;
    DeliveryLog& log;  // finds the address of a delivery
    SuppressionStore& suppressions;
  };
  // REQUIRES: all outlive this.
  explicit SuppressingDeliveryStore(Deps deps) : ForwardingDeliveryStore(deps.inner), deps_(deps) {}

  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override;

 private:
  Task<Result<void>> suppress(std::vector<AttemptRecord> refused);

  Deps deps_;
};

}  // namespace clarion
