#pragma once
// CampaignRunner: one campaign from its plan to its end: fence, plan, schedule, channels, completion.
//
// Fencing   the fence is taken first; when another process takes it later, this runner ends quietly.
// Ends as   completed (counts say so), paused (operator, budget, every channel stopped), cancelled, or released for
//           the next process. Whatever the end, sends under way finish, claims are undone, outcomes are recorded.
// Threads   one executor. Kept alive by its own run().

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "engine/channel_runner.h"
#include "engine/shared_budget.h"

namespace clarion {

class CampaignRunner {
 public:
  struct Deps {
    const CampaignEngine::Deps& engine;
    PerChannel<IdentityLimit>& identities;            // shared by all campaigns of the process
    PerChannel<std::optional<TokenBucket>>& buckets;  // this campaign's own, kept over a pause
    RunHistory& history;                              // the same
    PlanLease& plan_lease;
    std::function<void()> on_change;  // for whoever watches progress
  };
  // `plan` may be null. REQUIRES: deps outlive run().
  CampaignRunner(Deps deps, Campaign campaign, std::unique_ptr<PlanSource> plan);

  static Task<void> run(std::shared_ptr<CampaignRunner> self);
  // Lets go: an unfinished plan is finished first, so that a list given once is not lost.
  void pause();
  // Ends soon, planning too; the campaign goes on at the next start.
  void end();
  // Ends, then skips what waits.
  void cancel();
  // Sends that are still under way are cut off and become in doubt.
  void cut_sends() { group_.cancel(); }
  // Gives up recording; what is not recorded becomes in doubt at the next start.
  void abandon();
  // The store says that it runs: a start that was planned for later is not waited for.
  void start_now();
  void restart_channels();
  void set_throughput(double throughput_tps);
  // An event about one of its channels, or about the campaign: CampaignEngine::heed.
  void heed(const CarrierEvent& event);

  // Returns when the plan is durable, or says why it never will be.
  Task<Result<void>> planned();
  // It is this process that made it run, so it tells the others when it begins to send. REQUIRES: it has not begun.
  void announce_at_start() { announces_ = true; }
  [[nodiscard]] CampaignNumber number() const { return campaign_.number; }
  [[nodiscard]] bool is_sending() const { return !is_ended_ && ending_ == Ending::None; }
  [[nodiscard]] bool is_ended() const { return is_ended_; }
  // It will not go on: completed or cancelled.
  [[nodiscard]] bool is_over() const { return is_over_; }
  // The carrier stopped one, and it has not gone on yet.
  [[nodiscard]] bool has_stopped_channel() const;
  // Adds what only a running campaign knows: rates, what limits it, its estimated end, its reason.
  void describe(CampaignProgress& progress);

 private:
  enum class Ending : std::uint8_t { None, Pause, End, Cancel };
  enum class Verdict : std::uint8_t { Continue, Completed, Paused, Orphans, Gone };

  Task<bool> prepare();
  Task<bool> take_fence();
  // What may have changed before the fence was ours, or while we sent: status and money spent.
  Task<Result<void>> read_again();
  Task<bool> write_plan();
  // True when this campaign may be planned now, or needs no turn: only what keeps to caps has to see other plans.
  Task<Result<bool>> take_turn();
  Task<void> give_back_turn();
  Task<Result<void>> append_all(PlanSource& source);
  Task<bool> await_start();
  // True when what it sends by WhatsApp would be delivered, as far as can be known beforehand.
  Task<bool> await_approval();
  // True when the campaign has to be taken up again with a new fence.
  Task<bool> dispatch();
  // What the campaign may still cost, and what a crash left in doubt waiting again where the campaign asks for that;
  // none when it ends before that is known.
  Task<std::optional<Budget>> take_stock();
  // How many were made to wait again; none unless the campaign asks for that.
  Task<Result<std::int64_t>> resend_in_doubt();
  Task<Verdict> judge();
  Task<void> drain();
  Task<void> finish(CampaignStatus to, std::string reason);
  Task<void> skip_waiting();
  void request(Ending ending);
  void give_up_plan(Error error);
  void start_channels(std::shared_ptr<const MessageRenderer> renderer, Budget budget);
  Task<void> pause_between_tries();
  [[nodiscard]] std::string campaign_key(Channel channel) const;
  void ring_channels();
  [[nodiscard]] bool is_fenced_out() const;
  [[nodiscard]] std::string reason() const;
  [[nodiscard]] PerChannel<std::unique_ptr<ChannelRunner>>& channels() { return channels_; }

  Deps deps_;
  Campaign campaign_;
  std::unique_ptr<PlanSource> plan_;
  bool is_plan_given_;
  Fence fence_{};
  bool has_fence_ = false;
  bool is_gone_ = false;  // another process owns the campaign
  Ending ending_ = Ending::None;
  bool announces_ = false;
  bool is_leaving_ = false;  // the process ends: nothing is tried again
  bool is_ended_ = false;
  bool is_over_ = false;
  std::int32_t tries_ = 0;
  std::string activity_;  // what it does before sending, for people
  std::string pause_reason_;
  std::optional<Error> plan_error_;
  bool is_plan_settled_ = false;
  WaitList plan_waiters_;
  Alarm alarm_;

  std::shared_ptr<const MessageRenderer> renderer_;
  std::optional<Budget> budget_;
  std::unique_ptr<SharedBudget> shared_budget_;  // when others spend from it too
  std::unique_ptr<OutcomeRecorder> recorder_;
  PerChannel<std::unique_ptr<ChannelRunner>> channels_;
  TaskGroup group_;  // feeders, pacers, slots
  TaskGroup recorder_group_;
  asio::any_io_executor executor_;
};

}  // namespace clarion
