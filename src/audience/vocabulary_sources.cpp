// Where a vocabulary comes from: a product file and the contacts at hand.

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "audience/contact_table.h"
#include "audience/vocabulary.h"
#include "base/text.h"

namespace clarion {
namespace {

namespace json = boost::json;

std::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::Invalid, std::move(message));
}

Result<std::string> read_text(const json::object& object, std::string_view member, const std::string& path) {
  const auto* const value = object.if_contains(member);
  const auto* const text = value == nullptr ? nullptr : value->if_string();
  if (text == nullptr || text->empty())
    return invalid(fmt::format("{}.{} must be a text that is not empty", path, member));
  return std::string(*text);
}

Result<Product> read_product(const json::value& value, const std::string& path) {
  const auto* const object = value.if_object();
  if (object == nullptr) return invalid(path + " must be an object");
  Product product;
  for (const auto& [member, target] :
       {std::pair{"sku", &product.sku}, std::pair{"name", &product.name}, std::pair{"category", &product.category}}) {
    auto text = read_text(*object, member, path);
    if (!text) return std::unexpected(text.error());
    *target = std::move(*text);
  }
  const auto* const synonyms = object->if_contains("synonyms");
  if (synonyms == nullptr) return product;
  const auto* const list = synonyms->if_array();
  if (list == nullptr) return invalid(path + ".synonyms must be a list of texts");
  for (const json::value& synonym : *list) {
    if (!synonym.is_string()) return invalid(path + ".synonyms must be a list of texts");
    product.synonyms.emplace_back(synonym.as_string());
  }
  return product;
}

std::vector<std::string> values_of(const ContactTable& contacts, Field field) {
  std::vector<std::string> values;
  for (const auto& [value, count] : contacts.values(field)) {
    if (!value.empty()) values.emplace_back(value);
  }
  return values;
}

}  // namespace

Result<std::vector<Product>> parse_products(std::string_view text) {
  if (!is_valid_utf8(text)) return invalid("products must be UTF-8 text");
  boost::system::error_code error;
  const json::value document = json::parse(text, error);
  if (error)
    return fail(ErrorKind::Invalid, "products must be valid JSON; check quotes, commas and brackets", error.message());
  const auto* const object = document.if_object();
  const auto* const list = object == nullptr ? nullptr : object->if_contains("products");
  if (list == nullptr || !list->is_array()) return invalid("products must be an object with a list named products");
  std::vector<Product> products;
  std::set<std::string> skus;
  for (const json::value& value : list->as_array()) {
    const std::string path = fmt::format("products[{}]", products.size());
    auto product = read_product(value, path);
    if (!product) return std::unexpected(product.error());
    if (!skus.insert(fold_text(product->sku)).second) {
      return invalid(fmt::format("{}.sku \"{}\" is there twice", path, product->sku));
    }
    products.push_back(std::move(*product));
  }
  return products;
}

Vocabulary make_vocabulary(std::shared_ptr<const ContactTable> contacts, std::vector<Product> products) {
  Vocabulary::Source source;
  source.products = std::move(products);
  source.countries = values_of(*contacts, Field::Country);
  source.tags = values_of(*contacts, Field::Tags);
  source.interests = values_of(*contacts, Field::Interests);
  source.languages = values_of(*contacts, Field::Language);

  constexpr std::size_t sample = 20'000;
  // A pair seen once among thousands is a slip of the keyboard, not another city of that name.
  constexpr double least_share = 0.01;
  std::map<std::string, std::map<std::string, std::size_t>> countries_of;
  const std::size_t step = contacts->size() / sample + 1;
  for (std::size_t row = 0; row < contacts->size(); row += step) {
    const Contact contact = contacts->get(static_cast<ContactRow>(row));
    if (!contact.city.empty() && !contact.country.empty()) ++countries_of[contact.city][contact.country];
  }
  for (const std::string& city : values_of(*contacts, Field::City)) {
    std::size_t total = 0;
    for (const auto& [country, count] : countries_of[city]) total += count;
    bool is_placed = false;
    for (const auto& [country, count] : countries_of[city]) {
      if (static_cast<double>(count) < least_share * static_cast<double>(total)) continue;
      source.places.push_back({.city = city, .country = country});
      is_placed = true;
    }
    if (!is_placed) source.places.push_back({.city = city, .country = {}});
  }
  source.is_contact_id = [contacts = std::move(contacts)](std::string_view id) {
    return contacts->find(id).has_value();
  };
  return Vocabulary(std::move(source));
}

}  // namespace clarion
