#include "domain/token_stock.h"

#include <gtest/gtest.h>

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

const TimePoint start{std::chrono::hours(9)};

TEST(TokenStock, ATokenCanBeUsedFromItsTimeOnAndNoLongerThanItsLife) {
  TokenStock stock;
  stock.add({.count = 3, .first_at = start, .spacing = 100ms, .life = 150ms});
  EXPECT_EQ(stock.held(), 3);
  EXPECT_EQ(stock.usable(start - 1ms), 0);
  EXPECT_EQ(stock.usable(start + 100ms), 2);
  EXPECT_EQ(stock.usable_at(3), start + 200ms);
  stock.forget_expired(start + 150ms);
  EXPECT_EQ(stock.held(), 3);
  stock.forget_expired(start + 151ms);
  EXPECT_EQ(stock.held(), 2);
  stock.forget_expired(start + 351ms);
  EXPECT_EQ(stock.held(), 0);
}

TEST(TokenStock, TheOldestAreTakenFirstOverSpans) {
  TokenStock stock;
  stock.add({.count = 2, .first_at = start});
  stock.add({.count = 2, .first_at = start + 1s, .spacing = 1s, .life = 5s});
  stock.take(3);
  EXPECT_EQ(stock.held(), 1);
  EXPECT_EQ(stock.usable_at(1), start + 2s);
  const TokenSpan rest = stock.remove_last();
  EXPECT_EQ(rest.count, 1);
  EXPECT_EQ(rest.first_at, start + 2s);
  EXPECT_EQ(stock.remove_last().count, 0);
}

TEST(TokenStock, TokensWaitForAMessageThatNeedsMoreThanTheBurst) {
  TokenStock stock;
  stock.add({.count = 1, .first_at = start, .spacing = 1s, .life = 100ms});
  stock.add({.count = 1, .first_at = start + 1s, .spacing = 1s, .life = 100ms});
  stock.forget_expired(start + 1s, 2);
  EXPECT_EQ(stock.usable(start + 1s), 2);
  stock.forget_expired(start + 1s, 1);
  EXPECT_EQ(stock.usable(start + 1s), 1);
}

}  // namespace
}  // namespace clarion::testing
