#include "api/campaign_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "content/campaign_content.h"

namespace clarion {
namespace {

ShownTemplate saved(StoredTemplate stored) {
  return {NamedTemplate{std::move(stored.name), stored.channel, stored.version, std::move(stored.definition)}, true,
          stored.created_at};
}

// The names a campaign uses when the request gives none: those of the library's choice for the product.
std::string default_name(const ApiContext& context, std::string_view sku) {
  return context.library.find_promotion(sku, context.clock.wall_now()) != nullptr ? "promotion" : "news";
}

}  // namespace

ContentRequest read_content_request(MemberReader& reader) {
  ContentRequest content;
  content.sku = reader.text("sku").value_or("");
  if (const json::object* variables = reader.object("variables")) content.variables = *variables;
  const json::object* templates = reader.object("templates");
  if (templates == nullptr) return content;
  for (const auto& member : *templates) {
    const auto channel = parse_channel(member.key());
    if (!channel || !member.value().is_string()) {
      reader.reject("templates", "must map sms, whatsapp or email to the name of a template");
      break;
    }
    content.templates[*channel] = member.value().get_string().c_str();
  }
  return content;
}

Task<Result<ShownTemplate>> find_template(Api api, Channel channel, std::string name) {
  auto stored = co_await api->templates.find(name, channel);
  if (stored) co_return saved(std::move(*stored));
  if (stored.error().kind != ErrorKind::NotFound) co_return std::unexpected(stored.error());
  for (const NamedTemplate& named : api->library.templates()) {
    if (named.name == name && named.channel == channel) co_return ShownTemplate{named, false, std::nullopt};
  }
  co_return fail(ErrorKind::NotFound,
                 fmt::format("there is no {} template '{}'; GET /api/templates lists all", to_string(channel), name));
}

Task<Result<std::vector<ShownTemplate>>> list_template_versions(Api api, Channel channel, std::string name) {
  auto stored = co_await api->templates.list_versions(name, channel);
  if (!stored) co_return std::unexpected(stored.error());
  std::vector<ShownTemplate> versions;
  for (StoredTemplate& row : *stored) versions.push_back(saved(std::move(row)));
  for (const NamedTemplate& named : api->library.templates()) {
    if (named.name == name && named.channel == channel) versions.push_back({named, false, std::nullopt});
  }
  co_return versions;
}

Task<Result<std::vector<ShownTemplate>>> list_all_templates(Api api) {
  auto stored = co_await api->templates.list();
  if (!stored) co_return std::unexpected(stored.error());
  std::vector<ShownTemplate> all;
  for (StoredTemplate& row : *stored) all.push_back(saved(std::move(row)));
  for (const NamedTemplate& named : api->library.templates()) {
    const bool is_replaced = std::ranges::any_of(all, [&named](const ShownTemplate& shown) {
      return shown.named.name == named.name && shown.named.channel == named.channel;
    });
    if (!is_replaced) all.push_back({named, false, std::nullopt});
  }
  std::ranges::sort(all, {},
                    [](const ShownTemplate& shown) { return std::tie(shown.named.name, shown.named.channel); });
  co_return all;
}

json::object campaign_variables(const ApiContext& context, std::string_view sku, const json::object& own) {
  json::object variables = context.library.variables();
  if (const Promotion* promotion = context.library.find_promotion(sku, context.clock.wall_now())) {
    variables["promotion"] = promotion_variables(*promotion);
  }
  for (const auto& member : own) variables[member.key()] = member.value();
  return variables;
}

Task<Result<std::string>> make_campaign_content(Api api, ContentRequest request) {
  std::vector<NamedTemplate> chosen;
  for (const auto& [channel, name] : request.templates) {
    auto found = co_await find_template(api, channel, name);
    if (!found) co_return std::unexpected(found.error());
    chosen.push_back(std::move(found->named));
  }
  if (chosen.empty()) {
    const std::string name = default_name(*api, request.sku);
    for (const Channel channel : all_channels) {
      auto found = co_await find_template(api, channel, name);
      if (!found && found.error().kind != ErrorKind::NotFound) co_return std::unexpected(found.error());
      if (found) chosen.push_back(std::move(found->named));
    }
  }
  std::string content = write_content(chosen, campaign_variables(*api, request.sku, request.variables));
  if (const auto checked = CampaignContent::parse(content); !checked) co_return std::unexpected(checked.error());
  co_return content;
}

}  // namespace clarion
