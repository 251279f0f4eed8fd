#pragma once
// PublishedEvents: carriers' events that SNS posts to this server, in place of or beside the queue.
//
// Answer   comes when the events are in the ledger: whoever gets an error posts them again, and twice changes nothing.
// Errors   those of SnsVerifier; Invalid for what nobody understands, which SNS then gives to the subscription's
//          dead-letter queue; Unavailable while the ledger cannot be written.
// Threads  one executor, on which the applier lives.

#include <string>

#include "aws/sns_verifier.h"
#include "engine/event_applier.h"

namespace clarion {

class PublishedEvents {
 public:
  struct Deps {
    SnsVerifier& verifier;
    EventApplier& applier;
    EventMetrics& metrics;  // the applier's
    Clock& clock;
  };
  // REQUIRES: what `deps` refers to outlives it.
  explicit PublishedEvents(Deps deps) : deps_(deps) {}

  // The body of one POST.
  Task<Result<void>> take(std::string body);

 private:
  Task<Result<void>> apply(EventBatch batch);

  Deps deps_;
};

}  // namespace clarion
