#pragma once
// Every handler, by the file that holds it. routes.cpp gives each its method and path.
//
// Contract  a handler returns an answer or an Error, which becomes the answer in the shape of its path (errors.h).
//           It may take what it wants out of the request, except path and id.

#include <boost/json.hpp>

#include <memory>

#include "api/api_context.h"
#include "base/result.h"
#include "net/http.h"

namespace clarion {

using Api = std::shared_ptr<const ApiContext>;
using Reply = Task<Result<HttpResponse>>;

[[nodiscard]] HttpResponse json_response(const boost::json::value& document, int status = 200);

// installation_resource.cpp
Reply show_installation(Api api, HttpRequest& request);

// quotas_resource.cpp
Reply show_quotas(Api api, HttpRequest& request);

// environment_resource.cpp
Reply show_environment(Api api, HttpRequest& request);
Reply show_health(Api api, HttpRequest& request);
Reply show_readiness(Api api, HttpRequest& request);
Reply show_metrics(Api api, HttpRequest& request);
Reply show_openapi(Api api, HttpRequest& request);

// audience_resource.cpp
Reply list_locations(Api api, HttpRequest& request);
Reply list_skus(Api api, HttpRequest& request);
Reply show_stats(Api api, HttpRequest& request);
Reply list_fields(Api api, HttpRequest& request);

// query_resource.cpp
Reply run_query(Api api, HttpRequest& request);
Reply run_intelligent_query(Api api, HttpRequest& request);
Reply preview_campaign(Api api, HttpRequest& request);

// send_campaign_resource.cpp
Reply send_campaign(Api api, HttpRequest& request);

// campaigns_resource.cpp
Reply list_campaigns(Api api, HttpRequest& request);
Reply create_campaign(Api api, HttpRequest& request);
Reply show_campaign(Api api, HttpRequest& request);
Reply change_campaign(Api api, HttpRequest& request);
Reply start_campaign(Api api, HttpRequest& request);
Reply pause_campaign(Api api, HttpRequest& request);
Reply resume_campaign(Api api, HttpRequest& request);
Reply cancel_campaign(Api api, HttpRequest& request);
Reply stream_campaign(Api api, HttpRequest& request);
Reply show_campaign_history(Api api, HttpRequest& request);

// follow_up_resource.cpp
Reply show_retry(Api api, HttpRequest& request);
Reply retry_campaign(Api api, HttpRequest& request);
Reply show_fallback(Api api, HttpRequest& request);
Reply fallback_campaign(Api api, HttpRequest& request);

// deliveries_resource.cpp
Reply list_deliveries(Api api, HttpRequest& request);
Reply show_delivery(Api api, HttpRequest& request);
Reply settle_delivery(Api api, HttpRequest& request);

// events_resource.cpp
Reply show_events(Api api, HttpRequest& request);

// published_events_resource.cpp
Reply take_published_event(Api api, HttpRequest& request);
// Refuses, before the body is read, what cannot be of one of the topics.
[[nodiscard]] HttpGuard guard_published(Api api);

// contacts_resource.cpp
Reply list_contacts(Api api, HttpRequest& request);
Reply show_contact(Api api, HttpRequest& request);

// import_resource.cpp
Reply import_contacts_upload(Api api, HttpRequest& request);

// suppressions_resource.cpp
Reply list_suppressions(Api api, HttpRequest& request);
Reply add_suppressions(Api api, HttpRequest& request);
Reply remove_suppression(Api api, HttpRequest& request);

// segments_resource.cpp
Reply list_segments(Api api, HttpRequest& request);
Reply create_segment(Api api, HttpRequest& request);
Reply show_segment(Api api, HttpRequest& request);

// templates_resource.cpp
Reply save_template(Api api, HttpRequest& request);
Reply list_templates(Api api, HttpRequest& request);
Reply list_template_versions(Api api, HttpRequest& request);
Reply list_provider_templates(Api api, HttpRequest& request);
Reply show_template(Api api, HttpRequest& request);
Reply preview_template(Api api, HttpRequest& request);

// analytics_resource.cpp
Reply show_campaign_analytics(Api api, HttpRequest& request);

}  // namespace clarion
