#pragma once
// ChannelRunner: sends what waits on one channel of one running campaign.
//
//   feeder   claims ahead in small windows, never beyond the exposure limit (exposure.h), and skips who has told us to
//            stop since the plan
//   pacer    wakes as many slots as there are tokens: by absolute deadlines when slow, by a 2 ms tick when fast
//   slots    reusable coroutines, each: take a row and its tokens, render, send, hand the outcome to the recorder
//
// Claim before token before send: a crash between them leaves a message in doubt, never one sent twice.
// Threads  one executor. stop(), then the group's join(), then release(), before destruction.

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/alarm.h"
#include "base/task_group.h"
#include "engine/budget.h"
#include "engine/campaign_engine.h"
#include "engine/channel_pace.h"
#include "engine/in_flight_window.h"
#include "engine/outcome_recorder.h"
#include "engine/outcome_rules.h"
#include "engine/rate_meter.h"
#include "engine/refusal_streak.h"
#include "engine/run_history.h"
#include "engine/send_metrics.h"
#include "engine/vetting.h"

namespace clarion {

class ChannelRunner {
 public:
  struct Deps {
    DeliveryStore& deliveries;
    ChannelSender& sender;
    RateLedger& ledger;
    IdentityLimit& identity;
    std::optional<TokenBucket>& bucket;  // the campaign's own; outlives a pause
    Clock& clock;
    const Vetting* vetting = nullptr;  // CampaignEngine::Deps
    const MessageRenderer& renderer;
    OutcomeRecorder& recorder;
    Budget& budget;
    RunHistory& history;   // the campaign's
    SendMetrics* metrics;  // may be null
    OutcomeRules rules;
    CampaignNumber campaign{};
    std::string campaign_id;  // for logs
    Fence fence{};
    Channel channel{};
    double max_tps = 1000;
    std::string campaign_key = {};  // ChannelPace::Deps
    std::int64_t max_in_flight = 1024;
    std::uint64_t seed = 0;
    // Something the campaign has to look at: dry, stopped, the budget, the fence.
    std::function<void()> on_change;
  };
  ChannelRunner(Deps deps, double throughput_tps);

  // Starts feeder and pacer; every coroutine of this channel lives in `group`.
  void start(TaskGroup& group, const asio::any_io_executor& executor);
  // Claims and sends nothing more; sends under way go on.
  void stop();
  // Undoes the claims that were not sent. REQUIRES: stop(), and the group has been joined.
  Task<void> release();
  // Sends again after the carrier stopped this channel.
  void restart();
  // The carrier said afterwards what others refuse with: stops, unless it was said before the start or restart, or not
  // often enough yet.
  void heed(const CarrierNotice& notice, WallTime at);
  // Looks for waiting rows again, after the counts said that there are some.
  void look_again();
  void set_throughput(double throughput_tps);
  // The recorder has written this record of this channel.
  void on_committed(const AttemptRecord& record);
  // The recorder is blocked, or no longer.
  void on_ledger_change();

  // Nothing waits, nothing is under way, everything is recorded.
  [[nodiscard]] bool is_dry() const { return is_dry_; }
  // The carrier refuses everything: why, and when one message tries it again, for people; empty otherwise.
  [[nodiscard]] std::string stopped_by_carrier() const;
  // It goes on when a person has acted and says so, not by itself.
  [[nodiscard]] bool needs_a_person() const { return stop_ && !stop_->probe_at && !is_dry_; }
  // The carrier cannot be reached: since when, for people; empty otherwise.
  [[nodiscard]] std::string carrier_outage() const;
  // Nothing is claimed that is not recorded.
  [[nodiscard]] bool is_quiet() const { return outstanding_ == 0; }
  // Dry, or stopped until a person acts with nothing left unrecorded.
  [[nodiscard]] bool is_settled() const { return is_dry_ || (needs_a_person() && outstanding_ == 0); }
  [[nodiscard]] bool is_fenced_out() const { return is_fenced_out_; }
  [[nodiscard]] const std::string& claim_outage() const {
    return ledger_fault_.outage.empty() ? vetting_fault_.outage : ledger_fault_.outage;
  }
  [[nodiscard]] double accepted_per_second() { return meter_.per_second(deps_.clock.now()); }
  [[nodiscard]] double paced_rate() const { return pace_.rate(); }
  [[nodiscard]] ChannelLimits limits() const;
  // What holds this channel now; empty when nothing does.
  [[nodiscard]] std::string limited_by() const;
  // When the next row becomes due, while all that waits is due later.
  [[nodiscard]] std::optional<WallTime> next_due_at() const;

 private:
  enum class Holding : std::uint8_t { Nothing, Pace, Latency };

  Task<void> feed();
  Task<void> claim(std::int64_t rows);
  // Skips, gives back what the budget does not cover, and keeps the rest ready.
  Task<void> take_in(std::vector<ClaimedDelivery> claimed);
  // What stands against sending these; REQUIRES: `claimed` outlives the call.
  Task<Result<std::vector<std::string_view>>> find_objections(std::span<const ClaimedDelivery> claimed);
  // Says what is out of order, and waits before the next claim.
  struct ClaimFault {
    std::int32_t failures = 0;  // in a row
    std::string outage;         // for people; empty: none
  };
  Task<void> pause_claims(ClaimFault& fault, std::string_view event, std::string_view what, Error error);
  Task<void> pace_sends();
  Task<void> slot();
  struct Ready {
    ClaimedDelivery claimed;
    TimePoint vetted_at;
  };
  Task<void> send(Ready next);
  // False: it must not be sent, or not now, and that has been handed in.
  Task<bool> vet_again(const ClaimedDelivery& claimed);
  [[nodiscard]] bool take_next(Ready& next);
  void release_slots(TimePoint now);
  void settle(const ClaimedDelivery& claimed, SendOutcome outcome, TimePoint began);
  void note_reach(TimePoint now, bool is_unreachable);
  // To the recorder, at once when nothing else is under way.
  void hand_in(AttemptRecord record, TimePoint now);
  void keep_mark(const SendOutcome& outcome, DeliveryState to, WallTime at);
  void stop_by_carrier(const SendFailure& failure);
  void stop_after_refusals(const SendFailure& last);
  // Lets one message through a stopped channel, when it is time to.
  void begin_probe();
  void judge_probe(const SendOutcome& outcome);
  void release_ready();
  [[nodiscard]] bool is_halted() const {
    return is_stopping_ || is_fenced_out_ || deps_.recorder.is_blocked() ||
           (stop_ && stop_->probe != Probe::Wanted && stop_->probe != Probe::Claimed);
  }
  // Sends at once that the carrier needs for the rate, and of those the ones that this thread keeps up with.
  [[nodiscard]] std::int64_t carrier_bound() const;
  [[nodiscard]] std::int64_t in_flight_bound() const { return std::min(carrier_bound(), window_.size()); }
  // When to look whether `time` has come.
  [[nodiscard]] TimePoint steady(WallTime time) const;

  Deps deps_;
  ChannelPace pace_;
  RateMeter meter_;
  RefusalStreak refusals_;
  SeededRandom random_;
  TaskGroup* group_ = nullptr;
  asio::any_io_executor executor_;
  Alarm feeder_alarm_;
  Alarm pacer_alarm_;
  WaitList idle_;

  std::deque<Ready> ready_;       // claimed, not sent
  std::int64_t outstanding_ = 0;  // claimed, not recorded: what a crash now would leave in doubt
  std::int64_t in_flight_ = 0;
  InFlightWindow window_;
  std::int64_t slots_ = 0;
  double latency_seconds_ = 0.1;  // smoothed; a guess until the first answer
  Holding holding_ = Holding::Nothing;

  bool is_stopping_ = false;
  bool is_exhausted_ = false;  // the last claim found no more that is due
  bool is_dry_ = false;
  bool is_fenced_out_ = false;
  // The carrier refuses everything. A probe is one message that asks whether it still does.
  enum class Probe : std::uint8_t { None, Wanted, Claimed, Sent };
  struct Stop {
    std::string reason;
    std::optional<WallTime> probe_at;
    Probe probe = Probe::None;
  };
  std::optional<Stop> stop_;
  WallTime going_since_;                  // start or restart
  std::map<std::string, int> told_ = {};  // notices since then, by code
  // The first of the answers since the last that came from the carrier; empty while it is reached.
  struct Outage {
    TimePoint began;
    WallTime began_on_the_wall;
    std::int64_t answers = 1;
  };
  std::optional<Outage> outage_;
  ClaimFault ledger_fault_;
  ClaimFault vetting_fault_;
  std::optional<WallTime> next_due_at_;
  bool is_held_elsewhere_ = false;  // next_due_at_ is when to look again at what another process holds
  WallTime last_retry_at_{};        // latest due time of a retry: later ones wait for another reason
  WallTime last_throttled_at_{};
};

}  // namespace clarion
