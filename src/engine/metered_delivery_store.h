#pragma once
// MeteredDeliveryStore: a DeliveryStore whose recorded ends of attempts are counted.

#include <utility>

#include "engine/send_metrics.h"
#include "ports/delivery_store.h"

namespace clarion {

class MeteredDeliveryStore final : public DeliveryStore {
 public:
  // REQUIRES: both outlive this.
  MeteredDeliveryStore(DeliveryStore& inner, SendMetrics& metrics) : inner_(inner), metrics_(metrics) {}

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
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, std::vector<AttemptRecord> records) override {
    // Counted when written only: what could not be written comes again.
    const PerChannel<SendCounts> ends = count_ends(records);
    auto written = co_await inner_.record(campaign, fence, std::move(records));
    if (written) metrics_.on_recorded(ends);
    co_return written;
  }
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override {
    return inner_.apply_events(std::move(events));
  }
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override {
    return inner_.skip_waiting(campaign, fence, std::move(reason), at);
  }

 private:
  DeliveryStore& inner_;
  SendMetrics& metrics_;
};

}  // namespace clarion
