#pragma once
// EventMetrics in Prometheus's text format 0.0.4.

#include <span>
#include <string>

#include "engine/event_metrics.h"

namespace clarion {

void append_event_metrics(std::string& out, std::span<const EventMetrics* const> sources);

}  // namespace clarion
