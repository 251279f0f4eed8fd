#pragma once
// What each refusal of SQS means for its caller, as a table with one row a code.
//
// Source  model sqs 2012-11-05 (botocore 1.43.67, August 2026).

#include <span>
#include <string_view>

#include "aws/aws_caller.h"
#include "base/result.h"

namespace clarion {

struct SqsFailureRow {
  std::string_view code;
  ErrorKind kind{};
};

[[nodiscard]] std::span<const SqsFailureRow> sqs_failures();

// Of a whole call; what no row knows is judged as to_aws_error does.
[[nodiscard]] Error to_sqs_error(const AwsFailure& failure, std::string_view operation, std::string_view queue_url);
// Of one entry of a batch; without a row a fault of the sender is Internal and one of the service Unavailable.
[[nodiscard]] Error to_sqs_entry_error(std::string_view code, std::string_view message, bool is_sender_fault);

}  // namespace clarion
