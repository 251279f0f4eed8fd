#pragma once
// WorkQueue: references to parts of campaigns in which messages wait, handed to whichever worker asks first.
//
// Truth    none: the ledger alone says what is to be sent and who may send it. A reference that is lost, late, doubled
//          or of long ago costs a look at the ledger and changes nothing.
// Holding  who has received a reference has it for itself for `holding`; extended in time it stays so, otherwise
//          somebody else receives it. Call < lease of a worker < holding, so that whoever receives what a dead worker
//          held can find it dead.
// Errors   Unavailable, Throttled, Denied, NotFound (there is no such queue).
// Threads  one executor.

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/campaign.h"
#include "domain/channel.h"

namespace clarion {

// The rows of one channel in one chunk of a campaign's plan.
struct WorkReference {
  CampaignNumber campaign{};
  Channel channel{};
  std::uint32_t chunk = 0;

  friend auto operator<=>(const WorkReference&, const WorkReference&) = default;
};

struct Announcement {
  WorkReference work;
  std::chrono::seconds delay{0};  // until somebody receives it; more than longest_delay counts as that
};

struct HeldReference {
  WorkReference work;
  std::string receipt;  // of this receipt: for extend, finish and give_back
};

struct WorkQueueDepth {
  std::int64_t waiting = 0;  // about; nobody has it
  std::int64_t held = 0;     // about
  std::int64_t delayed = 0;  // about
};

// How a worker and its queue stand, for those who watch.
struct WorkStatus {
  std::int64_t references_held = 0;
  std::optional<WorkQueueDepth> depth;  // as last seen
  std::string outage;                   // why the queue does not work; empty: it does
};

class WorkQueue {
 public:
  static constexpr std::chrono::seconds holding{120};
  static constexpr std::chrono::seconds longest_delay{900};
  static constexpr std::size_t most_at_once = 10;  // that receive() gives

  virtual ~WorkQueue() = default;

  // After an error some may have been announced.
  virtual Task<Result<void>> announce(std::vector<Announcement> announcements) = 0;
  // At most `most` of [1, most_at_once]; waits up to `wait`, at most 20 s, for the first. What is in the queue and is
  // no reference is not given, and not finished: the queue puts it aside when it has come too often.
  virtual Task<Result<std::vector<HeldReference>>> receive(std::size_t most, std::chrono::seconds wait) = 0;
  // For `holding` from now; one result each, in order. Conflict: it is no longer held, somebody else may have it.
  virtual Task<std::vector<Result<void>>> extend(std::vector<std::string> receipts) = 0;
  // Nothing is left to do there.
  virtual Task<Result<void>> finish(std::vector<std::string> receipts) = 0;
  // Others receive it at once.
  virtual Task<Result<void>> give_back(std::vector<std::string> receipts) = 0;
  virtual Task<Result<WorkQueueDepth>> depth() = 0;
};

}  // namespace clarion
