#include "carriers/simulated_sender.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace clarion {
namespace {

// How the refusals of one channel divide among the classes; each row adds up to 1. Throttled and what stops a
// channel are not drawn: the first is no outcome, the others would end every local campaign.
struct FailureShare {
  FailureClass failure;
  PerChannel<double> share;  // sms, whatsapp, email
};
constexpr std::array<FailureShare, 7> failure_shares{{
    {FailureClass::InvalidAddress, {{0.40, 0.48, 0.42}}},
    {FailureClass::OptedOut, {{0.12, 0.05, 0.10}}},
    {FailureClass::Blocked, {{0.18, 0.15, 0.14}}},
    {FailureClass::InvalidContent, {{0.04, 0.08, 0.04}}},
    {FailureClass::ProviderBusy, {{0.14, 0.12, 0.16}}},
    {FailureClass::NotConnected, {{0.07, 0.07, 0.09}}},
    {FailureClass::Ambiguous, {{0.05, 0.05, 0.05}}},
}};

constexpr double latency_spread = 0.5;  // sigma of the log-normal: p99 is about 3 x the median

}  // namespace

SimulatedSender::SimulatedSender(Channel channel, SimulatedCarrierSettings settings, Clock& clock,
                                 SimulatedEvents* events)
    : channel_(channel),
      settings_(std::move(settings)),
      clock_(clock),
      events_(events),
      identity_("simulated-" + std::string(to_string(channel))),
      throttles_(mix64(settings_.seed ^ 0x7468726f74746c65ULL)) {
  set_quota(settings_.quota);
}

void SimulatedSender::set_quota(std::optional<SenderQuota> quota) {
  settings_.quota = std::move(quota);
  bucket_.reset();
  if (settings_.quota && settings_.quota->per_second > 0) {
    bucket_.emplace(RatePolicy{settings_.quota->per_second, std::max<std::int64_t>(1, settings_.quota->burst)});
  }
}

bool SimulatedSender::is_throttled(std::int32_t parts) {
  if (bucket_ && bucket_->take_or_wait(clock_.now(), parts) > Duration::zero()) return true;
  return settings_.throttle_rate > 0 && throttles_.uniform() < settings_.throttle_rate;
}

std::optional<FailureClass> SimulatedSender::draw_failure(SeededRandom& random) const {
  double drawn = random.uniform();
  if (drawn >= settings_.failure_rate) return std::nullopt;
  drawn /= settings_.failure_rate;
  for (const FailureShare& one : failure_shares) {
    if (drawn < one.share[channel_]) return one.failure;
    drawn -= one.share[channel_];
  }
  return FailureClass::InvalidAddress;
}

Duration SimulatedSender::draw_latency(SeededRandom& random) const {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  const double normal = radius * std::cos(2 * std::numbers::pi * random.uniform());
  const std::chrono::duration<double, std::milli> latency(static_cast<double>(settings_.median_latency.count()) *
                                                          std::exp(latency_spread * normal));
  return std::chrono::duration_cast<Duration>(latency);
}

Task<SendOutcome> SimulatedSender::send(const Message& message) {
  const AttemptId attempt = message.attempt;
  const std::int32_t parts = message.parts;
  SeededRandom random(hash64(message.contact_id, settings_.seed + 1'000'003 * static_cast<std::uint64_t>(channel_) +
                                                     static_cast<std::uint64_t>(attempt.attempt)));
  const auto failure = settings_.failure_rate > 0 ? draw_failure(random) : std::nullopt;
  const bool throttled = is_throttled(parts);
  if (settings_.median_latency > std::chrono::milliseconds::zero()) {
    co_await clock_.sleep_until(clock_.now() + draw_latency(random));
  }
  if (!stopped_.empty()) {
    co_return std::unexpected(SendFailure{FailureClass::ChannelStopped, "simulated_stopped", stopped_});
  }
  if (throttled) {
    co_return std::unexpected(SendFailure{FailureClass::Throttled, "simulated_throttled", "rate exceeded"});
  }
  // A message that was not connected comes back as the same attempt: it gets through the second time.
  const bool is_back = failure == FailureClass::NotConnected && !unconnected_.insert(to_string(attempt)).second;
  if (is_back) unconnected_.erase(to_string(attempt));
  if (failure && !is_back) {
    // Half of what is in doubt had arrived: its events settle it, the rest stays in doubt, as it would be.
    if (*failure == FailureClass::Ambiguous && events_ != nullptr && random.uniform() < 0.5) {
      events_->follow(channel_, attempt.delivery, random);
    }
    co_return std::unexpected(
        SendFailure{*failure, "simulated_" + std::string(to_string(*failure)), std::string(explain(*failure))});
  }
  if (events_ != nullptr) events_->follow(channel_, attempt.delivery, random, settings_.failure_rate > 0);
  co_return Accepted{.provider_id = "sim-" + to_string(attempt), .parts = parts, .cost = {}};
}

}  // namespace clarion
