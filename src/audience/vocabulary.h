#pragma once
// Vocabulary: every name a sentence may use for a place, product, category, tag, interest or language.
//
// Names      are compared folded and without punctuation, in singular and plural, joined or split ("lap top");
//            other names of cities and countries come from data/query/words.json, countries and languages from ICU.
// Algorithm  misspellings by optimal string alignment distance (Levenshtein with transpositions): 1 from 4
//            letters, 2 from 8.
// Threads    immutable once made.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clarion {

class ContactTable;

struct Product {
  std::string sku;
  std::string name;
  std::string category;
  std::vector<std::string> synonyms;
};

// Reads {"products": [{"sku", "name", "category", "synonyms"?, ...}]}; other members are left to others.
// Invalid with the path of what is wrong.
[[nodiscard]] Result<std::vector<Product>> parse_products(std::string_view json);

// What one name stands for.
struct Term {
  enum class Kind : std::uint8_t { City, Country, Product, Category, Tag, Interest, Language };
  Kind kind{};
  std::string name;                 // as shown: "Bangalore", "India", "electronics"
  std::vector<std::string> values;  // what contacts hold: city spellings, a country code, SKUs, tags, language tags
  std::string country;              // City: its country when known; "" otherwise
  std::string also;                 // what else the name may mean that no contact can hold; "" mostly
  bool has_contacts = true;         // Country, Language: whether any contact has it
};

class Vocabulary {
 public:
  struct Place {
    std::string city;
    std::string country;  // alpha-2; "" when not known
  };
  struct Source {
    std::vector<Product> products;
    std::vector<Place> places;
    std::vector<std::string> countries;  // alpha-2 codes that contacts have
    std::vector<std::string> tags;
    std::vector<std::string> interests;
    std::vector<std::string> languages;                        // BCP 47 tags that contacts have
    std::function<bool(std::string_view)> is_contact_id = {};  // exact; may be empty
  };

  explicit Vocabulary(Source source);
  ~Vocabulary();
  Vocabulary(Vocabulary&&) noexcept;
  Vocabulary& operator=(Vocabulary&&) noexcept;

  struct Found {
    std::vector<const Term*> terms;
    bool is_shared_word = false;  // a product's name only contains the word: it may mean any of them
    bool is_name_word = false;    // products whose name only contains the word
    int errors = 0;               // letters that differ: find_near
  };
  // The terms with this name; `words` is folded, words separated by one space. With `may_join`, "lap top" is "laptop".
  [[nodiscard]] Found find(std::string_view words, bool may_join) const;
  // The terms whose name is nearest to a misspelt word, all at the same distance; none when nothing is near enough.
  // Countries and languages that no contact has are not looked for.
  [[nodiscard]] Found find_near(std::string_view word) const;
  // The known name nearest to `word` at all, for a suggestion; empty when nothing resembles it.
  [[nodiscard]] std::string nearest_name(std::string_view word) const;
  // Spellings contacts use for the city, the code of a country, the SKUs of a category; empty when not known.
  [[nodiscard]] std::vector<std::string> values_of(Term::Kind kind, std::string_view name) const;

  // Every name of this kind as shown, sorted.
  [[nodiscard]] std::vector<std::string> names_of(Term::Kind kind) const;

  [[nodiscard]] bool is_filler(std::string_view folded_word) const;
  // A common word of English ("than") is never a slip for a name ("Thai"), nor by itself a part of one ("smart").
  [[nodiscard]] bool is_common_word(std::string_view folded_word) const;
  // What to say instead of a vague word ("loyal"); nullopt when it is not one of them.
  [[nodiscard]] std::optional<std::string_view> advice_for(std::string_view folded_words) const;
  [[nodiscard]] bool is_contact_id(std::string_view text) const;
  [[nodiscard]] bool is_country_code(std::string_view alpha2) const;
  // The code of a country from its code or any of its names.
  [[nodiscard]] std::optional<std::string> country_code(std::string_view name) const;
  [[nodiscard]] bool has_contacts_in(std::string_view alpha2) const;
  // The most words any name has.
  [[nodiscard]] std::size_t longest_name_words() const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

// The vocabulary of the contacts at hand. Which cities lie in which country is learnt from an even sample of 20,000
// contacts, so that start-up stays quick. The vocabulary keeps a share of the table.
[[nodiscard]] Vocabulary make_vocabulary(std::shared_ptr<const ContactTable> contacts, std::vector<Product> products);

// "watches" -> "watch", "batteries" -> "battery", "laptops" -> "laptop"; other words unchanged.
[[nodiscard]] std::string singular(std::string_view word);

}  // namespace clarion
