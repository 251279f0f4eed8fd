#include "app/price_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace clarion {
namespace {

class PriceFiles : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_ / "prices"); }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(const char* name, std::string_view text) { std::ofstream(directory_ / "prices" / name) << text; }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("clarion-prices-" + std::to_string(::getpid()));
};

constexpr std::string_view own_sms =
    R"({"channel":"sms","unit":"part","currency":"USD","date":"2026-11-01","source":"our contract",)"
    R"("rows":[{"country":"*","usd":0.5},{"country":"IN","usd":0.001}]})";

TEST_F(PriceFiles, ReplaceTheBuiltInPricesOfTheirChannelOnly) {
  write("sms.json", own_sms);
  const auto prices = load_prices(directory_);
  ASSERT_TRUE(prices) << prices.error().message;
  EXPECT_EQ((*prices)->price(Channel::Sms, "IN", 2).amount, Money::from_usd(0.002));
  EXPECT_EQ((*prices)->price(Channel::Sms, "BR", 1).amount, Money::from_usd(0.5));
  EXPECT_FALSE((*prices)->price(Channel::Sms, "IN", 1).row->is_example);
  EXPECT_EQ((*prices)->price(Channel::Email, "IN", 1).amount,
            PriceTable::built_in().price(Channel::Email, "IN", 1).amount);
}

TEST_F(PriceFiles, AreNotNeeded) {
  std::filesystem::remove_all(directory_);
  const auto prices = load_prices(directory_);
  ASSERT_TRUE(prices);
  EXPECT_TRUE((*prices)->has(Channel::WhatsApp));
}

TEST_F(PriceFiles, ThatAreWrongAreNamed) {
  for (const std::string_view wrong :
       {std::string_view("{"), std::string_view(R"({"channel":"email"})"), std::string_view("")}) {
    write("sms.json", wrong);
    const auto prices = load_prices(directory_);
    ASSERT_FALSE(prices) << wrong;
    EXPECT_NE(prices.error().message.find("sms.json"), std::string::npos) << prices.error().message;
  }
  write("sms.json", own_sms);
  write("email.json", own_sms);
  EXPECT_FALSE(load_prices(directory_)) << "a file of another channel";
}

}  // namespace
}  // namespace clarion
