#include "audience/filter_text.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

using Texts = std::vector<std::string>;

TEST(FilterText, ReadsAsSql) {
  const Filter city = compare(Field::City, Operator::Equal, "Bangalore");
  const Filter bought = compare(Field::PurchaseCount, Operator::GreaterOrEqual, 2.0);
  const Filter sku = compare(Field::PurchasedSkus, Operator::Contains, "SKU-LAPTOP-1");
  EXPECT_EQ(to_sql(all_of({city, bought, sku})),
            "city = 'Bangalore' AND purchase_count >= 2 AND 'SKU-LAPTOP-1' IN purchased_skus");
  EXPECT_EQ(to_sql(all_of({city, any_of({bought, negate(sku)})})),
            "city = 'Bangalore' AND (purchase_count >= 2 OR NOT ('SKU-LAPTOP-1' IN purchased_skus))");
  EXPECT_EQ(to_sql(negate(any_of({city, bought}))), "NOT (city = 'Bangalore' OR purchase_count >= 2)");
  EXPECT_EQ(to_sql(Filter{}), "TRUE");
  EXPECT_EQ(to_sql(negate(Filter{})), "NOT TRUE");
}

TEST(FilterText, QuotesWhatATextContains) {
  EXPECT_EQ(to_sql(compare(Field::City, Operator::Equal, "x' OR '1'='1")), "city = 'x'' OR ''1''=''1'");
  EXPECT_EQ(to_sql(compare(Field::City, Operator::In, Texts{"L'Aquila", "Pune"})), "city IN ('L''Aquila', 'Pune')");
}

TEST(FilterText, ReadsEveryOperatorAndType) {
  EXPECT_EQ(to_sql(compare(Field::City, Operator::Contains, "pu")), "city CONTAINS 'pu'");
  EXPECT_EQ(to_sql(compare(Field::Tags, Operator::In, Texts{"a", "b"})), "tags OVERLAPS ('a', 'b')");
  EXPECT_EQ(to_sql(compare(Field::CartSkus, Operator::Exists, true)), "cart_skus IS NOT EMPTY");
  EXPECT_EQ(to_sql(compare(Field::CartSkus, Operator::Exists, false)), "cart_skus IS EMPTY");
  EXPECT_EQ(to_sql(compare(Field::Age, Operator::Exists, false)), "age IS NULL");
  EXPECT_EQ(to_sql(compare(Field::Age, Operator::NotEqual, 2.5)), "age != 2.5");
  EXPECT_EQ(to_sql(compare(Field::HasOpenComplaint, Operator::Equal, true)), "has_open_complaint = TRUE");
  EXPECT_EQ(to_sql(compare(Field::LastPurchaseAt, Operator::Less, DaysAgo{90})),
            "last_purchase_at < NOW() - INTERVAL '90 days'");
  EXPECT_EQ(to_sql(compare(Field::LastPurchaseAt, Operator::Less, WallTime{})),
            "last_purchase_at < TIMESTAMP '1970-01-01T00:00:00.000Z'");
}

TEST(FilterText, LabelsAComparisonForAPerson) {
  const auto label = [](Field field, Operator op, FilterValue value, bool is_negated = false) {
    return to_label({.field = field, .op = op, .value = std::move(value)}, is_negated);
  };
  EXPECT_EQ(label(Field::City, Operator::Equal, "Pune"), "City is Pune");
  EXPECT_EQ(label(Field::City, Operator::Equal, "Pune", true), "City is not Pune");
  EXPECT_EQ(label(Field::City, Operator::In, Texts{"A", "B", "C"}), "City is A, B or C");
  EXPECT_EQ(label(Field::PurchaseCount, Operator::GreaterOrEqual, 2.0), "Purchases at least 2");
  EXPECT_EQ(label(Field::PurchaseCount, Operator::GreaterOrEqual, 2.0, true), "Not: Purchases at least 2");
  EXPECT_EQ(label(Field::PurchasedSkus, Operator::Contains, "SKU-1"), "Bought SKU-1");
  EXPECT_EQ(label(Field::CartSkus, Operator::Exists, true), "Cart has items");
  EXPECT_EQ(label(Field::LastPurchaseAt, Operator::Less, DaysAgo{90}), "Last purchase before 90 days ago");
  EXPECT_EQ(label(Field::LastPurchaseAt, Operator::GreaterOrEqual, WallTime{}), "Last purchase at or after 1970-01-01");
  EXPECT_EQ(label(Field::ConsentEmailAt, Operator::GreaterOrEqual, DaysAgo{30}),
            "Date of email consent at or after 30 days ago");
  EXPECT_EQ(label(Field::ConsentSmsSource, Operator::Equal, "web form"), "Source of SMS consent is web form");
  EXPECT_EQ(label(Field::HasOpenComplaint, Operator::Equal, true), "Open complaint: yes");
  EXPECT_EQ(label(Field::Email, Operator::Exists, true), "Email address is known");
}

}  // namespace
}  // namespace clarion
