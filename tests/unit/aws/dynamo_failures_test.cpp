#include "aws/dynamo_failures.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

// What each row must come to, written a second time.
struct Expected {
  const char* code;
  ErrorKind kind;
  DynamoRetry retry;
};

AwsFailure failure(std::string code, int status) {
  AwsFailure made;
  made.status = status;
  made.code = std::move(code);
  return made;
}

TEST(DynamoFailures, FollowTheDeveloperGuideAndTheModel) {
  using enum ErrorKind;
  using enum DynamoRetry;
  const std::vector<Expected> cases{{"ConditionalCheckFailedException", Conflict, No},
                                    {"TransactionConflictException", Throttled, Soon},
                                    {"TransactionCanceledException", Conflict, No},
                                    {"TransactionInProgressException", Throttled, Later},
                                    {"IdempotentParameterMismatchException", Internal, No},
                                    {"ReplicatedWriteConflictException", Throttled, Soon},
                                    {"ProvisionedThroughputExceededException", Throttled, Later},
                                    {"ThrottlingException", Throttled, Later},
                                    {"Throttling", Throttled, Later},
                                    {"RequestLimitExceeded", Throttled, Later},
                                    {"LimitExceededException", Throttled, Later},
                                    {"TooManyRequestsException", Throttled, Later},
                                    {"InternalServerError", Unknown, Soon},
                                    {"InternalFailure", Unknown, Soon},
                                    {"ServiceUnavailable", Unknown, Soon},
                                    {"ResourceNotFoundException", Unavailable, No},
                                    {"TableNotFoundException", Unavailable, No},
                                    {"ResourceInUseException", Conflict, No},
                                    {"TableAlreadyExistsException", Conflict, No},
                                    {"ItemCollectionSizeLimitExceededException", Internal, No},
                                    {"ValidationException", Internal, No},
                                    {"SerializationException", Internal, No},
                                    {"UnknownOperationException", Internal, No},
                                    {"AccessDeniedException", Denied, No},
                                    {"UnrecognizedClientException", Denied, No},
                                    {"InvalidSignatureException", Denied, No},
                                    {"IncompleteSignatureException", Denied, No},
                                    {"MissingAuthenticationTokenException", Denied, No},
                                    {"MissingAuthenticationToken", Denied, No},
                                    {"ExpiredTokenException", Denied, No},
                                    {"ExpiredToken", Denied, No},
                                    {"RequestTimeTooSkewed", Denied, No},
                                    {"AccessDenied", Denied, No},
                                    {"InvalidClientTokenId", Denied, No},
                                    {"SignatureDoesNotMatch", Denied, No},
                                    {"IncompleteSignature", Denied, No},
                                    {"RequestExpired", Denied, No},
                                    {"RequestInTheFuture", Denied, No},
                                    {"NoCredentials", Denied, No}};
  EXPECT_EQ(cases.size(), dynamo_failures().size()) << "one case a row";
  for (const Expected& one : cases) {
    const DynamoFailureRow row = judge_dynamo_failure(failure(one.code, 400));
    EXPECT_EQ(to_string(row.kind), to_string(one.kind)) << one.code;
    EXPECT_EQ(row.retry, one.retry) << one.code;
    EXPECT_EQ(row.code, one.code) << "a row, not the status";
  }
}

TEST(DynamoFailures, WhatNoRowKnowsIsJudgedByStatusAndReach) {
  EXPECT_EQ(judge_dynamo_failure(failure("Strange", 429)).kind, ErrorKind::Throttled);
  EXPECT_EQ(judge_dynamo_failure(failure("Strange", 400)).kind, ErrorKind::Internal);
  EXPECT_EQ(judge_dynamo_failure(failure("Strange", 502)).kind, ErrorKind::Unknown);
  AwsFailure lost = failure("", 0);
  lost.reach = Reach::MaybeSent;
  EXPECT_EQ(judge_dynamo_failure(lost).kind, ErrorKind::Unknown);
  lost.reach = Reach::NotSent;
  EXPECT_EQ(judge_dynamo_failure(lost).kind, ErrorKind::Unavailable);
}

TEST(DynamoFailures, ATableThatIsMissingSaysWhatToDo) {
  const Error error = to_dynamo_error(failure("ResourceNotFoundException", 400), "GetItem", "campaigns");
  EXPECT_EQ(error.kind, ErrorKind::Unavailable);
  EXPECT_NE(error.message.find("'campaigns' does not exist"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("clarion doctor --create"), std::string::npos) << error.message;
}

}  // namespace
}  // namespace clarion
