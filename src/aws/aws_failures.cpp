#include "aws/aws_failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace clarion {
namespace {

// The SDKs' list, and KmsThrottled of SQS. What is missing there answers 429.
constexpr std::array<std::string_view, 15> throttling_codes{
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "KmsThrottled",
};

constexpr std::array<std::string_view, 4> transient_codes{"RequestTimeout", "RequestTimeoutException", "InternalError",
                                                          "IDPCommunicationError"};

enum class Refusal : std::uint8_t { NotAllowed, BadKeys, BadClock, NotFound };

struct RefusalRow {
  std::string_view code;
  Refusal refusal{};
};

constexpr std::array<RefusalRow, 20> refusals{{
    {"AccessDenied", Refusal::NotAllowed},
    {"AccessDeniedException", Refusal::NotAllowed},
    {"AccessDeniedByMetaException", Refusal::NotAllowed},
    {"UnauthorizedOperation", Refusal::NotAllowed},
    {"UnrecognizedClientException", Refusal::BadKeys},
    {"InvalidClientTokenId", Refusal::BadKeys},
    {"SignatureDoesNotMatch", Refusal::BadKeys},
    {"InvalidSignatureException", Refusal::BadKeys},
    {"MissingAuthenticationToken", Refusal::BadKeys},
    {"MissingAuthenticationTokenException", Refusal::BadKeys},
    {"IncompleteSignature", Refusal::BadKeys},
    {"IncompleteSignatureException", Refusal::BadKeys},
    {"ExpiredToken", Refusal::BadKeys},
    {"ExpiredTokenException", Refusal::BadKeys},
    {"RequestTimeTooSkewed", Refusal::BadClock},
    {"RequestExpired", Refusal::BadClock},
    {"RequestInTheFuture", Refusal::BadClock},
    {"ResourceNotFoundException", Refusal::NotFound},
    {"NotFoundException", Refusal::NotFound},
    {"QueueDoesNotExist", Refusal::NotFound},
}};

bool contains(std::span<const std::string_view> codes, std::string_view code) {
  return std::ranges::find(codes, code) != codes.end();
}

Error refused(Refusal refusal, const AwsFailure& failure, std::string_view operation) {
  switch (refusal) {
    case Refusal::NotAllowed:
      return {ErrorKind::Denied,
              fmt::format("The AWS credentials may not call {}; allow it in the policy of their role "
                          "or user ({}).",
                          operation, failure.message)};
    case Refusal::BadKeys:
      return {ErrorKind::Denied,
              fmt::format("AWS does not accept the credentials ({}): {}", failure.code, failure.message)};
    case Refusal::BadClock:
      return {ErrorKind::Denied,
              fmt::format("AWS does not accept the time of this machine ({}); set its clock.", failure.code)};
    case Refusal::NotFound: break;
  }
  return {ErrorKind::NotFound, fmt::format("{} found nothing: {}", operation, failure.message)};
}

Error describe(const AwsFailure& failure, std::string_view operation) {
  if (failure.status == 0) {
    if (failure.code == "NoCredentials") return {ErrorKind::Denied, failure.message};
    return {ErrorKind::Unavailable, fmt::format("AWS could not be asked ({}): {}", operation, failure.message)};
  }
  if (const auto row = std::ranges::find(refusals, failure.code, &RefusalRow::code); row != refusals.end()) {
    return refused(row->refusal, failure, operation);
  }
  const std::string said = fmt::format("({}){}{}", failure.code, failure.message.empty() ? "" : ": ", failure.message);
  switch (judge_aws_retry(failure)) {
    case AwsRetry::Throttled: return {ErrorKind::Throttled, fmt::format("AWS throttles {} {}", operation, said)};
    case AwsRetry::Transient:
      return {ErrorKind::Unavailable, fmt::format("AWS could not answer {} {}", operation, said)};
    case AwsRetry::No: break;
  }
  if (failure.status == 404) return refused(Refusal::NotFound, failure, operation);
  if (failure.status == 403) return refused(Refusal::NotAllowed, failure, operation);
  return {failure.status >= 500 ? ErrorKind::Unavailable : ErrorKind::Invalid,
          fmt::format("AWS refused {} {}", operation, said)};
}

}  // namespace

AwsRetry judge_aws_retry(const AwsFailure& failure) {
  if (failure.status == 429 || contains(throttling_codes, failure.code)) return AwsRetry::Throttled;
  // Without credentials nothing was asked, and their source has tried again already.
  if (failure.status == 0) return failure.code == "NoCredentials" ? AwsRetry::No : AwsRetry::Transient;
  const bool is_fault =
      failure.status == 500 || failure.status == 502 || failure.status == 503 || failure.status == 504;
  return is_fault || contains(transient_codes, failure.code) ? AwsRetry::Transient : AwsRetry::No;
}

Error to_aws_error(const AwsFailure& failure, std::string_view operation) {
  Error error = describe(failure, operation);
  error.retry_after = failure.retry_after;
  error.detail = fmt::format("{} {} {} {} (request {})", operation, failure.status, failure.code, failure.message,
                             failure.request_id);
  return error;
}

}  // namespace clarion
