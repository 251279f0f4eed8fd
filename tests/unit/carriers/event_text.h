#pragma once
// Events as one line of text each, so that what was read can be compared at a glance.

#include <string>
#include <string_view>

#include "carriers/carrier_events.h"

namespace clarion::testing {

// "email bounced! d-... <address> [detail]"; "!" where the address is no good; "sms opt_in <address> of ID" where
// somebody wants messages again; "informative 1" where nothing was read; "error: ..." for what was not understood.
[[nodiscard]] inline std::string text_of(const Result<ReadEvents>& read) {
  if (!read) return "error: " + read.error().message;
  std::string text;
  for (const CarrierEvent& event : read->events) {
    if (!text.empty()) text += "; ";
    text.append(to_string(event.channel)).append(" ").append(to_string(event.kind));
    if (event.is_permanent) text += '!';
    if (event.delivery) text.append(" ").append(to_string(*event.delivery));
    if (!event.address.empty()) text.append(" <").append(event.address).append(">");
    if (!event.detail.empty()) text.append(" [").append(event.detail).append("]");
  }
  for (const OptIn& one : read->opt_ins) {
    if (!text.empty()) text += "; ";
    text.append(to_string(one.channel)).append(" opt_in <").append(one.address).append(">");
    if (!one.message_id.empty()) text.append(" of ").append(one.message_id);
  }
  if (read->informative > 0)
    text.append(text.empty() ? "" : "; ").append("informative ") += std::to_string(read->informative);
  return text;
}

// When nothing else names a time.
inline constexpr WallTime received_at{std::chrono::seconds(1'800'000'000)};

[[nodiscard]] inline std::string read_text(std::string_view body) {
  return text_of(read_carrier_events(body, received_at));
}

}  // namespace clarion::testing
