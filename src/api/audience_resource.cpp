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
  for (const Field field : sku_fields) {
    for (const auto& row : contacts.values(field)) {
      if (!row.value.empty()) skus.emplace(row.value);
    }
  }
  return skus;
}

constexpr std::size_t most_offered_values = 200;

json::array operators_for(Field field) {
  json::array names;
  for (const Operator op : operators_of(type_of(field))) names.emplace_back(to_string(op));
  return names;
}

json::array offered_values(const ContactTable& contacts, Field field) {
  if (names_a_person(field)) return {};
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
  for (const Field field : all_fields) {
    fields.push_back(json::object{{"field", to_string(field)},
                                  {"type", to_string(type_of(field))},
                                  {"operators", operators_for(field)},
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
  for (const Channel channel : all_channels) {
    const Field field = on_channel(Field::ConsentSms, channel);
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
