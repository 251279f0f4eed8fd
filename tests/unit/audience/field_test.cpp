// Every field, once through all that is done with a field: none can be half there.

#include "audience/field.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "audience/contact_json.h"
#include "audience/contact_table.h"
#include "audience/filter_json.h"
#include "audience/filter_text.h"
#include "read_contacts.h"

namespace clarion {
namespace {

constexpr WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

// A value that `field` may have, as a file says it.
std::string sample(Field field) {
  switch (field) {
    case Field::Phone: return R"("+14255550156")";
    case Field::Email: return R"("ana@example.com")";
    case Field::Country: return R"("IN")";
    case Field::TimeZone: return R"("Asia/Kolkata")";
    case Field::Language: return R"("pt-BR")";
    default: break;
  }
  if (is_consent(field)) return R"("opted_in")";
  switch (type_of(field)) {
    case FieldType::Text: return R"("Zoe")";
    case FieldType::Number: return "1";
    case FieldType::Time: return R"("2026-06-01T00:00:00Z")";
    case FieldType::TextList: return R"(["a", "b"])";
    case FieldType::Flag: break;
  }
  return "true";
}

// Somebody of whom only `field` is known, read from a file.
Contact somebody_with(Field field) {
  std::string members = fmt::format(R"("{}": {})", to_string(field), sample(field));
  if (field != Field::Id) members += R"(, "id": "C-1")";
  // Nobody responds to what was not sent.
  if (to_string(field).starts_with("responded")) {
    members += fmt::format(R"(, "{}": 1)", to_string(on_channel(Field::SentSms, *channel_of(field))));
  }
  const Outcome outcome = read("{" + members + "}");
  EXPECT_EQ(outcome.rejected, "");
  return outcome.contacts.empty() ? Contact() : outcome.contacts.front();
}

Contact nobody() {
  Contact contact;
  contact.id = "C-0";
  return contact;
}

// "field = value", or that the list has the value.
Filter filter_for(Field field, const Contact& contact) {
  const auto op = type_of(field) == FieldType::TextList ? Operator::Contains : Operator::Equal;
  const FilterValue value = std::visit(
      []<class Known>(const Known& known) -> FilterValue {
        if constexpr (std::is_same_v<Known, std::span<const std::string>>) {
          return known.front();
        } else if constexpr (std::is_same_v<Known, std::string_view>) {
          return std::string(known);
        } else if constexpr (std::is_same_v<Known, std::int32_t>) {
          return static_cast<double>(known);
        } else if constexpr (std::is_same_v<Known, std::monostate>) {
          ADD_FAILURE() << "nothing was read";
          return false;
        } else {
          return known;
        }
      },
      value_of(field, contact));
  return compare(field, op, value);
}

class EveryField : public testing::TestWithParam<Field> {};

TEST_P(EveryField, IsReadFromAFileAndWrittenBack) {
  const Contact contact = somebody_with(GetParam());
  EXPECT_NE(value_of(GetParam(), contact).index(), 0U) << "nothing was read";
  std::string json;
  write_contact_json(contact, json);
  const Outcome again = read(json);
  ASSERT_EQ(again.contacts.size(), 1U) << json << again.rejected;
  EXPECT_EQ(again.contacts.front(), contact) << json;
}

TEST_P(EveryField, IsStoredAndGivenBack) {
  const Contact contact = somebody_with(GetParam());
  ContactTable::Builder builder;
  builder.add(nobody());
  builder.add(contact);
  builder.add(nobody());  // so that the rows have to move up
  const auto table = std::move(builder).build();
  Contact reuse = contact;
  table->get(*table->find("C-0"), reuse);
  EXPECT_EQ(reuse, nobody());
  table->get(*table->find(contact.id), reuse);
  EXPECT_EQ(reuse, contact);
}

TEST_P(EveryField, IsFilteredAlikeInAContactAndInColumns) {
  const Contact contact = somebody_with(GetParam());
  ContactTable::Builder builder;
  builder.add(nobody());
  builder.add(contact);
  const auto table = std::move(builder).build();
  const Filter filter = filter_for(GetParam(), contact);
  EXPECT_TRUE(check_comparison(filter.comparison, "filters").has_value());
  EXPECT_TRUE(matches(filter, contact, now));
  EXPECT_FALSE(matches(filter, nobody(), now));
  EXPECT_EQ(table->select(filter, now), std::vector{ContactRow{1}});
}

TEST_P(EveryField, IsPrintedAndReadBack) {
  const Field field = GetParam();
  EXPECT_EQ(find_field(to_string(field)), field);
  const Filter filter = filter_for(field, somebody_with(field));
  const auto again = parse_filter(to_json_text(filter));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(*again, filter);
  EXPECT_TRUE(to_sql(filter).contains(to_string(field))) << to_sql(filter);
  EXPECT_FALSE(label_of(field).empty());
  EXPECT_TRUE(to_label(filter.comparison, false).starts_with(label_of(field))) << to_label(filter.comparison, false);
}

TEST_P(EveryField, HasTheOperatorsOfItsTypeAndNoOthers) {
  const FieldType type = type_of(GetParam());
  const auto operators = operators_of(type);
  const FilterValue values[] = {std::string("opted_in"), 1.0, true, WallTime(), std::vector<std::string>{"opted_in"}};
  for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(Operator::Exists); ++i) {
    const auto op = static_cast<Operator>(i);
    const bool is_accepted = std::ranges::any_of(values, [&](const FilterValue& value) {
      return check_comparison({.field = GetParam(), .op = op, .value = value}, "filters").has_value();
    });
    EXPECT_EQ(is_accepted, std::ranges::find(operators, op) != operators.end()) << to_string(op);
  }
}

INSTANTIATE_TEST_SUITE_P(Fields, EveryField, testing::ValuesIn(all_fields),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST(Field, NoTwoHaveOneNameOrLabel) {
  std::set<std::string_view> names;
  std::set<std::string_view> labels;
  for (const Field field : all_fields) {
    EXPECT_TRUE(names.insert(to_string(field)).second) << to_string(field);
    EXPECT_TRUE(labels.insert(label_of(field)).second) << label_of(field);
  }
}

TEST(Field, KnowsItsChannelAndThatOfTheOthers) {
  EXPECT_EQ(channel_of(Field::City), std::nullopt);
  EXPECT_EQ(channel_of(Field::SentWhatsApp), Channel::WhatsApp);
  EXPECT_EQ(on_channel(Field::ConsentSms, Channel::Email), Field::ConsentEmail);
  EXPECT_EQ(on_channel(Field::RespondedEmail, Channel::Sms), Field::RespondedSms);
}

TEST(Field, IsACountWhenWhatWasNotCountedIsNone) {
  EXPECT_TRUE(is_count(Field::PurchaseCount));
  EXPECT_TRUE(is_count(Field::SentEmail));
  EXPECT_FALSE(is_count(Field::Age));
  EXPECT_FALSE(is_count(Field::TotalSpentUsd));
  EXPECT_FALSE(is_count(Field::PreferenceSms));
}

}  // namespace
}  // namespace clarion
