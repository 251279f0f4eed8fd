#include "api/campaign_start.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <random>

#include "api/campaign_json.h"
#include "base/log.h"

namespace clarion {
namespace {

std::string random_text(std::size_t length) {
  constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
  std::random_device device;
  std::string text;
  while (text.size() < length) text += digits[device() % digits.size()];
  return text;
}

}  // namespace

std::string make_campaign_id(WallTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("c-{:%Y%m%d-%H%M%S}-{}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     random_text(6));
}

void log_change(const HttpRequest& request, std::string_view campaign_id, std::string_view change) {
  log_info("campaign_changed",
           {{"request_id", request.id}, {"campaign", campaign_id}, {"change", change}, {"caller", request.caller}});
}

Task<Result<bool>> find_earlier(Api api, std::string id, std::string request_hash) {
  const auto found = co_await api->campaigns.find(id);
  if (!found && found.error().kind == ErrorKind::NotFound) co_return false;
  if (!found) co_return std::unexpected(found.error());
  if (found->definition.request_hash == request_hash) co_return true;
  co_return fail(
      ErrorKind::Conflict,
      fmt::format("campaign_id '{}' was used for another request; choose another one, or repeat that request "
                  "unchanged to get its results",
                  id));
}

Task<Result<void>> go_on_with_earlier(Api api, std::string id) {
  const auto found = co_await api->campaigns.find(std::move(id));
  if (!found) co_return std::unexpected(found.error());
  const auto taken_up =
      co_await on_engine(*api, [number = found->number](CampaignEngine& engine) { return engine.take_up(number); });
  if (!taken_up) co_return std::unexpected(taken_up.error());
  co_return Result<void>();
}

Task<std::shared_ptr<const ProviderTemplates>> read_provider_templates(Api api) {
  if (api->provider_templates == nullptr) co_return nullptr;
  auto templates = co_await api->provider_templates->current();
  if (!templates) {
    // The campaign is made all the same: the engine asks again before it sends.
    log_warn("provider_templates_not_read", {{"error", std::string_view(templates.error().message)}});
    co_return nullptr;
  }
  co_return std::move(*templates);
}

Task<Result<bool>> start_campaign(Api api, CampaignDefinition definition, std::unique_ptr<PlanSource> plan) {
  const std::string id = definition.id;
  const std::string hash = definition.request_hash;
  // A std::function-free hand-over: the plan moves into the call on the engine's executor.
  auto shared = std::make_shared<std::unique_ptr<PlanSource>>(std::move(plan));
  auto created = co_await on_engine(*api, [definition = std::move(definition), shared](CampaignEngine& engine) {
    return engine.create_and_start(definition, std::move(*shared));
  });
  if (created) co_return true;
  if (created.error().kind != ErrorKind::Conflict) co_return std::unexpected(created.error());
  const auto earlier = co_await find_earlier(api, id, hash);
  if (!earlier) co_return std::unexpected(earlier.error());
  if (!*earlier) co_return std::unexpected(created.error());
  co_return false;
}

Reply answer_with_campaign(Api api, std::string id, bool is_new) {
  if (!is_new) {
    if (auto gone_on = co_await go_on_with_earlier(api, id); !gone_on) co_return std::unexpected(gone_on.error());
  }
  const auto progress = co_await on_engine(*api, [&id](CampaignEngine& engine) { return engine.progress(id); });
  if (!progress) co_return std::unexpected(progress.error());
  HttpResponse response = json_response(campaign_to_json(*progress), is_new ? 201 : 200);
  response.headers.emplace_back("Location", "/api/campaigns/" + id);
  co_return response;
}

}  // namespace clarion
