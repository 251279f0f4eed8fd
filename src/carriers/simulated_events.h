#pragma once
// SimulatedEvents: what simulated carriers tell later: delivered, opened, clicked, replied, bounced, complained,
// opted out.
//
// Memory   at most max_pending events of 32 bytes; what comes when it is full is not scheduled.
// Lost     with the process: a delivery whose events are lost stays accepted, as with a real carrier.
// Threads  one executor.

#include <cstddef>
#include <queue>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "ports/event_source.h"

namespace clarion {

class SimulatedEvents final : public EventSource {
 public:
  static constexpr std::size_t max_pending = 500'000;

  explicit SimulatedEvents(Clock& clock) : clock_(clock) {}

  Task<Result<EventBatch>> receive() override;
  Task<Result<void>> acknowledge(std::uint64_t receipt) override;

  // Draws what becomes of a message that the carrier took; the same for the same random. Without `may_fail` all arrive.
  void follow(Channel channel, DeliveryId delivery, SeededRandom random, bool may_fail = true);
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }

 private:
  struct Pending {
    TimePoint due_at{};
    DeliveryId delivery{};
    DeliveryEventKind kind{};
    Channel channel{};
    bool is_later_than(const Pending& other) const { return due_at > other.due_at; }
  };
  struct LatestLast {
    bool operator()(const Pending& a, const Pending& b) const { return a.is_later_than(b); }
  };

  void schedule(Channel channel, DeliveryId delivery, DeliveryEventKind kind, double seconds);

  Clock& clock_;
  std::priority_queue<Pending, std::vector<Pending>, LatestLast> pending_;
  EventBatch unacknowledged_;
  std::uint64_t next_receipt_ = 1;
};

}  // namespace clarion
