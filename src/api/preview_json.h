#pragma once
// A preview of an audience as the "results" of the query endpoints.

#include <boost/json.hpp>

#include "domain/message.h"
#include "engine/audience_preview.h"

namespace clarion {

// {"total_matched", "sample_messages", "suppressed", "whatsapp_routing", "time_optimized", "eligible_count",
// "eligible_users", "before_metrics", "after_metrics", ...}; every eligible user is complete for send-campaign.
[[nodiscard]] boost::json::object preview_to_json(const AudiencePreview& preview);
// {"contacts", "messages", "messages_by_channel", "cost", "expected_responses", "expected_opt_outs",
// "cost_per_response", "currency"}.
[[nodiscard]] boost::json::object outlook_to_json(const Outlook& outlook);

// Adds the members by which send-campaign takes a message.
void add_message_members(const MessageBody& body, boost::json::object& user);

}  // namespace clarion
