// What there is to choose from: locations, SKUs and the size of the audience.

#include <set>

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

}  // namespace

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
