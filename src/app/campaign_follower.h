#pragma once
// Following one campaign in the terminal until it ends: progress bar, Ctrl-C pauses, a summary or one JSON document.

#include <boost/json.hpp>

#include <string>

#include "app/interrupt_counter.h"
#include "app/session.h"

namespace clarion {

struct FollowOptions {
  std::string campaign_id;
  bool is_json = false;
};

// Returns the exit code. The first Ctrl-C, also one that `counter` has seen before, pauses the campaign, waits for what
// is under way and says how to go on; one after the pause is on record ends at once (what was under way is then in
// doubt, never lost).
int follow_campaign(Session& session, const InterruptCounter& counter, const FollowOptions& options);

// "by_reason" of its analytics: who was not accepted and why; empty when that cannot be learnt.
[[nodiscard]] boost::json::array reasons_of(Session& session, const std::string& id);
// Some lines for a person: totals, channels, cost, times, rate, reasons.
[[nodiscard]] std::string summary_of(const boost::json::object& campaign, const boost::json::array& reasons);

}  // namespace clarion
