// The failed of a campaign as another campaign, by a retry or by another channel: how many they are, and sending to
// them.

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "api/campaign_start.h"
#include "api/errors.h"
#include "api/follow_up_plan.h"
#include "api/json_body.h"
#include "api/resources.h"
#include "engine/campaign_spending.h"
#include "engine/send_request.h"

namespace clarion {
namespace {

// The rule's part of the sentences that refuse.
struct Words {
  std::string_view can_be;  // "... recipients can be retried when it has ended"
  std::string_view nobody;  // why nobody is meant
};

constexpr Words words_of(FollowUp kind) {
  if (kind == FollowUp::Retry) {
    return {.can_be = "can be retried",
            .nobody =
                "only what the carrier refused or was too busy for is, not wrong addresses, opt-outs or what is in "
                "doubt"};
  }
  return {.can_be = "can be sent to by another channel",
          .nobody =
              "only those are whose address is wrong, bounced or cannot be reached, not what the carrier refused, "
              "opt-outs or what is in doubt"};
}

std::string hash_of_follow_up(FollowUp kind, const std::string& id) {
  return hash_json(json::object{{member_of(kind), id}});
}

// What the campaign has committed, and the campaigns that follow it: what one that still runs may spend counts whole.
Task<Result<Money>> money_of_all(Api api, Campaign campaign) {
  auto sum = co_await money_committed(api->campaigns, api->deliveries, campaign);
  if (!sum) co_return sum;
  for (const FollowUp kind : all_follow_ups) {
    const auto next = co_await api->campaigns.find(follow_up_id_of(kind, campaign.definition.id));
    if (!next && next.error().kind == ErrorKind::NotFound) continue;
    if (!next) co_return std::unexpected(next.error());
    // Another campaign may have taken its id.
    if (followed_by(kind, next->definition) != campaign.definition.id) continue;
    if (!has_ended(next->status)) {
      *sum += next->definition.budget.value_or(Money{});
      continue;
    }
    const auto more = co_await money_of_all(api, *next);
    if (!more) co_return more;
    *sum += *more;
  }
  co_return sum;
}

CampaignDefinition definition_of(FollowUp kind, const Campaign& followed) {
  CampaignDefinition definition = followed.definition;
  definition.id = follow_up_id_of(kind, followed.definition.id);
  definition.name =
      fmt::format("{} ({})", definition.name.empty() ? followed.definition.id : definition.name, to_string(kind));
  definition.request_hash = hash_of_follow_up(kind, followed.definition.id);
  definition.audience = write_follow_up_audience(kind, followed.definition);
  definition.start_at.reset();
  return definition;
}

Reply show(FollowUp kind, Api api, HttpRequest& request) {
  const auto campaign = co_await api->campaigns.find(request.path_parameters["id"]);
  if (!campaign) co_return std::unexpected(campaign.error());
  const auto count =
      co_await count_followed(kind, api->deliveries, *campaign, std::numeric_limits<std::int64_t>::max());
  if (!count) co_return std::unexpected(count.error());
  const std::string id = follow_up_id_of(kind, campaign->definition.id);
  const auto earlier = co_await find_earlier(api, id, hash_of_follow_up(kind, campaign->definition.id));
  if (!earlier) co_return std::unexpected(earlier.error());
  co_return json_response(json::object{{member_of(kind), campaign->definition.id},
                                       {"campaign_id", id},
                                       {"is_made", *earlier},
                                       {"recipients", *count},
                                       {"throughput_tps", campaign->definition.throughput_tps}});
}

// Why there is no such campaign to make, as the detail of a 422; empty when there is.
Task<Result<std::string>> find_refusal(FollowUp kind, Api api, Campaign followed) {
  const std::string& id = followed.definition.id;
  if (kind == FollowUp::Fallback && is_of_list(followed.definition)) {
    co_return fmt::format(
        "campaign '{0}' was sent to a list, which gives each person one message on one channel: send another list, "
        "with another channel for those of GET /api/deliveries?campaign_id={0}&state=failed",
        id);
  }
  const auto count = co_await count_followed(kind, api->deliveries, followed, 1);
  if (!count) co_return std::unexpected(count.error());
  if (*count > 0) co_return std::string();
  const Words words = words_of(kind);
  co_return fmt::format("campaign '{}' has no failed recipient who {}: {}", id, words.can_be, words.nobody);
}

Reply follow_up(FollowUp kind, Api api, HttpRequest& request) {
  if (auto checked = check_no_body(request.body); !checked) co_return std::unexpected(checked.error());
  const auto followed = co_await api->campaigns.find(request.path_parameters["id"]);
  if (!followed) co_return std::unexpected(followed.error());
  CampaignDefinition definition = definition_of(kind, *followed);

  const auto earlier = co_await find_earlier(api, definition.id, definition.request_hash);
  if (!earlier) co_return std::unexpected(earlier.error());
  bool is_new = !*earlier;
  if (is_new) {
    if (!has_ended(followed->status)) {
      co_return fail(ErrorKind::Conflict,
                     fmt::format("campaign '{}' is {}; its failed recipients {} when it has ended",
                                 followed->definition.id, to_string(followed->status), words_of(kind).can_be));
    }
    const auto refusal = co_await find_refusal(kind, api, *followed);
    if (!refusal) co_return std::unexpected(refusal.error());
    if (!refusal->empty()) co_return error_response(request, 422, *refusal);
    if (definition.budget) {
      // What was allowed for all of them is not allowed twice.
      const auto committed = co_await money_of_all(api, *followed);
      if (!committed) co_return std::unexpected(committed.error());
      if (*definition.budget <= *committed) {
        co_return error_response(
            request, 422,
            fmt::format("campaign '{}' has spent its budget, what is in doubt counted in; it holds "
                        "for its {} too",
                        followed->definition.id, to_string(kind)));
      }
      definition.budget = *definition.budget - *committed;
    }
    const auto started = co_await start_campaign(api, definition, nullptr);
    if (!started) co_return std::unexpected(started.error());
    is_new = *started;
    if (is_new) log_change(request, definition.id, "created");
  }
  co_return co_await answer_with_campaign(api, definition.id, is_new);
}

}  // namespace

Reply show_retry(Api api, HttpRequest& request) {
  return show(FollowUp::Retry, std::move(api), request);
}

Reply retry_campaign(Api api, HttpRequest& request) {
  return follow_up(FollowUp::Retry, std::move(api), request);
}

Reply show_fallback(Api api, HttpRequest& request) {
  return show(FollowUp::Fallback, std::move(api), request);
}

Reply fallback_campaign(Api api, HttpRequest& request) {
  return follow_up(FollowUp::Fallback, std::move(api), request);
}

}  // namespace clarion
