#include "aws/aws_failures.h"

#include <gtest/gtest.h>

#include "aws/send_failures.h"

namespace clarion {
namespace {

AwsFailure failure(std::string code, int status) {
  AwsFailure made;
  made.status = status;
  made.code = std::move(code);
  made.message = "m";
  return made;
}

// What each row must come to, written a second time: for a read, and for a message that was to be sent.
struct Expected {
  const char* code;
  AwsRetry retry;
  ErrorKind kind;
  FailureClass send;
};

TEST(AwsFailures, FollowTheSdksAndTheRulesOfSigning) {
  constexpr auto throttled = [](const char* code) {
    return Expected{code, AwsRetry::Throttled, ErrorKind::Throttled, FailureClass::Throttled};
  };
  constexpr auto transient = [](const char* code) {
    return Expected{code, AwsRetry::Transient, ErrorKind::Unavailable, FailureClass::Ambiguous};
  };
  constexpr auto refused = [](const char* code) {
    return Expected{code, AwsRetry::No, ErrorKind::Denied, FailureClass::ChannelStopped};
  };
  constexpr auto missing = [](const char* code) {
    return Expected{code, AwsRetry::No, ErrorKind::NotFound, FailureClass::ChannelStopped};
  };
  const std::vector<Expected> cases{throttled("Throttling"),
                                    throttled("ThrottlingException"),
                                    throttled("ThrottledException"),
                                    throttled("RequestThrottledException"),
                                    throttled("RequestThrottled"),
                                    throttled("TooManyRequestsException"),
                                    throttled("ProvisionedThroughputExceededException"),
                                    throttled("TransactionInProgressException"),
                                    throttled("RequestLimitExceeded"),
                                    throttled("BandwidthLimitExceeded"),
                                    throttled("LimitExceededException"),
                                    throttled("SlowDown"),
                                    throttled("PriorRequestNotComplete"),
                                    throttled("EC2ThrottledException"),
                                    throttled("KmsThrottled"),
                                    transient("RequestTimeout"),
                                    transient("RequestTimeoutException"),
                                    transient("InternalError"),
                                    transient("IDPCommunicationError"),
                                    refused("AccessDenied"),
                                    refused("AccessDeniedException"),
                                    refused("AccessDeniedByMetaException"),
                                    refused("UnauthorizedOperation"),
                                    refused("UnrecognizedClientException"),
                                    refused("InvalidClientTokenId"),
                                    refused("AuthFailure"),
                                    refused("SignatureDoesNotMatch"),
                                    refused("InvalidSignatureException"),
                                    refused("MissingAuthenticationToken"),
                                    refused("MissingAuthenticationTokenException"),
                                    refused("IncompleteSignature"),
                                    refused("IncompleteSignatureException"),
                                    refused("ExpiredToken"),
                                    refused("ExpiredTokenException"),
                                    refused("RequestTimeTooSkewed"),
                                    refused("RequestExpired"),
                                    refused("RequestInTheFuture"),
                                    missing("ResourceNotFoundException"),
                                    missing("NotFoundException"),
                                    missing("QueueDoesNotExist")};
  EXPECT_EQ(cases.size(), aws_failures().size()) << "one case a row";
  for (const Expected& one : cases) {
    ASSERT_NE(find_aws_failure(one.code), nullptr) << one.code;
    const AwsFailure refusal = failure(one.code, 400);
    EXPECT_EQ(judge_aws_retry(refusal), one.retry) << one.code;
    EXPECT_EQ(to_string(to_aws_error(refusal, "ses:GetAccount").kind), to_string(one.kind)) << one.code;
    EXPECT_EQ(to_string(to_send_failure({}, refusal).failure), to_string(one.send)) << one.code;
  }
}

// The sentence depends on what a person has to change.
TEST(AwsFailures, EachRefusalNamesKeysPolicyOrClock) {
  for (const AwsFailureRow& row : aws_failures()) {
    const std::string said = to_aws_error(failure(std::string(row.code), 400), "ses:GetAccount").message;
    EXPECT_EQ(said.contains("allow it in the policy"), row.meaning == AwsMeaning::NotAllowed) << row.code;
    EXPECT_EQ(said.contains("does not accept the credentials"), row.meaning == AwsMeaning::BadKeys) << row.code;
    EXPECT_EQ(said.contains("set its clock"), row.meaning == AwsMeaning::BadClock) << row.code;
  }
  EXPECT_EQ(find_aws_failure("RequestExpired")->meaning, AwsMeaning::BadClock);
  EXPECT_EQ(find_aws_failure("RequestInTheFuture")->meaning, AwsMeaning::BadClock);
  EXPECT_EQ(find_aws_failure("RequestTimeTooSkewed")->meaning, AwsMeaning::BadClock);
  EXPECT_EQ(find_aws_failure("AccessDenied")->meaning, AwsMeaning::NotAllowed);
  EXPECT_EQ(find_aws_failure("UnauthorizedOperation")->meaning, AwsMeaning::NotAllowed);
  EXPECT_EQ(find_aws_failure("AccessDeniedByMetaException")->meaning, AwsMeaning::NotAllowed);
}

TEST(AwsFailures, SayWhatTheOperatorShouldDo) {
  struct Case {
    int status;
    const char* code;
    ErrorKind kind;
    const char* message;
  };
  const std::vector<Case> cases{
      {403, "AccessDeniedException", ErrorKind::Denied,
       "The AWS credentials may not call ses:GetAccount; allow it in the policy of their role or user (m)."},
      {403, "SomethingElse", ErrorKind::Denied,
       "The AWS credentials may not call ses:GetAccount; allow it in the policy of their role or user (m)."},
      {403, "InvalidClientTokenId", ErrorKind::Denied, "AWS does not accept the credentials (InvalidClientTokenId): m"},
      {400, "RequestTimeTooSkewed", ErrorKind::Denied,
       "AWS does not accept the time of this machine (RequestTimeTooSkewed); set its clock."},
      {400, "ResourceNotFoundException", ErrorKind::NotFound, "ses:GetAccount found nothing: m"},
      {404, "404", ErrorKind::NotFound, "ses:GetAccount found nothing: m"},
      {400, "Throttling", ErrorKind::Throttled, "AWS throttles ses:GetAccount (Throttling): m"},
      {503, "503", ErrorKind::Unavailable, "AWS could not answer ses:GetAccount (503): m"},
      {501, "501", ErrorKind::Unavailable, "AWS refused ses:GetAccount (501): m"},
      {400, "ValidationException", ErrorKind::Invalid, "AWS refused ses:GetAccount (ValidationException): m"},
      {0, "", ErrorKind::Unavailable, "AWS could not be asked (ses:GetAccount): m"},
      {0, "NoCredentials", ErrorKind::Denied, "m"},
  };
  for (const Case& one : cases) {
    const Error error = to_aws_error(failure(one.code, one.status), "ses:GetAccount");
    EXPECT_EQ(error.kind, one.kind) << one.code;
    EXPECT_EQ(error.message, one.message);
  }
}

}  // namespace
}  // namespace clarion
