#pragma once
// PlanRules in requests and in CampaignDefinition::rules: how channels are chosen, which ones, caps and quiet hours.
//
// Shape  {"decision": {"exploration", "holdout", "value_of_response", "cost_of_opt_out", "may_choose_nothing"},
//         "channels": ["sms", ...], "channel_overrides": {contact id: channel},
//         "caps": {"per_day", "per_week", "hours_between"},
//         "quiet_hours": false | {"from": "21:00", "to": "08:00", "channels": [...], "fallback_time_zone": "Etc/UTC"},
//         "wait_for_best_hour": false}
//        Every member may be left out: then it is as PlanRules has it.

#include <boost/json.hpp>

#include "api/json_body.h"
#include "content/campaign_content.h"
#include "engine/recipient_policy.h"

namespace clarion {

// Reads the members above; with respect_caps false neither caps nor quiet_hours may be there. REQUIRES: the caller asks
// reader.finish(), which names what is wrong.
[[nodiscard]] PlanRules read_plan_rules(MemberReader& reader, bool respects_caps);
// All members, with the values in force, so that what is planned again later does not depend on newer defaults.
[[nodiscard]] boost::json::object plan_rules_to_json(const PlanRules& rules);
// CampaignDefinition::rules back again. Invalid when it cannot be read.
[[nodiscard]] Result<PlanRules> parse_plan_rules(const std::string& text, bool respects_caps);

// Why these rules do not go with the content: a channel is named that has no template. Invalid, in one sentence.
[[nodiscard]] Result<void> check_channels(const PlanRules& rules, const CampaignContent& content);

}  // namespace clarion
