#include "store/sqlite_response_log.h"

namespace clarion {

Task<Result<PerChannel<ChannelResponse>>> SqliteResponseLog::responses(CampaignNumber campaign) {
  return database_.read([campaign](SqliteConnection& connection) -> Result<PerChannel<ChannelResponse>> {
    {
      auto known = connection.prepare("SELECT 1 FROM campaign WHERE number = ?");
      if (!known.bind(campaign).step()) return fail(ErrorKind::NotFound, "there is no such campaign");
    }
    PerChannel<ChannelResponse> responses;
    auto costs = connection.prepare("SELECT channel, actual_cost FROM delivery_count WHERE campaign = ?");
    costs.bind(campaign);
    while (costs.step()) {
      const auto channel = static_cast<std::size_t>(costs.integer(0));
      if (channel < channel_count) responses[all_channels[channel]].actual_cost = Money{costs.integer(1)};
    }
    auto events = connection.prepare(
        "SELECT d.channel, e.kind, count(DISTINCT e.delivery) FROM delivery_event e JOIN delivery d ON d.id = "
        "e.delivery WHERE e.delivery BETWEEN ? AND ? GROUP BY d.channel, e.kind");
    events.bind(make_delivery_id(campaign, 0), make_delivery_id(campaign, 0xffffffffU));
    while (events.step()) {
      const auto channel = static_cast<std::size_t>(events.integer(0));
      const auto kind = static_cast<std::size_t>(events.integer(1));
      if (channel < channel_count && kind < delivery_event_kind_count) {
        responses[all_channels[channel]].deliveries[kind] = events.integer(2);
      }
    }
    return responses;
  });
}

}  // namespace clarion
