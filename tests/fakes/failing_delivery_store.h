#pragma once
// FailingDeliveryStore: a DeliveryStore that fails when the script says so, and passes everything else on.
//
// A fault Before leaves the inner store untouched; a fault After has done the work and says Unavailable all the same,
// which is what a lost answer looks like.

#include <array>
#include <string>
#include <vector>

#include "ports/delivery_store.h"

namespace clarion::testing {

enum class LedgerCall : std::uint8_t { AppendPlan, CompletePlan, TakeFence, Claim, Record, ApplyEvents, SkipWaiting };
inline constexpr std::size_t ledger_call_count = 7;

struct LedgerFault {
  enum class When : std::uint8_t { Before, After };
  LedgerCall call{};
  std::size_t nth = 1;    // the first that fails, counted from 1 since the store was made
  std::size_t times = 1;  // how many in a row
  When when = When::Before;
  Error error{ErrorKind::Unavailable, "the ledger cannot be written: scripted fault"};
};

class FailingDeliveryStore final : public DeliveryStore {
 public:
  explicit FailingDeliveryStore(DeliveryStore& inner) : inner_(inner) {}

  void add_fault(LedgerFault fault) { faults_.push_back(std::move(fault)); }
  void clear_faults() { faults_.clear(); }
  [[nodiscard]] std::size_t calls(LedgerCall call) const { return calls_[static_cast<std::size_t>(call)]; }

  Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) override;
  Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) override;
  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override;
  Task<Result<ClaimReply>> claim(ClaimRequest request) override;
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override;
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override;
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override;

 private:
  // The fault of this call, if there is one; counts the call.
  std::optional<LedgerFault> next_fault(LedgerCall call);
  template <class T>
  Task<Result<T>> run(LedgerCall call, Task<Result<T>> work);

  DeliveryStore& inner_;
  std::vector<LedgerFault> faults_;
  std::array<std::size_t, ledger_call_count> calls_{};
};

}  // namespace clarion::testing
