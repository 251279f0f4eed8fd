// Whom a question means, who of them may be contacted and how, and what it would cost: everything except sending.

#include <fmt/format.h>

#include "api/audience_question.h"
#include "api/campaign_content.h"
#include "api/campaign_selection.h"
#include "api/json_body.h"
#include "api/plan_rules_json.h"
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

PlanRules read_rules(MemberReader& reader) {
  return read_plan_rules(reader, reader.flag("respect_caps").value_or(true));
}

// Members of the body that mean nothing here, each as something that was not understood.
void name_unknown(const MemberReader& reader, std::string_view known, AudienceQuestion& question) {
  for (std::string& name : reader.unknown()) {
    question.unsupported.push_back({.words = std::move(name),
                                    .reason = "is not a member of this request",
                                    .suggestion = fmt::format("conditions go into {}", known)});
  }
}

// What both shapes of the answer have.
struct Asked {
  ContentRequest content;  // without a product: the one the question is about
  PlanRules rules = {};
  std::optional<std::uint64_t> seed = std::nullopt;  // none: that of the audience
  std::size_t users = most_listed_users;
  std::optional<WallTime> start_at = std::nullopt;
  std::string excluded_by = {};  // of the excluded, those only whom this rule excludes
};

// Words are left over and no condition is: that is nobody, not everybody.
bool means_nobody(const AudienceQuestion& question) {
  return question.filter.kind == Filter::Kind::Everyone && !question.unsupported.empty();
}

Task<Result<json::object>> describe(Api api, std::shared_ptr<const AudienceSnapshot> audience,
                                    AudienceQuestion question, Asked asked) {
  const WallTime now = api->clock.wall_now();
  if (asked.content.sku.empty()) asked.content.sku = product_of(*api, question);
  const std::string sku = asked.content.sku;
  auto content_json = co_await make_campaign_content(api, std::move(asked.content));
  if (!content_json) co_return std::unexpected(content_json.error());
  auto content = CampaignContent::parse(*content_json);
  if (!content) co_return std::unexpected(content.error());

  if (const auto checked = check_channels(asked.rules, **content); !checked) co_return std::unexpected(checked.error());
  const bool is_nobody = means_nobody(question);
  if (is_nobody) {
    question.suggestions.insert(
        question.suggestions.begin(),
        "no condition was understood, so nobody was chosen; say it differently, or ask for \"everyone\"");
  }
  asked.rules.choice.seed = asked.seed.value_or(seed_of_audience(question.filter, now));
  const Filter whom = is_nobody ? negate(Filter{}) : question.filter;
  json::value filter = to_json(whom);
  Selection selection = make_selection(*audience, whom, std::move(*content), std::move(asked.rules), now);
  const auto preview =
      co_await preview_audience(api->planning, std::move(selection),
                                {.users = asked.users, .start_at = asked.start_at, .excluded_by = asked.excluded_by});
  if (!preview) co_return std::unexpected(preview.error());

  json::object results = preview_to_json(*preview);
  results["segment_id"] = is_nobody ? std::string() : segment_id(question.filter);
  results["sql_query"] = is_nobody ? std::string("FALSE") : to_sql(question.filter);
  results["filter"] = std::move(filter);
  results["parsed_dimensions"] = dimensions_json(question.dimensions);
  results["unsupported_dimensions"] = unsupported_json(question.unsupported);
  results["ambiguities"] = ambiguities_json(question.ambiguities);
  json::array suggestions;
  for (const std::string& suggestion : question.suggestions) suggestions.emplace_back(suggestion);
  results["suggestions"] = std::move(suggestions);
  results["promotion"] = promotion_to_json(*api, sku);
  co_return results;
}

// The contract of the two query endpoints: the answer, and the question kept as a segment that can be sent to; of who
// may only look, for a while and in memory.
Reply answer(Api api, std::shared_ptr<const AudienceSnapshot> audience, AudienceQuestion question, PlanRules rules,
             json::object shown, bool is_read_only) {
  auto results = co_await describe(api, std::move(audience), question, {.content = {}, .rules = std::move(rules)});
  if (!results) co_return std::unexpected(results.error());
  if (means_nobody(question)) {
    co_return json_response(
        json::object{{"success", true}, {"query", std::move(shown)}, {"results", std::move(*results)}});
  }
  if (is_read_only) {
    api->asked_segments->keep(segment_id(question.filter), to_json_text(question.filter));
  } else {
    const auto matched = results->at("total_matched").to_number<std::int64_t>();
    const auto segment = co_await save_segment(api, question, "", matched);
    if (!segment) co_return std::unexpected(segment.error());
  }
  co_return json_response(
      json::object{{"success", true}, {"query", std::move(shown)}, {"results", std::move(*results)}});
}

}  // namespace

Reply run_query(Api api, HttpRequest& request) {
  auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  PlanRules rules = read_rules(reader);
  json::object shown;
  for (const auto* name : {"location", "sku", "natural_language_query", "filters"}) {
    const auto* value = reader.value(name);
    shown[name] = value != nullptr ? *value : json::value(nullptr);
  }
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  auto audience = api->audience();
  auto question = ask_form(*audience, *body, api->clock.wall_now());
  if (!question) co_return std::unexpected(question.error());
  name_unknown(reader, "location, sku, filters or natural_language_query", *question);
  co_return co_await answer(api, std::move(audience), std::move(*question), std::move(rules), std::move(shown),
                            request.is_read_only);
}

Reply preview_campaign(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  auto source = read_audience_source(reader);
  Asked asked{.content = read_content_request(reader)};
  asked.rules = read_rules(reader);
  if (const auto seed = reader.integer("seed")) {
    if (*seed < 0) reader.reject("seed", "must be 0 or more");
    asked.seed = static_cast<std::uint64_t>(*seed);
  }
  asked.start_at = reader.time("start_at");
  asked.excluded_by = reader.text("excluded_by").value_or("");
  const auto limit = reader.integer("limit").value_or(25);
  if (limit < 0 || limit > static_cast<std::int64_t>(most_listed_users)) {
    reader.reject("limit", fmt::format("must be 0 to {}", most_listed_users));
  }
  reader.refuse_unknown();
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  if (!source) co_return std::unexpected(source.error());
  asked.users = static_cast<std::size_t>(limit);
  auto audience = api->audience();
  auto question = co_await ask_source(api, std::move(*source), audience);
  if (!question) co_return std::unexpected(question.error());
  auto results = co_await describe(api, std::move(audience), std::move(*question), std::move(asked));
  if (!results) co_return std::unexpected(results.error());
  co_return json_response(*results);
}

Reply run_intelligent_query(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  const auto words = reader.text("query");
  if (!words || words->empty())
    reader.reject("query", "is missing; write whom to reach, for example: customers in Mumbai");
  PlanRules rules = read_rules(reader);
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  auto audience = api->audience();
  auto question = ask_sentence(*audience, *words, api->clock.wall_now());
  if (!question) co_return std::unexpected(question.error());
  name_unknown(reader, "query", *question);
  co_return co_await answer(api, std::move(audience), std::move(*question), std::move(rules),
                            json::object{{"query", *words}}, request.is_read_only);
}

}  // namespace clarion
