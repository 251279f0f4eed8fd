#pragma once
// AwsNotification: what a service of AWS published, out of its envelopes. It comes to a queue by SNS, by SNS with raw
// message delivery, or by EventBridge, which may stand behind SNS: up to three layers.
//
// Source  https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html (2026-11);
//         EventBridge's envelope: .../eventbridge/latest/ref/overiew-event-structure.html (2026-11).

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace clarion {

struct AwsNotification {
  boost::json::value document;           // an object, or null when the text is none
  std::string text;                      // the service's own text, when it is no JSON object
  std::string source;                    // of EventBridge: "aws.ses"; empty otherwise
  std::optional<WallTime> published_at;  // as the envelope says
};

// Invalid: SNS's envelope of something that is no notification.
[[nodiscard]] Result<AwsNotification> read_notification(std::string_view body);

}  // namespace clarion
