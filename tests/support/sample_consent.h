#pragma once
// Entries of a consent log.

#include <optional>
#include <string>
#include <utility>

#include "ports/consent_log.h"

namespace clarion::testing {

[[nodiscard]] inline ConsentEntry said(std::string subject, Channel channel, ConsentEvent event, std::string source,
                                       std::optional<WallTime> at, std::optional<WallTime> recorded_at) {
  return {.subject = std::move(subject),
          .channel = channel,
          .event = event,
          .reason = event == ConsentEvent::Suppressed ? "opt_out" : "",
          .source = std::move(source),
          .at = at,
          .recorded_at = recorded_at};
}

}  // namespace clarion::testing
