#include "api/contact_json.h"

#include "api/campaign_json.h"
#include "api/json_text.h"

namespace clarion {
namespace {

namespace json = boost::json;

json::array list(const std::vector<std::string>& texts) {
  json::array values;
  for (const std::string& text : texts) values.emplace_back(text);
  return values;
}

}  // namespace

json::object contact_to_json(const Contact& contact) {
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
  return {{"customer_id", contact.id},
          {"first_name", or_null(contact.first_name)},
          {"last_name", or_null(contact.last_name)},
          {"phone", or_null(contact.phone)},
          {"email", or_null(contact.email)},
          {"city", or_null(contact.city)},
          {"country", or_null(contact.country)},
          {"time_zone", or_null(contact.time_zone)},
          {"language", or_null(contact.language)},
          {"age", or_null(contact.age)},
          {"tags", list(contact.tags)},
          {"interests", list(contact.interests)},
          {"purchased_skus", list(contact.purchased_skus)},
          {"browsed_skus", list(contact.browsed_skus)},
          {"cart_skus", list(contact.cart_skus)},
          {"purchase_count", contact.purchase_count},
          {"browse_count", contact.browse_count},
          {"total_spent_usd", contact.total_spent_usd},
          {"last_purchase_at", time_to_json(contact.last_purchase_at)},
          {"last_contacted_at", time_to_json(contact.last_contacted_at)},
          {"sentiment", or_null(contact.sentiment)},
          {"complaint_at", time_to_json(contact.complaint_at)},
          {"has_open_complaint", contact.has_open_complaint},
          {"best_hour", or_null(contact.best_hour)},
          {"consent", std::move(consent)},
          {"engagement", std::move(engagement)}};
}

}  // namespace clarion
