#pragma once
// WorkStatus in Prometheus's text format 0.0.4.

#include <string>

#include "ports/work_queue.h"

namespace clarion {

void append_work_metrics(std::string& out, const WorkStatus& status);

}  // namespace clarion
