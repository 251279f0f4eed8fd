// What came of one campaign: by channel, by reason, response and money.

#include "api/campaign_json.h"
#include "api/delivery_json.h"
#include "api/resources.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::pair<std::string_view, DeliveryEventKind> response_kinds[] = {
    {"opened", DeliveryEventKind::Opened},         {"clicked", DeliveryEventKind::Clicked},
    {"replied", DeliveryEventKind::Replied},       {"bounced", DeliveryEventKind::Bounced},
    {"complained", DeliveryEventKind::Complained}, {"opted_out", DeliveryEventKind::OptedOut},
};

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// People who did it, and what share of the accepted messages that is. Opens and clicks are counted where carriers tell.
json::object response_to_json(const ChannelResponse& response, const StateCounts& counts) {
  json::object row;
  for (const auto& [name, kind] : response_kinds) {
    row[name] = response.count(kind);
    row[std::string(name) + "_share"] = share(response.count(kind), counts.accepted);
  }
  row["estimated_cost"] = money_to_json(response.estimated_cost);
  row["actual_cost"] = money_to_json(response.actual_cost);
  return row;
}

json::object channel_analytics(const StateCounts& counts) {
  json::object row = counts_to_json(counts);
  row["accepted_share"] = share(counts.accepted, counts.planned - counts.skipped);
  row["delivered_share"] = share(counts.delivered, counts.accepted);
  row["failed_share"] = share(counts.failed, counts.planned - counts.skipped);
  return row;
}

json::object reason_to_json(const DeliveryLog::ReasonCount& row) {
  return {{"state", to_string(row.state)},
          {"channel", row.channel ? json::value(to_string(*row.channel)) : json::value(nullptr)},
          {"reason", row.reason},
          {"reason_text", explain_reason(row.state, row.reason)},
          {"count", row.count}};
}

}  // namespace

Reply show_campaign_analytics(Api api, HttpRequest& request) {
  const auto campaign = co_await api->campaigns.find(request.path_parameters["id"]);
  if (!campaign) co_return std::unexpected(campaign.error());
  const auto counts = co_await api->campaigns.counts(campaign->number);
  if (!counts) co_return std::unexpected(counts.error());
  const auto reasons = co_await api->deliveries.count_reasons(campaign->number);
  if (!reasons) co_return std::unexpected(reasons.error());

  const auto responses = co_await api->responses.responses(campaign->number);
  if (!responses) co_return std::unexpected(responses.error());

  json::object by_channel;
  json::object response;
  for (const Channel channel : all_channels) {
    const StateCounts& row = counts->by_channel[channel];
    by_channel[to_string(channel)] = channel_analytics(row);
    response[to_string(channel)] = response_to_json((*responses)[channel], row);
  }
  json::array by_reason;
  for (const auto& row : *reasons) by_reason.push_back(reason_to_json(row));
  const Money difference = campaign->actual_cost - campaign->estimated_cost;
  co_return json_response(json::object{{"campaign_id", campaign->definition.id},
                                       {"status", to_string(campaign->status)},
                                       {"total", channel_analytics(counts->total())},
                                       {"by_channel", std::move(by_channel)},
                                       {"without_channel", counts_to_json(counts->without_channel)},
                                       {"by_reason", std::move(by_reason)},
                                       {"response", std::move(response)},
                                       {"cost",
                                        {{"estimated", money_to_json(campaign->estimated_cost)},
                                         {"actual", money_to_json(campaign->actual_cost)},
                                         {"difference", money_to_json(difference)},
                                         {"currency", "USD"}}}});
}

}  // namespace clarion
