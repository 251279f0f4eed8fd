#include "aws/aws_failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace clarion {
namespace {

using enum AwsMeaning;

// The codes of the SDKs, and KmsThrottled of SQS; the refusals of signing and of IAM. What throttles under another code
// answers 429.
constexpr std::array<AwsFailureRow, 40> rows{{
    {"Throttling", Throttled},
    {"ThrottlingException", Throttled},
    {"ThrottledException", Throttled},
    {"RequestThrottledException", Throttled},
    {"RequestThrottled", Throttled},
    {"TooManyRequestsException", Throttled},
    {"ProvisionedThroughputExceededException", Throttled},
    {"TransactionInProgressException", Throttled},
    {"RequestLimitExceeded", Throttled},
    {"BandwidthLimitExceeded", Throttled},
    {"LimitExceededException", Throttled},
    {"SlowDown", Throttled},
    {"PriorRequestNotComplete", Throttled},
    {"EC2ThrottledException", Throttled},
    {"KmsThrottled", Throttled},
    {"RequestTimeout", Transient},
    {"RequestTimeoutException", Transient},
    {"InternalError", Transient},
    {"IDPCommunicationError", Transient},  // STS could not reach whoever issued the token
    {"AccessDenied", NotAllowed},
    {"AccessDeniedException", NotAllowed},
    {"AccessDeniedByMetaException", NotAllowed},
    {"UnauthorizedOperation", NotAllowed},
    {"UnrecognizedClientException", BadKeys},
    {"InvalidClientTokenId", BadKeys},
    {"AuthFailure", BadKeys},
    {"SignatureDoesNotMatch", BadKeys},
    {"InvalidSignatureException", BadKeys},
    {"MissingAuthenticationToken", BadKeys},
    {"MissingAuthenticationTokenException", BadKeys},
    {"IncompleteSignature", BadKeys},
    {"IncompleteSignatureException", BadKeys},
    {"ExpiredToken", BadKeys},
    {"ExpiredTokenException", BadKeys},
    {"RequestTimeTooSkewed", BadClock},
    {"RequestExpired", BadClock},
    {"RequestInTheFuture", BadClock},
    {"ResourceNotFoundException", NotFound},
    {"NotFoundException", NotFound},
    {"QueueDoesNotExist", NotFound},
}};

// REQUIRES: neither Throttled nor Transient.
Error refused(AwsMeaning meaning, const AwsFailure& failure, std::string_view operation) {
  switch (meaning) {
    case NotAllowed:
      return {ErrorKind::Denied,
              fmt::format("The AWS credentials may not call {}; allow it in the policy of their role "
                          "or user ({}).",
                          operation, failure.message)};
    case BadKeys:
      return {ErrorKind::Denied,
              fmt::format("AWS does not accept the credentials ({}): {}", failure.code, failure.message)};
    case BadClock:
      return {ErrorKind::Denied,
              fmt::format("AWS does not accept the time of this machine ({}); set its clock.", failure.code)};
    default: break;
  }
  return {ErrorKind::NotFound, fmt::format("{} found nothing: {}", operation, failure.message)};
}

Error describe(const AwsFailure& failure, std::string_view operation) {
  if (failure.status == 0) {
    if (failure.code == "NoCredentials") return {ErrorKind::Denied, failure.message};
    return {ErrorKind::Unavailable, fmt::format("AWS could not be asked ({}): {}", operation, failure.message)};
  }
  if (const AwsFailureRow* row = find_aws_failure(failure.code);
      row != nullptr && row->meaning != Throttled && row->meaning != Transient) {
    return refused(row->meaning, failure, operation);
  }
  const std::string said = fmt::format("({}){}{}", failure.code, failure.message.empty() ? "" : ": ", failure.message);
  switch (judge_aws_retry(failure)) {
    case AwsRetry::Throttled: return {ErrorKind::Throttled, fmt::format("AWS throttles {} {}", operation, said)};
    case AwsRetry::Transient:
      return {ErrorKind::Unavailable, fmt::format("AWS could not answer {} {}", operation, said)};
    case AwsRetry::No: break;
  }
  if (failure.status == 404) return refused(NotFound, failure, operation);
  if (failure.status == 403) return refused(NotAllowed, failure, operation);
  return {failure.status >= 500 ? ErrorKind::Unavailable : ErrorKind::Invalid,
          fmt::format("AWS refused {} {}", operation, said)};
}

}  // namespace

std::span<const AwsFailureRow> aws_failures() {
  return rows;
}

const AwsFailureRow* find_aws_failure(std::string_view code) {
  const auto row = std::ranges::find(rows, code, &AwsFailureRow::code);
  return row == rows.end() ? nullptr : &*row;
}

AwsRetry judge_aws_retry(const AwsFailure& failure) {
  const AwsFailureRow* row = find_aws_failure(failure.code);
  if (failure.status == 429 || (row != nullptr && row->meaning == Throttled)) return AwsRetry::Throttled;
  // Without credentials nothing was asked, and their source has tried again already.
  if (failure.status == 0) return failure.code == "NoCredentials" ? AwsRetry::No : AwsRetry::Transient;
  const bool is_fault =
      failure.status == 500 || failure.status == 502 || failure.status == 503 || failure.status == 504;
  return is_fault || (row != nullptr && row->meaning == Transient) ? AwsRetry::Transient : AwsRetry::No;
}

Error to_aws_error(const AwsFailure& failure, std::string_view operation) {
  Error error = describe(failure, operation);
  error.retry_after = failure.retry_after;
  error.detail = fmt::format("{} {} {} {} (request {})", operation, failure.status, failure.code, failure.message,
                             failure.request_id);
  return error;
}

}  // namespace clarion
