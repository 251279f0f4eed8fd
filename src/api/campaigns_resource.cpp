// Campaigns: listed, shown, and changed while they run. create_campaign.cpp makes them.

#include <fmt/format.h>

#include "api/campaign_json.h"
#include "api/campaign_start.h"
#include "api/json_body.h"
#include "api/query_reader.h"
#include "api/resources.h"
#include "engine/run_history_json.h"

namespace clarion {
namespace {

bool is_active(const Campaign& campaign) {
  return campaign.status == CampaignStatus::Running || campaign.status == CampaignStatus::Scheduled;
}

// The document of GET, after a change that the engine has made.
Task<Result<HttpResponse>> answer_with(Api api, const HttpRequest& request, std::string_view change,
                                       Result<Campaign> changed) {
  if (!changed) co_return std::unexpected(changed.error());
  log_change(request, changed->definition.id, change);
  const auto progress =
      co_await on_engine(*api, [id = changed->definition.id](CampaignEngine& engine) { return engine.progress(id); });
  if (!progress) co_return std::unexpected(progress.error());
  co_return json_response(campaign_to_json(*progress));
}

}  // namespace

Reply list_campaigns(Api api, HttpRequest& request) {
  QueryReader reader(request);
  const auto limit = static_cast<std::size_t>(reader.integer("limit", 50, 1, 200));
  const auto before = static_cast<std::uint32_t>(reader.integer("before", 0, 0, UINT32_MAX));
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());

  auto campaigns = co_await api->campaigns.list(before, limit + 1);
  if (!campaigns) co_return std::unexpected(campaigns.error());
  json::value next = nullptr;
  if (campaigns->size() > limit) {
    campaigns->resize(limit);
    next = static_cast<std::uint32_t>(campaigns->back().number);
  }
  json::array rows;
  for (const Campaign& campaign : *campaigns) {
    CampaignProgress progress;
    progress.campaign = campaign;
    if (is_active(campaign)) {
      auto live = co_await on_engine(
          *api, [id = campaign.definition.id](CampaignEngine& engine) { return engine.progress(id); });
      if (!live) co_return std::unexpected(live.error());
      progress = std::move(*live);
    } else {
      auto counts = co_await api->campaigns.counts(campaign.number);
      if (!counts) co_return std::unexpected(counts.error());
      progress.counts = *counts;
    }
    rows.push_back(campaign_to_json(progress));
  }
  co_return json_response(json::object{{"campaigns", std::move(rows)}, {"next", std::move(next)}});
}

Reply show_campaign(Api api, HttpRequest& request) {
  const auto progress = co_await on_engine(
      *api, [id = request.path_parameters["id"]](CampaignEngine& engine) { return engine.progress(id); });
  if (!progress) co_return std::unexpected(progress.error());
  co_return json_response(campaign_to_json(*progress));
}

Reply show_campaign_history(Api api, HttpRequest& request) {
  const auto history = co_await on_engine(
      *api, [id = request.path_parameters["id"]](CampaignEngine& engine) { return engine.history(id); });
  if (!history) co_return std::unexpected(history.error());
  co_return json_response(history_to_json(*history));
}

Reply change_campaign(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  const auto tps = reader.number("throughput_tps");
  reader.refuse_unknown();
  if (!tps) reader.reject("throughput_tps", "is missing; give messages per second on each channel");
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  co_return co_await answer_with(
      api, request, "rate",
      co_await on_engine(*api, [id = request.path_parameters["id"], tps = *tps](CampaignEngine& engine) {
        return engine.set_throughput(id, tps);
      }));
}

Reply start_campaign(Api api, HttpRequest& request) {
  if (auto checked = check_no_body(request.body); !checked) co_return std::unexpected(checked.error());
  co_return co_await answer_with(api, request, "started",
                                 co_await on_engine(*api, [id = request.path_parameters["id"]](CampaignEngine& engine) {
                                   return engine.start_now(id);
                                 }));
}

Reply pause_campaign(Api api, HttpRequest& request) {
  if (auto checked = check_no_body(request.body); !checked) co_return std::unexpected(checked.error());
  co_return co_await answer_with(api, request, "paused",
                                 co_await on_engine(*api, [id = request.path_parameters["id"]](CampaignEngine& engine) {
                                   return engine.pause(id, "the operator paused it");
                                 }));
}

Reply resume_campaign(Api api, HttpRequest& request) {
  if (auto checked = check_no_body(request.body); !checked) co_return std::unexpected(checked.error());
  co_return co_await answer_with(api, request, "resumed",
                                 co_await on_engine(*api, [id = request.path_parameters["id"]](CampaignEngine& engine) {
                                   return engine.resume(id);
                                 }));
}

Reply cancel_campaign(Api api, HttpRequest& request) {
  if (auto checked = check_no_body(request.body); !checked) co_return std::unexpected(checked.error());
  co_return co_await answer_with(api, request, "cancelled",
                                 co_await on_engine(*api, [id = request.path_parameters["id"]](CampaignEngine& engine) {
                                   return engine.cancel(id);
                                 }));
}

}  // namespace clarion
