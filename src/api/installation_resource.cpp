// What this installation is made of: its limits, where its contacts come from, which channels it can send on, its
// promotions, and what its prices are and where they come from. No secret and no setting of the machine.

#include "api/campaign_json.h"
#include "api/plan_rules_json.h"
#include "api/resources.h"
#include "domain/price_table.h"

namespace clarion {
namespace {

namespace json = boost::json;

json::object price_to_json(const PriceRow& row) {
  return {{"channel", to_string(row.channel)},
          {"category", to_string(row.category)},
          {"country", row.country},
          {"unit_price", money_to_json(row.unit_price)},
          {"is_example", row.is_example},
          {"source", row.source},
          {"date", row.date}};
}

}  // namespace

Reply show_installation(Api api, HttpRequest& request) {
  const auto audience = api->audience();
  json::object channels;
  for (const Channel channel : all_channels) channels[to_string(channel)] = audience->set_up[channel];
  json::array prices;
  for (const PriceRow* row : audience->prices->rows()) prices.push_back(price_to_json(*row));
  json::array promotions;
  for (const Promotion& promotion : api->library.promotions()) {
    promotions.push_back(json::object{{"sku", promotion.sku}, {"product", promotion.product}});
  }
  // What a campaign is planned by when its request says nothing of it.
  json::object defaults = plan_rules_to_json(PlanRules{});
  defaults.stable_erase("channel_overrides");
  co_return json_response(
      json::object{{"max_tps", api->max_tps},
                   {"requires_token", api->verifier != nullptr},
                   {"caller", request.caller.empty() ? json::value(nullptr) : json::value(request.caller)},
                   {"public_url", api->public_url.empty() ? json::value(nullptr) : json::value(api->public_url)},
                   {"contacts", {{"count", audience->contacts->size()}, {"source", audience->source}}},
                   {"set_up", std::move(channels)},
                   {"promotions", std::move(promotions)},
                   {"plan_defaults", std::move(defaults)},
                   {"prices", std::move(prices)}});
}

}  // namespace clarion
