#pragma once
// A small vocabulary for tests of sentences: six kinds of names, with one city in two countries.

#include "audience/vocabulary.h"

namespace clarion {

inline Vocabulary::Source sample_source() {
  Vocabulary::Source source;
  source.products = {
      {"SKU-LAPTOP-1", "AeroBook 14 Laptop", "electronics", {"laptop", "laptops", "lap top", "notebook", "ultrabook"}},
      {"SKU-LAPTOP-2", "ForgeBook 16 Gaming Laptop", "electronics", {"gaming laptop", "laptop", "laptops", "lap top"}},
      {"SKU-PHONE-1", "Pixelline 8 Smartphone", "electronics", {"phone", "phones", "smartphone", "mobile phone"}},
      {"SKU-WATCH-1", "Pulse Smart Watch", "wearables", {"watch", "watches", "smartwatch"}},
      {"SKU-BAND-1", "Pulse Fitness Band", "wearables", {"fitness band", "fitness tracker"}},
      {"SKU-SHOES-1", "Trailwind Running Shoes", "sports", {"running shoes", "shoes", "sneakers"}},
      {"SKU-COFFEE-1", "Morningside Coffee Machine", "home", {"coffee machine", "coffee maker"}},
  };
  source.places = {{"Bangalore", "IN"}, {"Mumbai", "IN"},    {"Delhi", "IN"},         {"Pune", "IN"},
                   {"Chennai", "IN"},   {"Hyderabad", "IN"}, {"Hyderabad", "PK"},     {"London", "GB"},
                   {"Paris", "FR"},     {"New York", "US"},  {"San Francisco", "US"}, {"Berlin", "DE"},
                   {"München", "DE"},   {"Singapore", "SG"}, {"São Paulo", "BR"},     {"Tokyo", "JP"},
                   {"Seattle", "US"}};
  source.countries = {"IN", "PK", "GB", "FR", "US", "DE", "SG", "BR", "JP"};
  source.tags = {"vip", "newsletter", "gold member"};
  source.interests = {"gaming", "travel", "cooking", "laptops", "photography", "fashion"};
  source.languages = {"en", "en-US", "hi", "es", "fr", "de"};
  source.is_contact_id = [](std::string_view id) { return id == "A-77" || id == "CUST-1"; };
  return source;
}

inline const Vocabulary& sample_vocabulary() {
  static const Vocabulary vocabulary(sample_source());
  return vocabulary;
}

}  // namespace clarion
