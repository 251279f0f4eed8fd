#pragma once
// EmfReporter: what was sent, as lines of CloudWatch's Embedded Metric Format: from a container's stdout CloudWatch
// Logs makes metrics of them.
//
// Format      CloudWatch Embedded Metric Format Specification (2026-11): one JSON object a line; at most 100 values in
//             a metric.
// Dimensions  environment and channel only: CloudWatch bills every combination, so no campaign and no recipient.
// Values      what happened since the line before; a channel on which nothing happened has no line.
// Threads     one executor.

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/task.h"
#include "engine/send_metrics.h"

namespace clarion {

class EmfReporter {
 public:
  // `write` gets each line with its line end. REQUIRES: metrics and clock outlive this.
  EmfReporter(SendMetrics& metrics, Clock& clock, std::string environment, std::function<void(std::string_view)> write)
      : metrics_(metrics), clock_(clock), environment_(std::move(environment)), write_(std::move(write)) {}

  // Reports every minute, until cancelled.
  Task<void> run();
  // Reports what has not been reported yet.
  void report();

 private:
  SendMetrics& metrics_;
  Clock& clock_;
  std::string environment_;
  std::function<void(std::string_view)> write_;
  PerChannel<SendCounts> reported_;
};

}  // namespace clarion
