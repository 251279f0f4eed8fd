#include "api/routes.h"

#include <optional>
#include <string_view>
#include <utility>

#include "api/authentication.h"
#include "api/errors.h"
#include "api/page_resource.h"
#include "api/resources.h"

namespace clarion {
namespace {

using enum HttpMethod;
using enum Scope;

constexpr std::optional<Scope> everybody = std::nullopt;

struct Endpoint {
  HttpMethod method;
  std::string_view pattern;
  Reply (*handler)(Api, HttpRequest&);
  std::optional<Scope> scope;         // that a token needs for it, where tokens are asked for
  HttpGuard (*guard)(Api) = nullptr;  // in place of a token
};

constexpr Endpoint endpoints[] = {
    // The contract that existed before: names and members never change.
    {Get, "/api/environment", show_environment, Read},
    {Post, "/api/send-campaign", send_campaign, Send},
    {Get, "/api/locations", list_locations, Read},
    {Get, "/api/skus", list_skus, Read},
    {Get, "/api/stats", show_stats, Read},
    {Post, "/api/query", run_query, Read},
    {Post, "/api/intelligent-query", run_intelligent_query, Read},
    {Get, "/api/segments", list_segments, Read},
    {Post, "/api/save-template", save_template, Write},
    {Get, "/api/templates", list_templates, Read},

    {Get, "/api/campaigns", list_campaigns, Read},
    {Post, "/api/campaigns", create_campaign, Send},
    {Get, "/api/campaigns/{id}", show_campaign, Read},
    {Patch, "/api/campaigns/{id}", change_campaign, Write},
    {Post, "/api/campaigns/{id}/start", start_campaign, Send},
    {Post, "/api/campaigns/{id}/pause", pause_campaign, Write},
    {Post, "/api/campaigns/{id}/resume", resume_campaign, Send},
    {Post, "/api/campaigns/{id}/cancel", cancel_campaign, Write},
    {Get, "/api/campaigns/{id}/retry", show_retry, Read},
    {Post, "/api/campaigns/{id}/retry", retry_campaign, Send},
    {Get, "/api/campaigns/{id}/fallback", show_fallback, Read},
    {Post, "/api/campaigns/{id}/fallback", fallback_campaign, Send},
    {Get, "/api/campaigns/{id}/stream", stream_campaign, Read},
    {Get, "/api/campaigns/{id}/history", show_campaign_history, Read},

    {Get, "/api/deliveries", list_deliveries, Read},
    {Get, "/api/deliveries/{id}", show_delivery, Read},
    {Post, "/api/deliveries/{id}/settle", settle_delivery, Write},

    {Get, "/api/audience/fields", list_fields, Read},
    {Post, "/api/audience/preview", preview_campaign, Read},

    {Get, "/api/contacts", list_contacts, Read},
    {Get, "/api/contacts/{id}", show_contact, Read},
    {Post, "/api/contacts/import", import_contacts_upload, Write},

    {Post, "/api/segments", create_segment, Write},
    {Get, "/api/segments/{id}", show_segment, Read},

    {Get, "/api/templates/{channel}/{name}", show_template, Read},
    {Get, "/api/templates/{channel}/{name}/versions", list_template_versions, Read},
    {Get, "/api/provider-templates", list_provider_templates, Read},
    {Post, "/api/templates/preview", preview_template, Read},

    {Get, "/api/suppressions", list_suppressions, Read},
    {Post, "/api/suppressions", add_suppressions, Write},
    {Delete, "/api/suppressions/{channel}/{address}", remove_suppression, Write},

    {Get, "/api/analytics/campaigns/{id}", show_campaign_analytics, Read},

    {Get, "/api/events", show_events, Read},
    {Post, "/api/events/sns", take_published_event, everybody, guard_published},  // SNS signs; it has no token
    {Get, "/api/installation", show_installation, Read},
    {Get, "/api/quotas", show_quotas, Read},
    {Get, "/api/openapi.json", show_openapi, Read},
    {Get, "/healthz", show_health, everybody},
    {Get, "/readyz", show_readiness, everybody},
    {Get, "/metrics", show_metrics, Read},
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
    HttpGuard guard;
    if (endpoint.guard != nullptr) guard = endpoint.guard(context);
    if (endpoint.scope && context->verifier != nullptr) guard = require_scope(context, *endpoint.scope);
    router->add(
        endpoint.method, std::string(endpoint.pattern),
        [context, handler = endpoint.handler](HttpRequest request) {
          return answer(context, handler, std::move(request));
        },
        std::move(guard));
  }
  add_page(*router, context->page);
  return router;
}

}  // namespace clarion
