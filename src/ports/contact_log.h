#pragma once
// ContactLog: the ledger as planning reads it: what is still to be sent to whom, and what came of what was sent.
//
// Views    in what is visited live until the visitor returns.
// Threads  call from any executor; `visit` runs on a thread of the store, one call after another, before the Task
//          returns.

#include <functional>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/channel.h"

namespace clarion {

// One message that is still to be sent, or is being sent.
struct PendingContact {
  std::string_view contact_id;
  Channel channel{};
  std::string_view campaign_id;
  std::optional<WallTime> due_at;  // of the row, else the start of its campaign; none: as soon as its turn comes
};

// One message that a carrier took and did not return.
struct ContactOutcome {
  std::string_view contact_id;
  Channel channel{};
  WallTime sent_at{};
  bool was_opened = false;
  bool was_answered = false;   // clicked or replied
  bool was_unwelcome = false;  // opted out or complained
};

class ContactLog {
 public:
  virtual ~ContactLog() = default;
  // Waiting and sending rows of every planned campaign that is scheduled, running or paused; campaign by campaign, in
  // an order of the store's own.
  virtual Task<Result<void>> visit_pending(std::function<void(const PendingContact&)> visit) = 0;
  // Accepted and delivered rows that were sent at `since` or later.
  virtual Task<Result<void>> visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) = 0;
};

}  // namespace clarion
