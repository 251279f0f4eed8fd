// Whom a question means, who of them may be contacted and how, and what it would cost: everything except sending.

#include <fmt/format.h>

#include "api/audience_question.h"
#include "api/campaign_content.h"
#include "api/campaign_selection.h"
#include "api/json_body.h"
#include "api/preview_json.h"
#include "api/resources.h"
#include "audience/filter_json.h"
#include "audience/filter_text.h"
#include "content/campaign_content.h"

namespace clarion {
namespace {

// A page can show and send this many; more are sent as a segment (POST /api/campaigns).
constexpr std::size_t most_listed_users = 5000;

json::value promotion_to_json(const ApiContext& context, const std::string& sku) {
  const Promotion* promotion = context.library.find_promotion(sku, context.clock.wall_now());
  return promotion == nullptr ? json::value(nullptr) : json::value(promotion_variables(*promotion));
}

Reply answer(Api api, std::shared_ptr<const AudienceSnapshot> audience, AudienceQuestion question, json::object shown) {
  const WallTime now = api->clock.wall_now();
  const std::string sku = product_of(*api, question);
  auto content_json = co_await make_campaign_content(api, {.templates = {}, .sku = sku, .variables = {}});
  if (!content_json) co_return std::unexpected(content_json.error());
  auto content = CampaignContent::parse(*content_json);
  if (!content) co_return std::unexpected(content.error());

  Selection selection = make_selection(*audience, question.filter, std::move(*content), true, 0, now);
  const auto matched = static_cast<std::int64_t>(selection.rows.size());
  const auto preview = co_await preview_audience({api->suppressions, api->deliveries, api->clock}, std::move(selection),
                                                 {.users = most_listed_users});
  if (!preview) co_return std::unexpected(preview.error());
  const auto segment = co_await save_segment(api, question, "", matched);
  if (!segment) co_return std::unexpected(segment.error());

  json::object results = preview_to_json(*preview);
  results["segment_id"] = *segment;
  results["sql_query"] = to_sql(question.filter);
  results["filter"] = to_json(question.filter);
  results["parsed_dimensions"] = dimensions_json(question.dimensions);
  results["unsupported_dimensions"] = unsupported_json(question.unsupported);
  results["ambiguities"] = ambiguities_json(question.ambiguities);
  json::array suggestions;
  for (const std::string& suggestion : question.suggestions) suggestions.emplace_back(suggestion);
  results["suggestions"] = std::move(suggestions);
  results["promotion"] = promotion_to_json(*api, sku);
  co_return json_response(
      json::object{{"success", true}, {"query", std::move(shown)}, {"results", std::move(results)}});
}

}  // namespace

Reply run_query(Api api, HttpRequest& request) {
  auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  auto audience = api->audience();
  auto question = ask_form(*audience, *body, api->clock.wall_now());
  if (!question) co_return std::unexpected(question.error());
  json::object shown;
  for (const auto* name : {"location", "sku", "natural_language_query", "filters"}) {
    const auto* value = body->if_contains(name);
    shown[name] = value != nullptr ? *value : json::value(nullptr);
  }
  co_return co_await answer(api, std::move(audience), std::move(*question), std::move(shown));
}

Reply run_intelligent_query(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  const auto words = reader.text("query");
  if (!words || words->empty())
    reader.reject("query", "is missing; write whom to reach, for example: customers in Pune");
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  auto audience = api->audience();
  auto question = ask_sentence(*audience, *words, api->clock.wall_now());
  if (!question) co_return std::unexpected(question.error());
  co_return co_await answer(api, std::move(audience), std::move(*question), json::object{{"query", *words}});
}

}  // namespace clarion
