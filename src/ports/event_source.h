#pragma once
// EventSource: what carriers tell us later. At least once, in any order.

#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/delivery.h"

namespace clarion {

struct EventBatch {
  std::vector<DeliveryEvent> events;
  std::uint64_t receipt = 0;
};

class EventSource {
 public:
  virtual ~EventSource() = default;
  // Waits until there is something, at most a few seconds; may return an empty batch.
  virtual Task<Result<EventBatch>> receive() = 0;
  // The batch has been applied; without this it comes again.
  virtual Task<Result<void>> acknowledge(std::uint64_t receipt) = 0;
};

}  // namespace clarion
