// ChannelRunner: what is claimed, and whether it may still be sent.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "engine/channel_runner.h"
#include "engine/exposure.h"
#include "engine/waits.h"

namespace clarion {

Task<void> ChannelRunner::feed() {
  while (!is_stopping_ && !is_fenced_out_) {
    begin_probe();
    if (is_halted() || deps_.budget.is_short() || (stop_ && stop_->probe == Probe::Claimed)) {
      const bool is_waiting_to_probe = stop_ && stop_->probe_at && stop_->probe == Probe::None;
      co_await feeder_alarm_.sleep_until(is_waiting_to_probe ? steady(*stop_->probe_at) : TimePoint::max());
      continue;
    }
    if (stop_) {
      co_await claim(1);
      continue;
    }
    if (is_exhausted_ && next_due_at_ && *next_due_at_ <= deps_.clock.wall_now()) {
      is_exhausted_ = false;
      next_due_at_.reset();
    }
    if (is_exhausted_) {
      if (!next_due_at_ && outstanding_ == 0 && !is_dry_) {
        is_dry_ = true;
        deps_.on_change();
      }
      co_await feeder_alarm_.sleep_until(next_due_at_ ? steady(*next_due_at_) : TimePoint::max());
      continue;
    }
    const std::int64_t window = claim_window(pace_.rate());
    const auto held = static_cast<std::int64_t>(ready_.size());
    const std::int64_t rows = std::min(window - held, exposure_limit(pace_.rate(), in_flight_bound()) - outstanding_);
    // Claims of a few rows each would cost a commit each: better wait until a good part of a window is free.
    const bool is_worth_it = rows > 0 && (outstanding_ == 0 || rows >= std::max<std::int64_t>(1, window / 4));
    if (held * 2 > window || !is_worth_it) {
      co_await feeder_alarm_.sleep_until(TimePoint::max());
      continue;
    }
    co_await claim(rows);
  }
}

Task<void> ChannelRunner::claim(std::int64_t rows) {
  auto reply = co_await deps_.deliveries.claim({.campaign = deps_.campaign,
                                                .channel = deps_.channel,
                                                .fence = deps_.fence,
                                                .limit = static_cast<std::size_t>(rows),
                                                .now = deps_.clock.wall_now()});
  if (!reply) {
    if (reply.error().kind == ErrorKind::Conflict) {
      is_fenced_out_ = true;
      idle_.wake_all();
      deps_.on_change();
      co_return;
    }
    co_await pause_claims(ledger_fault_, "claim_failed", "The ledger cannot be written", std::move(reply.error()));
    co_return;
  }
  ledger_fault_ = {};
  if (stop_ && stop_->probe == Probe::Wanted) {
    stop_->probe = reply->claimed.empty() ? Probe::None : Probe::Claimed;
    if (reply->claimed.empty() && !reply->next_due_at) {
      is_dry_ = true;  // nobody is left to try it with
      deps_.on_change();
    }
  }
  outstanding_ += static_cast<std::int64_t>(reply->claimed.size());
  if (static_cast<std::int64_t>(reply->claimed.size()) < rows) {
    is_exhausted_ = true;
    next_due_at_ = reply->next_due_at;
    is_held_elsewhere_ = reply->is_held_elsewhere;
  }
  co_await take_in(std::move(reply->claimed));
  if (stop_ && stop_->probe == Probe::Claimed && ready_.empty()) stop_->probe = Probe::None;
  if (deps_.budget.is_reached() && outstanding_ == 0) deps_.on_change();
  // A claim that came back after the channel was stopped is undone by release(), or here when only the carrier did.
  if (stop_ && stop_->probe != Probe::Claimed) release_ready();
  pacer_alarm_.ring();
}

Task<void> ChannelRunner::take_in(std::vector<ClaimedDelivery> claimed) {
  if (claimed.empty()) co_return;
  auto objections = co_await find_objections(claimed);
  const WallTime now = deps_.clock.wall_now();
  const TimePoint vetted_at = deps_.clock.now();
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    if (objections && !(*objections)[i].empty()) {
      hand_in(skipped(deps_.channel, claimed[i], (*objections)[i], now), vetted_at);
    } else if (objections && deps_.budget.reserve(claimed[i].estimated_cost)) {
      ready_.push_back({.claimed = std::move(claimed[i]), .vetted_at = vetted_at});
    } else {
      hand_in(released(deps_.channel, claimed[i], now), vetted_at);
    }
  }
  if (objections) {
    vetting_fault_ = {};
  } else {
    co_await pause_claims(vetting_fault_, "vetting_failed", "Who has opted out since the plan cannot be read",
                          std::move(objections.error()));
  }
}

Task<Result<std::vector<std::string_view>>> ChannelRunner::find_objections(std::span<const ClaimedDelivery> claimed) {
  if (deps_.vetting == nullptr) co_return std::vector<std::string_view>(claimed.size());
  co_return co_await deps_.vetting->find_objections(deps_.channel, claimed);
}

Task<bool> ChannelRunner::vet_again(const ClaimedDelivery& claimed) {
  const auto objections = co_await find_objections({&claimed, 1});
  const bool has_objection = objections && !objections->front().empty();
  // Asking takes as long as a store may take: who paused, took over or lost the disk meanwhile is not overheard.
  const bool is_stopped = stop_ && stop_->probe != Probe::Sent;
  const bool is_too_late = is_stopping_ || is_fenced_out_ || is_stopped || deps_.recorder.is_blocked();
  if (objections && !has_objection && !is_too_late) co_return true;
  deps_.budget.settle(claimed.estimated_cost, Money{});
  const WallTime now = deps_.clock.wall_now();
  hand_in(
      has_objection ? skipped(deps_.channel, claimed, objections->front(), now) : released(deps_.channel, claimed, now),
      deps_.clock.now());
  if (stop_ && stop_->probe == Probe::Sent) stop_->probe = Probe::Wanted;  // nothing was asked: the next one asks
  co_return false;
}

Task<void> ChannelRunner::pause_claims(ClaimFault& fault, std::string_view event, std::string_view what, Error error) {
  ++fault.failures;
  fault.outage = std::string(what) + " (" + error.message + "); sending has stopped and goes on by itself when it can.";
  if (fault.failures == 1) {
    log_error(event, {{"campaign", std::string_view(deps_.campaign_id)},
                      {"channel", to_string(deps_.channel)},
                      {"error", std::string_view(error.message)},
                      {"detail", std::string_view(error.detail)}});
  }
  const TimePoint again_at = deps_.clock.now() + pause_after(fault.failures);
  while (!is_stopping_ && deps_.clock.now() < again_at) co_await feeder_alarm_.sleep_until(again_at);
}

}  // namespace clarion
