#include "engine/retry_rules.h"

#include <algorithm>
#include <array>

namespace clarion {
namespace {

// The first as engine/outcome_rules.cpp writes it, for a carrier that was too busy each time. What refuses the message
// can be mended: the sender's registration, the template's approval.
constexpr std::array<std::string_view, 3> reasons{"retries_exhausted: provider_busy", "blocked", "invalid_content"};

}  // namespace

bool is_retryable_reason(std::string_view reason) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

bool is_retryable(const Delivery& delivery, OnUnknown policy) {
  if (delivery.state != DeliveryState::Failed || delivery.sent_at || !is_retryable_reason(delivery.reason)) {
    return false;
  }
  // Without an attempt it failed in its plan, by what the request itself says.
  return policy == OnUnknown::Hold ? delivery.attempts >= 1 : delivery.attempts == 1;
}

}  // namespace clarion
