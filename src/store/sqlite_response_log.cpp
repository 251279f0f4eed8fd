#include "store/sqlite_response_log.h"

#include <map>
#include <mutex>

namespace clarion {
namespace {

PerChannel<Money> add_estimates_up(SqliteConnection& connection, CampaignNumber campaign) {
  // Not by GROUP BY, which would sort all rows first.
  auto sums = connection.prepare(
      "SELECT sum(p.estimated_cost) FILTER (WHERE d.channel = 0), sum(p.estimated_cost) FILTER (WHERE d.channel = 1), "
      "sum(p.estimated_cost) FILTER (WHERE d.channel = 2) "
      "FROM delivery d CROSS JOIN delivery_plan p ON p.id = d.id WHERE d.id BETWEEN ? AND ?");
  sums.bind(make_delivery_id(campaign, 0), make_delivery_id(campaign, 0xffffffffU)).step();
  PerChannel<Money> estimates;
  for (const Channel channel : all_channels) {
    const auto column = static_cast<int>(index_of(channel));
    if (!sums.is_null(column)) estimates[channel] = Money{sums.integer(column)};
  }
  return estimates;
}

}  // namespace

// The cost of complete plans, by campaign.
class SqliteResponseLog::Estimates {
 public:
  PerChannel<Money> of(SqliteConnection& connection, CampaignNumber campaign) {
    {
      const std::scoped_lock lock(mutex_);
      if (const auto known = known_.find(campaign); known != known_.end()) return known->second;
    }
    // Two that ask at once both read: a reader that waits for another could not read for anybody else.
    const auto estimates = add_estimates_up(connection, campaign);
    const std::scoped_lock lock(mutex_);
    return known_.emplace(campaign, estimates).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<CampaignNumber, PerChannel<Money>> known_;  // guarded by mutex_
};

SqliteResponseLog::SqliteResponseLog(SqliteDatabase& database)
    : database_(database), estimates_(std::make_shared<Estimates>()) {}

Task<Result<PerChannel<ChannelResponse>>> SqliteResponseLog::responses(CampaignNumber campaign) {
  return database_.read(
      [campaign, estimates = estimates_](SqliteConnection& connection) -> Result<PerChannel<ChannelResponse>> {
        PerChannel<ChannelResponse> responses;
        {
          auto known = connection.prepare("SELECT is_planned FROM campaign WHERE number = ?");
          if (!known.bind(campaign).step()) return fail(ErrorKind::NotFound, "there is no such campaign");
          if (known.integer(0) != 0) {
            const auto costs = estimates->of(connection, campaign);
            for (const Channel channel : all_channels) responses[channel].estimated_cost = costs[channel];
          }
        }
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
