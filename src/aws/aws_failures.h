#pragma once
// What a refusal of any AWS service means, as a table with one row a code: whether asking again may help, and what to
// tell the operator. Services have tables of their own for what only they say (send_failures.h, sqs_failures.h,
// dynamo_failures.h).
//
// Source  https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html; botocore 1.43.67 (August 2026).

#include <cstdint>
#include <span>
#include <string_view>

#include "aws/aws_caller.h"
#include "base/result.h"

namespace clarion {

enum class AwsMeaning : std::uint8_t {
  Throttled,   // too fast; nothing happened
  Transient,   // a fault on the way, or of the service
  NotAllowed,  // by the policy of the role or user
  BadKeys,     // the credentials, or how they were used
  BadClock,    // of this machine
  NotFound
};

struct AwsFailureRow {
  std::string_view code;
  AwsMeaning meaning{};
};

[[nodiscard]] std::span<const AwsFailureRow> aws_failures();
// Null when no row has that code.
[[nodiscard]] const AwsFailureRow* find_aws_failure(std::string_view code);

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
