#pragma once
// Selections: what a preview and a plan are made from, so that both show and do the same.

#include <cstdint>
#include <memory>
#include <string_view>

#include "api/audience_snapshot.h"
#include "api/follow_up_plan.h"
#include "audience/filter.h"
#include "engine/plan_audience.h"

namespace clarion {

// The rows that match now, with these rules; which channels have a sender is the installation's to say.
[[nodiscard]] Selection make_selection(const AudienceSnapshot& audience, const Filter& filter,
                                       std::shared_ptr<const CampaignContent> content, PlanRules rules, WallTime now);

// The seed of a preview and of a campaign that were given none. It is the same for all questions that mean these people
// on one day (UTC), so that what is sent is what was shown; and another the next day, so that not the same people are
// held out, and written to on another channel than the best, in every campaign to a segment.
[[nodiscard]] std::uint64_t seed_of_audience(const Filter& filter, WallTime now);

// CampaignDefinition::audience of a campaign made from a filter: {"kind": "segment", "segment_id", "filter",
// "sql_query"}.
[[nodiscard]] std::string write_audience(const Filter& filter);

// For CampaignEngine::Deps::make_plan_source: of a segment, or of one that follows another campaign. Invalid when the campaign's snapshot cannot
// be read, or is that of an explicit list, whose plan cannot be made again.
[[nodiscard]] Result<std::unique_ptr<PlanSource>> make_campaign_plan(FollowUpPlan::Deps deps, const Campaign& campaign);

}  // namespace clarion
