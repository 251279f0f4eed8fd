#include "app/emf_reporter.h"

#include <boost/json.hpp>

#include <array>
#include <utility>

#include "api/json_text.h"

namespace clarion {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto report_every = 60s;
constexpr std::string_view metric_namespace = "Clarion";

json::object definition(std::string_view name, std::string_view unit) {
  return {{"Name", name}, {"Unit", unit}};
}

}  // namespace

Task<void> EmfReporter::run() {
  for (TimePoint next = clock_.now() + report_every;; next += report_every) {
    co_await clock_.sleep_until(next);
    report();
  }
}

void EmfReporter::report() {
  const PerChannel<SendCounts> counts = metrics_.counts();
  const PerChannel<std::vector<double>> latencies = metrics_.take_latencies();
  const auto now = clock_.wall_now().time_since_epoch().count();
  for (const Channel channel : all_channels) {
    const SendCounts& is = counts[channel];
    const SendCounts& was = std::exchange(reported_[channel], is);
    const std::array<std::pair<std::string_view, std::uint64_t>, 5> values{
        {{"Accepted", is.accepted - was.accepted},
         {"Failed", is.failed - was.failed},
         {"Skipped", is.skipped - was.skipped},
         {"InDoubt", is.in_doubt - was.in_doubt},
         {"Throttled", is.throttled - was.throttled}}};
    json::array metrics;
    json::object line;
    bool has_news = !latencies[channel].empty();
    for (const auto& [name, value] : values) {
      has_news = has_news || value > 0;
      metrics.push_back(definition(name, "Count"));
      line[name] = value;
    }
    if (!has_news) continue;
    if (!latencies[channel].empty()) {
      metrics.push_back(definition("SendLatency", "Milliseconds"));
      line["SendLatency"] = json::array(latencies[channel].begin(), latencies[channel].end());
    }
    line["environment"] = environment_;
    line["channel"] = to_string(channel);
    // One push a level: an array written around one array is that array (Boost.JSON, 1.81).
    json::array dimensions;
    dimensions.emplace_back(json::array{"environment", "channel"});
    json::array directives;
    directives.emplace_back(json::object{
        {"Namespace", metric_namespace}, {"Dimensions", std::move(dimensions)}, {"Metrics", std::move(metrics)}});
    line["_aws"] = json::object{{"Timestamp", now}, {"CloudWatchMetrics", std::move(directives)}};
    write_(write_json(line) + "\n");
  }
}

}  // namespace clarion
