#pragma once
// Delivery records of End User Messaging SMS, and what people write back to a number with two-way SMS.
//
// Sources  https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html,
//          .../configuration-sets-event-types.html, .../two-way-sms-payload.html (2026-11); the names of event types in
//          model pinpoint-sms-voice-v2 2022-03-31.
// Replies  their words are not kept: what is kept is that somebody replied, or said stop.

#include <optional>
#include <span>

#include "carriers/carrier_events.h"

namespace clarion {

struct SmsEventRow {
  std::string_view type;
  std::optional<DeliveryEventKind> kind;  // none: informative
  bool is_permanent = false;
};
// What no row names is informative: AWS adds types, and says to treat them so.
[[nodiscard]] std::span<const SmsEventRow> sms_event_rows();

[[nodiscard]] Result<ReadEvents> read_sms_event(const boost::json::value& document, WallTime published_at);
[[nodiscard]] Result<ReadEvents> read_inbound_sms(const boost::json::value& document, WallTime published_at);

}  // namespace clarion
