#include "fakes/failing_delivery_store.h"

#include <utility>

namespace clarion::testing {

std::optional<LedgerFault> FailingDeliveryStore::next_fault(LedgerCall call) {
  const std::size_t number = ++calls_[static_cast<std::size_t>(call)];
  for (const LedgerFault& fault : faults_) {
    if (fault.call == call && number >= fault.nth && number - fault.nth < fault.times) return fault;
  }
  return std::nullopt;
}

// An Asio awaitable starts only when it is awaited, so work that is dropped has done nothing.
template <class T>
Task<Result<T>> FailingDeliveryStore::run(LedgerCall call, Task<Result<T>> work) {
  const auto fault = next_fault(call);
  if (fault && fault->when == LedgerFault::When::Before) co_return std::unexpected(fault->error);
  Result<T> result = co_await std::move(work);
  if (fault) co_return std::unexpected(fault->error);
  co_return result;
}

Task<Result<void>> FailingDeliveryStore::append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) {
  return run<void>(LedgerCall::AppendPlan, inner_.append_plan(campaign, std::move(rows)));
}
Task<Result<void>> FailingDeliveryStore::complete_plan(CampaignNumber campaign, Money estimated_cost) {
  return run<void>(LedgerCall::CompletePlan, inner_.complete_plan(campaign, estimated_cost));
}
Task<Result<Fence>> FailingDeliveryStore::take_fence(CampaignNumber campaign, WallTime now) {
  return run<Fence>(LedgerCall::TakeFence, inner_.take_fence(campaign, now));
}
Task<Result<ClaimReply>> FailingDeliveryStore::claim(ClaimRequest request) {
  return run<ClaimReply>(LedgerCall::Claim, inner_.claim(request));
}
Task<Result<void>> FailingDeliveryStore::record(CampaignNumber campaign, Fence fence, AttemptRecords records) {
  return run<void>(LedgerCall::Record, inner_.record(campaign, fence, std::move(records)));
}
Task<Result<std::vector<EventOutcome>>> FailingDeliveryStore::apply_events(std::vector<DeliveryEvent> events) {
  return run<std::vector<EventOutcome>>(LedgerCall::ApplyEvents, inner_.apply_events(std::move(events)));
}
Task<Result<std::int64_t>> FailingDeliveryStore::skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                                              WallTime at) {
  return run<std::int64_t>(LedgerCall::SkipWaiting, inner_.skip_waiting(campaign, fence, std::move(reason), at));
}

}  // namespace clarion::testing
