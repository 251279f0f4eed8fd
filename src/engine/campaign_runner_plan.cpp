// How a campaign's plan comes into the ledger: in its turn, whole, and again from nothing after what may pass.
#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"
#include "engine/campaign_runner.h"

namespace clarion {
namespace {

constexpr Duration turn_is_looked_for_every = std::chrono::milliseconds(100);

}  // namespace

Task<bool> CampaignRunner::write_plan() {
  activity_ = "planning";
  deps_.on_change();
  while (ending_ < Ending::End && !campaign_.is_planned) {
    Result<void> written;
    if (!plan_) {
      auto made = deps_.engine.make_plan_source(campaign_);
      if (made) {
        plan_ = std::move(*made);
      } else {
        written = std::unexpected(std::move(made.error()));
      }
    }
    if (plan_) {
      const auto turn = co_await take_turn();
      if (turn && !*turn) continue;
      written = turn ? co_await append_all(*plan_) : std::unexpected(turn.error());
      co_await give_back_turn();
    }
    plan_.reset();
    if (written) {
      activity_.clear();
      co_return campaign_.is_planned;
    }
    log_warn("plan_failed", {{"campaign", std::string_view(campaign_.definition.id)},
                             {"error", std::string_view(written.error().message)}});
    if (written.error().kind == ErrorKind::Conflict) {
      // Another process plans this campaign now; it must not be cancelled under its feet.
      is_gone_ = true;
      give_up_plan(std::move(written.error()));
      co_return false;
    }
    // A list that was given once cannot be asked for again; everything else that may pass is tried again from nothing.
    if (is_plan_given_ || written.error().kind != ErrorKind::Unavailable) {
      const std::string why = "Its plan could not be made, so nothing was sent: " + written.error().message;
      give_up_plan(std::move(written.error()));
      ending_ = std::max(ending_, Ending::Cancel);
      co_await finish(CampaignStatus::Cancelled, why);
      co_return false;
    }
    activity_ = "It is planned again soon, because its plan could not be made: " + written.error().message;
    deps_.on_change();
    co_await pause_between_tries();
    activity_ = "planning";
    if (!co_await take_fence()) co_return false;
  }
  co_return campaign_.is_planned;
}

Task<Result<bool>> CampaignRunner::take_turn() {
  if (!campaign_.definition.respects_caps) co_return true;
  const auto holder = co_await deps_.plan_lease.take(campaign_.definition.id);
  if (!holder) co_return std::unexpected(holder.error());
  if (!*holder) {
    activity_ = "planning";
    co_return true;
  }
  activity_ =
      "It waits for its turn to be planned: '" + **holder + "' is being planned, and frequency caps count both.";
  co_await alarm_.sleep_until(deps_.engine.clock.now() + turn_is_looked_for_every);
  co_return false;
}

Task<void> CampaignRunner::give_back_turn() {
  if (campaign_.definition.respects_caps) co_await deps_.plan_lease.give_back(campaign_.definition.id);
}

void CampaignRunner::give_up_plan(Error error) {
  plan_error_ = std::move(error);
  is_plan_settled_ = true;
  plan_waiters_.wake_all();
}

Task<Result<void>> CampaignRunner::append_all(PlanSource& source) {
  constexpr std::size_t rows_at_once = 1000;
  Money estimated;
  while (ending_ < Ending::End) {
    auto rows = co_await source.next(rows_at_once);
    if (!rows) co_return std::unexpected(std::move(rows.error()));
    if (rows->empty()) {
      // A process that was paused for long may have lost its turn, and others have planned since.
      const auto turn = co_await take_turn();
      if (!turn) co_return std::unexpected(turn.error());
      if (!*turn) co_return fail(ErrorKind::Unavailable, "another campaign was planned meanwhile");
      auto completed = co_await deps_.engine.deliveries.complete_plan(campaign_.number, estimated);
      if (completed) {
        campaign_.is_planned = true;
        campaign_.estimated_cost = estimated;
        announces_ = campaign_.status == CampaignStatus::Running;
      }
      co_return completed;
    }
    for (const PlannedDelivery& row : *rows) {
      if (row.state == DeliveryState::Waiting) estimated += row.estimated_cost;
    }
    auto appended = co_await deps_.engine.deliveries.append_plan(campaign_.number, std::move(*rows));
    if (!appended) co_return appended;
  }
  co_return Result<void>();
}

Task<Result<void>> CampaignRunner::planned() {
  while (!is_plan_settled_) co_await plan_waiters_.wait();
  if (plan_error_) co_return std::unexpected(*plan_error_);
  co_return Result<void>();
}

}  // namespace clarion
