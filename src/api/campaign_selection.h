#pragma once
// Selections: what a preview and a plan are made from, so that both show and do the same.

#include <cstdint>
#include <memory>
#include <string_view>

#include "api/audience_snapshot.h"
#include "audience/filter.h"
#include "engine/plan_audience.h"

namespace clarion {

// The rows that match now, with these rules; which channels have a sender is the installation's to say.
[[nodiscard]] Selection make_selection(const AudienceSnapshot& audience, const Filter& filter,
                                       std::shared_ptr<const CampaignContent> content, PlanRules rules, WallTime now);

// The seed of a campaign that was given none: the choice of channels is the same each time it is previewed or planned.
[[nodiscard]] std::uint64_t seed_of_campaign(std::string_view campaign_id);

// CampaignDefinition::audience of a campaign made from a filter: {"kind": "segment", "segment_id", "filter",
// "sql_query"}.
[[nodiscard]] std::string write_audience(const Filter& filter);

// For CampaignEngine::Deps::make_plan_source. Invalid when the campaign's snapshot cannot be read, or is that of an
// explicit list, whose plan cannot be made again.
[[nodiscard]] Result<std::unique_ptr<PlanSource>> make_segment_plan(AudiencePlan::Deps deps,
                                                                    const AudienceSnapshot& audience,
                                                                    const Campaign& campaign);

}  // namespace clarion
