#include "api/event_metrics_text.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace clarion {

void append_event_metrics(std::string& out, std::span<const EventMetrics* const> sources) {
  std::vector<std::pair<std::string_view, EventCounts>> all;
  for (const EventMetrics* metrics : sources) all.emplace_back(metrics->source(), metrics->counts());
  out +=
      "# HELP clarion_events_total Events of carriers that this process received, by source and what came of them.\n"
      "# TYPE clarion_events_total counter\n";
  for (const auto& [source, counts] : all) {
    const std::pair<std::string_view, std::uint64_t> outcomes[] = {{"applied", counts.applied},
                                                                   {"duplicate", counts.duplicates},
                                                                   {"unmatched", counts.unmatched},
                                                                   {"informative", counts.informative},
                                                                   {"malformed", counts.malformed}};
    for (const auto& [outcome, count] : outcomes) {
      out += fmt::format("clarion_events_total{{source=\"{}\",outcome=\"{}\"}} {}\n", source, outcome, count);
    }
  }
  out +=
      "# HELP clarion_events_failing 1 while events of the source cannot be received or applied.\n"
      "# TYPE clarion_events_failing gauge\n";
  for (const auto& [source, counts] : all) {
    out += fmt::format("clarion_events_failing{{source=\"{}\"}} {}\n", source,
                       counts.status == SourceStatus::Failing ? 1 : 0);
  }
  out +=
      "# HELP clarion_events_last_received_seconds When something last came from the source; 0: not yet.\n"
      "# TYPE clarion_events_last_received_seconds gauge\n";
  for (const auto& [source, counts] : all) {
    const auto at = counts.last_received_at.value_or(WallTime{}).time_since_epoch();
    out += fmt::format("clarion_events_last_received_seconds{{source=\"{}\"}} {}\n", source,
                       std::chrono::duration_cast<std::chrono::seconds>(at).count());
  }
  out +=
      "# HELP clarion_carrier_events_total Events that were applied, by channel and kind.\n"
      "# TYPE clarion_carrier_events_total counter\n";
  PerChannel<ChannelEvents> sums;
  for (const auto& [source, counts] : all) {
    for (const Channel channel : all_channels) sums[channel] += counts.by_channel[channel];
  }
  for (const Channel channel : all_channels) {
    for (std::size_t i = 0; i < sums[channel].by_kind.size(); ++i) {
      out += fmt::format("clarion_carrier_events_total{{channel=\"{}\",kind=\"{}\"}} {}\n", to_string(channel),
                         to_string(static_cast<DeliveryEventKind>(i)), sums[channel].by_kind.at(i));
    }
  }
}

}  // namespace clarion
