#pragma once
// Whose failure says that the channel does not reach the person, so that another one may. Pure.
//
// Proof    what a carrier refused for its address, or said afterwards did not arrive. Not who is in doubt, not where an
//          earlier attempt may have arrived (OnUnknown::Resend), and not where any event says that it did.
// Stop     who opted out or complained is not written to elsewhere for it, nor whom a carrier's own list holds back,
//          which may be for a complaint.
// Others   what is wrong with the message, the sender or the account is not for another channel to mend; some of it is
//          for a retry (retry_rules.h). No delivery is for both.

#include <span>
#include <string_view>

#include "domain/campaign.h"
#include "ports/delivery_store.h"

namespace clarion {

struct FallbackRow {
  std::string_view reason;  // of the failed delivery
  std::string_view said;    // the first word of the event's detail; empty: any other, or none
  bool is_unreachable;      // the channel does not reach the person
};
// The first row that fits decides; what no row names is not for another channel.
[[nodiscard]] std::span<const FallbackRow> fallback_rows();

// `policy` is that of the delivery's campaign. REQUIRES: the delivery has its events.
[[nodiscard]] bool is_for_fallback(const Delivery& delivery, OnUnknown policy);

}  // namespace clarion
