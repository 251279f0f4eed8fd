#pragma once
// WhatsApp through End User Messaging Social: what the event destination of a business account publishes, which holds
// Meta's own webhook as text, and the poorer events of EventBridge.
//
// Sources  https://docs.aws.amazon.com/social-messaging/latest/userguide/managing-event-destination-dlrs.html,
//          .../monitor-event-bridge.html; Meta's codes:
//          https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes (2026-11); what people choose in
//          WhatsApp's settings: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/
//          reference/user_preferences (2026-11; that AWS passes them on is not documented).
// Replies  their words are not kept: what is kept is that somebody replied, or said stop.

#include <optional>
#include <span>

#include "carriers/carrier_events.h"

namespace clarion {

struct WhatsAppStatusRow {
  std::string_view status;
  std::optional<DeliveryEventKind> kind;  // none: informative
};
// What no row names is informative.
[[nodiscard]] std::span<const WhatsAppStatusRow> whatsapp_status_rows();

// Whom a failed status is about. AWS takes every message at once, so Meta's refusals come here.
enum class WhatsAppFault : std::uint8_t {
  Recipient,    // this message: the person, the pair, the moment
  NoNumber,     // the number is no good for WhatsApp
  OptOut,       // the person wants no more of these
  TooFast,      // the number or the account sends too fast
  Template,     // every message of the campaign
  Account,      // every message of the channel
  AccountMaybe  // the same once several say so: of a few it passes by itself
};
struct WhatsAppErrorRow {
  int code = 0;
  WhatsAppFault fault{};
  std::string_view advice = {};  // of Template and Account: what a person has to do
};
// A code that no row names is the recipient's.
[[nodiscard]] std::span<const WhatsAppErrorRow> whatsapp_error_rows();

// REQUIRES: `document` has the member "whatsAppWebhookEntry".
[[nodiscard]] Result<ReadEvents> read_whatsapp_webhook(const boost::json::value& document, WallTime published_at);
// The detail of an event of aws.social-messaging.
[[nodiscard]] Result<ReadEvents> read_whatsapp_bridge_event(const boost::json::value& detail, WallTime published_at);

}  // namespace clarion
