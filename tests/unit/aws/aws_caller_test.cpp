#include "aws/aws_caller.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "aws/send_failures.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
using testing::FixedCredentials;
using testing::TransportAnswer;

HttpReply reply(int status, std::string body = "{}", ReplyHeaders headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

class AwsCallerTest : public ::testing::Test {
 protected:
  std::expected<AwsReply, AwsFailure> call(AwsRequest request = {.target = "T.Op",
                                                                 .content_type = "application/x-amz-json-1.0",
                                                                 .body = "{}"}) {
    auto future = asio::co_spawn(context_, caller_.call(request), asio::use_future);
    clock_.settle();
    return future.get();
  }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  FixedCredentials credentials_{{{"FIRST", "secret-1", "token-1"}, {"SECOND", "secret-2", ""}}};
  AwsCaller caller_{{transport_, credentials_, clock_},
                    {{true, "sms-voice.us-east-1.amazonaws.com", 443}, "", "us-east-1", "sms-voice"},
                    10s};
};

TEST_F(AwsCallerTest, SendsASignedRequestWithEveryHeaderItSigned) {
  transport_.answers = {reply(200, R"({"MessageId":"m"})", {{"x-amzn-requestid", "r"}})};
  const auto answer = call();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->headers.find("x-amzn-requestid"), "r");
  const std::string& request = transport_.requests.at(0);
  EXPECT_TRUE(request.starts_with("POST / HTTP/1.1\r\nHost: sms-voice.us-east-1.amazonaws.com\r\n")) << request;
  for (const char* part :
       {"\r\nX-Amz-Target: T.Op\r\n", "\r\nX-Amz-Security-Token: token-1\r\n", "\r\nContent-Length: 2\r\n\r\n{}",
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target,"}) {
    EXPECT_NE(request.find(part), std::string::npos) << part;
  }
}

TEST_F(AwsCallerTest, NeverRepeatsWhatMayHaveBeenAccepted) {
  for (const TransportAnswer& answer :
       {TransportAnswer(std::unexpected(TransportFailure{Reach::MaybeSent, "reset"})), TransportAnswer(reply(500)),
        TransportAnswer(reply(503)), TransportAnswer(reply(429))}) {
    transport_.requests.clear();
    transport_.answers = {answer, reply(200)};
    EXPECT_FALSE(call());
    EXPECT_EQ(transport_.requests.size(), 1U);
    transport_.answers.clear();
  }
}

TEST_F(AwsCallerTest, RefreshesAnExpiredTokenOnce) {
  const auto expired = reply(400, R"({"__type":"com.amazon.coral.service#ExpiredTokenException","message":"expired"})");
  transport_.answers = {expired, reply(200)};
  EXPECT_TRUE(call());
  EXPECT_NE(transport_.requests.at(1).find("Credential=SECOND/"), std::string::npos);

  transport_.requests.clear();
  transport_.answers = {expired, expired, reply(200)};
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "NoCredentials") << "both keys are used up";
}

TEST_F(AwsCallerTest, LearnsTheClockOfTheEndpointFromARefusedSignature) {
  // The test's clock stands at 2026-11-02T10:00:00Z.
  transport_.answers = {reply(403, R"({"__type":"InvalidSignatureException","message":"Signature expired"})",
                              {{"date", "Mon, 02 Nov 2026 10:30:00 GMT"}}),
                        reply(200), reply(200)};
  EXPECT_TRUE(call());
  EXPECT_EQ(caller_.clock_offset(), 30min);
  EXPECT_NE(transport_.requests.at(1).find("X-Amz-Date: 20261102T103000Z"), std::string::npos);
  EXPECT_TRUE(call());
  EXPECT_EQ(transport_.requests.size(), 3U) << "the offset is kept";
}

// Half an hour ahead of the test's clock; answers after a second, so that calls beside each other are all signed before
// the first of them learns anything.
class AheadTransport final : public HttpTransport {
 public:
  explicit AheadTransport(Clock& clock) : clock_(clock) {}
  Task<TransportAnswer> exchange(HttpCall call) override {
    ++requests;
    const bool is_right = call.bytes.contains("X-Amz-Date: 20261102T103");
    co_await clock_.sleep_for(1s);
    if (is_right) co_return reply(200);
    co_return reply(403, R"({"__type":"InvalidSignatureException","message":"Signature expired"})", {{"date", date}});
  }
  int requests = 0;
  std::string date = "Mon, 02 Nov 2026 10:30:01 GMT";

 private:
  Clock& clock_;
};

TEST_F(AwsCallerTest, EachOfManyCallsAtOnceIsSignedAgainWhenOneHasLearntTheClock) {
  AheadTransport transport(clock_);
  AwsCaller caller({transport, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s);
  std::vector<std::future<std::expected<AwsReply, AwsFailure>>> calls;
  for (int i = 0; i < 60; ++i) calls.push_back(asio::co_spawn(context_, caller.call({}), asio::use_future));
  clock_.advance(3s);
  for (auto& each : calls) EXPECT_TRUE(each.get());
  EXPECT_EQ(transport.requests, 120);
  auto later = asio::co_spawn(context_, caller.call({}), asio::use_future);
  clock_.advance(1s);
  EXPECT_TRUE(later.get());
  EXPECT_EQ(transport.requests, 121) << "the offset is kept";
}

TEST_F(AwsCallerTest, TheClockIsCorrectedOnceACall) {
  AheadTransport transport(clock_);
  transport.date = "Mon, 02 Nov 2026 12:00:01 GMT";  // and that is not its time either
  AwsCaller caller({transport, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s);
  auto future = asio::co_spawn(context_, caller.call({}), asio::use_future);
  clock_.advance(5s);
  EXPECT_FALSE(future.get());
  EXPECT_EQ(transport.requests, 2);
}

TEST_F(AwsCallerTest, DoesNotRetryABadKeyWhenTheClocksAgree) {
  transport_.answers = {
      reply(403, R"({"__type":"SignatureDoesNotMatch"})", {{"date", "Mon, 02 Nov 2026 10:00:01 GMT"}}), reply(200)};
  EXPECT_FALSE(call());
  EXPECT_EQ(transport_.requests.size(), 1U);
}

TEST_F(AwsCallerTest, KeepsNothingOfWhatARefusalQuotes) {
  const std::string quoted =
      "Check your key.\\n\\nThe Canonical String for this request should have been\\n'POST\\n/\\n\\n"
      "host:h\\nx-amz-security-token:token-1\\n'";
  for (const std::string& said :
       {quoted, std::string("Check your key. The Canonical String for this request should have been: token-1"),
        std::string("Check your key. X-Amz-Security-Token: token-1 is too old"),
        std::string("Check your key.\\r\\nYours is token-1"),
        std::string("Check your key. AWS4-HMAC-SHA256 Credential=A/x, Signature=token-1")}) {
    for (const std::string& member : {"message", "Message"}) {
      transport_.answers = {reply(403, fmt::format(R"({{"__type":"SignatureDoesNotMatch","{}":"{}"}})", member, said))};
      const auto answer = call();
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().message, "Check your key.") << said;
      EXPECT_EQ(to_send_failure(sms_failures(), answer.error()).detail, "Check your key.");
      if (!said.contains("Yours")) EXPECT_EQ(answer.error().body, "");
    }
  }
  const auto xml = read_aws_error(
      reply(403, "<E><Code>SignatureDoesNotMatch</Code><Message>No.\n\nThe Canonical String: token-1</Message></E>"));
  EXPECT_EQ(xml.message + xml.body, "No.");
}

TEST_F(AwsCallerTest, MasksWordsAsLongAsTokensAndNoOthers) {
  const std::string arn =
      "User: arn:aws:sts::123456789012:assumed-role/ClarionTaskRole/0123456789abcdef0123456789abcdef";
  const std::string token = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9." + std::string(90, 'x') + "+/=_-";
  const auto failure = read_aws_error(
      reply(400, R"({"__type":"AccessDenied","message":")" + arn + " showed '" + token + R"(', which is old."})"));
  EXPECT_EQ(failure.message, arn + " showed '***', which is old.");
}

// Fails as it is told to.
class NoCredentials final : public CredentialsSource {
 public:
  explicit NoCredentials(ErrorKind kind) : kind_(kind) {}
  [[nodiscard]] const AwsCredentials* ready() const override { return nullptr; }
  Task<Result<AwsCredentials>> get() override { co_return fail(kind_, "no keys"); }
  void expire(const AwsCredentials& /*refused*/) override {}

 private:
  ErrorKind kind_;
};

TEST_F(AwsCallerTest, CredentialsThatAreOnlyOutOfReachStopNoChannel) {
  for (const auto& [kind, failure] : {std::pair{ErrorKind::Denied, FailureClass::ChannelStopped},
                                      std::pair{ErrorKind::Unavailable, FailureClass::NotConnected}}) {
    NoCredentials none(kind);
    AwsCaller caller({transport_, none, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s);
    auto future = asio::co_spawn(context_, caller.call({}), asio::use_future);
    clock_.settle();
    const auto answer = future.get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message, "no keys");
    EXPECT_EQ(to_send_failure(sms_failures(), answer.error()).failure, failure);
  }
  EXPECT_TRUE(transport_.requests.empty());
}

TEST(AwsError, IsReadFromHeaderJsonOrXml) {
  struct Case {
    HttpReply reply;
    const char* code;
    const char* message;
  };
  const std::vector<Case> cases{
      {reply(400, R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no table"})"),
       "ResourceNotFoundException", "no table"},
      {reply(400, R"({"__type":"ValidationException:http://x","Message":"bad"})"), "ValidationException", "bad"},
      {reply(429, R"({"message":"Maximum sending rate exceeded."})",
             {{"x-amzn-errortype", "TooManyRequestsException:http://x"}}),
       "TooManyRequestsException", "Maximum sending rate exceeded."},
      {reply(403, "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>gone</Message></Error></ErrorResponse>"),
       "ExpiredToken", "gone"},
      {reply(502, "<html>Bad gateway"), "502", ""},
      {reply(500, ""), "500", ""},
      {reply(400, R"({"__type":7,"message":[]})"), "400", ""},
  };
  for (const Case& one : cases) {
    const AwsFailure failure = read_aws_error(one.reply);
    EXPECT_EQ(failure.code, one.code);
    EXPECT_EQ(failure.message, one.message);
  }
  EXPECT_EQ(read_aws_error(reply(429, "{}", {{"retry-after", "7"}})).retry_after, std::chrono::milliseconds(7000));
}

}  // namespace
}  // namespace clarion
