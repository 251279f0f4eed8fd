#pragma once
// What each refusal of DynamoDB means for its caller, as a table with one row a code.
//
// Source  docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html and the service model
//         (botocore 1.43.67, August 2026).

#include <span>
#include <string_view>

#include "aws/aws_caller.h"
#include "base/result.h"

namespace clarion {

enum class DynamoRetry : std::uint8_t {
  No,
  Soon,  // a fault on the way, or of the service
  Later  // too fast
};

struct DynamoFailureRow {
  std::string_view code;
  ErrorKind kind{};
  DynamoRetry retry{};
};

[[nodiscard]] std::span<const DynamoFailureRow> dynamo_failures();

// The row of the failure; what no row knows is judged by its status: 429 is throttled, another 4xx our fault, 5xx
// unknown; without a reply by how far the request got.
[[nodiscard]] DynamoFailureRow judge_dynamo_failure(const AwsFailure& failure);

// `operation` and `table` are named in the sentence.
[[nodiscard]] Error to_dynamo_error(const AwsFailure& failure, std::string_view operation, std::string_view table);

}  // namespace clarion
