#pragma once
// SendMetrics in Prometheus's text format 0.0.4.

#include <string>

#include "engine/send_metrics.h"

namespace clarion {

void append_send_metrics(std::string& out, const PerChannel<SendCounts>& counts);

}  // namespace clarion
