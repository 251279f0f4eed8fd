#pragma once
// WhatsApp through End User Messaging Social: what the event destination of a business account publishes, which holds
// Meta's own webhook as text, and the poorer events of EventBridge.
//
// Sources  https://docs.aws.amazon.com/social-messaging/latest/userguide/managing-event-destination-dlrs.html,
//          .../monitor-event-bridge.html; Meta's codes:
//          https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes (2026-11).
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

// What a failed status means beyond Failed.
struct WhatsAppErrorRow {
  int code = 0;
  DeliveryEventKind kind = DeliveryEventKind::Failed;
  bool is_permanent = false;  // the number is no good for WhatsApp
  bool opts_out = false;      // and the person wants no more of these
};
[[nodiscard]] std::span<const WhatsAppErrorRow> whatsapp_error_rows();

// REQUIRES: `document` has the member "whatsAppWebhookEntry".
[[nodiscard]] Result<ReadEvents> read_whatsapp_webhook(const boost::json::value& document, WallTime published_at);
// The detail of an event of aws.social-messaging.
[[nodiscard]] Result<ReadEvents> read_whatsapp_bridge_event(const boost::json::value& detail, WallTime published_at);

}  // namespace clarion
