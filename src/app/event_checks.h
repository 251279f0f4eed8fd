#pragma once
// The checks of carriers' events: the queue they come to, and whether they come.

#include <vector>

#include "app/aws_context.h"
#include "app/checks.h"
#include "base/task.h"

namespace clarion {

// Asks SQS of the queue of events: whether it can be read, what becomes of messages that nobody understands, and how
// many wait. Nothing without EVENTS_QUEUE_URL. REQUIRES: `settings` are of production.
Task<void> check_events_queue(const Settings& settings, AwsContext& aws, std::vector<Check>& checks);

// What the server that works with the data directory says of its events; nothing when none does. Call from no executor.
void check_event_flow(const Settings& settings, WallTime now, std::vector<Check>& checks);

// Its row, from the document of GET /api/events. Pure.
[[nodiscard]] std::vector<Check> describe_event_flow(std::string_view document, WallTime now);

}  // namespace clarion
