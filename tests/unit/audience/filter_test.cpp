#include "audience/filter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clarion {
namespace {

using std::chrono::days;
using Texts = std::vector<std::string>;

const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

Contact ana() {
  Contact contact;
  contact.id = "CUST-1";
  contact.first_name = "Ana";
  contact.email = "ana@example.com";
  contact.city = "München";
  contact.country = "DE";
  contact.age = 40;
  contact.tags = {"VIP", "newsletter"};
  contact.purchased_skus = {"SKU-LAPTOP-1"};
  contact.purchase_count = 2;
  contact.total_spent_usd = 99.5;
  contact.last_purchase_at = now - days(90);
  contact.consent[Channel::Sms].state = ConsentState::OptedIn;
  contact.consent[Channel::Email].state = ConsentState::OptedOut;
  contact.engagement[Channel::Email] = {.preference = 0.25, .sent = 8, .responded = 3, .last_at = {}};
  return contact;
}

bool holds(Field field, Operator op, FilterValue value) {
  return matches(compare(field, op, std::move(value)), ana(), now);
}

TEST(Filter, NamesEveryFieldAndFindsItAgain) {
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    EXPECT_EQ(find_field(to_string(field)), field);
  }
  EXPECT_EQ(to_string(Field::RespondedWhatsApp), "responded_whatsapp");
  EXPECT_EQ(find_field("City"), std::nullopt);
  for (const auto* const name : {"=", "!=", "<", "<=", ">", ">=", "in", "contains", "exists"}) {
    ASSERT_TRUE(find_operator(name).has_value()) << name;
    EXPECT_EQ(to_string(*find_operator(name)), name);
  }
  EXPECT_EQ(find_operator("=="), std::nullopt);
}

TEST(Filter, ComparesTextWithoutRegardToCase) {
  EXPECT_TRUE(holds(Field::City, Operator::Equal, "MÜNCHEN"));
  EXPECT_FALSE(holds(Field::City, Operator::Equal, "Munchen"));
  EXPECT_FALSE(holds(Field::City, Operator::NotEqual, "münchen"));
  EXPECT_TRUE(holds(Field::City, Operator::NotEqual, "Berlin"));
  EXPECT_TRUE(holds(Field::City, Operator::Contains, "NCH"));
  EXPECT_FALSE(holds(Field::City, Operator::Contains, "berlin"));
  EXPECT_TRUE(holds(Field::City, Operator::In, Texts{"Berlin", "münchen"}));
  EXPECT_FALSE(holds(Field::City, Operator::In, Texts{"Berlin"}));
}

TEST(Filter, ComparesNumbersAtTheirBounds) {
  EXPECT_TRUE(holds(Field::Age, Operator::Equal, 40.0));
  EXPECT_FALSE(holds(Field::Age, Operator::NotEqual, 40.0));
  EXPECT_FALSE(holds(Field::Age, Operator::Less, 40.0));
  EXPECT_TRUE(holds(Field::Age, Operator::LessOrEqual, 40.0));
  EXPECT_FALSE(holds(Field::Age, Operator::Greater, 40.0));
  EXPECT_TRUE(holds(Field::Age, Operator::GreaterOrEqual, 40.0));
  EXPECT_TRUE(holds(Field::TotalSpentUsd, Operator::Greater, 99.0));
  EXPECT_TRUE(holds(Field::PreferenceEmail, Operator::Equal, 0.25));
  EXPECT_TRUE(holds(Field::SentEmail, Operator::Equal, 8.0));
  EXPECT_TRUE(holds(Field::RespondedEmail, Operator::Equal, 3.0));
  EXPECT_TRUE(holds(Field::SentSms, Operator::Equal, 0.0));
}

TEST(Filter, LooksIntoLists) {
  EXPECT_TRUE(holds(Field::Tags, Operator::Contains, "vip"));
  EXPECT_FALSE(holds(Field::Tags, Operator::Contains, "vi"));
  EXPECT_TRUE(holds(Field::Tags, Operator::In, Texts{"gold", "NEWSLETTER"}));
  EXPECT_FALSE(holds(Field::Tags, Operator::In, Texts{"gold"}));
  EXPECT_TRUE(holds(Field::PurchasedSkus, Operator::Contains, "sku-laptop-1"));
  EXPECT_FALSE(holds(Field::BrowsedSkus, Operator::Contains, "sku-laptop-1"));
  EXPECT_TRUE(holds(Field::Tags, Operator::Exists, true));
  EXPECT_FALSE(holds(Field::CartSkus, Operator::Exists, true));
  EXPECT_TRUE(holds(Field::CartSkus, Operator::Exists, false));
}

TEST(Filter, MeasuresDaysAgoFromTheMomentOfEvaluation) {
  EXPECT_TRUE(holds(Field::LastPurchaseAt, Operator::GreaterOrEqual, DaysAgo{90}));
  EXPECT_FALSE(holds(Field::LastPurchaseAt, Operator::Greater, DaysAgo{90}));
  EXPECT_FALSE(holds(Field::LastPurchaseAt, Operator::GreaterOrEqual, DaysAgo{89}));
  EXPECT_TRUE(holds(Field::LastPurchaseAt, Operator::Less, DaysAgo{89}));
  EXPECT_TRUE(holds(Field::LastPurchaseAt, Operator::Equal, WallTime{now - days(90)}));
  EXPECT_TRUE(holds(Field::LastPurchaseAt, Operator::Less, WallTime{now}));
}

TEST(Filter, IsFalseForWhatIsNotKnownWhateverTheOperator) {
  for (const auto op : {Operator::Equal, Operator::NotEqual, Operator::Less, Operator::LessOrEqual, Operator::Greater,
                        Operator::GreaterOrEqual}) {
    EXPECT_FALSE(holds(Field::Sentiment, op, 0.0));
    EXPECT_FALSE(holds(Field::BestHour, op, 0.0));
    EXPECT_FALSE(holds(Field::PreferenceSms, op, 0.0));
    EXPECT_FALSE(holds(Field::LastContactedAt, op, DaysAgo{1}));
    EXPECT_FALSE(holds(Field::ComplaintAt, op, WallTime{}));
  }
  EXPECT_FALSE(holds(Field::LastName, Operator::NotEqual, "Silva"));
  EXPECT_FALSE(holds(Field::LastName, Operator::Contains, ""));
  EXPECT_FALSE(holds(Field::LastName, Operator::Equal, ""));
  EXPECT_TRUE(holds(Field::LastName, Operator::Exists, false));
  EXPECT_FALSE(holds(Field::Sentiment, Operator::Exists, true));
  EXPECT_TRUE(holds(Field::Age, Operator::Exists, true));
}

TEST(Filter, KnowsConsentByItsThreeNames) {
  EXPECT_TRUE(holds(Field::ConsentSms, Operator::Equal, "opted_in"));
  EXPECT_TRUE(holds(Field::ConsentEmail, Operator::Equal, "opted_out"));
  EXPECT_TRUE(holds(Field::ConsentWhatsApp, Operator::Equal, "unknown"));
  EXPECT_TRUE(holds(Field::ConsentWhatsApp, Operator::NotEqual, "opted_in"));
  EXPECT_TRUE(holds(Field::ConsentWhatsApp, Operator::Exists, false));
  EXPECT_TRUE(holds(Field::ConsentEmail, Operator::Exists, true));
}

TEST(Filter, ComparesFlags) {
  EXPECT_TRUE(holds(Field::HasOpenComplaint, Operator::Equal, false));
  EXPECT_FALSE(holds(Field::HasOpenComplaint, Operator::Equal, true));
}

TEST(Filter, CombinesWithAndOrNot) {
  const Filter yes = compare(Field::Age, Operator::Equal, 40.0);
  const Filter no = compare(Field::Age, Operator::Equal, 41.0);
  const auto result = [](const Filter& filter) { return matches(filter, ana(), now); };
  EXPECT_TRUE(result(Filter{}));
  EXPECT_TRUE(result(all_of({yes, yes})));
  EXPECT_FALSE(result(all_of({yes, no})));
  EXPECT_TRUE(result(any_of({no, yes})));
  EXPECT_FALSE(result(any_of({no, no})));
  EXPECT_TRUE(result(negate(no)));
  EXPECT_FALSE(result(negate(Filter{})));
  EXPECT_EQ(all_of({}), Filter{});
  EXPECT_EQ(all_of({yes}), yes);
}

// Every field against values and operators that do not suit it: false, never a crash.
TEST(Filter, IsFalseForAValueOfAnotherType) {
  const std::vector<FilterValue> values{std::string("x"), 1.0, true, now, DaysAgo{1}, Texts{"x"}};
  for (std::size_t i = 0; i < field_count; ++i) {
    for (std::size_t op = 0; op < 9; ++op) {
      for (const FilterValue& value : values) {
        const Comparison comparison{.field = static_cast<Field>(i), .op = static_cast<Operator>(op), .value = value};
        const bool is_match = holds(comparison.field, comparison.op, comparison.value);
        // Consent has a text always, so a text that is no consent state differs from it.
        const bool is_consent = to_string(comparison.field).starts_with("consent_");
        if (!check_comparison(comparison, "filters") && !is_consent) {
          EXPECT_FALSE(is_match) << to_string(comparison.field) << ' ' << to_string(comparison.op);
        }
      }
    }
  }
}

}  // namespace
}  // namespace clarion
