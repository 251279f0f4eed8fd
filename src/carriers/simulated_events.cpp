#include "carriers/simulated_events.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace clarion {
namespace {

constexpr std::size_t batch_size = 500;
constexpr Duration longest_wait = std::chrono::seconds(2);

// Shares of the accepted messages, in the range that vendors publish for permission-based lists (Twilio, Meta and SES
// reference material, read 2026-11); delays are medians in seconds, shortened so that a local campaign is seen to live.
struct Behaviour {
  double undelivered;  // of all; a bounce for email
  double opened;       // of the delivered; a read receipt for WhatsApp
  double clicked;      // of the opened
  double replied;      // of the delivered
  double complained;   // of the delivered
  double opted_out;    // of the delivered
  double delivered_after;
  double opened_after;
};

constexpr PerChannel<Behaviour> behaviours{{{
    {.undelivered = 0.025,
     .opened = 0,
     .clicked = 0,
     .replied = 0.02,
     .complained = 0,
     .opted_out = 0.004,
     .delivered_after = 2,
     .opened_after = 0},
    {.undelivered = 0.02,
     .opened = 0.68,
     .clicked = 0.12,
     .replied = 0.05,
     .complained = 0,
     .opted_out = 0.003,
     .delivered_after = 1,
     .opened_after = 20},
    {.undelivered = 0.012,
     .opened = 0.32,
     .clicked = 0.16,
     .replied = 0,
     .complained = 0.0008,
     .opted_out = 0.002,
     .delivered_after = 2,
     .opened_after = 40},
}}};

// Log-normal around `median`, by Box and Muller.
double spread(double median, SeededRandom& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return median * std::exp(0.6 * radius * std::cos(2 * std::numbers::pi * random.uniform()));
}

std::string_view detail_of(DeliveryEventKind kind) {
  switch (kind) {
    case DeliveryEventKind::Bounced: return "simulated: Permanent, mailbox does not exist";
    case DeliveryEventKind::Failed: return "simulated: handset not reachable";
    case DeliveryEventKind::OptedOut: return "simulated: STOP";
    default: return "simulated";
  }
}

}  // namespace

void SimulatedEvents::schedule(Channel channel, DeliveryId delivery, DeliveryEventKind kind, double seconds) {
  if (pending_.size() >= max_pending) return;
  const auto delay = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::min(seconds, 600.0)));
  pending_.push({clock_.now() + delay, delivery, kind, channel});
}

void SimulatedEvents::follow(Channel channel, DeliveryId delivery, SeededRandom random, bool may_fail) {
  const Behaviour& behaviour = behaviours[channel];
  const double arrival = spread(behaviour.delivered_after, random);
  if (random.uniform() < behaviour.undelivered && may_fail) {
    schedule(channel, delivery, channel == Channel::Email ? DeliveryEventKind::Bounced : DeliveryEventKind::Failed,
             arrival);
    return;
  }
  schedule(channel, delivery, DeliveryEventKind::Delivered, arrival);
  if (random.uniform() < behaviour.opened) {
    const double opening = arrival + spread(behaviour.opened_after, random);
    schedule(channel, delivery, DeliveryEventKind::Opened, opening);
    if (random.uniform() < behaviour.clicked) {
      schedule(channel, delivery, DeliveryEventKind::Clicked, opening + spread(10, random));
    }
  }
  if (random.uniform() < behaviour.replied) {
    schedule(channel, delivery, DeliveryEventKind::Replied, arrival + spread(45, random));
  }
  if (random.uniform() < behaviour.complained) {
    schedule(channel, delivery, DeliveryEventKind::Complained, arrival + spread(60, random));
  }
  if (random.uniform() < behaviour.opted_out) {
    schedule(channel, delivery, DeliveryEventKind::OptedOut, arrival + spread(30, random));
  }
}

Task<Result<EventBatch>> SimulatedEvents::receive() {
  if (!unacknowledged_.events.empty()) co_return unacknowledged_;  // it comes again until it is acknowledged
  if (pending_.empty() || pending_.top().due_at > clock_.now()) {
    const TimePoint latest = clock_.now() + longest_wait;
    co_await clock_.sleep_until(pending_.empty() ? latest : std::min(latest, pending_.top().due_at));
  }
  EventBatch batch;
  const TimePoint now = clock_.now();
  while (!pending_.empty() && pending_.top().due_at <= now && batch.events.size() < batch_size) {
    const Pending& next = pending_.top();
    const auto late = std::chrono::floor<std::chrono::milliseconds>(now - next.due_at);
    batch.events.push_back({.channel = next.channel,
                            .kind = next.kind,
                            .at = clock_.wall_now() - late,
                            .detail = std::string(detail_of(next.kind)),
                            .delivery = next.delivery,
                            .message_id = {},
                            .address = {},
                            .is_permanent = true});
    pending_.pop();
  }
  batch.receipt = next_receipt_++;
  unacknowledged_ = batch;
  co_return batch;
}

Task<Result<void>> SimulatedEvents::acknowledge(std::uint64_t receipt) {
  if (receipt == unacknowledged_.receipt) unacknowledged_ = {};
  co_return Result<void>();
}

}  // namespace clarion
