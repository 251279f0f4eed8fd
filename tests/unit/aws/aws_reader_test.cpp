#include "aws/aws_reader.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>

#include "aws/aws_failures.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

HttpReply reply(int status, std::string body = "{}", ReplyHeaders headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

class AwsReaderTest : public ::testing::Test {
 protected:
  std::expected<AwsReply, AwsFailure> call(Repeatable repeatable = Repeatable::Always) {
    auto future = asio::co_spawn(context_, reader_.call({.body = "{}"}, repeatable), asio::use_future);
    clock_.advance(1min);
    return future.get();
  }
  Result<boost::json::value> read() {
    auto future = asio::co_spawn(context_, reader_.read("sms-voice:DescribePools", {.body = "{}"}), asio::use_future);
    clock_.advance(1min);
    return future.get();
  }
  std::size_t asked() const { return transport_.requests.size(); }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  testing::FixedCredentials credentials_;
  AwsCaller caller_{{transport_, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s};
  AwsReader reader_{{.caller = caller_, .clock = clock_}};
};

TEST_F(AwsReaderTest, RepeatsFaultsAndThrottlesTwice) {
  const auto lost = std::unexpected(TransportFailure{Reach::MaybeSent, "reset"});
  transport_.answers = {lost, reply(503), reply(200)};
  EXPECT_TRUE(call());
  transport_.answers = {reply(400, R"({"__type":"ThrottlingException"})"), reply(429), reply(200)};
  EXPECT_TRUE(call());
  transport_.requests.clear();
  transport_.answers = {reply(500), reply(502), reply(504), reply(200)};
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().status, 504);
  EXPECT_EQ(asked(), 3U);
}

TEST_F(AwsReaderTest, NeverRepeatsARefusal) {
  transport_.answers = {reply(403, R"({"__type":"AccessDeniedException"})"), reply(200)};
  EXPECT_FALSE(call());
  EXPECT_EQ(asked(), 1U);
}

TEST_F(AwsReaderTest, RepeatsWhatMustNotHappenTwiceOnlyAfterProof) {
  transport_.answers = {reply(500), reply(200)};
  EXPECT_FALSE(call(Repeatable::WhenNotAccepted));
  transport_.answers = {std::unexpected(TransportFailure{Reach::MaybeSent, "reset"}), reply(200)};
  EXPECT_FALSE(call(Repeatable::WhenNotAccepted));
  transport_.answers = {std::unexpected(TransportFailure{Reach::NotSent, "refused"}), reply(200)};
  EXPECT_TRUE(call(Repeatable::WhenNotAccepted));
  transport_.answers = {reply(429), reply(200)};
  EXPECT_TRUE(call(Repeatable::WhenNotAccepted));
}

TEST_F(AwsReaderTest, WaitsLongerAfterAThrottleThanAfterAFault) {
  const auto wait_after = [this](HttpReply first) {
    transport_.answers = {std::move(first), reply(200)};
    auto future = asio::co_spawn(context_, reader_.call({.body = "{}"}), asio::use_future);
    Duration waited{};
    while (future.wait_for(0s) != std::future_status::ready) {
      clock_.advance(1ms);
      waited += 1ms;
    }
    return waited;
  };
  Duration longest_fault{};
  Duration longest_throttle{};
  for (int i = 0; i < 30; ++i) {
    longest_fault = std::max(longest_fault, wait_after(reply(500)));
    longest_throttle = std::max(longest_throttle, wait_after(reply(429)));
  }
  EXPECT_LE(longest_fault, 51ms);
  EXPECT_GT(longest_fault, 25ms) << "jitter covers the whole span";
  EXPECT_LE(longest_throttle, 1001ms);
  EXPECT_GT(longest_throttle, 500ms);
  EXPECT_GE(wait_after(reply(429, "{}", {{"retry-after", "3"}})), 3s);
  EXPECT_GE(wait_after(reply(503, "{}", {{"x-amz-retry-after", "700"}})), 700ms);
  EXPECT_LE(wait_after(reply(503, "{}", {{"retry-after", "3600"}})), 5051ms) << "but not for an hour";
}

TEST_F(AwsReaderTest, ABrokenServiceIsNotAskedThreeTimesForEver) {
  int calls = 0;
  while (reader_.retry_tokens() >= 14 && calls < 100) {
    transport_.answers = {reply(500), reply(500), reply(500)};
    EXPECT_FALSE(call());
    ++calls;
  }
  EXPECT_EQ(calls, 18) << "500 tokens pay 35 retries of 14";
  transport_.requests.clear();
  transport_.answers = {reply(500), reply(200)};
  EXPECT_FALSE(call());
  EXPECT_EQ(asked(), 1U);
  const auto before = reader_.retry_tokens();
  transport_.answers = {reply(200)};
  EXPECT_TRUE(call());
  EXPECT_EQ(reader_.retry_tokens(), before + 1);
  for (int i = 0; i < 20; ++i) {
    transport_.answers = {reply(200)};
    EXPECT_TRUE(call());
  }
  const auto earned = reader_.retry_tokens();
  transport_.answers = {reply(500), reply(200)};
  EXPECT_TRUE(call());
  EXPECT_EQ(reader_.retry_tokens(), earned) << "a retry that helped is paid back";
}

TEST_F(AwsReaderTest, KeepsTheGapBetweenCalls) {
  AwsReader paced({.caller = caller_, .clock = clock_, .seed = 1, .least_gap = 1s});
  transport_.answers = {reply(200), reply(200), reply(200)};
  std::vector<std::future<std::expected<AwsReply, AwsFailure>>> calls;
  for (int i = 0; i < 3; ++i) {
    calls.push_back(asio::co_spawn(context_, paced.call({.body = "{}"}), asio::use_future));
  }
  clock_.settle();
  EXPECT_EQ(asked(), 1U);
  clock_.advance(999ms);
  EXPECT_EQ(asked(), 1U);
  clock_.advance(1ms);
  EXPECT_EQ(asked(), 2U);
  clock_.advance(1s);
  EXPECT_EQ(asked(), 3U);
}

TEST_F(AwsReaderTest, WhatIsNoJsonObjectIsNotAwsSpeaking) {
  for (const char* body : {"<html>log in</html>", "[]", ""}) {
    transport_.answers = {reply(200, body)};
    const auto json = read();
    ASSERT_FALSE(json);
    EXPECT_EQ(json.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(json.error().message,
              "What answered sms-voice:DescribePools at h does not speak like AWS; check the endpoint and the proxy.");
  }
}

}  // namespace
}  // namespace clarion
