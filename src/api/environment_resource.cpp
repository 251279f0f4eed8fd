// What runs here and whether it works: environment, health, readiness, metrics and the API's own description.

#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "api/event_metrics_text.h"
#include "api/json_text.h"
#include "api/resources.h"
#include "api/send_metrics_text.h"
#include "api/work_metrics_text.h"
#include "net/http_metrics.h"

namespace clarion {

namespace json = boost::json;

HttpResponse json_response(const json::value& document, int status) {
  HttpResponse response;
  response.status = status;
  response.body = write_json(document);
  return response;
}

Reply show_environment(Api api, HttpRequest&) {
  co_return json_response(json::object{{"is_production", api->is_production},
                                       {"environment", api->is_production ? "production" : "local"},
                                       {"aws_enabled", api->is_production}});
}

Reply show_health(Api, HttpRequest&) {
  co_return json_response(json::object{{"status", "ok"}});
}

Reply show_readiness(Api api, HttpRequest&) {
  json::object checks;
  bool is_ready = true;
  const auto add = [&checks, &is_ready](std::string_view name, const Result<void>& result) {
    checks[name] = result ? "ok" : result.error().message;
    is_ready = is_ready && result.has_value();
  };
  add("store", co_await api->check_store());
  // An engine that cannot answer a question about one campaign within its turn is not alive; NotFound is an answer.
  const auto answer = co_await on_engine(*api, [](CampaignEngine& engine) { return engine.progress("readyz"); });
  const bool is_alive = answer || answer.error().kind == ErrorKind::NotFound;
  add("engine", is_alive ? Result<void>{} : std::unexpected(answer.error()));
  if (const auto work = api->work_status ? api->work_status() : std::nullopt) {
    // Sending goes on without it, so it makes nobody unready.
    checks["work_queue"] = work->outage.empty() ? "ok" : "warning: work is found without it: " + work->outage;
  }
  co_return json_response(json::object{{"status", is_ready ? "ready" : "not ready"}, {"checks", std::move(checks)}},
                          is_ready ? 200 : 503);
}

Reply show_metrics(Api api, HttpRequest&) {
  HttpResponse response;
  response.content_type = kMetricsContentType;
  response.body = api->process_metrics ? api->process_metrics() : std::string();
  append_send_metrics(response.body, api->sends.counts());
  append_event_metrics(response.body, api->events);
  if (const auto work = api->work_status ? api->work_status() : std::nullopt) {
    append_work_metrics(response.body, *work);
  }
  // Deliveries are in the ledger already: the newest campaigns are printed from it, so no counter can drift.
  const auto campaigns = co_await api->campaigns.list(0, 20);
  if (!campaigns) co_return std::unexpected(campaigns.error());
  std::string& out = response.body;
  out +=
      "# HELP clarion_deliveries Deliveries of the newest 20 campaigns by state; accepted includes delivered.\n"
      "# TYPE clarion_deliveries gauge\n";
  for (const Campaign& campaign : *campaigns) {
    const auto counts = co_await api->campaigns.counts(campaign.number);
    if (!counts) continue;
    for (const Channel channel : all_channels) {
      const StateCounts& row = counts->by_channel[channel];
      const std::pair<std::string_view, std::int64_t> states[] = {
          {"waiting", row.waiting}, {"sending", row.sending}, {"accepted", row.accepted}, {"delivered", row.delivered},
          {"failed", row.failed},   {"skipped", row.skipped}, {"in_doubt", row.in_doubt}};
      for (const auto& [state, count] : states) {
        out += fmt::format("clarion_deliveries{{campaign=\"{}\",channel=\"{}\",state=\"{}\"}} {}\n",
                           campaign.definition.id, to_string(channel), state, count);
      }
    }
  }
  out += fmt::format("# HELP clarion_contacts Contacts loaded.\n# TYPE clarion_contacts gauge\nclarion_contacts {}\n",
                     api->audience()->contacts->size());
  co_return response;
}

Reply show_openapi(Api api, HttpRequest&) {
  HttpResponse response;
  response.body = api->openapi_json;
  co_return response;
}

}  // namespace clarion
