#include "engine/channel_runner.h"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cmath>

#include "base/log.h"
#include "engine/exposure.h"
#include "engine/waits.h"

namespace clarion {
namespace {

constexpr Duration tick = std::chrono::milliseconds(2);
// Below this a send ends before another slot could be woken: one slot does the work of all.
constexpr double instant_seconds = 100e-6;
constexpr std::chrono::minutes least_probe_pause(1);
constexpr std::chrono::seconds vetted_for(1);  // a claim that waited longer for its token is vetted again

// Of a message that waits for its turn the carrier has heard nothing.
bool was_asked(const SendOutcome& outcome) {
  return outcome || action_for(outcome.error().failure) != FailureAction::WaitForTurn;
}

}  // namespace

ChannelRunner::ChannelRunner(Deps deps, double throughput_tps)
    : deps_(std::move(deps)),
      pace_({.ledger = deps_.ledger,
             .sender = deps_.sender,
             .identity = deps_.identity,
             .own = deps_.bucket,
             .max_tps = deps_.max_tps,
             .campaign_key = deps_.campaign_key},
            throughput_tps, deps_.clock.now()),
      refusals_(deps_.rules.stop_after_refusals),
      random_(mix64(deps_.seed ^ static_cast<std::uint64_t>(deps_.channel))),
      feeder_alarm_(deps_.clock),
      pacer_alarm_(deps_.clock),
      going_since_(deps_.clock.wall_now()) {}

void ChannelRunner::start(TaskGroup& group, const asio::any_io_executor& executor) {
  group_ = &group;
  executor_ = executor;
  group.spawn(executor, feed());
  group.spawn(executor, pace_sends());
}

void ChannelRunner::stop() {
  is_stopping_ = true;
  feeder_alarm_.ring();
  pacer_alarm_.ring();
  idle_.wake_all();
}

Task<void> ChannelRunner::release() {
  release_ready();
  co_await pace_.give_back();
}

void ChannelRunner::release_ready() {
  const WallTime now = deps_.clock.wall_now();
  for (const auto& [claimed, vetted_at] : ready_) {
    deps_.budget.settle(claimed.estimated_cost, Money{});
    hand_in(released(deps_.channel, claimed, now), deps_.clock.now());
  }
  ready_.clear();
}

void ChannelRunner::restart() {
  if (!stop_) return;
  stop_.reset();
  refusals_.forget();
  going_since_ = deps_.clock.wall_now();
  told_.clear();
  look_again();
}

void ChannelRunner::look_again() {
  is_exhausted_ = false;
  is_dry_ = false;
  next_due_at_.reset();
  feeder_alarm_.ring();
  pacer_alarm_.ring();
}

void ChannelRunner::set_throughput(double throughput_tps) {
  pace_.set_throughput(deps_.clock.now(), throughput_tps);
  feeder_alarm_.ring();
  pacer_alarm_.ring();
}

void ChannelRunner::on_committed(const AttemptRecord& record) {
  --outstanding_;
  if (record.to == DeliveryState::Waiting && !stop_) {
    if (record.due_at) {
      last_retry_at_ = std::max(last_retry_at_, *record.due_at);
      if (!next_due_at_ || *record.due_at < *next_due_at_) {
        next_due_at_ = record.due_at;
        is_held_elsewhere_ = false;
      }
    } else {
      is_exhausted_ = false;
    }
  }
  feeder_alarm_.ring();
  if (outstanding_ == 0) deps_.on_change();
}

void ChannelRunner::on_ledger_change() {
  feeder_alarm_.ring();
  pacer_alarm_.ring();
}

std::int64_t ChannelRunner::carrier_bound() const {
  const auto latency = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(latency_seconds_));
  return in_flight_limit(pace_.rate(), latency, deps_.max_in_flight);
}

TimePoint ChannelRunner::steady(WallTime time) const {
  return deps_.clock.now() + std::clamp(time - deps_.clock.wall_now(), std::chrono::milliseconds(0), longest_wait);
}

Task<void> ChannelRunner::pace_sends() {
  TimePoint next_tick = deps_.clock.now();
  while (!is_stopping_ && !is_fenced_out_) {
    if (ready_.empty() || is_halted()) {
      pace_.rest();
      if (ready_.empty() && in_flight_ == 0) holding_ = Holding::Nothing;
      co_await pacer_alarm_.sleep_until(TimePoint::max());
      continue;
    }
    const std::int32_t parts = ready_.front().claimed.parts;
    if (TimePoint now = deps_.clock.now(); pace_.needs_lease(now, parts)) co_await pace_.lease(deps_.clock, parts);
    const TimePoint now = deps_.clock.now();
    pace_.refresh(now);
    release_slots(now);
    // Absolute deadlines: a late wake-up shortens the next sleep instead of moving every later one.
    next_tick = std::max(next_tick + tick, now);
    const TimePoint deadline = std::max(next_tick, pace_.next_at(now, parts));
    co_await pacer_alarm_.sleep_until(deadline);
    if (const TimePoint woken = deps_.clock.now(); woken >= deadline) window_.on_tick(woken - deadline, in_flight_);
  }
}

void ChannelRunner::release_slots(TimePoint now) {
  const std::int64_t sendable = std::min(pace_.available(now), static_cast<std::int64_t>(ready_.size()));
  if (sendable == 0) {
    holding_ = Holding::Pace;
    // A message of more parts than the burst is let through by take(), not by the count of whole tokens.
    if (!ready_.empty() && pace_.next_at(now, ready_.front().claimed.parts) > now) return;
  }
  std::int64_t wanted = latency_seconds_ < instant_seconds ? 1 : std::max<std::int64_t>(1, sendable);
  while (wanted > 0 && idle_.wake_one()) --wanted;
  const std::int64_t bound = in_flight_bound();
  for (; wanted > 0 && slots_ < bound; --wanted) {
    ++slots_;
    group_->spawn(executor_, slot());
  }
  if (wanted > 0) {
    holding_ = Holding::Latency;
    window_.want_more(carrier_bound());
  }
}

bool ChannelRunner::take_next(Ready& next) {
  if (ready_.empty() || is_halted()) return false;
  if (!pace_.take(deps_.clock.now(), ready_.front().claimed.parts)) {
    holding_ = Holding::Pace;
    return false;
  }
  next = std::move(ready_.front());
  ready_.pop_front();
  if (stop_) stop_->probe = Probe::Sent;
  if (static_cast<std::int64_t>(ready_.size()) * 2 <= claim_window(pace_.rate())) feeder_alarm_.ring();
  return true;
}

Task<void> ChannelRunner::slot() {
  Ready next;
  while (!is_stopping_ && !is_fenced_out_ && slots_ <= window_.size()) {
    if (take_next(next)) {
      co_await send(std::move(next));
    } else {
      co_await idle_.wait();
    }
  }
  --slots_;
}

Task<void> ChannelRunner::send(Ready next) {
  ClaimedDelivery& claimed = next.claimed;
  if (deps_.clock.now() - next.vetted_at > vetted_for && !co_await vet_again(claimed)) co_return;
  Result<MessageBody> body = deps_.renderer.render(deps_.channel, claimed.payload);
  if (!body) {
    deps_.budget.settle(claimed.estimated_cost, Money{});
    const WallTime now = deps_.clock.wall_now();
    deps_.history.add(deps_.channel, RunMark::Failed, {pace_.asked(), pace_.rate()}, now);
    hand_in(unsendable(deps_.channel, claimed, std::move(body.error().message), now), deps_.clock.now());
    if (stop_ && stop_->probe == Probe::Sent) stop_->probe = Probe::Wanted;  // nothing was asked: the next one asks
    co_return;
  }
  const Message message{.attempt = claimed.attempt,
                        .contact_id = std::move(claimed.contact_id),
                        .destination = std::move(claimed.destination),
                        .parts = claimed.parts,
                        .body = std::move(*body)};
  ++in_flight_;
  const TimePoint began = deps_.clock.now();
  SendOutcome outcome = std::unexpected(SendFailure{FailureClass::Ambiguous, "cancelled", "stopped while sending"});
  try {
    outcome = co_await deps_.sender.send(message);
    if (deps_.metrics != nullptr) deps_.metrics->on_answer(deps_.channel, outcome, deps_.clock.now() - began);
  } catch (const boost::system::system_error&) {
    // Cancelled at the end of the time that stopping allows: bytes may have left us, so it stays in doubt.
  } catch (const std::exception& fault) {
    // A fault in the sender must not leave the row in Sending for ever: how far it got is as unknown.
    log_error("send_faulted", {{"campaign", std::string_view(deps_.campaign_id)},
                               {"channel", to_string(deps_.channel)},
                               {"error", std::string_view(fault.what())}});
  }
  --in_flight_;
  window_.on_answer();
  settle(claimed, std::move(outcome), began);
}

void ChannelRunner::settle(const ClaimedDelivery& claimed, SendOutcome outcome, TimePoint began) {
  const TimePoint now = deps_.clock.now();
  latency_seconds_ += (std::chrono::duration<double>(now - began).count() - latency_seconds_) / 16;
  const bool is_unreachable = !outcome && outcome.error().failure == FailureClass::NotConnected;
  const bool was_pushed_back =
      is_unreachable || (!outcome && action_for(outcome.error().failure) == FailureAction::Retry);
  if (was_asked(outcome)) {
    deps_.identity.adaptive.on_answer(began, now, was_pushed_back);
    note_reach(now, is_unreachable);
  }
  AttemptRecord record = record_of(deps_.rules, deps_.channel, claimed, outcome, deps_.clock.wall_now(), random_,
                                   outage_ ? now - outage_->began : Duration::zero());
  if (outcome) {
    meter_.add(now);
    deps_.budget.settle(claimed.estimated_cost, record.cost);
  } else {
    const FailureClass failure = outcome.error().failure;
    // What is in doubt may well be on the bill.
    deps_.budget.settle(claimed.estimated_cost, failure == FailureClass::Ambiguous ? claimed.estimated_cost : Money{});
    if (failure == FailureClass::Throttled && record.due_at) last_throttled_at_ = *record.due_at;
    if (action_for(failure) == FailureAction::PauseChannel) stop_by_carrier(outcome.error());
  }
  if (refusals_.is_too_long_with(outcome)) stop_after_refusals(outcome.error());
  keep_mark(outcome, record.to, record.at);
  if (stop_ && stop_->probe == Probe::Sent) judge_probe(outcome);
  hand_in(std::move(record), now);
}

void ChannelRunner::hand_in(AttemptRecord record, TimePoint now) {
  const bool is_last = is_exhausted_ && ready_.empty() && in_flight_ == 0;
  deps_.recorder.add(std::move(record), is_last ? now : now + record_delay(pace_.rate()));
}

void ChannelRunner::keep_mark(const SendOutcome& outcome, DeliveryState to, WallTime at) {
  RunMark mark = RunMark::Accepted;
  if (!outcome) {
    if (outcome.error().failure == FailureClass::Throttled) {
      mark = RunMark::Throttled;
    } else if (to == DeliveryState::Waiting) {
      mark = RunMark::Retried;
    } else {
      mark = to == DeliveryState::InDoubt ? RunMark::InDoubt : RunMark::Failed;
    }
  }
  deps_.history.add(deps_.channel, mark, {pace_.asked(), pace_.rate()}, at);
}

void ChannelRunner::note_reach(TimePoint now, bool is_unreachable) {
  if (!is_unreachable) {
    outage_.reset();
  } else if (outage_) {
    ++outage_->answers;
  } else {
    outage_ = Outage{.began = now, .began_on_the_wall = deps_.clock.wall_now()};
  }
}

std::string ChannelRunner::carrier_outage() const {
  // One connection that was refused among others is no outage.
  if (is_dry_ || !outage_ || outage_->answers < 3) return "";
  return std::string(to_string(deps_.channel)) + ": the carrier cannot be reached since " +
         format_iso8601(outage_->began_on_the_wall) + "; the messages wait, and sending goes on by itself when it can.";
}

void ChannelRunner::stop_by_carrier(const SendFailure& failure) {
  const auto again_after = probe_interval(failure.failure);
  if (stop_ && stop_->probe != Probe::Sent) return;
  Stop stop{.reason = std::string(to_string(deps_.channel)) + " stopped", .probe_at = std::nullopt};
  if (again_after) stop.probe_at = deps_.clock.wall_now() + *again_after;
  if (!failure.code.empty()) stop.reason += " (" + failure.code + ")";
  stop.reason += ": ";
  stop.reason += failure.detail.empty() ? std::string(explain(failure.failure)) : failure.detail;
  const bool is_news = !stop_;
  stop_ = std::move(stop);
  feeder_alarm_.ring();
  if (!is_news) return;
  log_warn("channel_stopped", {{"campaign", std::string_view(deps_.campaign_id)},
                               {"channel", to_string(deps_.channel)},
                               {"code", std::string_view(failure.code)}});
  release_ready();
  deps_.on_change();
}

ChannelLimits ChannelRunner::limits() const {
  return {.per_second = pace_.rate(),
          .tokens = pace_.tokens(deps_.clock.now()),
          .burst = pace_.burst(),
          .limited_by = limited_by()};
}

void ChannelRunner::stop_after_refusals(const SendFailure& last) {
  SendFailure stop{.failure = FailureClass::ChannelStopped, .code = last.code, .detail = {}};
  stop.detail = std::to_string(refusals_.length()) + " messages in a row were refused (" +
                std::string(to_string(last.failure)) + "), so that the fault is hardly with the people. " +
                std::string(explain(last.failure)) + " Then resume.";
  if (!last.detail.empty()) stop.detail += " The carrier says: " + last.detail;
  stop_by_carrier(stop);
}

void ChannelRunner::heed(const CarrierNotice& notice, WallTime at) {
  // Events tell whole seconds.
  if (is_stopping_ || stop_ || at < std::chrono::floor<std::chrono::seconds>(going_since_)) return;
  if (++told_[notice.failure.code] < notice.enough) return;
  stop_by_carrier(notice.failure);
}

void ChannelRunner::begin_probe() {
  if (!stop_ || !stop_->probe_at || stop_->probe != Probe::None || deps_.clock.wall_now() < *stop_->probe_at) return;
  // What was refused with the stop has to be recorded first: it is part of what waits.
  if (outstanding_ > 0) {
    stop_->probe_at = deps_.clock.wall_now() + std::chrono::seconds(1);
    return;
  }
  stop_->probe = Probe::Wanted;
  stop_->probe_at = deps_.clock.wall_now() + least_probe_pause;  // should there be nobody to try it with
  is_dry_ = false;
}

void ChannelRunner::judge_probe(const SendOutcome& outcome) {
  // A probe that did not get there, or came back without an answer, has asked nothing.
  const bool has_answer = outcome || (was_asked(outcome) && outcome.error().failure != FailureClass::NotConnected &&
                                      outcome.error().failure != FailureClass::Ambiguous);
  if (!has_answer) {
    stop_->probe = Probe::None;
    feeder_alarm_.ring();
    return;
  }
  log_info("channel_resumed",
           {{"campaign", std::string_view(deps_.campaign_id)}, {"channel", to_string(deps_.channel)}});
  restart();
}

std::string ChannelRunner::stopped_by_carrier() const {
  if (!stop_) return "";
  if (!stop_->probe_at) return stop_->reason;
  const std::string_view end = stop_->reason.ends_with('.') ? "" : ".";
  return stop_->reason + std::string(end) + " One message tries it again at " + format_iso8601(*stop_->probe_at) + ".";
}

std::optional<WallTime> ChannelRunner::next_due_at() const {
  return is_exhausted_ && ready_.empty() && in_flight_ == 0 ? next_due_at_ : std::nullopt;
}

std::string ChannelRunner::limited_by() const {
  if (is_dry_) return "";
  if (stop_) return stop_->probe_at ? "channel_stopped" : "";
  if (deps_.budget.is_short()) return "budget";
  if (is_halted()) return "";
  if (!carrier_outage().empty()) return "carrier_unreachable";
  if (const auto due = next_due_at()) {
    if (is_held_elsewhere_) return "other_workers";
    if (*due > last_retry_at_) return "quiet_hours";
    return *due <= last_throttled_at_ ? "throttling" : "retry_wait";
  }
  switch (holding_) {
    case Holding::Nothing: return "";
    case Holding::Pace: return std::string(to_string(pace_.limiter()));
    case Holding::Latency: return "carrier_latency";
  }
  return "";
}

}  // namespace clarion
