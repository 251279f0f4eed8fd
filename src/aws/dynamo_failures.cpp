#include "aws/dynamo_failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace clarion {
namespace {

using enum ErrorKind;

// Unknown: the write may have happened. A table that is missing is Unavailable, not NotFound: it says nothing about the
// thing that was looked for. Clarion writes single items only; what concerns transactions is here because the model
// allows any of these codes.
constexpr std::array<DynamoFailureRow, 39> rows{{
    {"ConditionalCheckFailedException", Conflict, DynamoRetry::No},
    {"TransactionConflictException", Throttled, DynamoRetry::Soon},
    {"TransactionCanceledException", Conflict, DynamoRetry::No},
    {"TransactionInProgressException", Throttled, DynamoRetry::Later},
    {"IdempotentParameterMismatchException", Internal, DynamoRetry::No},
    {"ReplicatedWriteConflictException", Throttled, DynamoRetry::Soon},
    {"ProvisionedThroughputExceededException", Throttled, DynamoRetry::Later},
    {"ThrottlingException", Throttled, DynamoRetry::Later},
    {"Throttling", Throttled, DynamoRetry::Later},
    {"RequestLimitExceeded", Throttled, DynamoRetry::Later},
    {"LimitExceededException", Throttled, DynamoRetry::Later},
    {"TooManyRequestsException", Throttled, DynamoRetry::Later},
    {"InternalServerError", Unknown, DynamoRetry::Soon},
    {"InternalFailure", Unknown, DynamoRetry::Soon},
    {"ServiceUnavailable", Unknown, DynamoRetry::Soon},
    {"ResourceNotFoundException", Unavailable, DynamoRetry::No},
    {"TableNotFoundException", Unavailable, DynamoRetry::No},
    {"ResourceInUseException", Conflict, DynamoRetry::No},
    {"TableAlreadyExistsException", Conflict, DynamoRetry::No},
    {"ItemCollectionSizeLimitExceededException", Internal, DynamoRetry::No},
    {"ValidationException", Internal, DynamoRetry::No},
    {"SerializationException", Internal, DynamoRetry::No},
    {"UnknownOperationException", Internal, DynamoRetry::No},
    {"AccessDeniedException", Denied, DynamoRetry::No},
    {"AccessDenied", Denied, DynamoRetry::No},
    {"UnrecognizedClientException", Denied, DynamoRetry::No},
    {"InvalidClientTokenId", Denied, DynamoRetry::No},
    {"InvalidSignatureException", Denied, DynamoRetry::No},
    {"SignatureDoesNotMatch", Denied, DynamoRetry::No},
    {"IncompleteSignatureException", Denied, DynamoRetry::No},
    {"IncompleteSignature", Denied, DynamoRetry::No},
    {"MissingAuthenticationTokenException", Denied, DynamoRetry::No},
    {"MissingAuthenticationToken", Denied, DynamoRetry::No},
    {"ExpiredTokenException", Denied, DynamoRetry::No},
    {"ExpiredToken", Denied, DynamoRetry::No},
    {"RequestTimeTooSkewed", Denied, DynamoRetry::No},
    {"RequestExpired", Denied, DynamoRetry::No},
    {"RequestInTheFuture", Denied, DynamoRetry::No},
    {"NoCredentials", Denied, DynamoRetry::No},
}};

}  // namespace

std::span<const DynamoFailureRow> dynamo_failures() {
  return rows;
}

DynamoFailureRow judge_dynamo_failure(const AwsFailure& failure) {
  const auto row = std::ranges::find(rows, failure.code, &DynamoFailureRow::code);
  if (row != rows.end()) return *row;
  if (failure.status == 0) {
    return {"", failure.reach == Reach::NotSent ? Unavailable : Unknown, DynamoRetry::Soon};
  }
  if (failure.status == 429) return {"", Throttled, DynamoRetry::Later};
  if (failure.status >= 500) return {"", Unknown, DynamoRetry::Soon};
  return {"", Internal, DynamoRetry::No};
}

Error to_dynamo_error(const AwsFailure& failure, std::string_view operation, std::string_view table) {
  Error error;
  error.kind = judge_dynamo_failure(failure).kind;
  error.retry_after = failure.retry_after;
  error.detail = fmt::format("{} {} on {}: {} {} (request {})", failure.status, operation, table, failure.code,
                             failure.message, failure.request_id);
  if (failure.code == "ResourceNotFoundException" || failure.code == "TableNotFoundException") {
    error.message = fmt::format(
        "The DynamoDB table '{}' does not exist in this region; create it with `clarion doctor --create`, or name "
        "another one.",
        table);
  } else if (failure.status == 0) {
    error.message = fmt::format("DynamoDB could not be asked ({}).", failure.message);
  } else {
    error.message =
        fmt::format("DynamoDB refused {} on table '{}' ({}): {}", operation, table, failure.code, failure.message);
  }
  return error;
}

}  // namespace clarion
