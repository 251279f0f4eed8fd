#pragma once
// HttpMetrics: what the server counts about itself, in a registry that /metrics prints.
//
// Units    seconds. Routes are patterns, never paths, so the number of series is bounded by the route table.
// Threads  safe from any thread.

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>
#include <string_view>

#include "base/clock.h"

namespace clarion {

class HttpMetrics {
 public:
  // REQUIRES: the registry outlives this.
  explicit HttpMetrics(prometheus::Registry& registry);

  // `route` is empty for what no route answered. `method` is a token of HTTP's own list.
  void observe(std::string_view method, std::string_view route, int status, Duration took);
  void connection_opened() { connections_.Increment(); }
  void connection_closed() { connections_.Decrement(); }

 private:
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Gauge& connections_;
};

// Every metric in the Prometheus text exposition format, version 0.0.4.
[[nodiscard]] std::string render_metrics(const prometheus::Registry& registry);
inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace clarion
