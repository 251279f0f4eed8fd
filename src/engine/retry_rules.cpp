#include "engine/retry_rules.h"

#include <algorithm>
#include <array>

namespace clarion {
namespace {

// What engine/outcome_rules.cpp writes before the class of the last refusal.
constexpr std::string_view exhausted = "retries_exhausted: ";
constexpr std::array<std::string_view, 3> transient{"provider_busy", "not_connected", "throttled"};
// What refuses the message can be mended: the sender's registration, the template's approval.
constexpr std::array<std::string_view, 2> of_the_message{"blocked", "invalid_content"};

}  // namespace

bool is_retryable_reason(std::string_view reason) {
  const auto is_one_of = [](const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  if (!reason.starts_with(exhausted)) return is_one_of(of_the_message, reason);
  return is_one_of(transient, reason.substr(exhausted.size()));
}

bool is_retryable(const Delivery& delivery, OnUnknown policy) {
  if (delivery.state != DeliveryState::Failed || delivery.sent_at || !is_retryable_reason(delivery.reason)) {
    return false;
  }
  // Without an attempt it failed in its plan, by what the request itself says.
  return policy == OnUnknown::Hold ? delivery.attempts >= 1 : delivery.attempts == 1;
}

}  // namespace clarion
