#pragma once
// What a refusal of any AWS service means for reads: whether asking again may help, and what to tell the operator.
// Sends have tables of their own (send_failures.h).
//
// Source  https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html; botocore 1.43.67 (August 2026).

#include <cstdint>
#include <string_view>

#include "aws/aws_caller.h"
#include "base/result.h"

namespace clarion {

enum class AwsRetry : std::uint8_t {
  No,
  Transient,  // a fault on the way, or of the service
  Throttled   // too fast; nothing happened
};

[[nodiscard]] AwsRetry judge_aws_retry(const AwsFailure& failure);

// `operation` as policies name it, "sms-voice:DescribePools", so that the sentence says what to allow.
// Throttled, Denied, NotFound, Invalid (the service does not take what was asked), Unavailable (for a read nothing
// happened, whatever failed).
[[nodiscard]] Error to_aws_error(const AwsFailure& failure, std::string_view operation);

}  // namespace clarion
