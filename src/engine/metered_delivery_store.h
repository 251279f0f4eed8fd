#pragma once
// MeteredDeliveryStore: a DeliveryStore whose recorded ends of attempts are counted.

#include <utility>

#include "engine/forwarding_delivery_store.h"
#include "engine/send_metrics.h"

namespace clarion {

class MeteredDeliveryStore final : public ForwardingDeliveryStore {
 public:
  // REQUIRES: both outlive this.
  MeteredDeliveryStore(DeliveryStore& inner, SendMetrics& metrics)
      : ForwardingDeliveryStore(inner), metrics_(metrics) {}

  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override {
    // Counted when written only: what could not be written comes again.
    const PerChannel<SendCounts> ends = count_ends(records);
    auto written = co_await inner_.record(campaign, fence, std::move(records));
    if (written) metrics_.on_recorded(ends);
    co_return written;
  }

 private:
  SendMetrics& metrics_;
};

}  // namespace clarion
