// POST /api/campaigns: a campaign from a segment, a filter or a sentence.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "api/audience_question.h"
#include "api/campaign_content.h"
#include "api/campaign_selection.h"
#include "api/campaign_start.h"
#include "api/errors.h"
#include "api/json_body.h"
#include "api/plan_rules_json.h"
#include "api/resources.h"
#include "audience/edit_distance.h"
#include "audience/filter_text.h"
#include "base/text.h"
#include "content/campaign_content.h"
#include "engine/send_request.h"

namespace clarion {
namespace {

constexpr double most_budget_usd = 1e9;

struct CampaignRequest {
  CampaignDefinition definition;
  AudienceSource source;
  bool accepts_partial = false;  // go on without the words of the sentence that were not understood
  ContentRequest content;
  PlanRules rules;
  std::optional<std::uint64_t> seed;  // none: that of the audience
};

void read_policies(MemberReader& reader, CampaignDefinition& definition) {
  const std::string on_unknown = reader.text("on_unknown").value_or("hold");
  if (on_unknown != "hold" && on_unknown != "resend") reader.reject("on_unknown", "must be hold or resend");
  definition.on_unknown = on_unknown == "resend" ? OnUnknown::Resend : OnUnknown::Hold;
  definition.start_at = reader.time("start_at");
  if (const auto budget = reader.number("budget")) {
    if (!(*budget > 0 && *budget <= most_budget_usd)) reader.reject("budget", "must be above 0, in US dollars");
    definition.budget = Money::from_usd(std::min(*budget, most_budget_usd));
  }
}

Result<CampaignRequest> read_request(const ApiContext& context, const json::object& body) {
  CampaignRequest request;
  MemberReader reader(body);
  auto source = read_audience_source(reader);
  request.accepts_partial = reader.flag("accept_partial").value_or(false);
  CampaignDefinition& definition = request.definition;
  const auto tps = reader.number("throughput_tps");
  definition.id = reader.text("campaign_id").value_or("");
  definition.name = reader.text("name", 200).value_or("");
  request.content = read_content_request(reader);
  definition.respects_caps = reader.flag("respect_caps").value_or(true);
  request.rules = read_plan_rules(reader, definition.respects_caps);
  read_policies(reader, definition);
  const auto seed = reader.integer("seed");
  reader.refuse_unknown();

  if (request.accepts_partial && !(source && !source->words.empty()))
    reader.reject("accept_partial", "goes with query only");
  if (!tps)
    reader.reject("throughput_tps", "is missing; give messages per second on each channel, there is no default");
  if (tps && !(*tps >= least_throughput_tps && *tps <= context.max_tps)) {
    reader.reject("throughput_tps", fmt::format("must be from {} to {}", least_throughput_tps, context.max_tps));
  }
  if (reader.has("campaign_id") && !is_campaign_id(definition.id)) {
    reader.reject("campaign_id", "must be 1 to 64 letters, digits, '.', '_' or '-'");
  }
  if (seed && *seed < 0) reader.reject("seed", "must be 0 or more");
  if (auto checked = reader.finish(); !checked) return std::unexpected(checked.error());
  if (!source) return std::unexpected(source.error());

  request.source = std::move(*source);
  definition.rules = json::serialize(plan_rules_to_json(request.rules));
  definition.throughput_tps = *tps;
  definition.request_hash = hash_json(json::value(body));
  if (definition.id.empty()) definition.id = make_campaign_id(context.clock.wall_now());
  if (seed) request.seed = static_cast<std::uint64_t>(*seed);
  return request;
}

// A start in the past is a mistake of the year or the zone more often than a wish to begin at once.
std::optional<std::string> refuse_start(const CampaignDefinition& definition, WallTime now) {
  constexpr std::chrono::minutes clocks_differ(5);
  if (!definition.start_at || *definition.start_at >= now - clocks_differ) return std::nullopt;
  return fmt::format("start_at: {} has passed; leave it out to begin at once", format_iso8601(*definition.start_at));
}

std::string contacts_text(std::size_t count) {
  return count == 1 ? "1 contact" : fmt::format("{} contacts", count);
}

// Why a campaign must not go to all that a word may mean; nothing when it may.
std::optional<std::string> refuse_ambiguous(const CampaignRequest& request, const AudienceQuestion& question,
                                            std::size_t matched) {
  if (question.ambiguities.empty() || request.accepts_partial) return std::nullopt;
  std::string words;
  for (const Ambiguity& part : question.ambiguities) {
    words +=
        fmt::format("{}'{}' may mean {}", words.empty() ? "" : "; ", part.words, fmt::join(part.candidates, " or "));
  }
  return fmt::format(
      "query has words that may mean several things, so nothing was sent: {}; say which, or repeat it with "
      "accept_partial (on the command line --accept-partial) to send to the {} that any of them means: {}",
      words, contacts_text(matched), to_sql(question.filter));
}

// Why a campaign must not go to the people that half a sentence means; nothing when it may. What was understood of a
// sentence may be sent to when the request says so, unless nothing was: everybody has to be asked for by that word.
std::optional<std::string> refuse_partial(const CampaignRequest& request, const AudienceQuestion& question,
                                          std::size_t matched) {
  if (question.unsupported.empty()) return refuse_ambiguous(request, question, matched);
  const bool is_everyone = question.filter.kind == Filter::Kind::Everyone;
  if (request.accepts_partial && !is_everyone) return std::nullopt;
  std::string words;
  for (const Unsupported& part : question.unsupported) {
    words += fmt::format("{}'{}'{}", words.empty() ? "" : ", ", part.words,
                         part.suggestion.empty() ? "" : " (" + part.suggestion + ")");
  }
  return fmt::format("query has words that were not understood, so nothing was sent: {}; {}", words,
                     is_everyone ? "no condition is left without them: say it differently, or ask for \"everyone\""
                                 : fmt::format("say it differently, or repeat it with accept_partial (on the command "
                                               "line --accept-partial) to send to the {} that the rest means: {}",
                                               contacts_text(matched), to_sql(question.filter)));
}

// Why nothing may be sent about `sku`; nothing when it is a product. A mistyped one would leave its promotion out of
// every message without a sign.
std::optional<std::string> refuse_sku(const ApiContext& context, const AudienceSnapshot& audience,
                                      const std::string& sku) {
  if (sku.empty() || context.library.find_promotion(sku, context.clock.wall_now()) != nullptr) return std::nullopt;
  // Either a name that a product goes by ("laptops"), or a slip in the SKU itself.
  std::vector<std::string> named = audience.vocabulary->values_of(Term::Kind::Product, sku);
  std::set<std::string> near(named.begin(), named.end());
  if (near.contains(sku)) return std::nullopt;
  const std::string folded = fold_text(sku);
  const int allowed = allowed_errors(folded.size());
  for (const Field field : sku_fields) {
    for (const auto& row : audience.contacts->values(field)) {
      if (row.value == sku) return std::nullopt;
      if (edit_distance(folded, fold_text(row.value), allowed) <= allowed) near.emplace(row.value);
    }
  }
  return fmt::format("sku '{}' is no product, so nothing was sent; {}GET /api/skus lists all", sku.substr(0, 100),
                     near.empty() ? "" : fmt::format("near it: {}; ", fmt::join(near, ", ")));
}

// Why the channels that the request chose cannot be; nothing when they can.
std::optional<std::string> refuse_rules(const PlanRules& rules, const AudienceSnapshot& audience,
                                        const std::string& content) {
  const auto parsed = CampaignContent::parse(content);
  if (!parsed) return parsed.error().message;
  if (const auto checked = check_channels(rules, **parsed); !checked) return checked.error().message;
  for (const auto& [id, channel] : rules.channel_overrides) {
    if (audience.contacts->find(id)) continue;
    return fmt::format("channel_overrides names '{}', who is no contact, so nothing was sent", id.substr(0, 60));
  }
  return std::nullopt;
}

// Why the content's WhatsApp template must not be sent; nothing when it may.
Task<std::optional<std::string>> refuse_template(Api api, const PlanRules& rules, const std::string& content) {
  if (!rules.eligibility.offered[Channel::WhatsApp]) co_return std::nullopt;
  const auto templates = co_await read_provider_templates(api);
  const auto parsed = CampaignContent::parse(content);
  if (!templates || !parsed || !(*parsed)->has(Channel::WhatsApp) || !api->audience()->set_up[Channel::WhatsApp]) {
    co_return std::nullopt;
  }
  const WhatsAppTemplate& whatsapp = *(*parsed)->whatsapp_template();
  auto problem = templates->find_problem(whatsapp.template_name, whatsapp.language);
  if (problem) *problem = "nothing was sent: " + *problem + ", or leave whatsapp out of templates";
  co_return problem;
}

}  // namespace

Reply create_campaign(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  auto read = read_request(*api, *body);
  if (!read) co_return std::unexpected(read.error());
  CampaignDefinition& definition = read->definition;

  // A repeated request is answered from what it made the first time, whatever has changed since.
  const auto earlier = co_await find_earlier(api, definition.id, definition.request_hash);
  if (!earlier) co_return std::unexpected(earlier.error());
  bool is_new = !*earlier;
  if (is_new) {
    if (auto refusal = refuse_start(definition, api->clock.wall_now())) {
      co_return error_response(request, 422, std::move(*refusal));
    }
    const auto audience = api->audience();
    const auto question = co_await ask_source(api, read->source, audience);
    if (!question) co_return std::unexpected(question.error());
    const auto matched = audience->contacts->select(question->filter, api->clock.wall_now()).size();
    if (auto refusal = refuse_partial(*read, *question, matched)) {
      co_return error_response(request, 422, std::move(*refusal));
    }
    if (matched == 0) {
      co_return fail(ErrorKind::Invalid, "nobody matches this audience, so there is nothing to send");
    }
    if (auto refusal = refuse_sku(*api, *audience, read->content.sku)) {
      co_return error_response(request, 422, std::move(*refusal));
    }
    if (read->content.sku.empty()) read->content.sku = product_of(*api, *question);
    auto content = co_await make_campaign_content(api, read->content);
    if (!content) co_return std::unexpected(content.error());
    if (auto refusal = co_await refuse_template(api, read->rules, *content)) {
      co_return error_response(request, 422, std::move(*refusal));
    }
    if (auto refusal = refuse_rules(read->rules, *audience, *content)) {
      co_return error_response(request, 422, std::move(*refusal));
    }
    definition.content = std::move(*content);
    definition.audience = write_audience(question->filter);
    definition.seed = read->seed.value_or(seed_of_audience(question->filter, api->clock.wall_now()));
    if (definition.name.empty()) definition.name = question->words.substr(0, 200);
    if (auto saved = co_await save_segment(api, *question, "", static_cast<std::int64_t>(matched)); !saved) {
      co_return std::unexpected(saved.error());
    }
    const auto started = co_await start_campaign(api, definition, nullptr);
    if (!started) co_return std::unexpected(started.error());
    is_new = *started;
    if (is_new) log_change(request, definition.id, "created");
  }
  co_return co_await answer_with_campaign(api, definition.id, is_new);
}

}  // namespace clarion
