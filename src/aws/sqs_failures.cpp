#include "aws/sqs_failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/aws_failures.h"

namespace clarion {
namespace {

using enum ErrorKind;

constexpr std::array<SqsFailureRow, 27> rows{{
    {"QueueDoesNotExist", NotFound},
    {"AWS.SimpleQueueService.NonExistentQueue", NotFound},
    {"QueueDeletedRecently", NotFound},
    {"RequestThrottled", Throttled},
    {"KmsThrottled", Throttled},
    {"OverLimit", Throttled},  // too many messages in flight: receive later
    {"InvalidAddress", Denied},
    {"InvalidSecurity", Denied},
    {"UnsupportedOperation", Denied},
    {"KmsAccessDenied", Denied},
    {"KmsDisabled", Denied},
    {"KmsInvalidKeyUsage", Denied},
    {"KmsInvalidState", Denied},
    {"KmsNotFound", Denied},
    {"KmsOptInRequired", Denied},
    {"ReceiptHandleIsInvalid", Conflict},
    {"MessageNotInflight", Conflict},
    {"InvalidParameterValue", Conflict},  // a receipt handle past its lease, in batches
    {"TooManyEntriesInBatchRequest", Internal},
    {"EmptyBatchRequest", Internal},
    {"BatchEntryIdsNotDistinct", Internal},
    {"InvalidBatchEntryId", Internal},
    {"BatchRequestTooLong", Internal},
    {"InvalidMessageContents", Internal},
    {"InvalidAttributeName", Internal},
    {"InvalidAttributeValue", Internal},
    {"InvalidIdFormat", Internal},
}};

const SqsFailureRow* find_row(std::string_view code) {
  const auto row = std::ranges::find(rows, code, &SqsFailureRow::code);
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace

std::span<const SqsFailureRow> sqs_failures() {
  return rows;
}

Error to_sqs_error(const AwsFailure& failure, std::string_view operation, std::string_view queue_url) {
  Error error = to_aws_error(failure, operation);
  const SqsFailureRow* row = failure.status == 0 ? nullptr : find_row(failure.code);
  if (row == nullptr) return error;
  error.kind = row->kind;
  error.message =
      row->kind == NotFound
          ? fmt::format("The queue {} does not exist in this region; check its URL and AWS_REGION.", queue_url)
          : fmt::format("SQS refused {} on {} ({}): {}", operation, queue_url, failure.code, failure.message);
  return error;
}

Error to_sqs_entry_error(std::string_view code, std::string_view message, bool is_sender_fault) {
  const SqsFailureRow* row = find_row(code);
  Error error;
  error.kind = row != nullptr ? row->kind : is_sender_fault ? Internal : Unavailable;
  error.message = fmt::format("SQS refused an entry of a batch ({}): {}", code, message);
  return error;
}

}  // namespace clarion
