// Contacts: searched, paged, and one with consent and its history, suppressions and what was sent lately.

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "api/consent_history.h"
#include "api/contact_json.h"
#include "api/delivery_json.h"
#include "api/query_reader.h"
#include "api/resources.h"

namespace clarion {
namespace {

namespace json = boost::json;

Filter compare(Field field, Operator op, std::string value) {
  Filter filter;
  filter.kind = Filter::Kind::Compare;
  filter.comparison = {field, op, std::move(value)};
  return filter;
}

// Who a person looking for `words` may mean: any text that identifies somebody contains all of it.
Filter search_filter(const std::string& words) {
  Filter filter;
  if (words.empty()) return filter;
  filter.kind = Filter::Kind::Or;
  filter.children.push_back(compare(Field::Id, Operator::Equal, words));
  for (const Field field : {Field::FirstName, Field::LastName, Field::Email, Field::Phone, Field::City}) {
    filter.children.push_back(compare(field, Operator::Contains, words));
  }
  return filter;
}

json::object own_suppression_to_json(const Suppression& suppression) {
  return {{"channel", to_string(suppression.channel)},
          {"reason", suppression.reason},
          {"source", suppression.source},
          {"at", format_iso8601(suppression.at)}};
}

}  // namespace

Reply list_contacts(Api api, HttpRequest& request) {
  QueryReader reader(request);
  const std::string words = reader.text("q");
  const auto limit = static_cast<std::size_t>(reader.integer("limit", 50, 1, 500));
  const auto after = reader.integer("after", 0, 0, UINT32_MAX);
  if (words.size() > 200) reader.reject("q", "must be at most 200 bytes");
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());

  const auto contacts = api->audience()->contacts;
  const auto rows = contacts->select(search_filter(words), api->clock.wall_now());
  json::array page;
  auto position = static_cast<std::size_t>(after);
  for (; position < rows.size() && page.size() < limit; ++position) {
    page.push_back(contact_to_json(contacts->get(rows[position])));
  }
  co_return json_response(
      json::object{{"contacts", std::move(page)},
                   {"total", rows.size()},
                   {"next", position < rows.size() ? json::value(position) : json::value(nullptr)}});
}

Reply show_contact(Api api, HttpRequest& request) {
  const std::string& id = request.path_parameters["id"];
  const auto contacts = api->audience()->contacts;
  const auto row = contacts->find(id);
  if (!row) co_return fail(ErrorKind::NotFound, fmt::format("there is no contact '{}'", id.substr(0, 100)));
  const Contact contact = contacts->get(*row);
  json::object document = contact_to_json(contact);

  std::vector<Suppression> own;
  json::array found;
  for (const Channel channel : all_channels) {
    if (address_of(contact, channel).empty()) continue;
    std::vector<std::string> addresses{address_of(contact, channel)};
    const auto suppressions = co_await api->suppressions.find(channel, std::move(addresses));
    if (!suppressions) co_return std::unexpected(suppressions.error());
    for (const Suppression& suppression : *suppressions) {
      found.push_back(own_suppression_to_json(suppression));
      own.push_back(suppression);
    }
  }
  document["suppressions"] = std::move(found);
  auto entries = co_await api->consents.list(consent_subjects(contact));
  if (!entries) co_return std::unexpected(entries.error());
  document["consent_history"] = consent_history(contact, own, std::move(*entries));

  DeliveryQuery query;
  query.contact_id = contact.id;
  query.limit = 20;
  const auto deliveries = co_await api->deliveries.list(query);
  if (!deliveries) co_return std::unexpected(deliveries.error());
  json::array recent;
  for (const Delivery& delivery : *deliveries) recent.push_back(delivery_to_json(delivery, *contacts));
  document["recent_deliveries"] = std::move(recent);
  co_return json_response(document);
}

}  // namespace clarion
