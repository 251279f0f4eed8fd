// What a verifier believes, for how long, and how often it lets somebody be wrong.

#include "access/token_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <vector>

#include "access/token.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_token_store.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

constexpr ScryptCost cheap{.log2_n = 4, .block_size = 1, .parallelism = 1};

class TokenVerifierTest : public ::testing::Test {
 protected:
  asio::io_context context_;
  ManualClock clock_{context_};
  MemoryTokenStore tokens_;
  TokenVerifier::Options options_;
  std::optional<TokenVerifier> verifier_;

  TokenVerifier& verifier() {
    if (!verifier_) verifier_.emplace(TokenVerifier::Deps{tokens_, clock_}, "clarion_process_x", options_);
    return *verifier_;
  }
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    asio::co_spawn(context_, std::move(task), [&](const std::exception_ptr& thrown, T value) {
      ASSERT_FALSE(thrown);
      result.emplace(std::move(value));
    });
    context_.restart();
    while (!result) context_.run_one();
    return std::move(*result);
  }
  std::string issue(const std::string& name, ScopeSet scopes = {Scope::Read}) {
    const auto issued = issue_token(name, scopes, clock_.wall_now(), cheap).value();
    EXPECT_TRUE(run(tokens_.create(issued.stored)));
    return issued.text;
  }
  // "ops read" or the kind of the error.
  std::string ask(const std::string& token, const std::string& client = "203.0.113.7") {
    const auto grant = run(verifier().verify(token, client));
    return grant ? grant->name + " " + to_string(grant->scopes) : std::string(to_string(grant.error().kind));
  }
  // The same token with another secret.
  static std::string guess(std::string token) {
    token.back() = token.back() == 'A' ? 'E' : 'A';
    return token;
  }
};

TEST_F(TokenVerifierTest, ARightTokenGrantsItsScopesAndAWrongOneNothing) {
  const std::string ops = issue("ops", {Scope::Read, Scope::Send});
  EXPECT_EQ(ask(ops), "ops read,send");
  EXPECT_EQ(ask(guess(ops)), "denied");
  EXPECT_EQ(ask("clarion_aaaaaaaaaaaa_" + std::string(43, 'a')), "denied") << "an id that nobody has";
  EXPECT_EQ(ask("nonsense"), "denied");
  EXPECT_EQ(ask(""), "denied");
  EXPECT_EQ(ask("clarion_process_x"), "process read,write,send");
  EXPECT_EQ(ask("clarion_process_y"), "denied");
}

TEST_F(TokenVerifierTest, AProcessWithoutATokenOfItsOwnBelievesNoEmptyOne) {
  verifier_.emplace(TokenVerifier::Deps{tokens_, clock_}, "", options_);
  EXPECT_EQ(ask(""), "denied");
}

TEST_F(TokenVerifierTest, ARememberedTokenAsksTheStoreOnlyNowAndThen) {
  const std::string ops = issue("ops");
  ask(ops);
  const int asked = tokens_.finds;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask(ops), "ops read");
  EXPECT_EQ(tokens_.finds, asked);
  clock_.advance(2001ms);
  EXPECT_EQ(ask(ops), "ops read");
  EXPECT_EQ(ask(ops), "ops read");
  EXPECT_EQ(tokens_.finds, asked + 1);
}

TEST_F(TokenVerifierTest, ARevokedTokenStopsWithinTwoSeconds) {
  const std::string ops = issue("ops");
  ASSERT_EQ(ask(ops), "ops read");
  ASSERT_TRUE(run(tokens_.revoke("ops")).value());
  clock_.advance(2001ms);
  EXPECT_EQ(ask(ops), "denied");
  EXPECT_EQ(ask(ops), "denied") << "and is not remembered again";
  issue("ops");
  EXPECT_EQ(ask(ops), "denied") << "another token of the same name is another token";
}

TEST_F(TokenVerifierTest, NobodyIsLetInWhileTheStoreDoesNotAnswer) {
  const std::string ops = issue("ops");
  const std::string later = issue("later");
  ASSERT_EQ(ask(ops), "ops read");
  tokens_.outage = Error{ErrorKind::Unavailable, "away"};
  EXPECT_EQ(ask(ops), "ops read") << "within the time it is trusted";
  EXPECT_EQ(ask(later), "unavailable");
  clock_.advance(3s);
  EXPECT_EQ(ask(ops), "unavailable");
  tokens_.outage.reset();
  EXPECT_EQ(ask(ops), "ops read");
}

TEST_F(TokenVerifierTest, WrongTokensAreLimitedByClientAndOthersAreNotHeldUp) {
  options_.attempts.each = {.per_second = 0.5, .burst = 3};
  const std::string ops = issue("ops");
  const std::string known = issue("known");
  ASSERT_EQ(ask(known), "known read");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("nonsense"), "denied");
  const auto refused = run(verifier().verify("nonsense", "203.0.113.7"));
  EXPECT_EQ(refused.error().kind, ErrorKind::Throttled);
  EXPECT_EQ(refused.error().retry_after, 2s);
  EXPECT_EQ(ask("nonsense", "203.0.113.8"), "denied") << "another client";
  EXPECT_EQ(ask(known), "known read") << "a right one is not held up";
  EXPECT_EQ(ask(ops), "ops read") << "nor one that is not remembered: behind a proxy all are one client";
  clock_.advance(2s);
  EXPECT_EQ(ask("nonsense"), "denied");
  EXPECT_EQ(ask("nonsense"), "throttled");
}

TEST_F(TokenVerifierTest, GuessesAtAKnownIdAreLimitedForThatIdAlone) {
  options_.attempts.each = {.per_second = 0.5, .burst = 3};
  const std::string ops = issue("ops");
  const std::string shop = issue("shop");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(guess(ops)), "denied");
  EXPECT_EQ(ask(guess(ops)), "throttled");
  EXPECT_EQ(ask(ops), "throttled") << "nobody knows yet that this one is right";
  EXPECT_EQ(ask(shop), "shop read");
  EXPECT_EQ(ask(ops, "203.0.113.8"), "ops read");
  EXPECT_EQ(ask(ops), "ops read") << "remembered now";
}

TEST_F(TokenVerifierTest, RightTokensCostNoAttempt) {
  options_.attempts.each = {.per_second = 0.001, .burst = 2};
  options_.attempts.hashes = {.per_second = 0.001, .burst = 2};
  for (int i = 0; i < 20; ++i) {
    const std::string name = "n" + std::to_string(i);
    EXPECT_EQ(ask(issue(name)), name + " read");
  }
}

TEST_F(TokenVerifierTest, SlowHashesAreFewWhoeverAsksForThem) {
  options_.attempts.hashes = {.per_second = 1, .burst = 4};
  const std::string ops = issue("ops");
  std::string answers;
  for (int i = 0; i < 8; ++i) answers += ask(guess(ops), "203.0.113." + std::to_string(i)).substr(0, 1);
  EXPECT_EQ(answers, "ddddtttt") << "guesses at a known id";
  EXPECT_EQ(ask("clarion_aaaaaaaaaaaa_" + std::string(43, 'a'), "203.0.113.99"), "denied") << "no hash, no limit";
}

TEST_F(TokenVerifierTest, MoreThanMayWaitForAHashAreToldToComeBack) {
  options_.waiting_hashes = 4;
  options_.attempts.each.burst = 100;
  const std::string ops = issue("ops");
  std::vector<std::string> answers;
  for (int i = 0; i < 10; ++i) {
    asio::co_spawn(
        context_,
        [](TokenVerifier& asked, std::string token, std::vector<std::string>& into) -> Task<void> {
          const auto grant = co_await asked.verify(std::move(token), "203.0.113.7");
          into.emplace_back(grant ? "granted" : to_string(grant.error().kind));
        }(verifier(), ops, answers),
        asio::detached);
  }
  context_.restart();
  while (answers.size() < 10) context_.run_one();
  const auto granted = std::ranges::count(answers, "granted");
  EXPECT_GE(granted, 4);
  EXPECT_EQ(granted + std::ranges::count(answers, "throttled"), 10);
  EXPECT_EQ(ask(ops), "ops read");
}

TEST_F(TokenVerifierTest, WhatIsRememberedIsBounded) {
  options_.remembered = 2;
  const std::string a = issue("a");
  const std::string b = issue("b");
  const std::string c = issue("c");
  ask(a);
  clock_.advance(1ms);
  ask(b);
  clock_.advance(1ms);
  ask(a);
  clock_.advance(1ms);
  ask(c);  // b was used longest ago
  const int asked = tokens_.finds;
  ask(a);
  EXPECT_EQ(tokens_.finds, asked);
  ask(b);
  EXPECT_EQ(tokens_.finds, asked + 1);
}

TEST(AttemptLimit, AnIpv6NetworkIsOneClient) {
  AttemptLimit limit({.each = {.per_second = 1, .burst = 1}, .hashes = {}, .clients = 10});
  const TimePoint now{};
  EXPECT_EQ(limit.charge(now, "2001:db8::1"), Duration::zero());
  EXPECT_GT(limit.charge(now, "2001:db8::2"), Duration::zero());
  EXPECT_EQ(limit.charge(now, "2001:db8:0:1::1"), Duration::zero());
  EXPECT_EQ(limit.charge(now, "203.0.113.1"), Duration::zero());
  EXPECT_EQ(limit.charge(now, "203.0.113.2"), Duration::zero());
  EXPECT_EQ(limit.clients(), 4U);
}

TEST(AttemptLimit, TheClientNotHeardOfForLongestMakesRoom) {
  AttemptLimit limit({.each = {.per_second = 0.001, .burst = 1}, .hashes = {}, .clients = 2});
  const TimePoint start{};
  EXPECT_EQ(limit.charge(start, "203.0.113.1"), Duration::zero());
  EXPECT_EQ(limit.charge(start + 1s, "203.0.113.2"), Duration::zero());
  EXPECT_EQ(limit.charge(start + 2s, "203.0.113.3"), Duration::zero());
  EXPECT_EQ(limit.clients(), 2U);
  EXPECT_GT(limit.charge(start + 3s, "203.0.113.2"), Duration::zero());
  EXPECT_EQ(limit.charge(start + 4s, "203.0.113.1"), Duration::zero());
}

}  // namespace
}  // namespace clarion::testing
