#pragma once
// Starting a campaign once: the same id with the same request is the same campaign.

#include <memory>
#include <string>

#include "api/resources.h"

namespace clarion {

// "c-20261122-201530-4f9k2m": sorts by time, and two of one second differ.
[[nodiscard]] std::string make_campaign_id(WallTime now);

// True when a campaign with this id and request exists. Conflict when it exists with another request.
[[nodiscard]] Task<Result<bool>> find_earlier(Api api, std::string id, std::string request_hash);

// What the provider says of WhatsApp templates now; null when nobody approves them here, or nothing can be learnt.
[[nodiscard]] Task<std::shared_ptr<const ProviderTemplates>> read_provider_templates(Api api);

// Creates and starts it. False when the same request had created it meanwhile, Conflict when another had.
[[nodiscard]] Task<Result<bool>> start_campaign(Api api, CampaignDefinition definition,
                                                std::unique_ptr<PlanSource> plan);

// Goes on with a campaign that find_earlier() found and that a process that ended left running.
[[nodiscard]] Task<Result<void>> go_on_with_earlier(Api api, std::string id);

// How it stands: 201 with its Location when this request made it, else 200.
[[nodiscard]] Reply answer_with_campaign(Api api, std::string id, bool is_new);

// Who did what to a campaign, and in which request: what ties the logs of requests to those of campaigns.
void log_change(const HttpRequest& request, std::string_view campaign_id, std::string_view change);

}  // namespace clarion
