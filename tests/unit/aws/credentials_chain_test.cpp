#include "aws/credentials_chain.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>

#include "fakes/aws_sources.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// Answers only after a while, so that others can come in between.
class SlowTransport final : public HttpTransport {
 public:
  SlowTransport(testing::ScriptedTransport& inner, Clock& clock) : inner_(inner), clock_(clock) {}
  Task<testing::TransportAnswer> exchange(HttpCall call) override {
    co_await clock_.sleep_for(1s);
    co_return co_await inner_.exchange(call);
  }

 private:
  testing::ScriptedTransport& inner_;
  Clock& clock_;
};

class CredentialsChainTest : public ::testing::Test {
 protected:
  using Answer = std::future<Result<AwsCredentials>>;

  Answer start() { return asio::co_spawn(context_, chain_.get(), asio::use_future); }
  static std::string read(Answer& answer) {
    if (answer.wait_for(0s) != std::future_status::ready) return "waiting";
    const auto keys = answer.get();
    return keys ? keys->access_key_id : std::string(to_string(keys.error().kind)) + ": " + keys.error().message;
  }
  // The key id, or "kind: sentence"; time moves by 2 s.
  std::string get() {
    auto answer = start();
    clock_.advance(2s);
    return read(answer);
  }
  void use_container() { sources_.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x"; }
  // The next answer of the container: keys that live as long as said from now on.
  void issue(const std::string& id, std::chrono::milliseconds life) {
    transport_.answers.push_back(HttpReply{200,
                                           {},
                                           fmt::format(R"({{"AccessKeyId":"{}","SecretAccessKey":"s","Token":"t",)"
                                                       R"("Expiration":"{}"}})",
                                                       id, format_iso8601(clock_.wall_now() + life))});
  }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  SlowTransport slow_{transport_, clock_};
  testing::FakeAwsSources sources_{.variables = {{"HOME", "/h"}, {"AWS_REGION", "eu-west-1"}}, .files = {}};
  CredentialsChain chain_{{sources_.sources(), slow_, clock_, 7}};
};

TEST_F(CredentialsChainTest, AsksThePlacesInTheOrderOfTheSdks) {
  issue("INSTANCE", 1h);
  transport_.answers.push_front(HttpReply{200, {}, "role"});
  transport_.answers.push_front(HttpReply{200, {}, "TOKEN"});
  EXPECT_EQ(get(), "waiting");
  clock_.advance(2s);
  EXPECT_EQ(get(), "INSTANCE");
  const auto next = [this] {
    CredentialsChain fresh({sources_.sources(), transport_, clock_});
    auto answer = asio::co_spawn(context_, fresh.get(), asio::use_future);
    clock_.settle();
    return read(answer);
  };
  const std::string sts =
      "<AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
      "<Expiration>2026-11-02T12:00:00Z</Expiration>";
  use_container();
  issue("CONTAINER", 1h);
  EXPECT_EQ(next(), "CONTAINER");
  sources_.files["/h/.aws/credentials"] = "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n";
  EXPECT_EQ(next(), "FILE");
  sources_.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
  sources_.variables["AWS_ROLE_ARN"] = "arn:web";
  sources_.files["/token"] = "x";
  transport_.answers = {HttpReply{200, {}, sts}};
  EXPECT_EQ(next(), "ROLE");
  EXPECT_TRUE(transport_.requests.back().contains("RoleArn=arn%3Aweb"));
  sources_.files["/h/.aws/config"] = "[default]\nrole_arn = arn:profile\nsource_profile = default\n";
  transport_.answers = {HttpReply{200, {}, sts}};
  EXPECT_EQ(next(), "ROLE");
  EXPECT_TRUE(transport_.requests.back().contains("RoleArn=arn%3Aprofile"));
  sources_.variables["AWS_ACCESS_KEY_ID"] = "ENVIRONMENT";
  sources_.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(next(), "ENVIRONMENT");
}

TEST_F(CredentialsChainTest, SaysWhatToDoWhenThereAreNone) {
  sources_.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_EQ(get(),
            "denied: No AWS credentials were found: attach a role to the task or instance, or set AWS_PROFILE, or set "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
  EXPECT_FALSE(chain_.describe());
}

TEST_F(CredentialsChainTest, APlaceThatDoesNotWorkEndsTheSearch) {
  sources_.files["/h/.aws/config"] = "[default]\nsso_session = corp\n";
  use_container();
  issue("CONTAINER", 1h);
  EXPECT_TRUE(get().starts_with("denied: Profile 'default' signs in through IAM Identity Center"));
  EXPECT_TRUE(transport_.requests.empty());
}

TEST_F(CredentialsChainTest, DescribesThemWithoutTheirSecrets) {
  sources_.variables["AWS_PROFILE"] = "shop";
  sources_.files["/h/.aws/credentials"] =
      "[shop]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalr\n";
  EXPECT_EQ(get(), "AKIAIOSFODNN7EXAMPLE");
  const auto described = chain_.describe();
  ASSERT_TRUE(described);
  EXPECT_EQ(described->source, "profile 'shop' of ~/.aws/credentials");
  EXPECT_EQ(described->access_key_id, "****MPLE");
  EXPECT_FALSE(described->expires_at);
}

TEST_F(CredentialsChainTest, KeysThatDoNotExpireAreNeverAskedForAgain) {
  sources_.files["/h/.aws/credentials"] = "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n";
  EXPECT_EQ(get(), "FILE");
  sources_.files.clear();
  clock_.advance(1000h);
  EXPECT_EQ(get(), "FILE");
}

TEST_F(CredentialsChainTest, OneRefreshesAheadOfExpiryWhileTheOthersGoOn) {
  use_container();
  issue("FIRST", 1h);
  EXPECT_EQ(get(), "FIRST");
  clock_.advance(53min);
  EXPECT_EQ(get(), "FIRST");
  EXPECT_EQ(transport_.requests.size(), 1U) << "7 minutes before they expire it is too early";
  clock_.advance(2min);
  issue("SECOND", 1h);
  auto one = start();
  auto other = start();
  clock_.settle();
  EXPECT_EQ(read(one), "waiting");
  EXPECT_EQ(read(other), "FIRST");
  clock_.advance(1s);
  EXPECT_EQ(read(one), "SECOND");
  EXPECT_EQ(get(), "SECOND");
  EXPECT_EQ(transport_.requests.size(), 2U);
}

TEST_F(CredentialsChainTest, ARefreshThatFailsAheadOfExpiryIsTriedAgainLater) {
  use_container();
  issue("FIRST", 1h);
  EXPECT_EQ(get(), "FIRST");
  clock_.advance(56min);
  transport_.answers = {HttpReply{403, {}, ""}};
  EXPECT_EQ(get(), "FIRST");
  EXPECT_EQ(get(), "FIRST");
  EXPECT_EQ(transport_.requests.size(), 2U) << "not at every call";
  clock_.advance(1min);
  issue("SECOND", 1h);
  EXPECT_EQ(get(), "SECOND");
}

TEST_F(CredentialsChainTest, WhenNothingUsableIsLeftAllWaitForOneRefresh) {
  use_container();
  issue("FIRST", 1h);
  EXPECT_EQ(get(), "FIRST");
  clock_.advance(2h);
  issue("SECOND", 1h);
  auto one = start();
  auto other = start();
  clock_.settle();
  EXPECT_EQ(read(one), "waiting");
  EXPECT_EQ(read(other), "waiting");
  clock_.advance(1s);
  EXPECT_EQ(read(one), "SECOND");
  EXPECT_EQ(read(other), "SECOND");
  EXPECT_EQ(transport_.requests.size(), 2U);
}

TEST_F(CredentialsChainTest, AFailureIsToldToAllWhoWaitedAndForgottenAfterAWhile) {
  use_container();
  transport_.answers = {HttpReply{403, {}, ""}};
  auto one = start();
  auto other = start();
  clock_.advance(1s);
  EXPECT_TRUE(read(one).starts_with("denied: The container"));
  EXPECT_TRUE(read(other).starts_with("denied: The container"));
  EXPECT_EQ(transport_.requests.size(), 1U);
  clock_.advance(5s);
  issue("FIRST", 1h);
  EXPECT_EQ(get(), "FIRST");
}

TEST_F(CredentialsChainTest, WhatTheServiceRefusedIsNotHandedOutAgain) {
  use_container();
  issue("FIRST", 1h);
  EXPECT_EQ(get(), "FIRST");
  const AwsCredentials first{"FIRST", "s", "t"};
  chain_.expire(first);
  issue("SECOND", 1h);
  EXPECT_EQ(get(), "SECOND");
  chain_.expire(first);
  EXPECT_EQ(get(), "SECOND") << "a late refusal of the old keys says nothing about the new";
  EXPECT_EQ(transport_.requests.size(), 2U);
}

TEST_F(CredentialsChainTest, RefusedKeysInAFileCountAgainOnceTheFileHasOthers) {
  sources_.files["/h/.aws/credentials"] = "[default]\naws_access_key_id = OLD\naws_secret_access_key = s\n";
  EXPECT_EQ(get(), "OLD");
  chain_.expire({"OLD", "s", ""});
  EXPECT_EQ(get(),
            "denied: AWS refused the credentials of profile 'default' of ~/.aws/credentials as expired; renew them "
            "there.");
  sources_.files["/h/.aws/credentials"] = "[default]\naws_access_key_id = NEW\naws_secret_access_key = s\n";
  clock_.advance(5s);
  EXPECT_EQ(get(), "NEW");
}

TEST_F(CredentialsChainTest, KeysOfAShortLifeAreNotAskedForAtEveryCall) {
  use_container();
  issue("SHORT", 4min);
  EXPECT_EQ(get(), "SHORT");
  EXPECT_EQ(get(), "SHORT");
  EXPECT_EQ(transport_.requests.size(), 1U);
  clock_.advance(1min);
  issue("SHORT", 2min);
  EXPECT_EQ(get(), "SHORT");
  EXPECT_EQ(transport_.requests.size(), 2U);
}

TEST_F(CredentialsChainTest, SomebodyElseTakesOverWhenTheOneWhoRefreshesIsCancelled) {
  use_container();
  issue("FIRST", 1h);
  asio::cancellation_signal signal;
  bool has_ended = false;
  asio::co_spawn(context_, chain_.get(),
                 asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr& why, const auto& /*keys*/) {
                   has_ended = why != nullptr;
                 }));
  auto other = start();
  clock_.settle();
  signal.emit(asio::cancellation_type::terminal);
  clock_.settle();
  EXPECT_TRUE(has_ended);
  EXPECT_EQ(read(other), "waiting");
  clock_.advance(1s);
  EXPECT_EQ(read(other), "FIRST");
}

}  // namespace
}  // namespace clarion
