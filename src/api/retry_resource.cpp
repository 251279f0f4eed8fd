// The failed of a campaign as another campaign: how many they are, and sending to them.

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "api/campaign_start.h"
#include "api/errors.h"
#include "api/json_body.h"
#include "api/resources.h"
#include "api/retry_plan.h"
#include "engine/campaign_spending.h"
#include "engine/send_request.h"

namespace clarion {
namespace {

std::string hash_of_retry(const std::string& id) {
  return hash_json(json::object{{"retry_of", id}});
}

// `committed`: the cost of what the campaign sent, and of what is in doubt, which may be on the bill.
CampaignDefinition definition_of(const Campaign& retried, Money committed) {
  CampaignDefinition definition = retried.definition;
  definition.id = retry_id_of(retried.definition.id);
  definition.name = fmt::format("{} (retry)", definition.name.empty() ? retried.definition.id : definition.name);
  definition.request_hash = hash_of_retry(retried.definition.id);
  definition.audience = write_retry_audience(retried.definition);
  definition.start_at.reset();
  // What was allowed for all of them is not allowed twice.
  if (definition.budget) *definition.budget = std::max(*definition.budget - committed, Money{});
  return definition;
}

// Why the campaign cannot be retried now; the ledger's answer of how many there are is the caller's to ask for.
Result<void> check_ended(const Campaign& campaign) {
  if (has_ended(campaign.status)) return {};
  return fail(ErrorKind::Conflict,
              fmt::format("campaign '{}' is {}; its failed recipients can be retried when it has ended",
                          campaign.definition.id, to_string(campaign.status)));
}

}  // namespace

Reply show_retry(Api api, HttpRequest& request) {
  const auto campaign = co_await api->campaigns.find(request.path_parameters["id"]);
  if (!campaign) co_return std::unexpected(campaign.error());
  const auto count = co_await count_retryable(api->deliveries, *campaign, std::numeric_limits<std::int64_t>::max());
  if (!count) co_return std::unexpected(count.error());
  const std::string id = retry_id_of(campaign->definition.id);
  const auto earlier = co_await find_earlier(api, id, hash_of_retry(campaign->definition.id));
  if (!earlier) co_return std::unexpected(earlier.error());
  co_return json_response(json::object{{"retry_of", campaign->definition.id},
                                       {"campaign_id", id},
                                       {"is_made", *earlier},
                                       {"recipients", *count},
                                       {"throughput_tps", campaign->definition.throughput_tps}});
}

Reply retry_campaign(Api api, HttpRequest& request) {
  if (auto checked = check_no_body(request.body); !checked) co_return std::unexpected(checked.error());
  const auto retried = co_await api->campaigns.find(request.path_parameters["id"]);
  if (!retried) co_return std::unexpected(retried.error());
  const auto committed = co_await money_committed(api->campaigns, api->deliveries, *retried);
  if (!committed) co_return std::unexpected(committed.error());
  const CampaignDefinition definition = definition_of(*retried, *committed);

  const auto earlier = co_await find_earlier(api, definition.id, definition.request_hash);
  if (!earlier) co_return std::unexpected(earlier.error());
  bool is_new = !*earlier;
  if (is_new) {
    if (auto ended = check_ended(*retried); !ended) co_return std::unexpected(ended.error());
    const auto count = co_await count_retryable(api->deliveries, *retried, 1);
    if (!count) co_return std::unexpected(count.error());
    if (*count == 0) {
      co_return error_response(request, 422,
                               fmt::format("campaign '{}' has no failed recipient who can be retried: only what the "
                                           "carrier refused or was too busy for is, not wrong addresses, opt-outs "
                                           "or what is in doubt",
                                           retried->definition.id));
    }
    if (definition.budget == Money{}) {
      co_return error_response(request, 422,
                               fmt::format("campaign '{}' has spent its budget, what is in doubt counted in; it holds "
                                           "for its retry too",
                                           retried->definition.id));
    }
    const auto started = co_await start_campaign(api, definition, nullptr);
    if (!started) co_return std::unexpected(started.error());
    is_new = *started;
    if (is_new) log_change(request, definition.id, "created");
  }
  co_return co_await answer_with_campaign(api, definition.id, is_new);
}

}  // namespace clarion
