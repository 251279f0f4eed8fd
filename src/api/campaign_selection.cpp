#include "api/campaign_selection.h"

#include <boost/json.hpp>

#include "api/plan_rules_json.h"
#include "audience/filter_json.h"
#include "audience/filter_text.h"
#include "base/hash.h"
#include "content/campaign_content.h"
#include "domain/price_table.h"

namespace clarion {
Selection make_selection(const AudienceSnapshot& audience, const Filter& filter,
                         std::shared_ptr<const CampaignContent> content, PlanRules rules, WallTime now) {
  Selection selection;
  selection.contacts = audience.contacts;
  selection.rows = audience.contacts->select(filter, now);
  selection.content = std::move(content);
  selection.responses = audience.responses;
  selection.prices = audience.prices;
  selection.rules = std::move(rules);
  selection.rules.eligibility.set_up = audience.set_up;
  return selection;
}

std::uint64_t seed_of_audience(const Filter& filter, WallTime now) {
  const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  return hash64(segment_id(filter), static_cast<std::uint64_t>(day)) >> 1U;
}

std::string write_audience(const Filter& filter) {
  return json::serialize(json::object{{"kind", "segment"},
                                      {"segment_id", segment_id(filter)},
                                      {"filter", to_json(filter)},
                                      {"sql_query", to_sql(filter)}});
}

Result<std::unique_ptr<PlanSource>> make_campaign_plan(FollowUpPlan::Deps deps, const Campaign& campaign) {
  const CampaignDefinition& definition = campaign.definition;
  if (follows_another(definition)) return std::make_unique<FollowUpPlan>(std::move(deps), definition);
  json::error_code error;
  const json::value document = json::parse(definition.audience, error);
  const auto* object = error ? nullptr : document.if_object();
  const auto* filter_json = object != nullptr ? object->if_contains("filter") : nullptr;
  if (filter_json == nullptr) {
    return fail(ErrorKind::Invalid,
                "this campaign was made from a list of users that was not recorded whole before the process ended; "
                "nothing was sent: send the list again with another campaign_id");
  }
  const auto filter = parse_filter(*filter_json, "audience.filter");
  if (!filter) return std::unexpected(filter.error());
  auto content = CampaignContent::parse(definition.content);
  if (!content) return std::unexpected(content.error());
  auto rules = parse_plan_rules(definition.rules, definition.respects_caps);
  if (!rules) return std::unexpected(rules.error());
  rules->choice.seed = definition.seed;
  // Quiet hours are judged for the time at which each message's turn comes.
  rules->throughput_tps = definition.throughput_tps;
  Selection selection =
      make_selection(*deps.audience, *filter, std::move(*content), std::move(*rules), deps.sources.clock.wall_now());
  return std::make_unique<AudiencePlan>(deps.sources, std::move(selection), definition.start_at);
}

}  // namespace clarion
