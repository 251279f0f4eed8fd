#include "audience/contact_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/hash.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

Contact named(std::string id) {
  Contact contact;
  contact.id = std::move(id);
  return contact;
}

std::string pick(SeededRandom& random, const std::vector<std::string>& texts) {
  return texts[random.below(texts.size())];
}

std::vector<std::string> pick_some(SeededRandom& random, const std::vector<std::string>& texts) {
  std::vector<std::string> some;
  for (std::uint64_t n = random.below(4); n > 0; --n) some.push_back(pick(random, texts));
  return some;
}

const std::vector<std::string> cities{"",       "Bangalore", "BANGALORE", "S\u00e3o Paulo", "Sa\u0303o Paulo",
                                      "Berlin", "New York"};
const std::vector<std::string> skus{"SKU-LAPTOP-1", "sku-laptop-1", "SKU-PHONE-1", "SKU-LAMP-1", ""};
const std::vector<std::string> states{"opted_in", "opted_out", "unknown", "Opted_In", "opt"};

template <class T, class Make>
std::optional<T> maybe(SeededRandom& random, Make&& make) {
  return random.below(3) == 0 ? std::nullopt : std::optional<T>(make());
}

WallTime random_time(SeededRandom& random) {
  return now - std::chrono::days{static_cast<std::int64_t>(random.below(6))};
}

Contact random_contact(SeededRandom& random, std::size_t number) {
  Contact contact = named("C-" + std::to_string(number));
  contact.first_name = pick(random, {"", "Ana", "ANA", "J\u00f6rg"});
  contact.last_name = pick(random, {"", "M\u00fcller", "Rao"});
  contact.phone = pick(random, {"", "+14255550156", "+14255550157"});
  contact.email = pick(random, {"", "ana@example.com", "ANA@example.com"});
  contact.city = pick(random, cities);
  contact.country = pick(random, {"", "IN", "DE"});
  contact.time_zone = pick(random, {"", "Asia/Kolkata"});
  contact.language = pick(random, {"", "en", "pt-BR"});
  contact.age = maybe<std::int32_t>(random, [&] { return static_cast<std::int32_t>(random.below(4)); });
  contact.tags = pick_some(random, {"vip", "VIP", "new"});
  contact.interests = pick_some(random, {"music"});
  contact.purchased_skus = pick_some(random, skus);
  contact.browsed_skus = pick_some(random, skus);
  contact.cart_skus = pick_some(random, skus);
  contact.purchase_count = static_cast<std::int32_t>(random.below(4));
  contact.browse_count = static_cast<std::int32_t>(random.below(4));
  contact.total_spent_usd = static_cast<double>(random.below(4)) / 2;
  contact.last_purchase_at = maybe<WallTime>(random, [&] { return random_time(random); });
  contact.last_contacted_at = maybe<WallTime>(random, [&] { return random_time(random); });
  contact.sentiment = maybe<double>(random, [&] { return random.uniform() * 2 - 1; });
  contact.complaint_at = maybe<WallTime>(random, [&] { return random_time(random); });
  contact.has_open_complaint = random.below(2) == 0;
  contact.best_hour = maybe<std::int32_t>(random, [&] { return static_cast<std::int32_t>(random.below(3)); });
  for (const Channel channel : all_channels) {
    contact.consent[channel].state = static_cast<ConsentState>(random.below(3));
    contact.consent[channel].source = pick(random, {"", "signup form"});
    contact.consent[channel].at = maybe<WallTime>(random, [&] { return random_time(random); });
    Engagement& engagement = contact.engagement[channel];
    engagement.preference = maybe<double>(random, [&] { return static_cast<double>(random.below(3)) / 2; });
    engagement.sent = static_cast<std::int32_t>(random.below(3));
    engagement.responded = static_cast<std::int32_t>(random.below(3));
    engagement.last_at = maybe<WallTime>(random, [&] { return random_time(random); });
  }
  return contact;
}

std::string random_text(SeededRandom& random) {
  return pick(random, {"bangalore", "S\u00c3O PAULO", "lin", "", "SKU-Laptop-1", "vip", "in", "C-7", "opted_in", "ana",
                       "ANA@EXAMPLE.COM", "unknown", "+1425", "de", "music", "PT-br"});
}

FilterValue random_value(SeededRandom& random) {
  switch (random.below(6)) {
    case 0: return random_text(random);
    case 1: return static_cast<double>(random.below(5)) / 2;
    case 2: return random.below(2) == 0;
    case 3: return random_time(random);
    case 4: return DaysAgo{static_cast<std::int32_t>(random.below(6))};
    default: return std::vector<std::string>{random_text(random), random_text(random)};
  }
}

// A comparison that makes sense nine times in ten; the tenth must be answered alike as well.
Comparison random_comparison(SeededRandom& random) {
  const auto field = static_cast<Field>(random.below(field_count));
  const auto op = static_cast<Operator>(random.below(9));
  if (random.below(10) == 0) return {field, op, random_value(random)};
  if (random.below(6) == 0) return {field, Operator::Exists, random.below(2) == 0};
  switch (type_of(field)) {
    case FieldType::Number:
      return {field, static_cast<Operator>(random.below(6)), static_cast<double>(random.below(5)) / 2};
    case FieldType::Time: {
      const auto order = static_cast<Operator>(random.below(6));
      if (random.below(2) == 0) return {field, order, random_time(random)};
      return {field, order, DaysAgo{static_cast<std::int32_t>(random.below(6))}};
    }
    case FieldType::Flag: return {field, Operator::Equal, random.below(2) == 0};
    case FieldType::Text:
    case FieldType::TextList: break;
  }
  if (random.below(3) == 0) {
    return {field, Operator::In, std::vector<std::string>{random_text(random), random_text(random)}};
  }
  const std::array ops{Operator::Equal, Operator::NotEqual, Operator::Contains};
  return {field, ops[random.below(ops.size())], random_text(random)};
}

Filter random_filter(SeededRandom& random, int depth) {
  Filter filter;
  switch (depth == 0 ? 3 : random.below(8)) {
    case 0: filter.kind = Filter::Kind::And; break;
    case 1: filter.kind = Filter::Kind::Or; break;
    case 2: filter.kind = Filter::Kind::Not; break;
    case 7: return filter;
    default:
      filter.kind = Filter::Kind::Compare;
      filter.comparison = random_comparison(random);
      return filter;
  }
  const std::uint64_t children = filter.kind == Filter::Kind::Not ? 1 : 1 + random.below(3);
  for (std::uint64_t i = 0; i < children; ++i) filter.children.push_back(random_filter(random, depth - 1));
  return filter;
}

std::string show(const Filter& filter) {
  if (filter.kind == Filter::Kind::Everyone) return "everyone";
  if (filter.kind == Filter::Kind::Compare) {
    const Comparison& comparison = filter.comparison;
    std::string value = "?";
    if (const auto* text = std::get_if<std::string>(&comparison.value)) value = *text;
    if (const auto* number = std::get_if<double>(&comparison.value)) value = std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&comparison.value)) value = *flag ? "true" : "false";
    return std::string(to_string(comparison.field)) + " " + std::string(to_string(comparison.op)) + " " + value;
  }
  const bool is_and = filter.kind == Filter::Kind::And;
  std::string text = filter.kind == Filter::Kind::Not ? "not(" : is_and ? "and(" : "or(";
  for (const Filter& child : filter.children) text += show(child) + ", ";
  return text + ")";
}

std::shared_ptr<const ContactTable> table_of(const std::vector<Contact>& contacts) {
  ContactTable::Builder builder;
  for (const Contact& contact : contacts) builder.add(contact);
  return std::move(builder).build();
}

std::string ids_of(const ContactTable& table, const Filter& filter) {
  std::string ids;
  for (const ContactRow row : table.select(filter, now)) ids += std::string(table.text(row, Field::Id)) + " ";
  return ids;
}

TEST(ContactTable, GivesBackEveryFieldAsItWasAdded) {
  SeededRandom random(1);
  std::vector<Contact> contacts;
  for (std::size_t i = 0; i < 500; ++i) contacts.push_back(random_contact(random, i));
  const auto table = table_of(contacts);
  ASSERT_EQ(table->size(), contacts.size());
  Contact reuse = contacts.back();
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    const ContactRow row{static_cast<std::uint32_t>(i)};
    EXPECT_EQ(table->get(row), contacts[i]) << contacts[i].id;
    table->get(row, reuse);
    EXPECT_EQ(reuse, contacts[i]) << contacts[i].id;
    EXPECT_EQ(table->find(contacts[i].id), row);
  }
  EXPECT_EQ(table->find("C-500"), std::nullopt);
  EXPECT_EQ(table->find(""), std::nullopt);
}

TEST(ContactTable, SelectsExactlyWhatMatches) {
  SeededRandom random(2);
  std::vector<Contact> contacts;
  for (std::size_t i = 0; i < 200; ++i) contacts.push_back(random_contact(random, i));
  const auto table = table_of(contacts);
  std::size_t selections_with_some = 0;
  for (int round = 0; round < 3000; ++round) {
    const Filter filter = random_filter(random, 3);
    std::vector<ContactRow> expected;
    for (std::uint32_t i = 0; i < contacts.size(); ++i) {
      if (matches(filter, contacts[i], now)) expected.push_back(ContactRow{i});
    }
    selections_with_some += !expected.empty() && expected.size() < contacts.size() ? 1U : 0U;
    ASSERT_EQ(table->select(filter, now), expected) << "round " << round << " " << show(filter);
  }
  // A property over filters that match all or nothing would prove little.
  EXPECT_GT(selections_with_some, 600U);
}

TEST(ContactTable, TheLaterOfTwoWithOneIdReplacesTheEarlier) {
  ContactTable::Builder builder;
  Contact first = named("a");
  first.city = "Berlin";
  first.purchased_skus = {"SKU-LAMP-1"};
  Contact second = named("a");
  second.city = "Pune";
  EXPECT_TRUE(builder.add(first));
  EXPECT_TRUE(builder.add(named("b")));
  EXPECT_FALSE(builder.add(second));
  EXPECT_FALSE(builder.add(second));
  const auto table = std::move(builder).build();
  EXPECT_EQ(table->size(), 2U);
  EXPECT_EQ(table->get(*table->find("a")), second);
  EXPECT_EQ(table->get(*table->find("b")), named("b"));
  EXPECT_EQ(ids_of(*table, Filter{}), "b a ");
  const auto cities_left = table->values(Field::City);
  ASSERT_EQ(cities_left.size(), 1U);
  EXPECT_EQ(cities_left[0].value, "Pune");
  EXPECT_TRUE(table->values(Field::PurchasedSkus).empty());
}

TEST(ContactTable, CountsDistinctValuesInOrder) {
  Contact a = named("a");
  a.city = "Pune";
  a.tags = {"vip", "vip", "new"};
  Contact b = named("b");
  b.city = "Berlin";
  b.tags = {"vip"};
  Contact c = named("c");
  c.city = "Pune";
  const auto table = table_of({a, b, c});
  const auto shown = [&](Field field) {
    std::string text;
    for (const auto& [value, count] : table->values(field))
      text += std::string(value) + "=" + std::to_string(count) + " ";
    return text;
  };
  EXPECT_EQ(shown(Field::City), "Berlin=1 Pune=2 ");
  EXPECT_EQ(shown(Field::Tags), "new=1 vip=2 ");
  EXPECT_EQ(shown(Field::Id), "a=1 b=1 c=1 ");
  EXPECT_EQ(shown(Field::ConsentSms), "unknown=3 ");
  EXPECT_EQ(shown(Field::Age), "");
  EXPECT_EQ(shown(Field::Email), "");
}

// Compared with a look at every contact.
TEST(ContactTable, FindsWhoOptedOutAtAnAddress) {
  SeededRandom random(4);
  ContactTable::Builder builder;
  std::vector<Contact> contacts;
  for (std::size_t i = 0; i < 300; ++i) {
    Contact contact = named("C-" + std::to_string(i));
    if (random.below(4) > 0) contact.phone = "+1425555" + std::to_string(1000 + random.below(200));
    if (random.below(4) > 0) contact.email = "c" + std::to_string(random.below(200)) + "@example.com";
    for (const Channel channel : all_channels) {
      contact.consent[channel].state = static_cast<ConsentState>(random.below(3));
    }
    builder.add(contact);
    contacts.push_back(std::move(contact));
  }
  // Replaced: the earlier consent no longer counts.
  for (std::size_t i = 0; i < 50; ++i) {
    for (const Channel channel : all_channels) contacts[i].consent[channel].state = ConsentState::OptedIn;
    builder.add(contacts[i]);
  }
  const auto table = std::move(builder).build();
  std::size_t hits = 0;
  for (const Contact& asked : contacts) {
    for (const Channel channel : all_channels) {
      const std::string& address = address_of(asked, channel);
      const bool is_opted_out = !address.empty() && std::ranges::any_of(contacts, [&](const Contact& contact) {
        return address_of(contact, channel) == address && contact.consent[channel].state == ConsentState::OptedOut;
      });
      const auto holder = table->find_opted_out(channel, address);
      ASSERT_EQ(holder.has_value(), is_opted_out) << address;
      if (!holder) continue;
      ++hits;
      EXPECT_EQ(address_of(table->get(*holder), channel), address);
      EXPECT_EQ(table->get(*holder).consent[channel].state, ConsentState::OptedOut);
    }
  }
  EXPECT_GT(hits, 100U);
  const auto out = std::ranges::find_if(contacts, [](const Contact& contact) {
    return !contact.email.empty() && contact.consent[Channel::Email].state == ConsentState::OptedOut;
  });
  ASSERT_NE(out, contacts.end());
  EXPECT_TRUE(table->find_opted_out(Channel::Email, "C" + out->email.substr(1))) << "in any case of letters";
  EXPECT_FALSE(table->find_opted_out(Channel::Sms, ""));
  EXPECT_FALSE(table->find_opted_out(Channel::Sms, "c1@example.com"));
}

TEST(ContactTable, AnEmptyTableAnswersEverything) {
  const auto table = table_of({});
  EXPECT_EQ(table->size(), 0U);
  EXPECT_EQ(table->find("a"), std::nullopt);
  EXPECT_TRUE(table->values(Field::City).empty());
  SeededRandom random(3);
  for (int round = 0; round < 200; ++round) EXPECT_TRUE(table->select(random_filter(random, 2), now).empty());
}

}  // namespace
}  // namespace clarion
