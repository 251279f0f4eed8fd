#include "api/campaign_selection.h"

#include <boost/json.hpp>

#include "audience/filter_json.h"
#include "audience/filter_text.h"
#include "base/hash.h"
#include "content/campaign_content.h"
#include "domain/price_table.h"

namespace clarion {
namespace {

namespace json = boost::json;

}  // namespace

Selection make_selection(const AudienceSnapshot& audience, const Filter& filter,
                         std::shared_ptr<const CampaignContent> content, bool respects_caps, std::uint64_t seed,
                         WallTime now) {
  Selection selection;
  selection.contacts = audience.contacts;
  selection.rows = audience.contacts->select(filter, now);
  selection.content = std::move(content);
  selection.responses = audience.responses;
  selection.prices = audience.prices;
  selection.rules.eligibility.set_up = audience.set_up;
  selection.rules.choice.seed = seed;
  if (!respects_caps) selection.rules.ignore_caps();
  return selection;
}

std::uint64_t seed_of_campaign(std::string_view campaign_id) {
  return hash64(campaign_id) >> 1U;
}

std::string write_audience(const Filter& filter) {
  return json::serialize(json::object{{"kind", "segment"},
                                      {"segment_id", segment_id(filter)},
                                      {"filter", to_json(filter)},
                                      {"sql_query", to_sql(filter)}});
}

Result<std::unique_ptr<PlanSource>> make_segment_plan(AudiencePlan::Deps deps, const AudienceSnapshot& audience,
                                                      const Campaign& campaign) {
  const CampaignDefinition& definition = campaign.definition;
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
  Selection selection = make_selection(audience, *filter, std::move(*content), definition.respects_caps,
                                       definition.seed, deps.clock.wall_now());
  // Quiet hours are judged for the time at which each message's turn comes.
  selection.rules.throughput_tps = definition.throughput_tps;
  return std::make_unique<AudiencePlan>(deps, std::move(selection), definition.start_at);
}

}  // namespace clarion
