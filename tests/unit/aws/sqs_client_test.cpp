#include "aws/sqs_client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "aws/sqs_failures.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// Keeps the deadlines too.
class DeadlineTransport final : public HttpTransport {
 public:
  Task<testing::TransportAnswer> exchange(HttpCall call) override {
    deadlines.push_back(call.deadline);
    co_return co_await inner.exchange(call);
  }
  testing::ScriptedTransport inner;
  std::vector<std::chrono::milliseconds> deadlines;
};

class SqsClientTest : public ::testing::Test {
 protected:
  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    clock_.advance(1min);
    return future.get();
  }
  void answer(std::string body, int status = 200) {
    transport_.inner.answers.push_back(HttpReply{status, {}, std::move(body)});
  }
  void refuse(std::string_view code) {
    answer(fmt::format(R"({{"__type":"com.amazonaws.sqs#{}","message":"m"}})", code), 400);
  }
  const std::vector<std::string>& requests() const { return transport_.inner.requests; }
  std::string body(std::size_t index) const { return testing::body_of(requests().at(index)); }
  // "ok" or the kind of the error, one for each.
  template <class T>
  static std::string outcomes(const std::vector<Result<T>>& results) {
    std::string text;
    for (const auto& result : results) text += result ? "ok " : std::string(to_string(result.error().kind)) + ' ';
    return text;
  }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  DeadlineTransport transport_;
  testing::FixedCredentials credentials_;
  AwsCaller caller_{{transport_, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "sqs"}, 5s};
  SqsClient queue_{{.caller = caller_, .clock = clock_}, "https://sqs/1/q"};
};

TEST_F(SqsClientTest, SendsInTensAndGivesEachMessageItsOwnResult) {
  answer(R"({"Successful":[{"Id":"1","MessageId":"m1"},{"Id":"0","MessageId":"m0"}],)"
         R"("Failed":[{"Id":"2","SenderFault":true,"Code":"Strange","Message":"no"},)"
         R"({"Id":"3","SenderFault":false,"Code":"InternalError"}]})");
  answer(R"({"Successful":[{"Id":"0","MessageId":"m10"}]})");
  std::vector<SqsSend> messages(11);
  messages[0] = {.body = "a \"b\"", .delay = 5s, .group_id = "g", .deduplication_id = "d"};
  const auto sent = run(queue_.send(messages));
  ASSERT_EQ(sent.size(), 11U);
  EXPECT_EQ(sent[0], "m0");
  EXPECT_EQ(sent[1], "m1");
  EXPECT_EQ(sent[10], "m10");
  EXPECT_EQ(outcomes(sent), "ok ok internal unavailable unknown unknown unknown unknown unknown unknown ok ")
      << "what the reply does not name may be in the queue";
  EXPECT_TRUE(requests().at(0).contains("X-Amz-Target: AmazonSQS.SendMessageBatch\r\n"));
  EXPECT_TRUE(body(0).starts_with(
      R"({"Entries":[{"MessageBody":"a \"b\"","DelaySeconds":5,"MessageGroupId":"g","MessageDeduplicationId":"d","Id":"0"},)"
      R"({"MessageBody":"","Id":"1"},)"))
      << body(0);
  EXPECT_TRUE(body(0).ends_with(R"(],"QueueUrl":"https://sqs/1/q"})"));
}

TEST_F(SqsClientTest, ABatchHoldsNoMoreThanOneMebibyte) {
  std::vector<SqsSend> messages(3);
  for (auto& message : messages) message.body = std::string(400'000, 'x');
  answer("{}");
  answer("{}");
  run(queue_.send(messages));
  ASSERT_EQ(requests().size(), 2U);
  EXPECT_LT(requests()[1].size(), 500'000U);
}

TEST_F(SqsClientTest, ASendIsRepeatedOnlyAfterProofThatItWasNotAccepted) {
  answer("", 500);
  EXPECT_EQ(outcomes(run(queue_.send({{.body = "a"}, {.body = "b"}}))), "unknown unknown ");
  EXPECT_EQ(requests().size(), 1U);
  refuse("RequestThrottled");
  answer(R"({"Successful":[{"Id":"0"}]})");
  EXPECT_EQ(outcomes(run(queue_.send({{.body = "a"}}))), "ok ");
  transport_.inner.answers.push_back(std::unexpected(TransportFailure{Reach::MaybeSent, "reset"}));
  EXPECT_EQ(outcomes(run(queue_.send({{.body = "a"}}))), "unknown ");
}

TEST_F(SqsClientTest, ReceivesByALongPollThatIsGivenTime) {
  answer(R"({"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"b","MD5OfBody":"x",)"
         R"("Attributes":{"ApproximateReceiveCount":"3","SentTimestamp":"1767225600250"}},{"Body":"second"}]})");
  const auto messages = run(queue_.receive({.most = 10, .wait = 20s, .lease = 60s}));
  ASSERT_TRUE(messages);
  ASSERT_EQ(messages->size(), 2U);
  EXPECT_EQ(messages->front().receipt_handle, "r");
  EXPECT_EQ(messages->front().receive_count, 3);
  EXPECT_EQ(format_iso8601(messages->front().sent_at), "2026-01-01T00:00:00.250Z");
  EXPECT_EQ(messages->back().receive_count, 1);
  EXPECT_EQ(transport_.deadlines.back(), 30s);
  EXPECT_EQ(
      body(0),
      R"({"MaxNumberOfMessages":10,"WaitTimeSeconds":20,"VisibilityTimeout":60,)"
      R"("MessageSystemAttributeNames":["ApproximateReceiveCount","SentTimestamp"],"QueueUrl":"https://sqs/1/q"})");
  answer("{}");
  EXPECT_TRUE(run(queue_.receive({}))->empty()) << "SQS leaves Messages out when there are none";
}

TEST_F(SqsClientTest, RemovesAndProlongsEachForItself) {
  answer(R"({"Successful":[{"Id":"0"}],"Failed":[{"Id":"1","SenderFault":true,"Code":"ReceiptHandleIsInvalid"}]})");
  EXPECT_EQ(outcomes(run(queue_.remove({"a", "b"}))), "ok conflict ");
  EXPECT_EQ(
      body(0),
      R"({"Entries":[{"ReceiptHandle":"a","Id":"0"},{"ReceiptHandle":"b","Id":"1"}],"QueueUrl":"https://sqs/1/q"})");
  EXPECT_EQ(transport_.deadlines.back(), 5s);
  answer(R"({"Successful":[{"Id":"0"}],"Failed":[{"Id":"1","SenderFault":true,"Code":"MessageNotInflight"}]})");
  EXPECT_EQ(outcomes(run(queue_.prolong({{"a", 30s}, {"b", 0s}}))), "ok conflict ");
  EXPECT_TRUE(body(1).contains(R"({"ReceiptHandle":"b","VisibilityTimeout":0,"Id":"1"})"));
  EXPECT_TRUE(run(queue_.remove({})).empty());
  answer("", 503);
  answer(R"({"Successful":[{"Id":"0"}]})");
  EXPECT_EQ(outcomes(run(queue_.remove({"a"}))), "ok ") << "deleting twice changes nothing";
}

TEST_F(SqsClientTest, TellsWhatTheQueueIs) {
  answer(R"({"Attributes":{"QueueArn":"arn:q","ApproximateNumberOfMessages":"7","VisibilityTimeout":"45",)"
         R"("ApproximateNumberOfMessagesNotVisible":"2","ApproximateNumberOfMessagesDelayed":"1",)"
         R"("RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:dlq\",\"maxReceiveCount\":10}"}})");
  const auto queue = run(queue_.get_queue());
  ASSERT_TRUE(queue);
  EXPECT_EQ(queue->arn, "arn:q");
  EXPECT_EQ(queue->waiting, 7);
  EXPECT_EQ(queue->in_flight, 2);
  EXPECT_EQ(queue->delayed, 1);
  EXPECT_EQ(queue->lease, 45s);
  EXPECT_EQ(queue->dead_letter_arn, "arn:dlq");
  EXPECT_EQ(queue->most_receives, 10);
  refuse("QueueDoesNotExist");
  const auto gone = run(queue_.get_queue());
  EXPECT_EQ(gone.error().kind, ErrorKind::NotFound);
  EXPECT_EQ(gone.error().message,
            "The queue https://sqs/1/q does not exist in this region; check its URL and AWS_REGION.");
}

TEST_F(SqsClientTest, FindsTheUrlOfANamedQueue) {
  answer(R"({"QueueUrl":"https://sqs/1/events"})");
  EXPECT_EQ(run(find_queue_url({.caller = caller_, .clock = clock_}, "events")), "https://sqs/1/events");
  EXPECT_EQ(body(0), R"({"QueueName":"events"})");
}

TEST_F(SqsClientTest, NamesThePermissionAsPoliciesDo) {
  refuse("AccessDeniedException");
  EXPECT_EQ(run(queue_.remove({"a"})).at(0).error().message,
            "The AWS credentials may not call sqs:DeleteMessage; allow it in the policy of their role or user (m).");
}

// What each row must come to, written a second time.
struct Expected {
  const char* code;
  ErrorKind kind;
};

ErrorKind kind_of(std::string code, int status = 400) {
  AwsFailure failure;
  failure.status = status;
  failure.code = std::move(code);
  return to_sqs_error(failure, "sqs:ReceiveMessage", "q").kind;
}

TEST(SqsFailures, FollowTheModel) {
  using enum ErrorKind;
  const std::vector<Expected> cases{{"QueueDoesNotExist", NotFound},
                                    {"AWS.SimpleQueueService.NonExistentQueue", NotFound},
                                    {"QueueDeletedRecently", NotFound},
                                    {"RequestThrottled", Throttled},
                                    {"KmsThrottled", Throttled},
                                    {"OverLimit", Throttled},
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
                                    {"InvalidParameterValue", Conflict},
                                    {"TooManyEntriesInBatchRequest", Internal},
                                    {"EmptyBatchRequest", Internal},
                                    {"BatchEntryIdsNotDistinct", Internal},
                                    {"InvalidBatchEntryId", Internal},
                                    {"BatchRequestTooLong", Internal},
                                    {"InvalidMessageContents", Internal},
                                    {"InvalidAttributeName", Internal},
                                    {"InvalidAttributeValue", Internal},
                                    {"InvalidIdFormat", Internal}};
  EXPECT_EQ(cases.size(), sqs_failures().size()) << "one case a row";
  for (const Expected& one : cases) {
    EXPECT_EQ(to_string(kind_of(one.code)), to_string(one.kind)) << one.code;
    // The blame of the service differs from every row, so it shows when an entry's code is not looked up.
    EXPECT_EQ(to_string(to_sqs_entry_error(one.code, "m", false).kind), to_string(one.kind)) << one.code;
  }
}

TEST(SqsFailures, WhatNoRowKnowsIsJudgedAsOfAnyService) {
  EXPECT_EQ(kind_of("AccessDeniedException"), ErrorKind::Denied);
  EXPECT_EQ(kind_of("503", 503), ErrorKind::Unavailable);
  EXPECT_EQ(to_sqs_entry_error("Strange", "m", true).kind, ErrorKind::Internal);
  EXPECT_EQ(to_sqs_entry_error("Strange", "m", false).kind, ErrorKind::Unavailable);
}

}  // namespace
}  // namespace clarion
