#include "aws/send_failures.h"

#include <array>
#include <optional>
#include <string>

#include "aws/aws_failures.h"

namespace clarion {
namespace {

using enum FailureClass;

// Model pinpoint-sms-voice-v2 2022-03-31 (botocore 1.43.67, August 2026): the errors of SendTextMessage and the reasons
// of its ConflictException and ValidationException.
constexpr std::array<SendFailureRow, 30> sms_rows{{
    {"ThrottlingException", "", Throttled},
    {"InternalServerException", "", Ambiguous},
    {"ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED", SpendLimitReached},
    {"ServiceQuotaExceededException", "", ChannelStopped},
    {"AccessDeniedException", "", ChannelStopped},
    {"ResourceNotFoundException", "", ChannelStopped},
    {"ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut},
    {"ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", Blocked},
    {"ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION", Blocked},
    {"ConflictException", "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE", Blocked},
    {"ConflictException", "", ChannelStopped},
    {"ValidationException", "DESTINATION_COUNTRY_BLOCKED", Blocked},
    {"ValidationException", "COUNTRY_NOT_ENABLED", Blocked},
    {"ValidationException", "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY", Blocked},
    {"ValidationException", "PRICE_OVER_THRESHOLD", Blocked},
    {"ValidationException", "SENDER_ID_NOT_SUPPORTED", Blocked},
    {"ValidationException", "SENDER_ID_REQUIRES_REGISTRATION", Blocked},
    {"ValidationException", "SENDER_ID_NOT_REGISTERED", Blocked},
    {"ValidationException", "INTERNATIONAL_SENDING_NOT_SUPPORTED", Blocked},
    {"ValidationException", "CHANNEL_NOT_ENABLED", ChannelStopped},
    // UNCONFIRMED against a live account: an invalid number is a field error that names the field.
    {"ValidationException", "DestinationPhoneNumber", InvalidAddress},
    // Settings: they are the same in every message.
    {"ValidationException", "OriginationIdentity", ChannelStopped},
    {"ValidationException", "ConfigurationSetName", ChannelStopped},
    {"ValidationException", "MaxPrice", ChannelStopped},
    {"ValidationException", "TimeToLive", ChannelStopped},
    {"ValidationException", "MAXIMUM_SIZE_EXCEEDED", InvalidContent},
    {"ValidationException", "MISSING_PARAMETER", InvalidContent},
    {"ValidationException", "INVALID_PARAMETER", InvalidContent},
    {"ValidationException", "FIELD_VALIDATION_FAILED", InvalidContent},
    {"ValidationException", "", InvalidContent},
}};

// Model socialmessaging 2024-01-01 (same source). Template faults, closed windows and unknown people come as events.
constexpr std::array<SendFailureRow, 7> whatsapp_rows{{
    {"ThrottledRequestException", "", Throttled},
    {"ValidationException", "", InvalidContent},
    {"InvalidParametersException", "", InvalidContent},
    {"AccessDeniedException", "", ChannelStopped},
    {"ResourceNotFoundException", "", ChannelStopped},
    {"InternalServiceException", "", Ambiguous},
    {"DependencyException", "", Ambiguous},
}};

// Model sesv2 2019-09-27 (same source) and the SES developer guide, "Errors related to sending quotas". Which code
// carries the daily quota's text is UNCONFIRMED, so it is recognised under any code that may.
constexpr std::array<SendFailureRow, 16> email_rows{{
    {"TooManyRequestsException", "Daily message quota exceeded", DailyQuotaUsedUp},
    {"TooManyRequestsException", "", Throttled},
    {"LimitExceededException", "Maximum sending rate exceeded", Throttled},
    {"LimitExceededException", "Daily message quota exceeded", DailyQuotaUsedUp},
    {"LimitExceededException", "", ChannelStopped},
    {"Throttling", "Daily message quota exceeded", DailyQuotaUsedUp},
    {"ThrottlingException", "Daily message quota exceeded", DailyQuotaUsedUp},
    {"AccountSuspendedException", "", SendingSuspended},
    {"SendingPausedException", "", SendingSuspended},
    {"MailFromDomainNotVerifiedException", "", ChannelStopped},
    {"NotFoundException", "", ChannelStopped},
    {"MessageRejected", "Daily message quota exceeded", DailyQuotaUsedUp},
    {"MessageRejected", "not verified", ChannelStopped},  // unless it is the recipient's: judge_unverified
    {"MessageRejected", "", InvalidContent},
    {"BadRequestException", "address", InvalidAddress},
    {"BadRequestException", "", InvalidContent},
}};

const SendFailureRow* find_row(std::span<const SendFailureRow> table, const AwsFailure& failure) {
  for (const SendFailureRow& row : table) {
    if (row.code == failure.code && failure.body.find(row.reason) != std::string::npos) return &row;
  }
  return nullptr;
}

// What any AWS service may answer, mostly before it looks at the request.
std::optional<FailureClass> by_common_code(std::string_view code) {
  const AwsFailureRow* row = find_aws_failure(code);
  if (row == nullptr) return std::nullopt;
  switch (row->meaning) {
    case AwsMeaning::Throttled: return Throttled;
    case AwsMeaning::Transient: return Ambiguous;
    case AwsMeaning::NotAllowed:
    case AwsMeaning::BadKeys:
    case AwsMeaning::BadClock:
    case AwsMeaning::NotFound: return ChannelStopped;
  }
  return std::nullopt;
}

// What no table names. A page in the place of an answer (a captive proxy, a wrong endpoint) says nothing about a
// message, and every other message would meet it too.
FailureClass by_status(const AwsFailure& failure) {
  const int status = failure.status;
  if (status == 429) return Throttled;
  if (status == 408 || status >= 500) return Ambiguous;
  const bool names_no_code = failure.code == std::to_string(status);
  const bool is_set_up = status < 400 || status == 401 || status == 403 || status == 404 || status == 405;
  return names_no_code || is_set_up ? ChannelStopped : InvalidContent;
}

}  // namespace

std::span<const SendFailureRow> sms_failures() {
  return sms_rows;
}
std::span<const SendFailureRow> whatsapp_failures() {
  return whatsapp_rows;
}
std::span<const SendFailureRow> email_failures() {
  return email_rows;
}

SendFailure to_send_failure(std::span<const SendFailureRow> table, const AwsFailure& failure) {
  SendFailure result{
      .failure = Ambiguous, .code = failure.code, .detail = failure.message, .retry_after = failure.retry_after};
  if (failure.code == "NoCredentials") {
    result.failure = ChannelStopped;
  } else if (failure.status == 0) {
    result.failure = failure.reach == Reach::NotSent ? NotConnected : Ambiguous;
  } else if (const SendFailureRow* row = find_row(table, failure)) {
    result.failure = row->failure;
  } else if (const auto common = by_common_code(failure.code)) {
    result.failure = *common;
  } else {
    result.failure = by_status(failure);
  }
  return result;
}

}  // namespace clarion
