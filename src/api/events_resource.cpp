// Event health: whether carriers' events come, from where, and what came of them.

#include "api/campaign_json.h"
#include "api/resources.h"

namespace clarion {
namespace {

namespace json = boost::json;

json::object source_to_json(const std::string& name, const EventCounts& counts) {
  return {{"source", name},
          {"status", to_string(counts.status)},
          {"last_received_at", time_to_json(counts.last_received_at)},
          {"last_event_at", time_to_json(counts.last_event_at)},
          {"last_error", counts.last_error.empty() ? json::value(nullptr) : json::value(counts.last_error)},
          {"last_error_at", time_to_json(counts.last_error_at)},
          {"received", counts.received},
          {"applied", counts.applied},
          {"duplicates", counts.duplicates},
          {"unmatched", counts.unmatched},
          {"informative", counts.informative},
          {"malformed", counts.malformed}};
}

json::object channel_to_json(const ChannelEvents& channel) {
  json::object events;
  for (std::size_t i = 0; i < channel.by_kind.size(); ++i) {
    events[to_string(static_cast<DeliveryEventKind>(i))] = channel.by_kind.at(i);
  }
  return {{"last_event_at", time_to_json(channel.last_event_at)}, {"events", std::move(events)}};
}

}  // namespace

Reply show_events(Api api, HttpRequest&) {
  json::array sources;
  PerChannel<ChannelEvents> sums;
  for (const EventMetrics* metrics : api->events) {
    const EventCounts counts = metrics->counts();
    sources.push_back(source_to_json(metrics->source(), counts));
    for (const Channel channel : all_channels) sums[channel] += counts.by_channel[channel];
  }
  json::object by_channel;
  for (const Channel channel : all_channels) by_channel[to_string(channel)] = channel_to_json(sums[channel]);
  co_return json_response(json::object{{"sources", std::move(sources)}, {"by_channel", std::move(by_channel)}});
}

}  // namespace clarion
