#include "engine/campaign_engine.h"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cmath>
#include <list>
#include <map>

#include "base/log.h"
#include "engine/campaign_runner.h"
#include "engine/process_plan_lease.h"
#include "engine/run_book.h"
#include "engine/run_history.h"

namespace clarion {
namespace {

constexpr Duration settle_time = std::chrono::seconds(5);   // pause and cancel answer by then, finished or not
constexpr Duration record_grace = std::chrono::seconds(2);  // after cut-off sends, for the last records
constexpr Duration poll_time = std::chrono::seconds(1);     // another process may have changed the status
constexpr Duration look_every = std::chrono::seconds(1);    // at what other processes changed
constexpr std::int32_t looks_until_all = 30;                // most looks are at the newest campaigns only
constexpr std::int32_t looks_when_told = 10;                // every so many is made by who has nothing to send
constexpr std::chrono::minutes time_to_begin(1);            // until a process that created a campaign plans it

bool is_valid_id(std::string_view id) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !id.empty() && id.size() <= 64 && id.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_over(CampaignStatus status) {
  return has_ended(status) || status == CampaignStatus::Paused;
}

// An entry in a list that other coroutines look at, taken out again however its own coroutine ends.
template <class Container>
class Entry {
 public:
  Entry(Container& container, typename Container::value_type value)
      : container_(container), place_(container.insert(container.end(), std::move(value))) {}
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() { container_.erase(place_); }

 private:
  Container& container_;
  typename Container::iterator place_;
};

}  // namespace

struct CampaignEngine::State {
  explicit State(Deps given) : deps(std::move(given)), book(deps.runs) {}

  Deps deps;
  PerChannel<IdentityLimit> identities;
  std::map<CampaignNumber, PerChannel<std::optional<TokenBucket>>> buckets;
  std::map<std::string, std::shared_ptr<CampaignRunner>, std::less<>> runners;
  RunBook book;
  std::list<std::string> being_created;  // in the store perhaps, and not yet in `runners`
  ProcessPlanLease own_lease;
  std::list<Alarm*> watchers;
  bool is_stopping = false;
  TaskGroup group;

  [[nodiscard]] PlanLease& plan_lease() { return deps.plan_lease != nullptr ? *deps.plan_lease : own_lease; }
  void notify() {
    for (Alarm* watcher : watchers) watcher->ring();
  }
  // Returns once something may have changed, or at `deadline`.
  Task<void> await_change(TimePoint deadline) {
    Alarm alarm(deps.clock);
    const Entry entry(watchers, &alarm);
    co_await alarm.sleep_until(std::min(deadline, deps.clock.now() + poll_time));
  }
  // True when it has ended by then.
  Task<bool> await_end(std::shared_ptr<CampaignRunner> runner, TimePoint deadline) {
    while (!runner->is_ended() && deps.clock.now() < deadline) co_await await_change(deadline);
    co_return runner->is_ended();
  }

  [[nodiscard]] std::shared_ptr<CampaignRunner> find_runner(std::string_view id) {
    const auto found = runners.find(id);
    return found == runners.end() ? nullptr : found->second;
  }
  std::shared_ptr<CampaignRunner> start(const asio::any_io_executor& executor, Campaign campaign,
                                        std::unique_ptr<PlanSource> plan) {
    const std::string id = campaign.definition.id;
    const CampaignNumber number = campaign.number;
    auto runner = std::make_shared<CampaignRunner>(CampaignRunner::Deps{.engine = deps,
                                                                        .identities = identities,
                                                                        .buckets = buckets[campaign.number],
                                                                        .history = book.history(campaign.number),
                                                                        .plan_lease = plan_lease(),
                                                                        .on_change = [this] { notify(); }},
                                                   std::move(campaign), std::move(plan));
    runners[id] = runner;
    if (is_stopping) runner->end();  // whoever asked for it did so before the stop: the next start goes on with it
    group.spawn(executor, watch(id, number, runner));
    if (deps.runs != nullptr) group.spawn(executor, keep_history(number, runner));
    return runner;
  }
  // Keeps how the campaign runs while it does, and once more when it has ended.
  Task<void> keep_history(CampaignNumber number, std::shared_ptr<CampaignRunner> runner) {
    while (!co_await await_end(runner, deps.clock.now() + RunBook::keep_every)) co_await book.keep(number);
    co_await book.keep(number);
    if (runner->is_over()) book.close(number);
  }
  Task<void> watch(std::string id, CampaignNumber number, std::shared_ptr<CampaignRunner> runner) {
    co_await CampaignRunner::run(runner);
    if (find_runner(id) == runner) {
      runners.erase(id);
      if (runner->is_over()) buckets.erase(number);
      if (runner->is_over() && deps.runs == nullptr) book.close(number);
    }
    notify();
  }

  // It should be sent, and this process does not.
  [[nodiscard]] bool is_idle(const Campaign& campaign) {
    return campaign.status == CampaignStatus::Running && !find_runner(campaign.definition.id) &&
           std::ranges::find(being_created, campaign.definition.id) == being_created.end();
  }
  // The campaign as the store has it, and not as it was before its runner here ended it.
  Task<Result<Campaign>> find(std::string id) {
    auto found = co_await deps.campaigns.find(id);
    if (found && is_idle(*found)) found = co_await deps.campaigns.find(std::move(id));
    co_return found;
  }

  // Does here what another process has changed. The newest campaigns are those that run, nearly always.
  Task<Result<void>> look_at_others(bool at_all, bool takes_part) {
    constexpr std::size_t page_size = 50;
    std::uint32_t before = 0;
    for (;;) {
      const auto page = co_await deps.campaigns.list(before, page_size);
      if (!page) co_return std::unexpected(page.error());
      for (const Campaign& campaign : *page) {
        before = static_cast<std::uint32_t>(campaign.number);
        if (takes_part || find_runner(campaign.definition.id)) co_await adopt(campaign);
      }
      if (!at_all || page->size() < page_size) co_return Result<void>();
    }
  }
  // Another process has created it only just, and begins to plan it; from then on the ledger knows who does.
  [[nodiscard]] bool is_planned_elsewhere(const Campaign& campaign) const {
    return deps.is_shared && !campaign.is_planned && campaign.created_at + time_to_begin > deps.clock.wall_now();
  }
  // True when it is sent, or waits for its start, in this process.
  Task<bool> adopt(Campaign campaign) {
    const auto executor = co_await asio::this_coro::executor;
    if (is_stopping) co_return false;
    if (const auto runner = find_runner(campaign.definition.id)) {
      if (campaign.status == CampaignStatus::Paused) runner->pause();
      if (campaign.status == CampaignStatus::Cancelled) runner->cancel();
      if (campaign.status == CampaignStatus::Running) {
        runner->set_throughput(campaign.definition.throughput_tps);
        runner->start_now();
      }
      co_return campaign.status == CampaignStatus::Running;
    }
    if (campaign.status != CampaignStatus::Running && campaign.status != CampaignStatus::Scheduled) co_return false;
    if (std::ranges::find(being_created, campaign.definition.id) != being_created.end()) co_return true;
    if (is_planned_elsewhere(campaign)) co_return false;
    start(executor, std::move(campaign), nullptr);
    co_return true;
  }
  // Whoever sends nothing waits to be told, as long as somebody tells.
  [[nodiscard]] bool need_look(std::int32_t looks) const {
    const bool is_told = runners.empty() && deps.hears_of_work && deps.hears_of_work();
    return !is_told || looks % looks_when_told == 0;
  }

  [[nodiscard]] Result<void> check_throughput(double tps) const {
    if (std::isfinite(tps) && tps >= least_throughput_tps && tps <= deps.max_tps) return {};
    char text[120];
    std::snprintf(text, sizeof text, "throughput_tps must be a number from %g to %g; it is %g", least_throughput_tps,
                  deps.max_tps, tps);
    return fail(ErrorKind::Invalid, text);
  }
};

CampaignEngine::CampaignEngine(Deps deps) : state_(std::make_unique<State>(std::move(deps))) {}
CampaignEngine::~CampaignEngine() = default;

Task<Result<Campaign>> CampaignEngine::create_and_start(CampaignDefinition definition,
                                                        std::unique_ptr<PlanSource> plan) {
  Deps& deps = state_->deps;
  if (state_->is_stopping) co_return fail(ErrorKind::Unavailable, "Clarion is stopping; send it again after the start");
  if (!is_valid_id(definition.id)) {
    co_return fail(ErrorKind::Invalid,
                   "campaign_id must be 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-'; it is '" +
                       definition.id.substr(0, 80) + "'");
  }
  if (auto checked = state_->check_throughput(definition.throughput_tps); !checked) {
    co_return std::unexpected(checked.error());
  }
  // Content that cannot be read must be refused before anything is recorded.
  if (auto renderer = deps.make_renderer(definition); !renderer) co_return std::unexpected(renderer.error());

  const WallTime now = deps.clock.wall_now();
  const bool is_later = definition.start_at && *definition.start_at > now;
  std::string id = definition.id;
  const Entry entry(state_->being_created, id);
  auto created = co_await deps.campaigns.create(std::move(definition),
                                                is_later ? CampaignStatus::Scheduled : CampaignStatus::Running, now);
  if (!created) co_return created;
  const bool is_planned_here = plan != nullptr;
  const auto runner = state_->start(co_await asio::this_coro::executor, std::move(*created), std::move(plan));
  if (is_planned_here) {
    if (auto planned = co_await runner->planned(); !planned) co_return std::unexpected(planned.error());
  }
  co_return co_await deps.campaigns.find(std::move(id));
}

Task<Result<void>> CampaignEngine::resume_all() {
  Deps& deps = state_->deps;
  const auto executor = co_await asio::this_coro::executor;
  constexpr std::size_t page_size = 100;
  std::uint32_t before = 0;
  for (;;) {
    auto page = co_await deps.campaigns.list(before, page_size);
    if (!page) co_return std::unexpected(page.error());
    for (Campaign& campaign : *page) {
      before = static_cast<std::uint32_t>(campaign.number);
      if (state_->find_runner(campaign.definition.id)) continue;
      if (std::ranges::find(state_->being_created, campaign.definition.id) != state_->being_created.end()) continue;
      if (state_->is_planned_elsewhere(campaign)) continue;
      if (campaign.status == CampaignStatus::Running) {
        state_->start(executor, std::move(campaign), nullptr);
      } else if (campaign.status == CampaignStatus::Scheduled) {
        const WallTime start_at = campaign.definition.start_at.value_or(deps.clock.wall_now());
        if (start_at + deps.start_grace >= deps.clock.wall_now()) {
          state_->start(executor, std::move(campaign), nullptr);
          continue;
        }
        // A machine restored from an old copy must not send last month's campaign by itself.
        const auto paused = co_await deps.campaigns.change_status(
            campaign.number, {.from = {CampaignStatus::Scheduled},
                              .to = CampaignStatus::Paused,
                              .reason = "Its start time, " + format_iso8601(start_at) +
                                        ", passed while Clarion was not running; resume it to send now, or cancel it.",
                              .at = deps.clock.wall_now()});
        if (!paused) co_return std::unexpected(paused.error());
      } else if (campaign.status == CampaignStatus::Cancelled) {
        // The process may have ended between the status and the rows.
        const auto counts = co_await deps.campaigns.counts(campaign.number);
        if (counts && !counts->total().is_finished()) state_->start(executor, std::move(campaign), nullptr)->cancel();
      }
    }
    if (page->size() < page_size) co_return Result<void>();
  }
}

Task<void> CampaignEngine::follow_others(bool takes_part) {
  bool is_out = false;
  for (std::int32_t looks = 0;; ++looks) {
    co_await state_->deps.clock.sleep_for(look_every);
    if (state_->is_stopping) co_return;
    if (!state_->need_look(looks)) continue;
    const auto looked = co_await state_->look_at_others(looks % looks_until_all == 0, takes_part);
    if (!looked && !is_out) log_warn("campaigns_not_read", {{"error", std::string_view(looked.error().message)}});
    is_out = !looked;
  }
}

Task<Result<bool>> CampaignEngine::take_up(CampaignNumber number) {
  const bool is_sent_here = std::ranges::any_of(state_->runners, [&](const auto& entry) {
    return entry.second->number() == number && entry.second->is_sending();
  });
  if (is_sent_here) co_return true;
  // The newest of those up to it is that one, if there is such a one.
  const auto page = co_await state_->deps.campaigns.list(static_cast<std::uint32_t>(number) + 1, 1);
  if (!page) co_return std::unexpected(page.error());
  if (page->empty() || page->front().number != number) co_return fail(ErrorKind::NotFound, "there is no such campaign");
  co_return co_await state_->adopt(page->front());
}

Task<Result<Campaign>> CampaignEngine::start_now(std::string id) {
  Deps& deps = state_->deps;
  if (state_->is_stopping) co_return fail(ErrorKind::Unavailable, "Clarion is stopping; start it after the start");
  const auto found = co_await deps.campaigns.find(id);
  if (!found) co_return found;
  auto changed = co_await deps.campaigns.change_status(
      found->number,
      {.from = {CampaignStatus::Scheduled}, .to = CampaignStatus::Running, .reason = {}, .at = deps.clock.wall_now()});
  if (!changed) co_return changed;
  if (const auto runner = state_->find_runner(id)) {
    runner->announce_at_start();
    runner->start_now();
  } else {
    state_->start(co_await asio::this_coro::executor, *changed, nullptr)->announce_at_start();
  }
  state_->notify();
  co_return changed;
}

Task<Result<Campaign>> CampaignEngine::pause(std::string id, std::string reason) {
  Deps& deps = state_->deps;
  const auto found = co_await deps.campaigns.find(id);
  if (!found) co_return found;
  auto changed = co_await deps.campaigns.change_status(found->number,
                                                       {.from = {CampaignStatus::Running, CampaignStatus::Scheduled},
                                                        .to = CampaignStatus::Paused,
                                                        .reason = std::move(reason),
                                                        .at = deps.clock.wall_now()});
  if (!changed) co_return changed;
  if (const auto runner = state_->find_runner(id)) {
    runner->pause();
    co_await state_->await_end(runner, deps.clock.now() + settle_time);
  }
  state_->notify();
  co_return co_await deps.campaigns.find(std::move(id));
}

Task<Result<Campaign>> CampaignEngine::resume(std::string id) {
  Deps& deps = state_->deps;
  if (state_->is_stopping) co_return fail(ErrorKind::Unavailable, "Clarion is stopping; resume after the start");
  auto found = co_await state_->find(id);
  if (!found) co_return found;
  if (state_->is_idle(*found) && !state_->is_planned_elsewhere(*found)) {
    state_->start(co_await asio::this_coro::executor, *found, nullptr)->announce_at_start();
    state_->notify();
    co_return found;
  }
  auto runner = state_->find_runner(id);
  if (found->status == CampaignStatus::Running && runner && runner->has_stopped_channel()) {
    runner->restart_channels();
    co_return co_await deps.campaigns.find(std::move(id));
  }
  if (found->status != CampaignStatus::Paused) {
    // Not left to the store: a pause on its way there would let this pass while its sends are still under way.
    const std::string_view why =
        found->status == CampaignStatus::Running ? " already" : "; only a paused one can be resumed";
    co_return fail(ErrorKind::Conflict,
                   "campaign '" + id + "' is " + std::string(to_string(found->status)) + std::string(why));
  }
  if (runner) {
    // Its sends under way must be recorded first: a new fence would put them in doubt.
    if (!co_await state_->await_end(runner, deps.clock.now() + settle_time)) {
      co_return fail(ErrorKind::Conflict,
                     "campaign '" + id + "' is still finishing its last sends; resume it again shortly");
    }
  }
  const WallTime now = deps.clock.wall_now();
  const bool is_later = found->definition.start_at && *found->definition.start_at > now && !found->started_at;
  auto changed = co_await deps.campaigns.change_status(
      found->number, {.from = {CampaignStatus::Paused},
                      .to = is_later ? CampaignStatus::Scheduled : CampaignStatus::Running,
                      .reason = {},
                      .at = now});
  if (!changed) co_return changed;
  state_->start(co_await asio::this_coro::executor, *changed, nullptr)->announce_at_start();
  state_->notify();
  co_return changed;
}

Task<Result<Campaign>> CampaignEngine::cancel(std::string id) {
  Deps& deps = state_->deps;
  auto found = co_await deps.campaigns.find(id);
  if (!found) co_return found;
  auto changed = co_await deps.campaigns.change_status(
      found->number,
      {.from = {CampaignStatus::Draft, CampaignStatus::Scheduled, CampaignStatus::Running, CampaignStatus::Paused},
       .to = CampaignStatus::Cancelled,
       .reason = "the operator cancelled it",
       .at = deps.clock.wall_now()});
  if (!changed) co_return changed;
  auto runner = state_->find_runner(id);
  if (!runner) runner = state_->start(co_await asio::this_coro::executor, *changed, nullptr);
  runner->cancel();
  co_await state_->await_end(runner, deps.clock.now() + settle_time);
  state_->notify();
  co_return co_await deps.campaigns.find(std::move(id));
}

Task<Result<Campaign>> CampaignEngine::set_throughput(std::string id, double tps) {
  Deps& deps = state_->deps;
  if (auto checked = state_->check_throughput(tps); !checked) co_return std::unexpected(checked.error());
  auto found = co_await deps.campaigns.find(id);
  if (!found) co_return found;
  if (has_ended(found->status)) {
    co_return fail(ErrorKind::Conflict, "campaign '" + id + "' is " + std::string(to_string(found->status)) +
                                            "; its throughput can no longer be changed");
  }
  if (auto set = co_await deps.campaigns.set_throughput(found->number, tps); !set) {
    co_return std::unexpected(set.error());
  }
  if (const auto runner = state_->find_runner(id)) runner->set_throughput(tps);
  co_return co_await deps.campaigns.find(std::move(id));
}

void CampaignEngine::heed(const CarrierEvent& event) {
  if (!event.notice) return;
  const CarrierNotice& notice = *event.notice;
  if (action_for(notice.failure.failure) == FailureAction::Retry) {
    const Clock& clock = state_->deps.clock;
    const auto age = std::max(clock.wall_now() - event.at, std::chrono::milliseconds(0));
    state_->identities[event.channel].adaptive.on_late_push_back(clock.now() - age, clock.now());
    return;
  }
  for (const auto& [id, runner] : state_->runners) {
    const bool is_of_this = event.delivery && campaign_of(*event.delivery) == runner->number();
    if (notice.scope == CarrierNotice::Scope::Channel || is_of_this) runner->heed(event);
  }
}

Task<Result<CampaignProgress>> CampaignEngine::progress(std::string id) {
  Deps& deps = state_->deps;
  auto found = co_await state_->find(id);
  if (!found) co_return std::unexpected(found.error());
  // The records of a process alone: no other can send it.
  if (state_->is_idle(*found) && !deps.is_shared && !state_->is_stopping) {
    found->status_reason =
        "No process is sending it: `clarion campaigns resume " + id + "` or `clarion serve` goes on.";
  }
  auto counts = co_await deps.campaigns.counts(found->number);
  if (!counts) co_return std::unexpected(counts.error());
  CampaignProgress progress;
  progress.campaign = std::move(*found);
  progress.counts = *counts;
  if (const auto runner = state_->find_runner(id)) runner->describe(progress);
  co_return progress;
}

Task<Result<RunHistory>> CampaignEngine::history(std::string id) {
  const auto found = co_await state_->deps.campaigns.find(std::move(id));
  if (!found) co_return std::unexpected(found.error());
  co_return co_await state_->book.read(found->number);
}

Task<Result<CampaignProgress>> CampaignEngine::wait(std::string id, TimePoint deadline) {
  for (;;) {
    auto now = co_await progress(id);
    if (!now || is_over(now->campaign.status) || state_->deps.clock.now() >= deadline) co_return now;
    // Stopping: nothing more happens to it in this process, and whoever asks over HTTP holds up the end.
    if (state_->is_stopping && !state_->find_runner(id)) co_return now;
    co_await state_->await_change(deadline);
  }
}

Task<void> CampaignEngine::stop(TimePoint deadline) {
  state_->is_stopping = true;
  const auto all_end_by = [this](TimePoint limit) -> Task<bool> {
    while (!state_->runners.empty() && state_->deps.clock.now() < limit) co_await state_->await_change(limit);
    const bool have_ended = state_->runners.empty();
    co_return have_ended;
  };
  for (const auto& [id, runner] : state_->runners) runner->end();
  if (!co_await all_end_by(deadline)) {
    for (const auto& [id, runner] : state_->runners) runner->cut_sends();
    if (!co_await all_end_by(deadline + record_grace)) {
      for (const auto& [id, runner] : state_->runners) runner->abandon();
    }
  }
  co_await state_->group.join();
}

}  // namespace clarion
