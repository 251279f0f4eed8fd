#include "audience/filter_form.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "audience/filter_json.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::size_t max_text_bytes = 1000;
constexpr double max_count = 1e9;

std::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::Invalid, std::move(message));
}

bool is_absent(const json::value* value) {
  return value == nullptr || value->is_null() || (value->is_string() && value->as_string().empty());
}

// nullopt when absent.
Result<std::optional<std::string>> read_text(const json::object& object, std::string_view member,
                                             std::string_view path) {
  const auto* const value = object.if_contains(member);
  if (is_absent(value)) return std::nullopt;
  const auto* const text = value->if_string();
  if (text == nullptr) return invalid(fmt::format("{}{} must be a text", path, member));
  if (text->size() > max_text_bytes)
    return invalid(fmt::format("{}{} is longer than {} bytes", path, member, max_text_bytes));
  return std::string(*text);
}

Result<std::optional<double>> read_count(const json::object& object, std::string_view member) {
  const auto* const value = object.if_contains(member);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_number()) {
    const auto number = value->to_number<double>();
    if (number >= 0 && number <= max_count && number == std::trunc(number)) return number;
  }
  return invalid(fmt::format("filters.{} must be a whole number from 0 to 1000000000", member));
}

Filter list_filter(Field field, const std::vector<std::string>& values) {
  if (values.size() == 1) return compare(field, Operator::Contains, values.front());
  return compare(field, Operator::In, values);
}

Filter related_to(const std::vector<std::string>& skus) {
  return any_of({list_filter(Field::PurchasedSkus, skus), list_filter(Field::BrowsedSkus, skus),
                 list_filter(Field::CartSkus, skus)});
}

Filter in_location(const std::string& location, const Vocabulary& vocabulary) {
  const auto cities = vocabulary.values_of(Term::Kind::City, location);
  if (cities.size() > 1) return compare(Field::City, Operator::In, cities);
  if (cities.size() == 1) return compare(Field::City, Operator::Equal, cities.front());
  const auto countries = vocabulary.values_of(Term::Kind::Country, location);
  if (!countries.empty()) return compare(Field::Country, Operator::Equal, countries.front());
  // A city that nobody lives in matches nobody, which is the answer.
  return compare(Field::City, Operator::Equal, location);
}

Result<void> read_filters(const json::object& filters, const Vocabulary& vocabulary, std::vector<Filter>& parts) {
  constexpr std::array<std::string_view, 5> known{"min_purchases", "max_purchases", "category", "has_cart_items",
                                                  "country"};
  for (const auto& member : filters) {
    if (std::ranges::find(known, std::string_view(member.key())) != known.end()) continue;
    return invalid(
        fmt::format("filters.{} is not known; use min_purchases, max_purchases, category, has_cart_items or country",
                    std::string_view(member.key())));
  }
  const auto least = read_count(filters, "min_purchases");
  if (!least) return std::unexpected(least.error());
  const auto most = read_count(filters, "max_purchases");
  if (!most) return std::unexpected(most.error());
  if (*least && *most && **least > **most) {
    return invalid(
        fmt::format("filters.min_purchases ({}) must not be above filters.max_purchases ({})", **least, **most));
  }
  // Nobody has fewer than none.
  if (*least && **least > 0) parts.push_back(compare(Field::PurchaseCount, Operator::GreaterOrEqual, **least));
  if (*most) parts.push_back(compare(Field::PurchaseCount, Operator::LessOrEqual, **most));

  const auto category = read_text(filters, "category", "filters.");
  if (!category) return std::unexpected(category.error());
  if (*category) {
    const auto skus = vocabulary.values_of(Term::Kind::Category, **category);
    if (skus.empty())
      return invalid(fmt::format("filters.category \"{}\" is not a category of any product", **category));
    parts.push_back(related_to(skus));
  }
  const auto* const cart = filters.if_contains("has_cart_items");
  if (!is_absent(cart)) {
    if (!cart->is_bool()) return invalid("filters.has_cart_items must be true or false");
    parts.push_back(compare(Field::CartSkus, Operator::Exists, cart->as_bool()));
  }
  const auto country = read_text(filters, "country", "filters.");
  if (!country) return std::unexpected(country.error());
  if (*country) {
    const auto code = vocabulary.country_code(**country);
    if (!code)
      return invalid(
          fmt::format("filters.country \"{}\" is not a country; use a name or a two-letter code", **country));
    parts.push_back(compare(Field::Country, Operator::Equal, *code));
  }
  return {};
}

}  // namespace

Result<Filter> parse_filter_form(const json::object& body, const Vocabulary& vocabulary) {
  std::vector<Filter> parts;
  const auto location = read_text(body, "location", "");
  if (!location) return std::unexpected(location.error());
  if (*location) parts.push_back(in_location(**location, vocabulary));
  const auto sku = read_text(body, "sku", "");
  if (!sku) return std::unexpected(sku.error());
  if (*sku) parts.push_back(related_to({**sku}));
  const auto* const filters = body.if_contains("filters");
  if (!is_absent(filters)) {
    const auto* const object = filters->if_object();
    if (object == nullptr) return invalid("filters must be an object");
    if (auto read = read_filters(*object, vocabulary, parts); !read) return std::unexpected(read.error());
  }
  return normalise(all_of(std::move(parts)));
}

}  // namespace clarion
