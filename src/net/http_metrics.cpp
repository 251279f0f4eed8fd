#include "net/http_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <sstream>

namespace clarion {

HttpMetrics::HttpMetrics(prometheus::Registry& registry)
    : requests_(prometheus::BuildCounter()
                    .Name("clarion_http_requests_total")
                    .Help("HTTP requests answered, by method, route pattern and status.")
                    .Register(registry)),
      seconds_(prometheus::BuildHistogram()
                   .Name("clarion_http_request_seconds")
                   .Help("Time from the whole request to the handler's answer, by route pattern.")
                   .Register(registry)),
      connections_(prometheus::BuildGauge()
                       .Name("clarion_http_connections")
                       .Help("HTTP connections open now.")
                       .Register(registry)
                       .Add({})) {}

void HttpMetrics::observe(std::string_view method, std::string_view route, int status, Duration took) {
  const std::string pattern = route.empty() ? "none" : std::string(route);
  requests_.Add({{"method", std::string(method)}, {"route", pattern}, {"status", std::to_string(status)}}).Increment();
  seconds_
      .Add({{"route", pattern}}, prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60})
      .Observe(std::chrono::duration<double>(took).count());
}

std::string render_metrics(const prometheus::Registry& registry) {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, registry.Collect());
  return std::move(out).str();
}

}  // namespace clarion
