#pragma once
// SES event publishing, and the older notifications of an identity, which have no tags.
//
// Source  https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html (2026-11).

#include <optional>
#include <span>

#include "carriers/carrier_events.h"

namespace clarion {

// What a type of event means for a delivery; the more special row stands first.
struct SesEventRow {
  std::string_view type;                  // eventType, or notificationType
  std::string_view sub;                   // bounceType, complaintFeedbackType; empty: any
  std::optional<DeliveryEventKind> kind;  // none: informative
  bool is_permanent = false;
};
[[nodiscard]] std::span<const SesEventRow> ses_event_rows();

// REQUIRES: `document` has the member "mail".
[[nodiscard]] Result<ReadEvents> read_ses_event(const boost::json::value& document, WallTime published_at);

}  // namespace clarion
