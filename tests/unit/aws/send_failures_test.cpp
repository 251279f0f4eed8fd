#include "aws/send_failures.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

// What each row must come to, written a second time: code, text in the body, class.
struct Expected {
  const char* code;
  const char* body;
  FailureClass failure;
};

AwsFailure failure(const char* code, const char* body, int status = 400) {
  AwsFailure made;
  made.status = status;
  made.code = code;
  made.body = body;
  return made;
}

void expect_all(std::span<const SendFailureRow> table, const std::vector<Expected>& cases) {
  EXPECT_EQ(cases.size(), table.size()) << "one case a row";
  for (const Expected& one : cases) {
    EXPECT_EQ(to_string(to_send_failure(table, failure(one.code, one.body)).failure), to_string(one.failure))
        << one.code << " " << one.body;
  }
}

using enum FailureClass;

TEST(SendFailures, OfSmsFollowTheModel) {
  expect_all(
      sms_failures(),
      {{"ThrottlingException", "{}", Throttled},
       {"InternalServerException", "{}", Ambiguous},
       {"ServiceQuotaExceededException", R"({"Reason":"MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"})", SpendLimitReached},
       {"ServiceQuotaExceededException", R"({"Reason":"KEYWORDS_PER_PHONE_NUMBER"})", ChannelStopped},
       {"AccessDeniedException", R"({"Reason":"ACCOUNT_DISABLED"})", ChannelStopped},
       {"ResourceNotFoundException", R"({"ResourceType":"pool"})", ChannelStopped},
       {"ConflictException", R"({"Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT"})", OptedOut},
       {"ConflictException", R"({"Reason":"DESTINATION_PHONE_NUMBER_NOT_VERIFIED"})", Blocked},
       {"ConflictException", R"({"Reason":"DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"})", Blocked},
       {"ConflictException", R"({"Reason":"DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"})", Blocked},
       {"ConflictException", R"({"Reason":"NO_ORIGINATION_IDENTITIES_FOUND"})", ChannelStopped},
       {"ValidationException", R"({"Reason":"DESTINATION_COUNTRY_BLOCKED"})", Blocked},
       {"ValidationException", R"({"Reason":"COUNTRY_NOT_ENABLED"})", Blocked},
       {"ValidationException", R"({"Reason":"INVALID_IDENTITY_FOR_DESTINATION_COUNTRY"})", Blocked},
       {"ValidationException", R"({"Reason":"PRICE_OVER_THRESHOLD"})", Blocked},
       {"ValidationException", R"({"Reason":"SENDER_ID_NOT_SUPPORTED"})", Blocked},
       {"ValidationException", R"({"Reason":"SENDER_ID_REQUIRES_REGISTRATION"})", Blocked},
       {"ValidationException", R"({"Reason":"SENDER_ID_NOT_REGISTERED"})", Blocked},
       {"ValidationException", R"({"Reason":"INTERNATIONAL_SENDING_NOT_SUPPORTED"})", Blocked},
       {"ValidationException", R"({"Reason":"CHANNEL_NOT_ENABLED"})", ChannelStopped},
       {"ValidationException", R"({"Reason":"INVALID_PARAMETER","Fields":[{"Name":"DestinationPhoneNumber"}]})",
        InvalidAddress},
       {"ValidationException", R"({"Reason":"INVALID_PARAMETER","Fields":[{"Name":"OriginationIdentity"}]})",
        ChannelStopped},
       {"ValidationException", R"({"Reason":"INVALID_PARAMETER","Fields":[{"Name":"ConfigurationSetName"}]})",
        ChannelStopped},
       {"ValidationException", R"({"Reason":"INVALID_PARAMETER","Fields":[{"Name":"MaxPrice"}]})", ChannelStopped},
       {"ValidationException", R"({"Reason":"INVALID_PARAMETER","Fields":[{"Name":"TimeToLive"}]})", ChannelStopped},
       {"ValidationException", R"({"Reason":"MAXIMUM_SIZE_EXCEEDED"})", InvalidContent},
       {"ValidationException", R"({"Reason":"MISSING_PARAMETER"})", InvalidContent},
       {"ValidationException", R"({"Reason":"INVALID_PARAMETER"})", InvalidContent},
       {"ValidationException", R"({"Reason":"FIELD_VALIDATION_FAILED"})", InvalidContent},
       {"ValidationException", R"({"Reason":"OTHER"})", InvalidContent}});
}

TEST(SendFailures, OfWhatsAppFollowTheModel) {
  expect_all(whatsapp_failures(), {{"ThrottledRequestException", "{}", Throttled},
                                   {"ValidationException", "{}", InvalidContent},
                                   {"InvalidParametersException", "{}", InvalidContent},
                                   {"AccessDeniedException", "{}", ChannelStopped},
                                   {"ResourceNotFoundException", "{}", ChannelStopped},
                                   {"InternalServiceException", "{}", Ambiguous},
                                   {"DependencyException", "{}", Ambiguous}});
}

TEST(SendFailures, OfEmailTellARateFromADailyQuota) {
  expect_all(email_failures(),
             {{"TooManyRequestsException", R"({"message":"Daily message quota exceeded"})", DailyQuotaUsedUp},
              {"TooManyRequestsException", R"({"message":"Maximum sending rate exceeded."})", Throttled},
              {"LimitExceededException", R"({"message":"Maximum sending rate exceeded."})", Throttled},
              {"LimitExceededException", R"({"message":"Daily message quota exceeded"})", DailyQuotaUsedUp},
              {"LimitExceededException", "{}", ChannelStopped},
              {"Throttling", R"({"message":"Daily message quota exceeded"})", DailyQuotaUsedUp},
              {"ThrottlingException", R"({"message":"Daily message quota exceeded"})", DailyQuotaUsedUp},
              {"AccountSuspendedException", "{}", SendingSuspended},
              {"SendingPausedException", "{}", SendingSuspended},
              {"MailFromDomainNotVerifiedException", "{}", ChannelStopped},
              {"NotFoundException", "{}", ChannelStopped},
              {"MessageRejected", R"({"message":"Daily message quota exceeded"})", DailyQuotaUsedUp},
              {"MessageRejected", R"({"message":"Email address is not verified."})", ChannelStopped},
              {"MessageRejected", "{}", InvalidContent},
              {"BadRequestException", R"({"message":"Illegal address"})", InvalidAddress},
              {"BadRequestException", R"({"message":"Bad header"})", InvalidContent}});
}

TEST(SendFailures, OfAnyServiceAreNoAffairOfTheRecipient) {
  const std::vector<Expected> cases{{"ThrottlingException", "{}", Throttled},
                                    {"Throttling", "{}", Throttled},
                                    {"ThrottledException", "{}", Throttled},
                                    {"RequestThrottled", "{}", Throttled},
                                    {"RequestThrottledException", "{}", Throttled},
                                    {"TooManyRequestsException", "{}", Throttled},
                                    {"RequestLimitExceeded", "{}", Throttled},
                                    {"BandwidthLimitExceeded", "{}", Throttled},
                                    {"SlowDown", "{}", Throttled},
                                    {"ExpiredToken", "{}", ChannelStopped},
                                    {"ExpiredTokenException", "{}", ChannelStopped},
                                    {"UnrecognizedClientException", "{}", ChannelStopped},
                                    {"InvalidClientTokenId", "{}", ChannelStopped},
                                    {"InvalidSignatureException", "{}", ChannelStopped},
                                    {"SignatureDoesNotMatch", "{}", ChannelStopped},
                                    {"AuthFailure", "{}", ChannelStopped},
                                    {"RequestTimeTooSkewed", "{}", ChannelStopped},
                                    {"RequestExpired", "{}", ChannelStopped},
                                    {"RequestInTheFuture", "{}", ChannelStopped},
                                    {"MissingAuthenticationToken", "{}", ChannelStopped},
                                    {"MissingAuthenticationTokenException", "{}", ChannelStopped},
                                    {"IncompleteSignature", "{}", ChannelStopped},
                                    {"IncompleteSignatureException", "{}", ChannelStopped},
                                    {"AccessDenied", "{}", ChannelStopped},
                                    {"AccessDeniedException", "{}", ChannelStopped},
                                    {"UnauthorizedOperation", "{}", ChannelStopped},
                                    {"RequestTimeout", "{}", Ambiguous},
                                    {"RequestTimeoutException", "{}", Ambiguous},
                                    {"InternalError", "{}", Ambiguous}};
  // With the status that says the least.
  for (const auto table : {sms_failures(), whatsapp_failures(), email_failures()}) {
    for (const Expected& one : cases) {
      EXPECT_EQ(to_string(to_send_failure(table, failure(one.code, one.body)).failure), to_string(one.failure))
          << one.code;
    }
  }
  EXPECT_EQ(to_send_failure(email_failures(), failure("NoCredentials", "", 0)).failure, ChannelStopped);
}

TEST(SendFailures, OfUnknownCodesAreJudgedByWhatTheStatusProves) {
  EXPECT_EQ(to_send_failure(sms_failures(), failure("New", "", 429)).failure, Throttled);
  EXPECT_EQ(to_send_failure(sms_failures(), failure("New", "", 408)).failure, Ambiguous);
  for (const int status : {301, 302, 307, 401, 403, 404, 405}) {
    EXPECT_EQ(to_send_failure(sms_failures(), failure("New", "", status)).failure, ChannelStopped) << status;
  }
  for (const int status : {400, 409, 413, 418}) {
    EXPECT_EQ(to_send_failure(sms_failures(), failure("New", "", status)).failure, InvalidContent) << status;
  }
  for (const int status : {500, 502, 503, 504}) {
    EXPECT_EQ(to_send_failure(sms_failures(), failure("New", "", status)).failure, Ambiguous) << status;
  }
}

// A captive proxy answers everything with its own page, and so does a server that was taken for AWS.
TEST(SendFailures, OfAPageInThePlaceOfAnAnswerStopTheChannel) {
  for (const int status : {302, 400, 404, 407, 413, 418}) {
    const AwsFailure page = read_aws_error(HttpReply{status, {}, "<html><h1>Please log in</h1></html>"});
    for (const auto table : {sms_failures(), whatsapp_failures(), email_failures()}) {
      EXPECT_EQ(to_string(to_send_failure(table, page).failure), to_string(ChannelStopped)) << status;
    }
  }
  const AwsFailure slow = read_aws_error(HttpReply{408, {}, "<html>408 Request Timeout</html>"});
  EXPECT_EQ(to_send_failure(sms_failures(), slow).failure, Ambiguous);
}

TEST(SendFailures, WithoutAReplyDependOnWhetherBytesLeftUs) {
  AwsFailure none = failure("", "", 0);
  none.reach = Reach::NotSent;
  EXPECT_EQ(to_send_failure(sms_failures(), none).failure, NotConnected);
  none.reach = Reach::MaybeSent;
  EXPECT_EQ(to_send_failure(sms_failures(), none).failure, Ambiguous);
}

}  // namespace
}  // namespace clarion
