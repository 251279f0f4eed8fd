#include "domain/price_table.h"

#include <gtest/gtest.h>

#include <string>

namespace clarion {
namespace {

std::string sms_document(std::string rows, std::string head = "") {
  return R"({"channel":"sms","unit":"part","currency":"USD","date":"2026-11-22","source":"a page")" + head +
         R"(,"rows":[)" + rows + "]}";
}

constexpr const char* default_row = R"({"country":"*","usd":0.08,"example":true})";

std::string error_of(const std::string& json) {
  const auto table = PriceTable::parse(json);
  return table ? "accepted" : table.error().message;
}

TEST(PriceTable, ChargesEverySmsPartAtTheCountrysRate) {
  const auto table = PriceTable::parse(sms_document(std::string(default_row) + R"(,{"country":"US","usd":0.00581})"));
  ASSERT_TRUE(table) << table.error().message;
  const Price price = table->price(Channel::Sms, "US", 3);
  EXPECT_EQ(price.amount.micros, 3 * 5810);
  EXPECT_EQ(price.row->country, "US");
  EXPECT_EQ(price.row->source, "a page");
  EXPECT_EQ(price.row->date, "2026-11-22");
  EXPECT_FALSE(price.row->is_example);
}

TEST(PriceTable, TakesTheDefaultRowForAnyOtherCountry) {
  const auto table = PriceTable::parse(sms_document(std::string(default_row) + R"(,{"country":"US","usd":0.00581})"));
  ASSERT_TRUE(table);
  for (const char* country : {"", "ZZ", "us", "\xff\xfe"}) {
    const Price price = table->price(Channel::Sms, country, 1);
    EXPECT_EQ(price.amount.micros, 80'000) << country;
    EXPECT_EQ(price.row->country, "*");
    EXPECT_TRUE(price.row->is_example);
  }
}

TEST(PriceTable, AddsTheProvidersFeeToEveryWhatsAppMessage) {
  const auto table = PriceTable::parse(
      R"({"channel":"whatsapp","unit":"message","currency":"USD","date":"2026-01-01","source":"s","fee_usd":0.005,"rows":[
        {"country":"*","category":"marketing","usd":0.06},{"country":"*","category":"utility","usd":0.007},
        {"country":"*","category":"authentication","usd":0.007},{"country":"IN","category":"marketing","usd":0.0118}]})");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->price(Channel::WhatsApp, "IN", 1).amount.micros, 16'800);
  EXPECT_EQ(table->price(Channel::WhatsApp, "IN", 1, MessageCategory::Utility).amount.micros, 12'000);
}

TEST(PriceTable, BuiltInPricesCoverEveryChannelWithSourceAndDate) {
  const PriceTable& table = PriceTable::built_in();
  for (const Channel channel : all_channels) EXPECT_TRUE(table.has(channel));
  EXPECT_EQ(table.price(Channel::Email, "US", 1000).amount, Money::from_usd(0.10));
  EXPECT_GE(table.rows().size(), 18U + 3 * 17U + 1U);
  for (const PriceRow* row : table.rows()) {
    EXPECT_FALSE(row->source.empty());
    EXPECT_EQ(row->date.size(), 10U);
    EXPECT_GT(row->unit_price.micros, 0);
  }
}

TEST(PriceTable, AnOperatorsDocumentReplacesItsChannelOnly) {
  PriceTable table = PriceTable::built_in();
  const Money email = table.price(Channel::Email, "US", 1).amount;
  table.replace(*PriceTable::parse(sms_document(R"({"country":"*","usd":0.5})")));
  EXPECT_EQ(table.price(Channel::Sms, "US", 1).amount, Money::from_usd(0.5));
  EXPECT_EQ(table.price(Channel::Email, "US", 1).amount, email);
}

TEST(PriceTable, NamesWhatIsWrong) {
  EXPECT_EQ(error_of(sms_document(R"({"country":"US","usd":0.1})")),
            "price table: $.rows needs a row with country \"*\" for every country: what a country without a row costs");
  EXPECT_EQ(error_of(sms_document(std::string(default_row) + "," + default_row)),
            "price table: $.rows has two prices for country \"*\"");
  EXPECT_EQ(error_of(sms_document(R"({"country":"*","usd":-1})")),
            "price table: $.rows[0].usd is -1; a price must be between 0 and 10 US dollars");
  EXPECT_EQ(error_of(sms_document(R"({"country":"*","usd":10.5})")),
            "price table: $.rows[0].usd is 10.5; a price must be between 0 and 10 US dollars");
  EXPECT_EQ(error_of(sms_document(R"({"country":"*","usd":"0.1"})")),
            "price table: $.rows[0].usd must be a number of US dollars");
  EXPECT_EQ(error_of(sms_document(R"({"country":"USA","usd":0.1})")),
            "price table: $.rows[0].country must be two capital letters (ISO 3166-1) or \"*\"");
  EXPECT_EQ(error_of(sms_document(R"({"country":"*","usd":0.1,"category":"utility"})")),
            "price table: $.rows[0].category is for whatsapp only");
  EXPECT_EQ(error_of(sms_document(R"({"country":"*","usd":0.1,"prize":1})")),
            "price table: $.rows[0] has the unknown member \"prize\"");
  EXPECT_EQ(error_of(R"({"channel":"sms","unit":"part","currency":"EUR"})"),
            "price table: $.currency must be \"USD\"; convert the figures first");
}

TEST(PriceTable, RefusesEveryOtherShape) {
  const std::string deep(100'000, '[');
  for (const std::string& json :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"), std::string("{\"channel\":\"fax\"}"),
        std::string("\xff\xfe{\0}\0", 6), std::string("{\"channel\":\"s\xff\"}"), deep, sms_document(""),
        sms_document("1"), sms_document("null"), sms_document(R"({"country":"*","usd":1e999})"),
        sms_document(default_row, R"(,"fee_usd":-1)"), sms_document("{}"),
        std::string(
            R"({"channel":"sms","unit":"message","currency":"USD","date":"2026-11-22","source":"s","rows":[]})"),
        std::string(
            R"({"channel":"sms","unit":"part","currency":"USD","date":"2026-13-22","source":"s","rows":[]})")}) {
    EXPECT_NE(error_of(json), "accepted") << json.substr(0, 80);
  }
}

}  // namespace
}  // namespace clarion
