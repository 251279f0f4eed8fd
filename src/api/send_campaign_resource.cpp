// POST /api/send-campaign: an explicit list, sent now; the contract that existed before.

#include <fmt/format.h>

#include <ranges>
#include <string_view>

#include "api/campaign_json.h"
#include "api/campaign_start.h"
#include "api/plan_rules_json.h"
#include "api/resources.h"
#include "audience/address_rules.h"
#include "base/hash.h"
#include "base/text.h"
#include "decision/channel_choice.h"
#include "domain/price_table.h"
#include "engine/plan_list.h"
#include "engine/send_request.h"

namespace clarion {
namespace {

namespace json = boost::json;

// "Prefer: wait=10, respond-async" (RFC 7240): a list of preferences, in any case, with parameters behind ";".
bool asks_for_async(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (fold_text(name) != "prefer") continue;
    for (const auto part : std::views::split(value, ',')) {
      const std::string_view preference(part);
      if (fold_text(trim(preference.substr(0, preference.find(';')))) == "respond-async") return true;
    }
  }
  return false;
}

CampaignDefinition definition_of(const SendRequest& request, WallTime now) {
  CampaignDefinition definition;
  definition.id = request.campaign_id.empty() ? make_campaign_id(now) : request.campaign_id;
  definition.request_hash = request.hash;
  definition.throughput_tps = request.throughput_tps;
  definition.audience = json::serialize(json::object{{"kind", "list"}, {"users", request.user_count()}});
  definition.content = "{}";
  definition.respects_caps = request.respects_caps;
  PlanRules rules;
  rules.eligibility = EligibilityRules::for_explicit_list(request.respects_caps);
  definition.rules = json::serialize(plan_rules_to_json(rules));
  definition.seed = hash64(definition.id) >> 1U;
  return definition;
}

// A list is given once, so it cannot wait for the provider's word as other campaigns do: while nobody can say which
// WhatsApp templates are approved nothing is made of it, and the same request may come again. What hides the member
// from this look is refused when it is planned.
Task<Result<void>> check_templates_known(Api api, const SendRequest& request) {
  if (api->provider_templates == nullptr || !request.body.contains("\"template_name\"")) co_return Result<void>();
  const auto templates = co_await api->provider_templates->current();
  if (templates) co_return Result<void>();
  co_return fail(ErrorKind::Unavailable,
                 "nothing was sent, because nobody can say whether the WhatsApp templates are approved: " +
                     templates.error().message + "; send the same request again later, or leave WhatsApp out");
}

}  // namespace

Reply send_campaign(Api api, HttpRequest& request) {
  const bool is_async = asks_for_async(request);
  auto read = parse_send_request(std::move(request.body), api->max_tps);
  if (!read) co_return std::unexpected(read.error());
  const std::vector<std::string> unknown = read->unknown_members;
  const double wait_seconds = is_async ? 0 : read->wait_seconds;
  const CampaignDefinition definition = definition_of(*read, api->clock.wall_now());

  const auto earlier = co_await find_earlier(api, definition.id, definition.request_hash);
  if (!earlier) co_return std::unexpected(earlier.error());
  if (!*earlier) {
    if (auto checked = co_await check_templates_known(api, *read); !checked) co_return std::unexpected(checked.error());
    const auto audience = api->audience();
    ChoicePolicy choice;
    choice.seed = definition.seed;
    auto plan = std::make_unique<ListPlan>(ListPlan::Deps{.sources = api->planning,
                                                          .contacts = audience->contacts,
                                                          .responses = audience->responses,
                                                          .prices = audience->prices,
                                                          .set_up = audience->set_up,
                                                          .templates = api->provider_templates,
                                                          .read_phone = read_phone,
                                                          .read_email = read_email},
                                           std::move(*read), choice);
    const auto started = co_await start_campaign(api, definition, std::move(plan));
    if (!started) co_return std::unexpected(started.error());
    if (*started) log_change(request, definition.id, "created");
  } else if (auto gone_on = co_await go_on_with_earlier(api, definition.id); !gone_on) {
    co_return std::unexpected(gone_on.error());
  }

  const TimePoint deadline =
      api->clock.now() + std::chrono::milliseconds(static_cast<std::int64_t>(wait_seconds * 1000));
  const auto progress = co_await on_engine(
      *api, [id = definition.id, deadline](CampaignEngine& engine) { return engine.wait(id, deadline); });
  if (!progress) co_return std::unexpected(progress.error());
  const bool is_done = has_ended(progress->campaign.status);
  json::object document = send_contract_of(campaign_to_json(*progress));
  if (!unknown.empty()) document["ignored_members"] = json::array(unknown.begin(), unknown.end());
  HttpResponse response = json_response(document, is_done ? 200 : 202);
  if (!is_done) response.headers.emplace_back("Location", "/api/campaigns/" + definition.id);
  if (is_async) response.headers.emplace_back("Preference-Applied", "respond-async");
  co_return response;
}

}  // namespace clarion
