#pragma once
// CampaignEngine: creates campaigns, runs every running one, and changes them while they run.
//
// Durability  a campaign that was running when the process ended goes on by itself after resume_all().
// Threads     lives on one executor; call it from there.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/backoff.h"
#include "domain/campaign.h"
#include "engine/run_history.h"
#include "ports/budget_ledger.h"
#include "ports/campaign_store.h"
#include "ports/channel_sender.h"
#include "ports/delivery_store.h"
#include "ports/event_source.h"
#include "ports/plan_lease.h"
#include "ports/rate_ledger.h"
#include "ports/run_history_store.h"

namespace clarion {

class RunHistory;
class SendMetrics;
class Vetting;

// Yields the rows of one campaign's plan, a batch at a time; an empty batch ends it.
class PlanSource {
 public:
  virtual ~PlanSource() = default;
  virtual Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) = 0;
  // How many rows there will be, when known: for progress while planning.
  [[nodiscard]] virtual std::optional<std::int64_t> expected_rows() const = 0;
};

// Turns a claimed delivery's payload into the message, by the campaign's content. Made once per running campaign.
class MessageRenderer {
 public:
  virtual ~MessageRenderer() = default;
  // Invalid: the delivery fails with that message as its reason; nothing is sent.
  [[nodiscard]] virtual Result<MessageBody> render(Channel channel, std::string_view payload) const = 0;
};

// What holds one channel of a running campaign now.
struct ChannelLimits {
  double per_second = 0;    // messages, the least of all limits
  std::int64_t tokens = 0;  // in the campaign's bucket: so many may leave at once
  std::int64_t burst = 0;   // and so many fit in
  std::string limited_by;   // as CampaignProgress::limited_by; empty: nothing holds it, or nothing waits
};

// What is known of a running campaign beyond its stored counts.
struct CampaignProgress {
  Campaign campaign;
  CampaignCounts counts;
  double rate_now = 0;  // accepted messages per second over the last few seconds, all channels
  PerChannel<double> rate_now_by_channel{};
  PerChannel<std::optional<ChannelLimits>> limits;  // of channels that are sent on now
  // "throughput_tps", "operator_ceiling", "provider_quota", "throttling", "rate_ledger" (unreachable),
  // "carrier_latency", "carrier_unreachable", "quiet_hours", "retry_wait", "other_workers" (hold what is left),
  // "channel_stopped" (by the carrier; tried again by itself), "budget" (others hold the rest) or empty; of the channel
  // that will take longest.
  std::string limited_by;
  std::optional<double> eta_seconds;
};

class CampaignEngine {
 public:
  struct Deps {
    CampaignStore& campaigns;
    DeliveryStore& deliveries;
    RateLedger& rates;
    BudgetLedger* budgets = nullptr;     // needed when is_shared
    PerChannel<ChannelSender*> senders;  // none may be null
    Clock& clock;
    // The content of a campaign, from its definition. Invalid when the snapshot cannot be read.
    std::function<Result<std::shared_ptr<const MessageRenderer>>(const CampaignDefinition&)> make_renderer;
    // The plan of a campaign made from a query or segment, again after a crash; Invalid for "list" campaigns.
    std::function<Result<std::unique_ptr<PlanSource>>(const Campaign&)> make_plan_source;
    // Why nothing of the campaign's WhatsApp messages would be delivered: one sentence, or none. Asked each time before
    // a campaign that has some begins to send; while the answer is an error it waits. May be empty.
    std::function<Task<Result<std::optional<std::string>>>(const CampaignDefinition&)> find_obstacle = {};
    // Whether what is claimed may still be sent; null: nobody objects.
    const Vetting* vetting = nullptr;
    double max_tps = 1000;                  // the operator's ceiling per channel
    std::uint64_t seed = 0;                 // of back-off jitter
    std::int64_t max_in_flight = 1024;      // sends at once, per campaign and channel
    BackoffPolicy backoff = {};             // between attempts
    std::int32_t stop_after_refusals = 25;  // in a row, alike: RefusalStreak
    std::chrono::minutes start_grace{60};   // a start missed by more than this waits for the operator
    // Other processes send the same campaigns from the same stores: rates are leased from `rates`, and what they
    // change is looked for. REQUIRES: a DeliveryStore that several owners can claim from.
    bool is_shared = false;
    // This process has just made the campaign run: everything that waits in it can be told of. May be empty.
    std::function<void(CampaignNumber)> announce = {};
    // Whatever others announce is heard of at once, so that a process with nothing to send need not look for it each
    // second. May be empty: nothing is heard of.
    std::function<bool()> hears_of_work = {};
    // Who plans now, where other processes plan too; null: this process alone decides.
    PlanLease* plan_lease = nullptr;
    // Needed for OnUnknown::Resend, to find what a crash left in doubt, and when is_shared, to see what a worker that
    // has ended may have spent.
    DeliveryLog* log = nullptr;
    // Keeps how campaigns ran, so that their charts outlive the process; null: they do not.
    RunHistoryStore* runs = nullptr;
    // Counts what the carriers answer and how long that took; null: nobody watches.
    SendMetrics* metrics = nullptr;
  };

  explicit CampaignEngine(Deps deps);
  ~CampaignEngine();  // REQUIRES: stop() has returned

  // Records the campaign, its whole plan and then starts sending (or schedules it). Returns when the plan is durable.
  // Conflict when the id exists. `plan` may be null: make_plan_source is asked, and planning goes on in the
  // background after this returns.
  Task<Result<Campaign>> create_and_start(CampaignDefinition definition, std::unique_ptr<PlanSource> plan);
  // Continues every campaign that is running or scheduled in the store. Call once at start.
  Task<Result<void>> resume_all();
  // Takes part in campaigns that other processes created, and does here what was asked of another: pause, cancel,
  // another rate; within about a second. Without `takes_part` only in those that are sent here already. Runs until it
  // is cancelled.
  Task<void> follow_others(bool takes_part = true);
  // Takes part in the campaign at once, as follow_others() would. False: there is nothing to send for this process, now
  // or until it is announced again. NotFound.
  Task<Result<bool>> take_up(CampaignNumber number);
  // The operator's controls. Conflict when the status does not allow it; the message says which it is.
  // Starts what is scheduled for later.
  Task<Result<Campaign>> start_now(std::string id);
  Task<Result<Campaign>> pause(std::string id, std::string reason);
  // Also of one that was running when its process ended, and that nobody has gone on with.
  Task<Result<Campaign>> resume(std::string id);
  Task<Result<Campaign>> cancel(std::string id);
  // Invalid when tps is below 0.001 or above max_tps.
  Task<Result<Campaign>> set_throughput(std::string id, double tps);
  // What a carrier said afterwards of more than one message: a channel stops in the campaigns that it concerns, as when
  // the carrier had refused, or is sent on more slowly. Events older than a channel's start or resume change nothing.
  void heed(const CarrierEvent& event);
  Task<Result<CampaignProgress>> progress(std::string id);
  // How it ran so far, in every process that sent it. NotFound.
  Task<Result<RunHistory>> history(std::string id);
  // Returns when the campaign is completed, cancelled or paused, at the deadline, or when stop() has let go of it.
  Task<Result<CampaignProgress>> wait(std::string id, TimePoint deadline);
  // Stops claiming, lets sends under way finish until the deadline, records, and returns. Campaigns stay "running"
  // in the store and go on at the next start.
  Task<void> stop(TimePoint deadline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clarion
