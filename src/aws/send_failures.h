#pragma once
// What each refusal of the three sending operations means for the message, as tables with one row a code.
//
// Source  the published service models and user guides; see each table. What no table knows is judged by the table of
//         what any service may answer (aws_failures.h), and what that does not know by status: 429 is throttled; 408
//         and 5xx prove nothing; a redirect, a missing path or permission, and whatever names no code of AWS stop the
//         channel; other 4xx prove that this message was not accepted.

#include <span>
#include <string_view>

#include "aws/aws_caller.h"
#include "domain/send_outcome.h"

namespace clarion {

struct SendFailureRow {
  std::string_view code;
  std::string_view reason;  // must occur in the reply's body; empty: any
  FailureClass failure{};
};

// More special rows stand before more general ones.
[[nodiscard]] std::span<const SendFailureRow> sms_failures();       // PinpointSMSVoiceV2.SendTextMessage
[[nodiscard]] std::span<const SendFailureRow> whatsapp_failures();  // POST /v1/whatsapp/send
[[nodiscard]] std::span<const SendFailureRow> email_failures();     // POST /v2/email/outbound-emails

[[nodiscard]] SendFailure to_send_failure(std::span<const SendFailureRow> table, const AwsFailure& failure);

}  // namespace clarion
