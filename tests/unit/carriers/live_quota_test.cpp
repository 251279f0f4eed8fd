#include "carriers/live_quota.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <deque>

#include "base/task_group.h"
#include "carriers/aws_email_sender.h"
#include "carriers/aws_quotas.h"
#include "carriers/aws_sms_sender.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
using Answer = Result<std::optional<SenderQuota>>;

class LiveQuotaTest : public ::testing::Test {
 public:
  ~LiveQuotaTest() override {
    group_.cancel();
    clock_.settle();
  }

 protected:
  void start() {
    group_.spawn(context_.get_executor(), quota_.run());
    clock_.settle();
  }
  std::string source() const { return quota_.current() ? quota_.current()->source : "none"; }
  double rate() const { return quota_.current() ? quota_.current()->per_second : 0; }

  asio::io_context context_;
  testing::ManualClock clock_{context_};  // 2026-11-02T10:00:00Z
  std::deque<Answer> answers_;
  int asked_ = 0;
  LiveQuota quota_{clock_, [this]() -> Task<Answer> {
                     ++asked_;
                     if (answers_.empty()) co_return fail(ErrorKind::Unavailable, "no answer");
                     Answer answer = std::move(answers_.front());
                     answers_.pop_front();
                     co_return answer;
                   }};
  TaskGroup group_;
};

TEST_F(LiveQuotaTest, AsksAtOnceAndThenEveryFewMinutes) {
  answers_ = {SenderQuota{14, 14, "SES GetAccount"}, SenderQuota{50, 50, "SES GetAccount"}};
  EXPECT_EQ(source(), "none");
  start();
  EXPECT_EQ(rate(), 14);
  EXPECT_EQ(source(), "SES GetAccount 2026-11-02T10:00Z");
  clock_.advance(4min);
  EXPECT_EQ(asked_, 1);
  clock_.advance(1min);
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(rate(), 50);
}

TEST_F(LiveQuotaTest, KeepsTheLastAnswerAndSaysItsAge) {
  answers_ = {SenderQuota{14, 14, "SES GetAccount"}};
  start();
  clock_.advance(1h);
  EXPECT_EQ(rate(), 14);
  EXPECT_TRUE(source().starts_with("SES GetAccount 2026-11-02T10:00Z, 5")) << source();
  EXPECT_TRUE(source().ends_with(" min old")) << source();
  clock_.advance(3h);
  EXPECT_TRUE(source().ends_with(" 3 h old")) << source();
  answers_ = {SenderQuota{20, 20, "SES GetAccount"}};
  clock_.advance(5min);
  EXPECT_EQ(rate(), 20);
  EXPECT_TRUE(source().starts_with("SES GetAccount 2026-11-02T14:0")) << source();
}

TEST_F(LiveQuotaTest, AsksSoonerAfterAFailureAndLessAndLessOften) {
  start();
  EXPECT_EQ(asked_, 1);
  clock_.advance(15s);
  EXPECT_EQ(asked_, 2);
  clock_.advance(15s);
  EXPECT_EQ(asked_, 2);
  clock_.advance(15s);
  EXPECT_EQ(asked_, 3);
  clock_.advance(1h);
  EXPECT_LE(asked_, 20);
  EXPECT_GE(asked_, 13);
}

TEST_F(LiveQuotaTest, StartUpWaitsForTheFirstAnswerButNotForever) {
  const auto begin = [this] {
    return asio::co_spawn(context_, quota_.wait_for_first(clock_.now() + 3s), asio::use_future);
  };
  auto waiting = begin();
  clock_.advance(2999ms);
  EXPECT_EQ(waiting.wait_for(0s), std::future_status::timeout);
  clock_.advance(1ms);
  EXPECT_EQ(waiting.wait_for(0s), std::future_status::ready);
  auto again = begin();
  clock_.settle();
  start();
  EXPECT_EQ(again.wait_for(0s), std::future_status::ready) << "also when asking failed";
  auto later = begin();
  clock_.settle();
  EXPECT_EQ(later.wait_for(0s), std::future_status::ready);
}

TEST_F(LiveQuotaTest, SendersReportItAndElseWhatTheirSettingsSay) {
  testing::ScriptedTransport transport;
  testing::FixedCredentials credentials;
  AwsCaller caller({transport, credentials, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s);
  AwsSmsSettings settings;
  settings.quota = SenderQuota{5, 5, "SMS_PARTS_PER_SECOND"};
  const AwsSmsSender sms(caller, settings, &quota_);
  const AwsEmailSender email(caller, {}, &quota_);
  EXPECT_EQ(sms.quota()->per_second, 5);
  EXPECT_FALSE(email.quota());
  answers_ = {SenderQuota{3, 3, "live"}};
  start();
  EXPECT_EQ(sms.quota()->per_second, 3);
  EXPECT_EQ(email.quota()->per_second, 3);
  EXPECT_EQ(AwsSmsSender(caller, settings).quota()->per_second, 5);
}

TEST_F(LiveQuotaTest, OfEmailIsWhatSesAllowsASecond) {
  testing::ScriptedTransport transport;
  testing::FixedCredentials credentials;
  AwsCaller caller({transport, credentials, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s);
  EmailAccountClient client({.caller = caller, .clock = clock_});
  const auto ask = [&, this](std::string body, int status = 200) {
    transport.answers = {HttpReply{status, {}, std::move(body)}};
    const LiveQuota::Ask question = ask_email_quota(client);  // outlives what it began
    auto future = asio::co_spawn(context_, question(), asio::use_future);
    clock_.advance(1min);
    return future.get();
  };
  const auto quota = ask(R"({"SendQuota":{"MaxSendRate":14.5,"Max24HourSend":50000}})");
  ASSERT_TRUE(quota && *quota);
  EXPECT_EQ((*quota)->per_second, 14.5);
  EXPECT_EQ((*quota)->burst, 14);
  EXPECT_EQ(ask("{}"), std::nullopt) << "an unknown rate is no rate of 0";
  EXPECT_EQ(ask("{}", 403).error().kind, ErrorKind::Denied);
}

SmsNumber number(std::string id, std::string type, std::optional<double> rate = {}, std::string registration = {}) {
  return {.id = std::move(id),
          .number = "+12065550100",
          .status = "ACTIVE",
          .country = "US",
          .type = std::move(type),
          .message_type = "PROMOTIONAL",
          .pool_id = "pool-1",
          .registration_id = std::move(registration),
          .opt_out_list = "Default",
          .can_send_sms = true,
          .parts_per_second = rate};
}

TEST(SmsQuota, IsWhatItsNumbersMaySendTogether) {
  std::vector<SmsNumber> numbers{number("a", "TOLL_FREE", 3), number("b", "SHORT_CODE", 100),
                                 number("c", "TEN_DLC", 75, "r"), number("d", "TEN_DLC", 75, "r")};
  EXPECT_EQ(sms_quota("pool-1", numbers, {})->per_second, 178) << "one registration has one rate";
  EXPECT_EQ(sms_quota("pool-1", numbers, {})->source, "SMS DescribePhoneNumbers");
  EXPECT_EQ(sms_quota("arn:aws:sms-voice:us-east-1:1:pool/pool-1", numbers, {})->per_second, 178);
  EXPECT_EQ(sms_quota("a", numbers, {})->per_second, 3);
  numbers[0].status = "PENDING";
  numbers[1].can_send_sms = false;
  EXPECT_EQ(sms_quota("pool-1", numbers, {})->per_second, 75);
  numbers[2].number = "+19995550100";
  EXPECT_EQ(sms_quota("+19995550100", numbers, {})->per_second, 75);
}

TEST(SmsQuota, WithoutRatesIsTheUsualOneOfEachKind) {
  const std::vector<SmsNumber> numbers{number("a", "TOLL_FREE"), number("b", "SHORT_CODE"), number("c", "LONG_CODE")};
  EXPECT_EQ(sms_quota("pool-1", numbers, {})->per_second, 113);
  EXPECT_EQ(sms_quota("pool-1", numbers, {})->source, "usual rate of its kinds of number");
  auto canadian = number("d", "LONG_CODE");
  canadian.country = "CA";
  EXPECT_EQ(sms_quota("d", std::vector{canadian}, {})->per_second, 1);
  EXPECT_EQ(sms_quota("MYSHOP", numbers, {})->per_second, 10) << "a sender id";
  EXPECT_FALSE(sms_quota("pool-2", numbers, {})) << "nothing is known of an empty pool";
  EXPECT_FALSE(sms_quota("e", std::vector{number("e", "TEN_DLC")}, {})) << "its registration decides, and nobody tells";
}

TEST(SmsQuota, WhatTheOperatorSaysStandsUnlessAwsKnowsLess) {
  const SenderQuota stated{50, 50, "SMS_PARTS_PER_SECOND"};
  const std::vector<SmsNumber> told{number("a", "TOLL_FREE", 30)};
  EXPECT_EQ(sms_quota("pool-1", told, stated)->per_second, 30);
  EXPECT_FALSE(sms_quota("pool-1", std::vector{number("a", "SHORT_CODE", 100)}, stated));
  EXPECT_FALSE(sms_quota("pool-1", std::vector{number("a", "TOLL_FREE")}, stated))
      << "a usual rate is only a guess, and the operator has said better";
  EXPECT_FALSE(sms_quota("MYSHOP", told, stated));
}

}  // namespace
}  // namespace clarion
