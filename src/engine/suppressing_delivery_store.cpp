#include "engine/suppressing_delivery_store.h"

#include <utility>

#include "engine/event_applier.h"

namespace clarion {

Task<Result<void>> SuppressingDeliveryStore::record(CampaignNumber campaign, Fence fence, AttemptRecords records) {
  std::vector<AttemptRecord> refused;
  for (const AttemptRecord& one : records) {
    if (one.to == DeliveryState::Failed && one.reason == to_string(FailureClass::OptedOut)) refused.push_back(one);
  }
  if (!refused.empty()) {
    if (auto kept = co_await suppress(std::move(refused)); !kept) co_return kept;
  }
  co_return co_await inner_.record(campaign, fence, std::move(records));
}

Task<Result<void>> SuppressingDeliveryStore::suppress(std::vector<AttemptRecord> refused) {
  std::vector<Suppression> suppressions;
  for (const AttemptRecord& one : refused) {
    auto delivery = co_await deps_.log.find(one.attempt.delivery);
    if (!delivery && delivery.error().kind == ErrorKind::NotFound) continue;
    if (!delivery) co_return std::unexpected(std::move(delivery.error()));
    if (delivery->destination.empty()) continue;
    suppressions.push_back({.channel = one.channel,
                            .address = suppressed_address(one.channel, std::move(delivery->destination)),
                            .reason = "opt_out",
                            .source = to_string(one.attempt.delivery),
                            .at = one.at});
  }
  if (suppressions.empty()) co_return Result<void>();
  co_return co_await deps_.suppressions.add(std::move(suppressions));
}

}  // namespace clarion
