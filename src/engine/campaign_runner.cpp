#include "engine/campaign_runner.h"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/log.h"
#include "engine/campaign_spending.h"
#include "engine/waits.h"

namespace clarion {
namespace {

// The clock on the wall may be set while we wait for a start, so long waits are cut.
constexpr Duration look_again_after = std::chrono::seconds(1);
constexpr Duration approval_is_asked_every = std::chrono::seconds(15);

// How long `left` messages take. While a full bucket is emptied more is measured than can last: what is in it goes at
// once, the rest at the limit.
double seconds_for(std::int64_t left, double measured, const ChannelLimits& limits) {
  if (measured > 0 && measured < limits.per_second) return static_cast<double>(left) / measured;
  return static_cast<double>(std::max<std::int64_t>(0, left - limits.tokens)) / limits.per_second;
}

}  // namespace

CampaignRunner::CampaignRunner(Deps deps, Campaign campaign, std::unique_ptr<PlanSource> plan)
    : deps_(std::move(deps)),
      campaign_(std::move(campaign)),
      plan_(std::move(plan)),
      is_plan_given_(plan_ != nullptr),
      alarm_(deps_.engine.clock) {}

Task<void> CampaignRunner::run(std::shared_ptr<CampaignRunner> self) {
  self->executor_ = co_await asio::this_coro::executor;
  while (co_await self->prepare()) {
    if (!co_await self->dispatch()) break;
  }
  if (self->ending_ == Ending::Cancel && !self->is_gone_) {
    co_await self->skip_waiting();
    self->is_over_ = true;
  }
  if (!self->is_plan_settled_)
    self->give_up_plan({ErrorKind::Unavailable, "Clarion stopped before the plan was complete"});
  self->is_ended_ = true;
  self->deps_.on_change();
}

void CampaignRunner::request(Ending ending) {
  ending_ = std::max(ending_, ending);
  for (auto& channel : channels_.values) {
    if (channel) channel->stop();
  }
  alarm_.ring();
}

void CampaignRunner::pause() {
  request(Ending::Pause);
}

void CampaignRunner::end() {
  is_leaving_ = true;
  request(Ending::End);
}

void CampaignRunner::cancel() {
  request(Ending::Cancel);
}

void CampaignRunner::abandon() {
  if (recorder_) recorder_->abandon();
}

void CampaignRunner::start_now() {
  if (campaign_.status != CampaignStatus::Scheduled) return;
  campaign_.status = CampaignStatus::Running;
  alarm_.ring();
}

void CampaignRunner::restart_channels() {
  for (auto& channel : channels_.values) {
    if (channel) channel->restart();
  }
}

void CampaignRunner::set_throughput(double throughput_tps) {
  campaign_.definition.throughput_tps = throughput_tps;
  for (auto& channel : channels_.values) {
    if (channel) channel->set_throughput(throughput_tps);
  }
}

void CampaignRunner::heed(const CarrierEvent& event) {
  if (const auto& channel = channels_[event.channel]) channel->heed(*event.notice, event.at);
}

bool CampaignRunner::has_stopped_channel() const {
  return std::ranges::any_of(channels_.values,
                             [](const auto& channel) { return channel && !channel->stopped_by_carrier().empty(); });
}

bool CampaignRunner::is_fenced_out() const {
  return is_gone_ || (recorder_ && recorder_->is_fenced_out()) ||
         std::ranges::any_of(channels_.values, [](const auto& channel) { return channel && channel->is_fenced_out(); });
}

Task<void> CampaignRunner::pause_between_tries() {
  ++tries_;
  const auto pause = std::chrono::milliseconds(static_cast<std::int64_t>(100 * std::exp2(std::min(tries_ - 1, 7))));
  co_await alarm_.sleep_until(deps_.engine.clock.now() + pause);
}

Task<bool> CampaignRunner::prepare() {
  if (!co_await take_fence()) co_return false;
  if (campaign_.status == CampaignStatus::Cancelled) ending_ = std::max(ending_, Ending::Cancel);
  if (ending_ == Ending::Cancel) co_return false;
  if (!campaign_.is_planned && !co_await write_plan()) co_return false;
  is_plan_settled_ = true;
  plan_waiters_.wake_all();
  co_return ending_ == Ending::None&& co_await await_start() && co_await await_approval();
}

Task<bool> CampaignRunner::take_fence() {
  // Pausing needs the fence as well, to keep a plan that is given once; and cancelling, which writes to the ledger.
  while (!is_leaving_) {
    const auto fence = co_await deps_.engine.deliveries.take_fence(campaign_.number, deps_.engine.clock.wall_now());
    if (fence) {
      fence_ = *fence;
      has_fence_ = true;
    }
    const auto read = fence ? co_await read_again() : std::unexpected(fence.error());
    if (read) {
      tries_ = 0;
      activity_.clear();
      co_return true;
    }
    activity_ = "The ledger cannot be written (" + read.error().message + "); it is tried again.";
    co_await pause_between_tries();
  }
  co_return false;
}

Task<Result<void>> CampaignRunner::read_again() {
  const double throughput_tps = campaign_.definition.throughput_tps;
  auto now = co_await deps_.engine.campaigns.find(campaign_.definition.id);
  if (!now) co_return std::unexpected(std::move(now.error()));
  campaign_.status = now->status;
  campaign_.is_planned = now->is_planned;
  campaign_.estimated_cost = now->estimated_cost;
  campaign_.actual_cost = now->actual_cost;
  // Whoever changed the rate meanwhile has told us, which is newer than what was read.
  if (campaign_.definition.throughput_tps == throughput_tps) {
    campaign_.definition.throughput_tps = now->definition.throughput_tps;
  }
  co_return Result<void>();
}

Task<bool> CampaignRunner::await_start() {
  Clock& clock = deps_.engine.clock;
  while (campaign_.status == CampaignStatus::Scheduled) {
    if (ending_ != Ending::None) co_return false;
    const WallTime start_at = campaign_.definition.start_at.value_or(clock.wall_now());
    // In milliseconds: in a Duration a start in three hundred years would lie in the past.
    if (const std::chrono::milliseconds left = start_at - clock.wall_now(); left.count() > 0) {
      co_await alarm_.sleep_until(clock.now() + std::min(left, longest_wait));
      continue;
    }
    auto started = co_await deps_.engine.campaigns.change_status(
        campaign_.number,
        {.from = {CampaignStatus::Scheduled}, .to = CampaignStatus::Running, .reason = {}, .at = clock.wall_now()});
    if (started) {
      campaign_ = std::move(*started);
      announces_ = true;
    } else if (started.error().kind == ErrorKind::Unavailable) {
      co_await pause_between_tries();
    } else if (!co_await read_again() || campaign_.status != CampaignStatus::Running) {
      co_return false;  // whoever was faster paused or cancelled it; one who started it only came first
    }
  }
  co_return ending_ == Ending::None&& campaign_.status == CampaignStatus::Running;
}

Task<bool> CampaignRunner::await_approval() {
  if (!deps_.engine.find_obstacle) co_return true;
  while (ending_ == Ending::None) {
    const auto counts = co_await deps_.engine.campaigns.counts(campaign_.number);
    if (counts && counts->by_channel[Channel::WhatsApp].waiting == 0) break;
    const auto obstacle = co_await deps_.engine.find_obstacle(campaign_.definition);
    if (obstacle && !*obstacle) break;
    if (obstacle) {
      co_await finish(CampaignStatus::Paused, "Nothing is sent: " + **obstacle + ". Then resume it.");
      co_return false;
    }
    activity_ =
        "It waits, because nobody can say whether its WhatsApp template is approved: " + obstacle.error().message;
    deps_.on_change();
    co_await alarm_.sleep_until(deps_.engine.clock.now() + approval_is_asked_every);
  }
  activity_.clear();
  co_return ending_ == Ending::None;
}

Task<bool> CampaignRunner::dispatch() {
  auto renderer = deps_.engine.make_renderer(campaign_.definition);
  if (!renderer) {
    co_await finish(CampaignStatus::Paused, "Its content cannot be read: " + renderer.error().message);
    co_return false;
  }
  const std::optional<Budget> budget = co_await take_stock();
  if (!budget) co_return false;
  start_channels(std::move(*renderer), *budget);
  if (std::exchange(announces_, false) && deps_.engine.announce) deps_.engine.announce(campaign_.number);
  log_info("campaign_running", {{"campaign", std::string_view(campaign_.definition.id)}});
  deps_.on_change();

  Verdict verdict = Verdict::Continue;
  while (ending_ == Ending::None && verdict == Verdict::Continue) {
    co_await alarm_.sleep_until(TimePoint::max());
    verdict = co_await judge();
  }
  co_await drain();
  if (is_fenced_out()) {
    is_gone_ = true;
    log_info("campaign_taken_over", {{"campaign", std::string_view(campaign_.definition.id)}});
  } else if (verdict == Verdict::Completed) {
    co_await finish(CampaignStatus::Completed, "");
  } else if (verdict == Verdict::Paused) {
    co_await finish(CampaignStatus::Paused, pause_reason_);
  }
  co_return verdict == Verdict::Orphans && !is_gone_ && ending_ == Ending::None;
}

Task<std::optional<Budget>> CampaignRunner::take_stock() {
  std::optional<Budget> budget;
  while (ending_ == Ending::None) {
    Error error;
    // What is in doubt may be on the bill, also when it is sent again: so the budget comes first.
    if (!budget) {
      auto opened = co_await opening_budget(deps_.engine.campaigns, campaign_, deps_.engine.is_shared);
      if (opened) {
        budget = *opened;
      } else {
        error = std::move(opened.error());
      }
    }
    if (budget) {
      auto resent = co_await resend_in_doubt();
      if (resent) {
        tries_ = 0;
        activity_.clear();
        co_return budget;
      }
      error = std::move(resent.error());
    }
    if (error.kind == ErrorKind::Conflict) {
      is_gone_ = true;
      break;
    }
    activity_ = "What has been spent and what is in doubt cannot be read (" + error.message + "); it is tried again.";
    deps_.on_change();
    co_await pause_between_tries();
  }
  co_return std::nullopt;
}

Task<Result<std::int64_t>> CampaignRunner::resend_in_doubt() {
  std::int64_t resent = 0;
  if (deps_.engine.log == nullptr || campaign_.definition.on_unknown != OnUnknown::Resend) co_return resent;
  DeliveryQuery query;
  query.campaign = campaign_.number;
  query.state = DeliveryState::InDoubt;
  query.limit = 500;
  while (ending_ == Ending::None) {
    const auto page = co_await deps_.engine.log->list(query);
    if (!page) co_return std::unexpected(page.error());
    if (page->empty()) break;
    std::vector<AttemptRecord> records;
    for (const Delivery& delivery : *page) {
      query.after = delivery.id;
      if (!delivery.channel || delivery.attempts >= deps_.engine.backoff.max_attempts) continue;
      AttemptRecord record;
      record.attempt = {delivery.id, delivery.attempts};
      record.channel = *delivery.channel;
      record.to = DeliveryState::Waiting;
      record.reason = delivery.reason;
      record.at = deps_.engine.clock.wall_now();
      records.push_back(std::move(record));
    }
    const auto count = static_cast<std::int64_t>(records.size());
    if (count == 0) continue;
    const auto recorded = co_await deps_.engine.deliveries.record(campaign_.number, fence_, std::move(records));
    if (!recorded) co_return std::unexpected(recorded.error());
    resent += count;
  }
  co_return resent;
}

void CampaignRunner::ring_channels() {
  for (auto& channel : channels_.values) channel->on_ledger_change();
  alarm_.ring();
}

std::string CampaignRunner::campaign_key(Channel channel) const {
  if (!deps_.engine.is_shared) return {};
  return "campaign/" + std::to_string(static_cast<std::uint32_t>(campaign_.number)) + '/' +
         std::string(to_string(channel));
}

void CampaignRunner::start_channels(std::shared_ptr<const MessageRenderer> renderer, Budget budget) {
  const CampaignEngine::Deps& engine = deps_.engine;
  renderer_ = std::move(renderer);
  budget_.emplace(budget);
  const auto ring = [this] { alarm_.ring(); };
  recorder_ =
      std::make_unique<OutcomeRecorder>(OutcomeRecorder::Deps{.deliveries = engine.deliveries,
                                                              .clock = engine.clock,
                                                              .campaign = campaign_.number,
                                                              .campaign_id = campaign_.definition.id,
                                                              .fence = fence_,
                                                              .on_committed =
                                                                  [this](std::span<const AttemptRecord> records) {
                                                                    for (const AttemptRecord& record : records)
                                                                      channels_[record.channel]->on_committed(record);
                                                                  },
                                                              .on_change = [this] { ring_channels(); }});
  recorder_group_.spawn(executor_, recorder_->run());
  for (const Channel channel : all_channels) {
    channels_[channel] = std::make_unique<ChannelRunner>(
        ChannelRunner::Deps{.deliveries = engine.deliveries,
                            .sender = *engine.senders[channel],
                            .ledger = engine.rates,
                            .identity = deps_.identities[channel],
                            .bucket = deps_.buckets[channel],
                            .clock = engine.clock,
                            .vetting = engine.vetting,
                            .renderer = *renderer_,
                            .recorder = *recorder_,
                            .budget = *budget_,
                            .history = deps_.history,
                            .metrics = engine.metrics,
                            .rules = {.backoff = engine.backoff,
                                      .on_unknown = campaign_.definition.on_unknown,
                                      .stop_after_refusals = engine.stop_after_refusals},
                            .campaign = campaign_.number,
                            .campaign_id = campaign_.definition.id,
                            .fence = fence_,
                            .channel = channel,
                            .max_tps = engine.max_tps,
                            .campaign_key = campaign_key(channel),
                            .max_in_flight = engine.max_in_flight,
                            .seed = engine.seed ^ static_cast<std::uint64_t>(campaign_.number),
                            .on_change = ring},
        campaign_.definition.throughput_tps);
  }
  for (auto& channel : channels_.values) channel->start(group_, executor_);
  if (campaign_.definition.budget && engine.is_shared) {
    shared_budget_ = std::make_unique<SharedBudget>(SharedBudget::Deps{
        .ledger = *engine.budgets,
        .clock = engine.clock,
        .campaign = campaign_.number,
        .budget = *budget_,
        .committed = [this] { return money_committed(deps_.engine.campaigns, *deps_.engine.log, campaign_); },
        .on_change = [this] { ring_channels(); }});
    group_.spawn(executor_, shared_budget_->run());
  }
}

Task<CampaignRunner::Verdict> CampaignRunner::judge() {
  if (is_fenced_out()) co_return Verdict::Gone;
  if (budget_->is_reached() &&
      std::ranges::all_of(channels_.values, [](const auto& channel) { return channel->is_quiet(); })) {
    char text[160];
    std::snprintf(text, sizeof text, "The budget of $%.2f leaves no room for the next message ($%.2f spent).",
                  budget_->cap()->usd(), budget_->spent_by_all().usd());
    pause_reason_ = text;
    co_return Verdict::Paused;
  }
  if (!std::ranges::all_of(channels_.values, [](const auto& channel) { return channel->is_settled(); })) {
    co_return Verdict::Continue;
  }
  if (std::ranges::any_of(channels_.values, [](const auto& channel) { return channel->needs_a_person(); })) {
    pause_reason_ = reason();
    co_return Verdict::Paused;
  }
  // Only the ledger says that a campaign is complete.
  const auto counts = co_await deps_.engine.campaigns.counts(campaign_.number);
  bool is_complete = counts && counts->total().is_finished();
  if (is_complete && counts->total().in_doubt > 0) {
    // Of another worker, which has ended since we began.
    const auto resent = co_await resend_in_doubt();
    is_complete = resent && *resent == 0;
  }
  if (is_complete) co_return Verdict::Completed;
  // Claimed by us, though the answer was lost: nobody holds them any more, and a new fence puts them in doubt. What
  // others are sending looks the same; a ledger that is shared knows by itself who has gone.
  if (counts && counts->total().sending > 0 && !deps_.engine.is_shared) co_return Verdict::Orphans;
  co_await alarm_.sleep_until(deps_.engine.clock.now() + look_again_after);
  for (auto& channel : channels_.values) channel->look_again();
  co_return Verdict::Continue;
}

Task<void> CampaignRunner::drain() {
  for (auto& channel : channels_.values) channel->stop();
  if (shared_budget_) shared_budget_->stop();
  co_await group_.join();
  for (auto& channel : channels_.values) co_await channel->release();
  recorder_->close();
  co_await recorder_group_.join();
  if (shared_budget_) co_await shared_budget_->close();
  shared_budget_.reset();
}

Task<void> CampaignRunner::finish(CampaignStatus to, std::string reason) {
  tries_ = 0;
  for (;;) {
    const auto changed = co_await deps_.engine.campaigns.change_status(
        campaign_.number, {.from = {CampaignStatus::Running, CampaignStatus::Scheduled},
                           .to = to,
                           .reason = reason,
                           .at = deps_.engine.clock.wall_now()});
    if (changed) {
      is_over_ = to != CampaignStatus::Paused;
      log_info("campaign_ended", {{"campaign", std::string_view(campaign_.definition.id)},
                                  {"status", to_string(to)},
                                  {"reason", std::string_view(reason)}});
      co_return;
    }
    // Anything but an outage: the operator, or another process, was first.
    if (changed.error().kind != ErrorKind::Unavailable || is_leaving_) co_return;
    co_await pause_between_tries();
  }
}

Task<void> CampaignRunner::skip_waiting() {
  while (has_fence_) {
    const auto skipped = co_await deps_.engine.deliveries.skip_waiting(campaign_.number, fence_, "cancelled",
                                                                       deps_.engine.clock.wall_now());
    if (skipped || skipped.error().kind != ErrorKind::Unavailable || is_leaving_) co_return;
    co_await pause_between_tries();
  }
}

std::string CampaignRunner::reason() const {
  if (!activity_.empty()) return activity_;
  if (recorder_ && recorder_->is_blocked()) return recorder_->outage();
  std::string text;
  for (const auto& channel : channels_.values) {
    if (!channel) continue;
    std::string part = channel->claim_outage();
    if (part.empty()) part = channel->stopped_by_carrier();
    if (part.empty()) part = channel->carrier_outage();
    if (part.empty() || text.find(part) != std::string::npos) continue;
    if (!text.empty()) text += ' ';
    text += part;
  }
  return text;
}

void CampaignRunner::describe(CampaignProgress& progress) {
  if (std::string now = reason(); !now.empty()) progress.campaign.status_reason = std::move(now);
  if (is_ended_ || progress.campaign.status != CampaignStatus::Running) return;
  double longest = -1;
  for (const Channel channel : all_channels) {
    if (!channels_[channel]) continue;
    ChannelRunner& runner = *channels_[channel];
    const double rate = runner.accepted_per_second();
    progress.rate_now_by_channel[channel] = rate;
    progress.rate_now += rate;
    const StateCounts& counts = progress.counts.by_channel[channel];
    if (counts.planned > 0) progress.limits[channel] = runner.limits();
    const std::int64_t left = counts.waiting + counts.sending;
    if (left == 0) continue;
    if (!runner.stopped_by_carrier().empty()) {
      if (longest < 0) progress.limited_by = runner.limited_by();  // how long it takes, nobody knows
      continue;
    }
    double seconds = seconds_for(left, rate, progress.limits[channel].value_or(runner.limits()));
    if (const auto due = runner.next_due_at()) {
      seconds += std::chrono::duration<double>(*due - deps_.engine.clock.wall_now()).count();
    }
    if (seconds > longest) {
      longest = seconds;
      progress.limited_by = runner.limited_by();
    }
  }
  if (longest >= 0) progress.eta_seconds = std::max(0.0, longest);
}

}  // namespace clarion
