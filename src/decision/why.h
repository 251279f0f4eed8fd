#pragma once
// Why: a decision as it is stored with every delivery, so that each recipient can be explained later.
//
// Shape   sent:    {"channel","probability","explored","sentence","scores":{"sms":{"response","n",
//                   "own_sent","own_responded","segment_response","cost_usd","opt_out_risk","reward_usd"} or
//                   {"rule","value","threshold"}, ...}}
//         both, when the operator chose a channel for this contact: "wanted": "sms"; whether it was taken is "channel"
//         skipped: {"rule","value","threshold","sentence","channels":{"sms":{"rule","value","threshold"}, ...}}
//         own_*, the contact's own messages and responses, weighted, and the rate of people like the contact: only
//         where there are any; otherwise "response" is that rate.
// Cost    about 0.5 µs: written straight into a text, no document is built.

#include <string>
#include <string_view>

#include "decision/channel_choice.h"

namespace clarion {

// One sentence for a person: "WhatsApp promises most: 12.1 % respond for 0.0168 USD, worth 0.2053 USD; next is SMS with
// 0.0789 USD."
[[nodiscard]] std::string explain(const Decision& decision);

// The JSON above, of a decision to send or not to send.
[[nodiscard]] std::string write_why(const Decision& decision);

}  // namespace clarion
