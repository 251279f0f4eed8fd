#pragma once
// Whose failure may be tried again in another campaign: nothing was accepted, and it was not for the person. Pure.
//
// Accepted  a row that failed with a time of sending may have reached a carrier: what carriers said afterwards
//           ("not_delivered", "bounced") is a failure of a message that was accepted. With OnUnknown::Resend an earlier
//           attempt may have been accepted although the last one was refused.
// Person    a wrong address and an opt-out stay what they are until the contact changes; a clone of the campaign, or
//           another one, is for those.

#include <string_view>

#include "domain/campaign.h"
#include "ports/delivery_store.h"

namespace clarion {

// Of a failed row's reason alone: the carrier refused the message, or was busy at every attempt.
[[nodiscard]] bool is_retryable_reason(std::string_view reason);
// `policy` is that of the delivery's campaign.
[[nodiscard]] bool is_retryable(const Delivery& delivery, OnUnknown policy);

}  // namespace clarion
