#include "carriers/sqs_event_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "base/json_string.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class SqsEventSourceTest : public ::testing::Test {
 protected:
  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    clock_.advance(1min);
    return future.get();
  }
  void answer(std::string body) { transport_.answers.push_back(HttpReply{200, {}, std::move(body)}); }
  // One message as ReceiveMessage gives it.
  static std::string message(int number, std::string_view body, int receives = 1) {
    std::string text;
    append_json_string(text, body);
    return fmt::format(R"({{"MessageId":"m{0}","ReceiptHandle":"r{0}","Body":{1},)"
                       R"("Attributes":{{"ApproximateReceiveCount":"{2}","SentTimestamp":"1796032800000"}}}})",
                       number, text, receives);
  }
  static std::string delivered(std::uint32_t position) {
    return fmt::format(
        R"({{"eventType":"TEXT_DELIVERED","messageId":"p","eventTimestamp":1796032800000,"context":{{"attempt":"{}.1"}}}})",
        to_string(make_delivery_id(CampaignNumber{1}, position)));
  }
  static std::string messages(const std::vector<std::string>& all) {
    return fmt::format(R"({{"Messages":[{}]}})", fmt::join(all, ","));
  }
  static std::string deliveries(int from, int count) {
    std::vector<std::string> all;
    for (int i = from; i < from + count; ++i) all.push_back(message(i, delivered(static_cast<std::uint32_t>(i))));
    return messages(all);
  }
  void allow_removal(int count) {
    std::vector<std::string> done;
    for (int i = 0; i < count; ++i) done.push_back(fmt::format(R"({{"Id":"{}"}})", i));
    answer(fmt::format(R"({{"Successful":[{}]}})", fmt::join(done, ",")));
  }
  // The targets of the calls made, as "ReceiveMessage DeleteMessageBatch ".
  std::string calls() const {
    std::string names;
    for (const std::string& request : transport_.requests) {
      const auto at = request.find("AmazonSQS.") + 10;
      names += request.substr(at, request.find('\r', at) - at) + ' ';
    }
    return names;
  }

  asio::io_context context_;
  ManualClock clock_{context_};
  ScriptedTransport transport_;
  FixedCredentials credentials_;
  AwsCaller caller_{{transport_, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "sqs"}, 5s};
  SqsClient queue_{{.caller = caller_, .clock = clock_}, "https://sqs/1/q"};
  SqsEventSource source_{queue_};
};

TEST_F(SqsEventSourceTest, ReadsWhatCameAndDeletesItOnceItIsApplied) {
  answer(messages({message(1, delivered(1)), message(2, R"({"eventType":"TEXT_QUEUED","messageId":"p"})")}));
  const auto batch = run(source_.receive()).value();
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].delivery, make_delivery_id(CampaignNumber{1}, 1));
  EXPECT_EQ(batch.informative, 1U);
  EXPECT_EQ(calls(), "ReceiveMessage ") << "nothing is deleted before the ledger has it";
  EXPECT_THAT(body_of(transport_.requests[0]), HasSubstr(R"("MaxNumberOfMessages":10,"WaitTimeSeconds":20)"));
  allow_removal(2);
  EXPECT_TRUE(run(source_.acknowledge(batch.receipt)));
  EXPECT_EQ(calls(), "ReceiveMessage DeleteMessageBatch ");
  EXPECT_THAT(body_of(transport_.requests[1]), AllOf(HasSubstr("\"r1\""), HasSubstr("\"r2\"")));
}

TEST_F(SqsEventSourceTest, ABatchIsGivenAgainUntilItIsAcknowledgedAndThenToTheQueue) {
  answer(deliveries(1, 1));
  const auto first = run(source_.receive()).value();
  for (int i = 1; i < SqsEventSource::most_tries; ++i) EXPECT_EQ(run(source_.receive())->receipt, first.receipt);
  EXPECT_EQ(calls(), "ReceiveMessage ") << "an outage of the ledger uses up one receive";
  answer(deliveries(2, 1));
  EXPECT_NE(run(source_.receive())->receipt, first.receipt);
}

TEST_F(SqsEventSourceTest, WhatIsMalformedIsCountedOnceAndLeftToTheQueue) {
  answer(messages({message(1, "hello"), message(2, delivered(2)), message(3, "[]", 2)}));
  const auto batch = run(source_.receive()).value();
  EXPECT_EQ(batch.malformed, 1U) << "the other was counted when it was received the first time";
  EXPECT_EQ(batch.events.size(), 1U);
  allow_removal(1);
  EXPECT_TRUE(run(source_.acknowledge(batch.receipt)));
  EXPECT_THAT(body_of(transport_.requests[1]), HasSubstr(R"("Entries":[{"ReceiptHandle":"r2","Id":"0"}])"));
  answer(messages({message(4, "hello")}));
  EXPECT_EQ(run(source_.receive())->receipt, 0U) << "nothing to acknowledge";
}

TEST_F(SqsEventSourceTest, ABacklogIsFetchedTenCallsAtOnce) {
  answer(deliveries(0, 10));
  for (int i = 1; i < 10; ++i) answer(i == 4 ? "{}" : deliveries(10 * i, 10));
  const auto batch = run(source_.receive()).value();
  EXPECT_EQ(batch.events.size(), 90U);
  EXPECT_THAT(body_of(transport_.requests[1]), HasSubstr(R"("WaitTimeSeconds":0)"));
  for (int i = 0; i < 9; ++i) allow_removal(10);
  EXPECT_TRUE(run(source_.acknowledge(batch.receipt)));
  EXPECT_EQ(transport_.requests.size(), 19U);
}

TEST_F(SqsEventSourceTest, ALostLeaseIsNoFailureAndARefusalIs) {
  answer(deliveries(1, 2));
  const auto batch = run(source_.receive()).value();
  answer(R"({"Failed":[{"Id":"0","SenderFault":false,"Code":"InternalError"}],"Successful":[{"Id":"1"}]})");
  EXPECT_EQ(run(source_.acknowledge(batch.receipt)).error().kind, ErrorKind::Unavailable);
  EXPECT_EQ(run(source_.receive())->receipt, batch.receipt) << "it is tried again";
  answer(R"({"Failed":[{"Id":"0","SenderFault":true,"Code":"ReceiptHandleIsInvalid"}],"Successful":[{"Id":"1"}]})");
  EXPECT_TRUE(run(source_.acknowledge(batch.receipt)));
}

TEST_F(SqsEventSourceTest, AQueueThatIsNotThereIsAnError) {
  transport_.answers.push_back(HttpReply{400, {}, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"})"});
  EXPECT_EQ(run(source_.receive()).error().kind, ErrorKind::NotFound);
}

}  // namespace
}  // namespace clarion::testing
