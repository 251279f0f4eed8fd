#include "audience/filter_form.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "audience/filter_text.h"
#include "sample_vocabulary.h"

namespace clarion {
namespace {

std::string sql(std::string_view body) {
  const auto filter = parse_filter_form(boost::json::parse(body).as_object(), sample_vocabulary());
  return filter ? to_sql(*filter) : filter.error().message;
}

TEST(FilterForm, ReadsEveryMember) {
  EXPECT_EQ(
      sql(R"({"location":"Bengaluru","filters":{"min_purchases":2,"max_purchases":9,"has_cart_items":true,"country":"India"}})"),
      "cart_skus IS NOT EMPTY AND city = 'Bangalore' AND country = 'IN' AND purchase_count <= 9 AND purchase_count >= "
      "2");
  EXPECT_EQ(sql(R"({"sku":"SKU-LAPTOP-1"})"),
            "'SKU-LAPTOP-1' IN browsed_skus OR 'SKU-LAPTOP-1' IN cart_skus OR 'SKU-LAPTOP-1' IN purchased_skus");
  EXPECT_EQ(sql(R"({"filters":{"category":"Home"}})"),
            "'SKU-COFFEE-1' IN browsed_skus OR 'SKU-COFFEE-1' IN cart_skus OR 'SKU-COFFEE-1' IN purchased_skus");
  EXPECT_EQ(sql(R"({"filters":{"has_cart_items":false,"country":"us"}})"), "cart_skus IS EMPTY AND country = 'US'");
  EXPECT_EQ(sql(R"({"location":"India"})"), "country = 'IN'");
  EXPECT_EQ(sql(R"({"location":"Atlantis"})"), "city = 'Atlantis'");
}

TEST(FilterForm, TakesWhatIsAbsentAsAnyone) {
  EXPECT_EQ(sql("{}"), "TRUE");
  EXPECT_EQ(
      sql(R"({"location":"","sku":null,"filters":{"min_purchases":0,"max_purchases":null,"category":"","country":null}})"),
      "TRUE");
  EXPECT_EQ(sql(R"({"filters":null,"natural_language_query":"not ours"})"), "TRUE");
  EXPECT_EQ(sql(R"({"filters":{"max_purchases":0}})"), "purchase_count <= 0");
}

TEST(FilterForm, SaysWhichMemberIsWrong) {
  EXPECT_EQ(sql(R"({"location":7})"), "location must be a text");
  EXPECT_EQ(sql(R"({"sku":[]})"), "sku must be a text");
  EXPECT_EQ(sql(R"({"filters":[]})"), "filters must be an object");
  EXPECT_EQ(sql(R"({"filters":{"min_purchases":"2"}})"),
            "filters.min_purchases must be a whole number from 0 to 1000000000");
  EXPECT_EQ(sql(R"({"filters":{"min_purchases":-1}})"),
            "filters.min_purchases must be a whole number from 0 to 1000000000");
  EXPECT_EQ(sql(R"({"filters":{"max_purchases":1.5}})"),
            "filters.max_purchases must be a whole number from 0 to 1000000000");
  EXPECT_EQ(sql(R"({"filters":{"min_purchases":5,"max_purchases":2}})"),
            "filters.min_purchases (5) must not be above filters.max_purchases (2)");
  EXPECT_EQ(sql(R"({"filters":{"category":"toys"}})"), "filters.category \"toys\" is not a category of any product");
  EXPECT_EQ(sql(R"({"filters":{"country":"Narnia"}})"),
            "filters.country \"Narnia\" is not a country; use a name or a two-letter code");
  EXPECT_EQ(sql(R"({"filters":{"has_cart_items":"yes"}})"), "filters.has_cart_items must be true or false");
  EXPECT_EQ(sql(R"({"filters":{"min_purchase":1}})"),
            "filters.min_purchase is not known; use min_purchases, max_purchases, category, has_cart_items or country");
}

}  // namespace
}  // namespace clarion
