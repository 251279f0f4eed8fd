#pragma once
// SimulatedSender: a carrier that sends nothing, and behaves as if: latency, refusals of every class, throttles,
// quotas, and events later.
//
// Seed     the same seed gives the same outcome for each recipient and attempt, whatever the order or the speed.
//          Throttles are drawn for each request, because they are no outcome.
// Speed    without latency there is no timer; without events nothing is drawn for later.
// Threads  one executor.

#include <optional>
#include <string>
#include <unordered_set>

#include "carriers/simulated_events.h"
#include "domain/token_bucket.h"
#include "ports/channel_sender.h"

namespace clarion {

struct SimulatedCarrierSettings {
  std::uint64_t seed = 1;                           // CLARION_SIM_SEED
  std::chrono::milliseconds median_latency{80};     // CLARION_SIM_LATENCY_MS; 0: answers at once
  double failure_rate = 0.03;                       // CLARION_SIM_FAILURE_RATE, in [0, 1]; of attempts
  double throttle_rate = 0;                         // CLARION_SIM_THROTTLE_RATE, in [0, 1]; of requests
  std::optional<SenderQuota> quota = std::nullopt;  // reported, and enforced: what is faster is throttled
};

class SimulatedSender final : public ChannelSender {
 public:
  // `events` may be null: nothing happens later. REQUIRES: clock and events outlive this.
  SimulatedSender(Channel channel, SimulatedCarrierSettings settings, Clock& clock, SimulatedEvents* events);

  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return identity_; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return settings_.quota; }

  void set_quota(std::optional<SenderQuota> quota);
  // From now on every message is refused as ChannelStopped with this detail; empty: no longer.
  void set_stopped(std::string detail) { stopped_ = std::move(detail); }

 private:
  [[nodiscard]] bool is_throttled(std::int32_t parts);
  [[nodiscard]] std::optional<FailureClass> draw_failure(SeededRandom& random) const;
  [[nodiscard]] Duration draw_latency(SeededRandom& random) const;

  Channel channel_;
  SimulatedCarrierSettings settings_;
  Clock& clock_;
  SimulatedEvents* events_;
  std::string identity_;
  std::string stopped_;
  std::optional<TokenBucket> bucket_;  // of the quota
  SeededRandom throttles_;
  std::unordered_set<std::string> unconnected_;  // attempts that will come back
};

}  // namespace clarion
