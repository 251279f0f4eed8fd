#include "engine/fallback_rules.h"

#include <algorithm>
#include <array>
#include <optional>

namespace clarion {
namespace {

// "bounced" and "not_delivered" as store/ledger_row.cpp writes them. The words are those of carriers/ses_events.cpp
// (bounceType/bounceSubType), sms_events.cpp (eventType), whatsapp_events.cpp (Meta's code) and simulated_events.cpp;
// what they mean: docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html,
// docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html and Meta's "Error codes" (2026-11).
constexpr std::array rows{
    FallbackRow{"invalid_address", "", true},  // no such number or mailbox, not on WhatsApp
    // The message was too large, or its content or attachment was refused: the address may be good.
    FallbackRow{"bounced", "Transient/MessageTooLarge", false},
    FallbackRow{"bounced", "Transient/ContentRejected", false},
    FallbackRow{"bounced", "Transient/AttachmentRejected", false},
    // Held back by a list of SES's: for bounces, or for a complaint; or the person has unsubscribed there.
    FallbackRow{"bounced", "Permanent/OnAccountSuppressionList", false},
    FallbackRow{"bounced", "Permanent/UnsubscribedRecipient", false},
    // Any other bounce: of SMS TEXT_INVALID and TEXT_BLOCKED (the handset takes nothing of our number), of WhatsApp 131026
    // and 131021.
    FallbackRow{"bounced", "", true},
    FallbackRow{"not_delivered", "TEXT_UNREACHABLE", true},
    FallbackRow{"not_delivered", "TEXT_CARRIER_UNREACHABLE", true},
    FallbackRow{"not_delivered", "TEXT_TTL_EXPIRED", true},
    FallbackRow{"not_delivered", "131049", true},     // Meta gives this person no more marketing for now
    FallbackRow{"not_delivered", "130472", true},     // nor this one, for an experiment of its own
    FallbackRow{"not_delivered", "simulated", true},  // "handset not reachable"
    // Refused for the message or the account (TEXT_SPAM, 132001, ...), passing (131057, ...), gone on as SMS (RCS_...),
    // or not said.
    FallbackRow{"not_delivered", "", false},
};

std::string_view first_word(std::string_view detail) {
  return detail.substr(0, detail.find_first_of(" :;"));
}

// Of what came back for such a reason; none: nothing came, the carrier refused it at once.
std::optional<DeliveryEventKind> event_behind(std::string_view reason) {
  if (reason == "bounced") return DeliveryEventKind::Bounced;
  if (reason == "not_delivered") return DeliveryEventKind::Failed;
  return std::nullopt;
}

bool is_unreachable(std::string_view reason, std::string_view said) {
  const auto* row = std::ranges::find_if(
      rows, [&](const FallbackRow& one) { return one.reason == reason && (one.said.empty() || one.said == said); });
  return row != rows.end() && row->is_unreachable;
}

// It arrived, or the person said something; both outweigh a failure.
bool speaks_against(DeliveryEventKind kind) {
  return kind != DeliveryEventKind::Failed && kind != DeliveryEventKind::Bounced &&
         kind != DeliveryEventKind::SettledNotArrived;
}

}  // namespace

std::span<const FallbackRow> fallback_rows() {
  return rows;
}

bool is_for_fallback(const Delivery& delivery, OnUnknown policy) {
  if (delivery.state != DeliveryState::Failed || !delivery.channel) return false;
  // Without an attempt it failed in its plan, by what the request itself says.
  if (policy == OnUnknown::Hold ? delivery.attempts < 1 : delivery.attempts != 1) return false;
  if (std::ranges::any_of(delivery.events, speaks_against, &DeliveryEvent::kind)) return false;
  const auto behind = event_behind(delivery.reason);
  if (!behind) return !delivery.sent_at && is_unreachable(delivery.reason, {});
  // Each of them, where a carrier says it more than once.
  bool is_said = false;
  for (const DeliveryEvent& event : delivery.events) {
    if (event.kind != *behind) continue;
    if (!is_unreachable(delivery.reason, first_word(event.detail))) return false;
    is_said = true;
  }
  return is_said;
}

}  // namespace clarion
