// What there is to choose from: locations, SKUs and the size of the audience.

#include <algorithm>
#include <set>
#include <tuple>

#include "api/resources.h"

namespace clarion {
namespace {

namespace json = boost::json;

json::array counted(const ContactTable& contacts, Field field) {
  json::array rows;
  for (const auto& [value, count] : contacts.values(field)) {
    if (!value.empty()) rows.push_back(json::object{{"value", value}, {"count", count}});
  }
  return rows;
}

std::size_t count_with(const ContactTable& contacts, Field field, std::string_view value, WallTime now) {
  Filter filter;
  filter.kind = Filter::Kind::Compare;
  filter.comparison = {field, Operator::Equal, std::string(value)};
  return contacts.select(filter, now).size();
}

std::set<std::string> known_skus(const ContactTable& contacts) {
  std::set<std::string> skus;
  for (const Field field : {Field::PurchasedSkus, Field::BrowsedSkus, Field::CartSkus}) {
    for (const auto& row : contacts.values(field)) {
      if (!row.value.empty()) skus.emplace(row.value);
    }
  }
  return skus;
}

constexpr std::size_t most_offered_values = 200;

// What a value of each type looks like, to ask which operators suit it.
FilterValue sample_of(FieldType type, Operator op) {
  if (op == Operator::Exists) return true;
  if (op == Operator::In) return std::vector<std::string>{"opted_in"};
  switch (type) {
    case FieldType::Number: return 0.0;
    case FieldType::Time: return DaysAgo{1};
    case FieldType::Flag: return true;
    case FieldType::Text:
    case FieldType::TextList: return std::string("opted_in");  // for a consent the only kind of text there is
  }
  return true;
}

std::string_view name_of(FieldType type) {
  switch (type) {
    case FieldType::Text: return "text";
    case FieldType::Number: return "number";
    case FieldType::Time: return "time";
    case FieldType::TextList: return "list";
    case FieldType::Flag: return "flag";
  }
  return "text";
}

json::array operators_of(Field field) {
  json::array names;
  for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(Operator::Exists); ++i) {
    const auto op = static_cast<Operator>(i);
    Comparison comparison{.field = field, .op = op, .value = sample_of(type_of(field), op)};
    if (check_comparison(comparison, "")) names.emplace_back(to_string(op));
  }
  return names;
}

// Fields whose values name one person are not offered as a list to choose from.
bool identifies_a_person(Field field) {
  return field == Field::Id || field == Field::FirstName || field == Field::LastName || field == Field::Phone ||
         field == Field::Email;
}

json::array offered_values(const ContactTable& contacts, Field field) {
  if (identifies_a_person(field)) return {};
  auto values = contacts.values(field);
  std::ranges::sort(
      values, [](const auto& a, const auto& b) { return std::tie(b.count, a.value) < std::tie(a.count, b.value); });
  json::array rows;
  for (const auto& [value, count] : values) {
    if (rows.size() == most_offered_values) break;
    if (!value.empty()) rows.push_back(json::object{{"value", value}, {"count", count}});
  }
  return rows;
}

}  // namespace

Reply list_fields(Api api, HttpRequest&) {
  const auto contacts = api->audience()->contacts;
  json::array fields;
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    fields.push_back(json::object{{"field", to_string(field)},
                                  {"type", name_of(type_of(field))},
                                  {"operators", operators_of(field)},
                                  {"values", offered_values(*contacts, field)}});
  }
  co_return json_response(json::object{{"fields", std::move(fields)}});
}

Reply list_locations(Api api, HttpRequest&) {
  const auto contacts = api->audience()->contacts;
  json::array locations;
  for (const auto& row : contacts->values(Field::City)) {
    if (!row.value.empty()) locations.emplace_back(row.value);
  }
  co_return json_response(json::object{{"locations", std::move(locations)}, {"total_customers", contacts->size()}});
}

Reply list_skus(Api api, HttpRequest&) {
  json::array skus;
  for (const std::string& sku : known_skus(*api->audience()->contacts)) skus.emplace_back(sku);
  const auto total = skus.size();
  co_return json_response(json::object{{"skus", std::move(skus)}, {"total_skus", total}});
}

Reply show_stats(Api api, HttpRequest&) {
  const auto contacts = api->audience()->contacts;
  const WallTime now = api->clock.wall_now();
  json::object consent;
  const std::pair<Channel, Field> fields[] = {{Channel::Sms, Field::ConsentSms},
                                              {Channel::WhatsApp, Field::ConsentWhatsApp},
                                              {Channel::Email, Field::ConsentEmail}};
  for (const auto& [channel, field] : fields) {
    const auto opted_in = count_with(*contacts, field, "opted_in", now);
    const auto opted_out = count_with(*contacts, field, "opted_out", now);
    consent[to_string(channel)] = json::object{
        {"opted_in", opted_in}, {"opted_out", opted_out}, {"unknown", contacts->size() - opted_in - opted_out}};
  }
  json::array cities = counted(*contacts, Field::City);
  const auto total_locations = cities.size();
  co_return json_response(json::object{{"total_customers", contacts->size()},
                                       {"total_locations", total_locations},
                                       {"total_skus", known_skus(*contacts).size()},
                                       {"cities", std::move(cities)},
                                       {"countries", counted(*contacts, Field::Country)},
                                       {"languages", counted(*contacts, Field::Language)},
                                       {"consent", std::move(consent)}});
}

}  // namespace clarion
