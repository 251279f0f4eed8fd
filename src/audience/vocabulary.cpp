#include "audience/vocabulary.h"

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/uloc.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

#include "audience/edit_distance.h"
#include "audience/sentence_tokens.h"
#include "base/text.h"
#include "embedded/query_words.h"

namespace clarion {
namespace {

namespace json = boost::json;

std::string join(std::string_view spaced) {
  std::string joined(spaced);
  std::erase(joined, ' ');
  return joined;
}

std::string english_name(const icu::Locale& locale, bool of_country) {
  icu::UnicodeString name;
  std::string text;
  if (of_country) {
    locale.getDisplayCountry(icu::Locale::getEnglish(), name);
  } else {
    locale.getDisplayLanguage(icu::Locale::getEnglish(), name);
  }
  name.toUTF8String(text);
  return text;
}

std::vector<std::string> texts_of(const json::value& value) {
  std::vector<std::string> texts;
  for (const json::value& text : value.as_array()) texts.emplace_back(text.as_string());
  return texts;
}

void sort_unique(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  texts.erase(std::ranges::unique(texts).begin(), texts.end());
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return word.ends_with(ending); });
}

}  // namespace

std::string singular(std::string_view word) {
  if (word.size() > 4 && word.ends_with("ies")) return std::string(word.substr(0, word.size() - 3)) + "y";
  if (word.size() > 4 && ends_with_any(word, {"ches", "shes", "sses", "xes", "zes"})) {
    return std::string(word.substr(0, word.size() - 2));
  }
  if (word.size() > 3 && word.ends_with('s') && !ends_with_any(word, {"ss", "us", "is"})) {
    return std::string(word.substr(0, word.size() - 1));
  }
  return std::string(word);
}

struct Vocabulary::Index {
  struct Entry {
    std::vector<const Term*> terms;
    std::vector<const Term*> by_name_word;  // products of whose name this is one word
  };

  std::deque<Term> terms;  // stable addresses
  std::unordered_map<std::string, Entry> spaced;
  std::unordered_map<std::string, Entry> joined;
  std::map<char, std::vector<const std::pair<const std::string, Entry>*>> by_first_letter;  // of joined
  std::set<std::string, std::less<>> fillers;
  std::set<std::string, std::less<>> common_words;
  std::set<std::string, std::less<>> country_codes;
  std::set<std::string, std::less<>> contact_countries;
  std::map<std::string, std::string, std::less<>> advice;
  std::function<bool(std::string_view)> is_contact_id;
  std::size_t longest_name = 1;

  const Term* add(Term term) { return &terms.emplace_back(std::move(term)); }

  static void insert(std::vector<const Term*>& list, const Term* term) {
    if (std::ranges::find(list, term) == list.end()) list.push_back(term);
  }

  void name(const Term* term, std::string_view text, bool is_name_word = false) {
    const std::string words = plain_words(text);
    if (words.empty()) return;
    longest_name = std::max(longest_name, static_cast<std::size_t>(std::ranges::count(words, ' ')) + 1);
    for (const std::string& form : {words, singular(words)}) {
      for (auto* const entry : {&spaced[form], &joined[join(form)]}) {
        insert(is_name_word ? entry->by_name_word : entry->terms, term);
      }
    }
  }

  void add_products(const std::vector<Product>& products);
  void add_places(const std::vector<Place>& places, const json::object& words);
  void add_countries(const std::vector<std::string>& countries, const json::object& words);
  void add_languages(const std::vector<std::string>& languages);
  void add_values(Term::Kind kind, const std::vector<std::string>& values);
};

void Vocabulary::Index::add_products(const std::vector<Product>& products) {
  std::map<std::string, Term> categories;
  for (const Product& product : products) {
    const Term* const term =
        add({.kind = Term::Kind::Product, .name = product.sku, .values = {product.sku}, .country = {}, .also = {}});
    name(term, product.sku);
    name(term, product.name);
    for (const std::string& synonym : product.synonyms) name(term, synonym);
    // One word of a name is enough to find the product, but may mean several of them.
    for (const std::string& word : split_words(plain_words(product.name))) {
      const bool is_number = word.find_first_not_of("0123456789") == std::string::npos;
      if (word.size() > 3 && !is_number) name(term, word, true);
    }
    if (product.category.empty()) continue;
    Term& category = categories[fold_text(product.category)];
    category.kind = Term::Kind::Category;
    category.name = product.category;
    category.values.push_back(product.sku);
  }
  for (auto& [folded, category] : categories) {
    sort_unique(category.values);
    const Term* const term = add(std::move(category));
    name(term, term->name);
  }
}

void Vocabulary::Index::add_places(const std::vector<Place>& places, const json::object& words) {
  // Cities known by several names are one term that holds every spelling that contacts use.
  std::map<std::string, std::string> first_name;  // folded other name -> folded first name of the group
  std::map<std::string, std::vector<std::string>> groups;
  for (const json::value& group : words.at("city_names").as_array()) {
    const std::vector<std::string> names = texts_of(group);
    for (const std::string& each : names) first_name[plain_words(each)] = plain_words(names.front());
    groups[plain_words(names.front())] = names;
  }
  std::map<std::pair<std::string, std::string>, Term> cities;
  for (const Place& place : places) {
    const std::string plain = plain_words(place.city);
    if (plain.empty()) continue;
    const auto known = first_name.find(plain);
    const std::string& group = known == first_name.end() ? plain : known->second;
    Term& city = cities[{group, place.country}];
    city.kind = Term::Kind::City;
    city.country = place.country;
    city.values.push_back(place.city);
  }
  for (auto& [key, city] : cities) {
    sort_unique(city.values);
    // Spellings that differ in case alone are one value to a filter.
    const auto same = [](const std::string& a, const std::string& b) { return fold_text(a) == fold_text(b); };
    city.values.erase(std::unique(city.values.begin(), city.values.end(), same), city.values.end());
    city.name = city.values.front();
    const Term* const term = add(std::move(city));
    for (const std::string& value : term->values) name(term, value);
    if (const auto group = groups.find(key.first); group != groups.end()) {
      for (const std::string& other : group->second) name(term, other);
    }
  }
}

void Vocabulary::Index::add_countries(const std::vector<std::string>& countries, const json::object& words) {
  std::vector<std::string> codes = countries;
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) codes.emplace_back(*code);
  sort_unique(codes);
  const auto& names = words.at("country_names").as_object();
  const auto& adjectives = words.at("country_adjectives").as_object();
  for (const std::string& code : codes) {
    const icu::Locale locale("", code.c_str());
    const std::string shown = english_name(locale, true);
    const auto* const also = words.at("country_or_else").as_object().if_contains(code);
    const Term* const term = add({.kind = Term::Kind::Country,
                                  .name = shown,
                                  .values = {code},
                                  .country = code,
                                  .also = also == nullptr ? std::string() : std::string(also->as_string()),
                                  .has_contacts = contact_countries.contains(code)});
    name(term, shown);
    country_codes.insert(code);
    for (const auto* const list : {&names, &adjectives}) {
      const auto* const found = list->if_contains(code);
      if (found == nullptr) continue;
      for (const std::string& other : texts_of(*found)) name(term, other);
    }
  }
}

void Vocabulary::Index::add_languages(const std::vector<std::string>& languages) {
  for (const char* const* code = icu::Locale::getISOLanguages(); *code != nullptr; ++code) {
    const std::string_view tag = *code;
    std::vector<std::string> values;
    for (const std::string& language : languages) {
      const std::string folded = fold_text(language);
      if (folded == tag || folded.starts_with(std::string(tag) + "-")) values.push_back(language);
    }
    // Rare languages that nobody speaks would only turn misspellings into languages.
    if (tag.size() != 2 && values.empty()) continue;
    const bool has_contacts = !values.empty();
    if (values.empty()) values.emplace_back(tag);
    sort_unique(values);
    const std::string shown = english_name(icu::Locale(*code), false);
    name(add({.kind = Term::Kind::Language,
              .name = shown,
              .values = std::move(values),
              .country = {},
              .also = {},
              .has_contacts = has_contacts}),
         shown);
  }
}

void Vocabulary::Index::add_values(Term::Kind kind, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    name(add({.kind = kind, .name = value, .values = {value}, .country = {}, .also = {}}), value);
  }
}

Vocabulary::Vocabulary(Source source) : index_(std::make_unique<Index>()) {
  const json::value document = json::parse(json::string_view(embedded::query_words));
  const json::object& words = document.as_object();
  index_->add_products(source.products);
  index_->add_places(source.places, words);
  index_->contact_countries.insert(source.countries.begin(), source.countries.end());
  index_->add_countries(source.countries, words);
  index_->add_languages(source.languages);
  index_->add_values(Term::Kind::Tag, source.tags);
  index_->add_values(Term::Kind::Interest, source.interests);
  for (std::string& filler : texts_of(words.at("fillers"))) index_->fillers.insert(std::move(filler));
  for (const std::string& line : texts_of(words.at("common_words"))) {
    for (std::string& word : split_words(line)) index_->common_words.insert(std::move(word));
  }
  for (const json::value& entry : words.at("vague").as_array()) {
    for (const std::string& vague : texts_of(entry.at("words"))) {
      index_->advice[vague] = std::string(entry.at("suggestion").as_string());
    }
  }
  index_->is_contact_id = std::move(source.is_contact_id);
  // The first letter is hardly ever the wrong one, and short names resemble too much.
  for (const auto& named : index_->joined) {
    if (named.first.size() >= 4) index_->by_first_letter[named.first.front()].push_back(&named);
  }
}

Vocabulary::~Vocabulary() = default;
Vocabulary::Vocabulary(Vocabulary&&) noexcept = default;
Vocabulary& Vocabulary::operator=(Vocabulary&&) noexcept = default;

Vocabulary::Found Vocabulary::find(std::string_view words, bool may_join) const {
  const auto look_up = [](const auto& map, const std::string& key) -> Found {
    const auto found = map.find(key);
    if (found == map.end()) return {};
    if (!found->second.terms.empty()) return {.terms = found->second.terms, .is_shared_word = false};
    return {.terms = found->second.by_name_word,
            .is_shared_word = found->second.by_name_word.size() > 1,
            .is_name_word = true};
  };
  for (const std::string& form : {std::string(words), singular(words)}) {
    if (Found found = look_up(index_->spaced, form); !found.terms.empty()) return found;
    if (!may_join) continue;
    if (Found found = look_up(index_->joined, join(form)); !found.terms.empty()) return found;
  }
  return {};
}

Vocabulary::Found Vocabulary::find_near(std::string_view word) const {
  int best = allowed_errors(word.size());
  if (best == 0) return {};
  Found found;
  const auto bucket = index_->by_first_letter.find(word.front());
  if (bucket == index_->by_first_letter.end()) return {};
  for (const auto* const named : bucket->second) {
    const auto& [key, entry] = *named;
    const int distance = edit_distance(word, key, best);
    if (distance > best) continue;
    Found here;
    for (const auto* const term : entry.terms.empty() ? entry.by_name_word : entry.terms) {
      if (term->has_contacts) Index::insert(here.terms, term);
    }
    if (here.terms.empty()) continue;
    if (distance < best) found = {};
    best = found.errors = distance;
    for (const auto* const term : here.terms) Index::insert(found.terms, term);
  }
  // The map has no order of its own; the answer must have one.
  std::ranges::sort(found.terms, {}, [](const Term* term) { return std::pair(term->kind, term->name); });
  return found;
}

std::string Vocabulary::nearest_name(std::string_view word) const {
  std::string best_name;
  constexpr std::size_t short_word = 5;
  int best = (word.size() < short_word ? 1 : std::max(2, static_cast<int>(word.size()) / 3)) + 1;
  for (const auto& [key, entry] : index_->spaced) {
    if (entry.terms.empty() || !entry.terms.front()->has_contacts) continue;
    const int distance = edit_distance(word, key, best);
    if (distance < best || (distance == best && !best_name.empty() && key < best_name)) {
      best = distance;
      best_name = key;
    }
  }
  if (best_name.empty()) return {};
  const Term* const term = index_->spaced.at(best_name).terms.front();
  return term->kind == Term::Kind::Product ? best_name : term->name;
}

std::vector<std::string> Vocabulary::values_of(Term::Kind kind, std::string_view name) const {
  std::vector<std::string> values;
  for (const Term* const term : find(plain_words(name), true).terms) {
    if (term->kind == kind) values.insert(values.end(), term->values.begin(), term->values.end());
  }
  sort_unique(values);
  return values;
}

std::vector<std::string> Vocabulary::names_of(Term::Kind kind) const {
  std::vector<std::string> names;
  for (const auto& [key, entry] : index_->spaced) {
    for (const Term* const term : entry.terms) {
      if (term->kind == kind) names.push_back(term->name);
    }
  }
  sort_unique(names);
  return names;
}

bool Vocabulary::is_filler(std::string_view folded_word) const {
  return index_->fillers.contains(folded_word);
}

bool Vocabulary::is_common_word(std::string_view folded_word) const {
  return index_->common_words.contains(folded_word);
}

std::optional<std::string_view> Vocabulary::advice_for(std::string_view folded_words) const {
  const auto found = index_->advice.find(folded_words);
  if (found == index_->advice.end()) return std::nullopt;
  return found->second;
}

bool Vocabulary::is_contact_id(std::string_view text) const {
  return index_->is_contact_id && index_->is_contact_id(text);
}

std::optional<std::string> Vocabulary::country_code(std::string_view country) const {
  std::string code(country);
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (is_country_code(code)) return code;
  auto codes = values_of(Term::Kind::Country, country);
  if (codes.empty()) return std::nullopt;
  return std::move(codes.front());
}

bool Vocabulary::has_contacts_in(std::string_view alpha2) const {
  return index_->contact_countries.contains(alpha2);
}

bool Vocabulary::is_country_code(std::string_view alpha2) const {
  return index_->country_codes.contains(alpha2);
}

std::size_t Vocabulary::longest_name_words() const {
  return std::min<std::size_t>(index_->longest_name, 6);
}

}  // namespace clarion
