#include "api/routes.h"

#include <string_view>

#include "api/errors.h"
#include "api/page_resource.h"
#include "api/resources.h"

namespace clarion {
namespace {

using enum HttpMethod;

struct Endpoint {
  HttpMethod method;
  std::string_view pattern;
  Reply (*handler)(Api, HttpRequest&);
};

constexpr Endpoint endpoints[] = {
    // The contract that existed before: names and members never change.
    {Get, "/api/environment", show_environment},
    {Post, "/api/send-campaign", send_campaign},
    {Get, "/api/locations", list_locations},
    {Get, "/api/skus", list_skus},
    {Get, "/api/stats", show_stats},
    {Post, "/api/query", run_query},
    {Post, "/api/intelligent-query", run_intelligent_query},
    {Get, "/api/segments", list_segments},
    {Post, "/api/save-template", save_template},
    {Get, "/api/templates", list_templates},

    {Get, "/api/campaigns", list_campaigns},
    {Post, "/api/campaigns", create_campaign},
    {Get, "/api/campaigns/{id}", show_campaign},
    {Patch, "/api/campaigns/{id}", change_campaign},
    {Post, "/api/campaigns/{id}/pause", pause_campaign},
    {Post, "/api/campaigns/{id}/resume", resume_campaign},
    {Post, "/api/campaigns/{id}/cancel", cancel_campaign},
    {Get, "/api/campaigns/{id}/stream", stream_campaign},

    {Get, "/api/deliveries", list_deliveries},
    {Get, "/api/deliveries/{id}", show_delivery},

    {Get, "/api/contacts", list_contacts},
    {Get, "/api/contacts/{id}", show_contact},

    {Post, "/api/segments", create_segment},
    {Get, "/api/segments/{id}", show_segment},

    {Get, "/api/templates/{channel}/{name}", show_template},
    {Post, "/api/templates/preview", preview_template},

    {Get, "/api/suppressions", list_suppressions},
    {Post, "/api/suppressions", add_suppressions},
    {Delete, "/api/suppressions/{channel}/{address}", remove_suppression},

    {Get, "/api/analytics/campaigns/{id}", show_campaign_analytics},

    {Get, "/api/openapi.json", show_openapi},
    {Get, "/healthz", show_health},
    {Get, "/readyz", show_readiness},
    {Get, "/metrics", show_metrics},
};

// Runs one handler and turns its Error into an answer.
Task<HttpResponse> answer(Api api, Reply (*handler)(Api, HttpRequest&), HttpRequest request) {
  auto reply = co_await handler(std::move(api), request);
  if (!reply) co_return error_response(request, reply.error());
  co_return std::move(*reply);
}

}  // namespace

std::unique_ptr<Router> make_router(const std::shared_ptr<const ApiContext>& context) {
  auto router = std::make_unique<Router>([](int status, std::string message, const HttpRequest& request) {
    return error_response(request, status, std::move(message));
  });
  for (const Endpoint& endpoint : endpoints) {
    router->add(endpoint.method, std::string(endpoint.pattern),
                [context, handler = endpoint.handler](HttpRequest request) {
                  return answer(context, handler, std::move(request));
                });
  }
  add_page(*router);
  return router;
}

}  // namespace clarion
