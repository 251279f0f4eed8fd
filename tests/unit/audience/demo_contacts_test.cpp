#include "audience/demo_contacts.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "audience/address_rules.h"
#include "audience/contact_json.h"
#include "audience/contact_reader.h"

namespace clarion {
namespace {

std::string as_lines(std::size_t count, std::uint64_t seed) {
  std::string lines;
  generate_contacts(count, seed, [&](const Contact& contact) {
    write_contact_json(contact, lines);
    lines += '\n';
  });
  return lines;
}

TEST(DemoContacts, AreTheSameForTheSameSeed) {
  EXPECT_EQ(as_lines(50, 7), as_lines(50, 7));
  EXPECT_NE(as_lines(50, 7), as_lines(50, 8));
  EXPECT_TRUE(as_lines(51, 7).starts_with(as_lines(50, 7)));
}

TEST(DemoContacts, ComeBackFromJsonUnchangedUnlessAnAddressIsBad) {
  std::vector<Contact> usable;
  std::size_t bad = 0;
  generate_contacts(3000, 1, [&](const Contact& contact) {
    const bool is_bad = (!contact.phone.empty() && !read_phone(contact.phone, contact.country)) ||
                        (!contact.email.empty() && !read_email(contact.email));
    is_bad ? static_cast<void>(++bad) : usable.push_back(contact);
  });
  EXPECT_GT(bad, 20U);
  EXPECT_LT(bad, 100U);
  std::vector<Contact> back;
  std::string reasons;
  ContactReader reader(ContactFormat::Auto,
                       {.contact =
                            [&](const Contact& contact) {
                              back.push_back(contact);
                              return true;
                            },
                        .rejected = [&](const RejectedRow& row) { reasons += row.reason + "\n"; }});
  reader.feed(as_lines(3000, 1));
  const ImportSummary summary = reader.finish();
  EXPECT_EQ(summary.imported, static_cast<std::int64_t>(usable.size()));
  EXPECT_EQ(summary.rejected, static_cast<std::int64_t>(bad)) << reasons;
  EXPECT_TRUE(summary.ignored_columns.empty());
  ASSERT_EQ(back.size(), usable.size());
  for (std::size_t i = 0; i < back.size(); ++i) ASSERT_EQ(back[i], usable[i]) << usable[i].id;
}

TEST(DemoContacts, ShareNoAddress) {
  std::set<std::string> phones;
  std::set<std::string> emails;
  generate_contacts(30'000, 1, [&](const Contact& contact) {
    if (contact.phone.size() > 9) {
      EXPECT_TRUE(phones.insert(contact.phone).second) << contact.phone;
    }
    if (!contact.email.empty()) {
      EXPECT_TRUE(emails.insert(contact.email).second) << contact.email;
    }
  });
}

TEST(DemoContacts, CoverWhatACampaignMeets) {
  std::map<std::string, int> seen;
  generate_contacts(2000, 42, [&](const Contact& contact) {
    ++seen["city " + contact.city];
    seen["laptop"] += !contact.purchased_skus.empty() && contact.purchased_skus[0].starts_with("SKU-LAPTOP") ? 1 : 0;
    seen["no phone"] += contact.phone.empty() ? 1 : 0;
    seen["no email"] += contact.email.empty() ? 1 : 0;
    seen["opted out"] += contact.consent[Channel::Sms].state == ConsentState::OptedOut ? 1 : 0;
    seen["consent unknown"] += contact.consent[Channel::Email].state == ConsentState::Unknown ? 1 : 0;
    seen["open complaint"] += contact.has_open_complaint ? 1 : 0;
    seen["unhappy"] += contact.sentiment && *contact.sentiment < 0 ? 1 : 0;
    seen["never bought"] += contact.purchase_count == 0 ? 1 : 0;
    seen["cart"] += contact.cart_skus.empty() ? 0 : 1;
  });
  int named_cities = 0;
  for (const auto& [name, count] : seen) {
    EXPECT_GE(count, 20) << name;
    named_cities += name.starts_with("city ") ? 1 : 0;
  }
  EXPECT_EQ(named_cities, 15);
}

TEST(ContactJson, EscapesWhatJsonCannotCarry) {
  Contact contact;
  contact.id = "a\"b\\c";
  contact.city = "x\ny";
  std::string json;
  write_contact_json(contact, json);
  EXPECT_EQ(json, R"({"id":"a\"b\\c","city":"x\u000ay"})");
}

}  // namespace
}  // namespace clarion
