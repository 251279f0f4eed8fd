#include "audience/vocabulary.h"

#include <gtest/gtest.h>

#include "audience/contact_table.h"
#include "audience/edit_distance.h"
#include "audience/sentence_tokens.h"
#include "sample_vocabulary.h"

namespace clarion {
namespace {

std::string names(const Vocabulary::Found& found) {
  std::string text;
  for (const Term* const term : found.terms) text += (text.empty() ? "" : ", ") + term->name;
  return text;
}

std::string error_of(std::string_view text) {
  const auto products = parse_products(text);
  return products ? "accepted " + std::to_string(products->size()) : products.error().message;
}

TEST(Vocabulary, FindsNamesJoinedSplitAndInPlural) {
  const Vocabulary& vocabulary = sample_vocabulary();
  EXPECT_EQ(names(vocabulary.find("lap tops", true)), "SKU-LAPTOP-1, SKU-LAPTOP-2, laptops");
  EXPECT_EQ(names(vocabulary.find("coffeemaker", true)), "SKU-COFFEE-1");
  EXPECT_EQ(names(vocabulary.find("coffeemaker", false)), "");
  EXPECT_EQ(names(vocabulary.find("san francisco", false)), "San Francisco");
  EXPECT_EQ(names(vocabulary.find("bengaluru", false)), "Bangalore");
  EXPECT_TRUE(vocabulary.find("pulse", false).is_shared_word);
  EXPECT_FALSE(vocabulary.find("aerobook", false).is_shared_word);
}

TEST(Vocabulary, HoldsEverySpellingOfACityThatContactsUse) {
  Vocabulary::Source source;
  source.places = {{"Bangalore", "IN"}, {"Bengaluru", "IN"}, {"BENGALURU", "IN"}, {"Bangalore", ""}};
  const Vocabulary vocabulary(std::move(source));
  EXPECT_EQ(vocabulary.values_of(Term::Kind::City, "bangalore").size(), 3U);
  EXPECT_EQ(vocabulary.country_code("Deutschland"), "DE");
  EXPECT_EQ(vocabulary.country_code("gb"), "GB");
  EXPECT_EQ(vocabulary.country_code("XX"), std::nullopt);
}

TEST(Vocabulary, LearnsFromContactsWhichCountryACityIsIn) {
  ContactTable::Builder builder;
  for (int i = 0; i < 300; ++i) {
    Contact contact;
    contact.id = "C-" + std::to_string(i);
    contact.city = "London";
    contact.country = i % 3 == 0 ? "CA" : "GB";
    // One slip in three hundred is not a third London.
    if (i == 1) contact.country = "FR";
    contact.tags = {"vip"};
    builder.add(contact);
  }
  const Vocabulary vocabulary = make_vocabulary(std::move(builder).build(), {});
  std::string countries;
  for (const Term* const term : vocabulary.find("london", false).terms) countries += term->country + " ";
  EXPECT_EQ(countries, "CA GB ");
  EXPECT_EQ(names(vocabulary.find("vip", false)), "vip");
  EXPECT_TRUE(vocabulary.is_contact_id("C-7"));
  EXPECT_FALSE(vocabulary.is_contact_id("C-300"));
}

TEST(Vocabulary, ReadsProductsStrictly) {
  EXPECT_EQ(error_of(R"({"products":[{"sku":"A","name":"B","category":"C","price_usd":1,"synonyms":["d"]}]})"),
            "accepted 1");
  EXPECT_EQ(error_of(R"({"products":[]})"), "accepted 0");
  EXPECT_EQ(error_of(""), "products must be valid JSON; check quotes, commas and brackets");
  EXPECT_EQ(error_of("[]"), "products must be an object with a list named products");
  EXPECT_EQ(error_of(R"({"products":[7]})"), "products[0] must be an object");
  EXPECT_EQ(error_of(R"({"products":[{"sku":"","name":"B","category":"C"}]})"),
            "products[0].sku must be a text that is not empty");
  EXPECT_EQ(error_of(R"({"products":[{"sku":"A","name":"B","category":"C","synonyms":[1]}]})"),
            "products[0].synonyms must be a list of texts");
  EXPECT_EQ(error_of(R"({"products":[{"sku":"A","name":"B","category":"C"},{"sku":"a","name":"B","category":"C"}]})"),
            "products[1].sku \"a\" is there twice");
  EXPECT_EQ(error_of("\xff"), "products must be UTF-8 text");
}

TEST(Vocabulary, MakesSingulars) {
  EXPECT_EQ(singular("laptops"), "laptop");
  EXPECT_EQ(singular("watches"), "watch");
  EXPECT_EQ(singular("batteries"), "battery");
  EXPECT_EQ(singular("glass"), "glass");
  EXPECT_EQ(singular("bus"), "bus");
  EXPECT_EQ(singular("paris"), "paris");
}

TEST(EditDistance, CountsSlipsOfTheKeyboard) {
  EXPECT_EQ(edit_distance("laptop", "laptop", 2), 0);
  EXPECT_EQ(edit_distance("lpatop", "laptop", 2), 1);
  EXPECT_EQ(edit_distance("lapto", "laptop", 2), 1);
  EXPECT_EQ(edit_distance("laaptop", "laptop", 2), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3);
  EXPECT_EQ(edit_distance("", "ab", 2), 2);
  EXPECT_EQ(edit_distance("abc", "", 2), 3);
}

TEST(SentenceTokens, TellNumbersDatesWordsAndMarks) {
  std::string shown;
  for (const Token& token : read_tokens("SKU-A-1, $1,500.50 2k 40+ 2026-06-01 25-35 ana@example.com 10% don’t ≥ 3")) {
    constexpr std::string_view kinds = "wndm";
    shown += std::string(1, kinds[static_cast<std::size_t>(token.kind)]) + "[" + token.plain + "] ";
  }
  EXPECT_EQ(shown,
            "w[sku a 1] m[,] n[1 500 50] n[2k] n[40] m[+] d[2026 06 01] n[25] m[-] n[35] w[ana example com] n[10] "
            "w[dont] m[>=] n[3] ");
  EXPECT_EQ(read_tokens("$1,500.50").front().number, 1500.5);
  EXPECT_EQ(read_tokens("2k").front().number, 2000);
}

}  // namespace
}  // namespace clarion
