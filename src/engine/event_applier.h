#pragma once
// EventApplier: brings what carriers tell us later into the ledger, keeps people who said stop from being written to
// again, and lifts that when they take it back.
//
// Order    ledger, then suppressions, then what lifts them, then acknowledge: a batch that fails anywhere comes again,
//          and applying it twice changes nothing. So several processes may read one source.
// Replies  by WhatsApp name Meta's id of our message, or none. So the id and the number, as WhatsApp writes it, are
//          indexed when the message is known to have arrived; who writes without an id answers the last such message.
// Failures what failed is tried again after a pause that grows to half a minute; logged when the reason changes.
// Threads  one executor. Ends by cancellation (TaskGroup), at any moment.

#include "base/clock.h"
#include "base/hash.h"
#include "engine/event_metrics.h"
#include "engine/message_index_need.h"
#include "ports/consent_log.h"
#include "ports/delivery_store.h"
#include "ports/event_source.h"
#include "ports/message_index.h"
#include "ports/suppression_store.h"

namespace clarion {

class EventApplier {
 public:
  struct Deps {
    EventSource* source = nullptr;  // null: only what apply() is given
    DeliveryStore& deliveries;
    DeliveryLog& log;  // finds the address of a delivery
    SuppressionStore& suppressions;
    ConsentLog& consents;  // what was said of an address before
    Clock& clock;
    EventMetrics& metrics;
    MessageIndex* messages = nullptr;             // for what came back without our id; null: nothing does
    MessageIndexNeed* need = nullptr;             // told what came with our id and what without; null: nobody asks
    std::uint64_t seed = 1;                       // of the pauses
    std::function<void()> on_suppressed = [] {};  // those who keep suppressions in memory read them again
    // An event that is new to the ledger says more than what became of its message.
    std::function<void(const CarrierEvent&)> on_notice = [](const CarrierEvent&) {};
  };
  explicit EventApplier(Deps deps) : deps_(std::move(deps)), random_(deps_.seed) {}

  // Loops until cancelled. REQUIRES: there is a source; apply_next() too.
  Task<void> run();
  // Receives and applies one batch; returns how many events were new.
  Task<Result<std::size_t>> apply_next();
  // Applies one that came another way; its receipt is left alone. Safe beside others.
  Task<Result<std::size_t>> apply(EventBatch batch);

 private:
  // Sets the delivery of events that name the carrier's own id of the message only, and indexes by what replies to
  // these messages will name.
  Task<Result<void>> find_deliveries(std::vector<CarrierEvent>& events);
  Task<Result<void>> suppress(const std::vector<CarrierEvent>& events);
  // Returns how many of them lifted something.
  Task<Result<std::size_t>> lift(const std::vector<OptIn>& opt_ins);
  // The address of a delivery as we wrote it; empty when it has none or there is no such delivery.
  Task<Result<std::string>> destination_of(DeliveryId delivery, Channel channel);

  Deps deps_;
  SeededRandom random_;
};

// An address as SuppressionStore keeps it: of mailboxes the domain is in lower case, which means the same in any.
[[nodiscard]] std::string suppressed_address(Channel channel, std::string address);

// Whether the event ends writing to this address: opt-outs, complaints and bounces of addresses that are no good. The
// reason as SuppressionStore keeps it; empty when it does not.
[[nodiscard]] std::string_view suppression_reason(const CarrierEvent& event);

}  // namespace clarion
