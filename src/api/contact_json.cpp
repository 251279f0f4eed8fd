#include "api/contact_json.h"

#include <span>
#include <type_traits>
#include <variant>

#include "api/campaign_json.h"
#include "api/json_text.h"
#include "audience/field.h"

namespace clarion {
namespace {

namespace json = boost::json;

// What is not known is null, or an empty list.
json::value to_json(Field field, const Contact& contact) {
  return std::visit(
      [field]<class Known>(const Known& known) -> json::value {
        if constexpr (std::is_same_v<Known, std::monostate>) {
          return type_of(field) == FieldType::TextList ? json::value(json::array()) : json::value();
        } else if constexpr (std::is_same_v<Known, std::string_view>) {
          return json::value(known);
        } else if constexpr (std::is_same_v<Known, std::span<const std::string>>) {
          return json::array(known.begin(), known.end());
        } else if constexpr (std::is_same_v<Known, WallTime>) {
          return time_to_json(known);
        } else {
          return known;
        }
      },
      value_of(field, contact));
}

}  // namespace

json::object contact_to_json(const Contact& contact) {
  json::object document;
  for (const Field field : all_fields) {
    if (channel_of(field)) continue;  // these follow in objects
    document[field == Field::Id ? "customer_id" : to_string(field)] = to_json(field, contact);
  }
  json::object consent;
  json::object engagement;
  for (const Channel channel : all_channels) {
    const Consent& given = contact.consent[channel];
    consent[to_string(channel)] = json::object{
        {"state", to_string(given.state)}, {"source", or_null(given.source)}, {"at", time_to_json(given.at)}};
    const Engagement& known = contact.engagement[channel];
    engagement[to_string(channel)] = json::object{{"preference", or_null(known.preference)},
                                                  {"sent", known.sent},
                                                  {"responded", known.responded},
                                                  {"last_at", time_to_json(known.last_at)}};
  }
  document["consent"] = std::move(consent);
  document["engagement"] = std::move(engagement);
  return document;
}

}  // namespace clarion
