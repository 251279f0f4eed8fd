// Templates: saved as versions, listed, and previewed as the message one contact would get.

#include <fmt/format.h>

#include <algorithm>

#include "api/campaign_content.h"
#include "api/campaign_json.h"
#include "api/delivery_json.h"
#include "api/json_body.h"
#include "api/query_reader.h"
#include "api/resources.h"
#include "content/campaign_content.h"
#include "content/template_definition.h"
#include "decision/channel_choice.h"
#include "domain/price_table.h"

namespace clarion {
namespace {

constexpr std::size_t most_definition_bytes = 512 * 1024;

bool is_template_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

json::object template_to_json(const ShownTemplate& shown) {
  json::error_code error;
  json::value definition = json::parse(shown.named.definition, error);
  return {{"name", shown.named.name},
          {"channel", to_string(shown.named.channel)},
          {"version", shown.named.version},
          {"definition", error ? json::value(json::object()) : std::move(definition)},
          {"origin", shown.is_saved ? "saved" : "built_in"},
          {"created_at", time_to_json(shown.created_at)}};
}

json::value sms_to_json(const ContentPreview& preview) {
  if (!preview.sms_parts) return nullptr;
  return json::object{{"encoding", to_string(preview.sms_parts->encoding)},
                      {"parts", preview.sms_parts->parts},
                      {"units", preview.sms_parts->units},
                      {"part_size", preview.sms_parts->part_size},
                      {"forced_by", preview.sms_parts->forced_by}};
}

json::array values_to_json(const std::vector<PreviewedValue>& values) {
  json::array rows;
  for (const PreviewedValue& value : values) {
    rows.push_back(json::object{
        {"name", value.name},
        {"value", value.source == PreviewedValue::Source::None ? json::value(nullptr) : json::value(value.value)},
        {"source", to_string(value.source)},
        {"fallback", value.fallback ? json::value(*value.fallback) : json::value(nullptr)}});
  }
  return rows;
}

// What this contact's message costs by the prices that a plan takes.
json::object cost_to_json(const PriceTable& prices, const Contact& contact, const ContentPreview& preview) {
  const std::int32_t parts = preview.sms_parts ? preview.sms_parts->parts : 1;
  const ChoicePolicy policy;
  const auto price = [&](std::int32_t units) {
    return prices.price(preview.channel, contact.country, units, policy.whatsapp_category);
  };
  return {{"unit_price", money_to_json(price(1).amount)},
          {"cost", money_to_json(price(parts).amount)},
          {"is_example", price(1).row->is_example},
          {"country", price(1).row->country}};
}

json::object preview_to_json(const std::string& contact_id, const ContentPreview& preview, json::object cost) {
  json::value refusal = nullptr;
  if (preview.refusal) {
    refusal = json::object{{"reason", preview.refusal->reason},
                           {"variable", preview.refusal->variable},
                           {"message", preview.refusal->message}};
  }
  json::array warnings;
  for (const std::string& warning : preview.warnings) warnings.emplace_back(warning);
  return {{"channel", to_string(preview.channel)},
          {"contact_id", contact_id},
          {"message", preview.body ? json::value(message_to_json(*preview.body)) : json::value(nullptr)},
          {"refusal", std::move(refusal)},
          {"text", preview.text},
          {"sms", sms_to_json(preview)},
          {"price", preview.body ? json::value(std::move(cost)) : json::value(nullptr)},
          {"variables", values_to_json(preview.values)},
          {"warnings", std::move(warnings)}};
}

}  // namespace

Reply save_template(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  const auto name = reader.text("name");
  const auto channel = parse_channel(reader.text("channel").value_or(""));
  const json::object* definition = reader.object("definition");
  if (!name || !is_template_name(*name)) reader.reject("name", "must be 1 to 64 letters, digits, _ or -");
  if (!channel) reader.reject("channel", "must be sms, whatsapp or email");
  if (definition == nullptr) {
    reader.reject("definition", "must be an object such as {\"text\": \"Hi {{first_name}}\"} for sms");
  }
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  std::string text = json::serialize(*definition);
  if (text.size() > most_definition_bytes) {
    co_return fail(ErrorKind::Invalid, fmt::format("definition must be at most {} bytes", most_definition_bytes));
  }
  if (const auto compiled = read_template(*channel, json::value(*definition)); !compiled) {
    co_return std::unexpected(compiled.error());
  }
  const auto stored = co_await api->templates.save(
      {.name = *name, .channel = *channel, .definition = std::move(text), .created_at = api->clock.wall_now()});
  if (!stored) co_return std::unexpected(stored.error());
  const ShownTemplate shown{NamedTemplate{stored->name, stored->channel, stored->version, stored->definition}, true,
                            stored->created_at};
  co_return json_response(json::object{{"success", true}, {"template", template_to_json(shown)}});
}

Reply list_templates(Api api, HttpRequest&) {
  const auto all = co_await list_all_templates(api);
  if (!all) co_return std::unexpected(all.error());
  json::array rows;
  for (const ShownTemplate& shown : *all) rows.push_back(template_to_json(shown));
  co_return json_response(json::object{{"templates", std::move(rows)}, {"total_templates", all->size()}});
}

Reply show_template(Api api, HttpRequest& request) {
  // Only the latest version is shown: a campaign keeps the words it was made with.
  if (auto known = QueryReader(request).finish(); !known) co_return std::unexpected(known.error());
  const auto channel = parse_channel(request.path_parameters["channel"]);
  if (!channel) co_return fail(ErrorKind::NotFound, "the channel of a template is sms, whatsapp or email");
  const auto found = co_await find_template(api, *channel, request.path_parameters["name"]);
  if (!found) co_return std::unexpected(found.error());
  co_return json_response(template_to_json(*found));
}

Reply list_template_versions(Api api, HttpRequest& request) {
  if (auto known = QueryReader(request).finish(); !known) co_return std::unexpected(known.error());
  const std::string name = request.path_parameters["name"];
  const auto channel = parse_channel(request.path_parameters["channel"]);
  if (!channel) co_return fail(ErrorKind::NotFound, "the channel of a template is sms, whatsapp or email");
  const auto versions = co_await list_template_versions(api, *channel, name);
  if (!versions) co_return std::unexpected(versions.error());
  if (versions->empty()) {
    co_return fail(ErrorKind::NotFound, fmt::format("there is no {} template '{}'; GET /api/templates lists all",
                                                    to_string(*channel), name));
  }
  json::array rows;
  for (const ShownTemplate& shown : *versions) rows.push_back(template_to_json(shown));
  co_return json_response(json::object{{"versions", std::move(rows)}});
}

Reply list_provider_templates(Api api, HttpRequest& request) {
  if (auto known = QueryReader(request).finish(); !known) co_return std::unexpected(known.error());
  if (api->provider_templates == nullptr) {
    co_return json_response(json::object{
        {"is_known", false},
        {"reason", api->is_production ? "WhatsApp is not set up here, so nobody is asked about its templates."
                                      : "Carriers are simulated here: every WhatsApp template counts as approved."},
        {"templates", json::array()}});
  }
  const auto current = co_await api->provider_templates->current();
  // What the provider does not say now changes nothing about our own templates: it is shown as not known.
  if (!current) {
    co_return json_response(json::object{
        {"is_known", false}, {"reason", "AWS did not say: " + current.error().message}, {"templates", json::array()}});
  }
  json::array rows;
  for (const auto& [key, one] : (*current)->all) {
    rows.push_back(json::object{{"template_name", key.first},
                                {"language", key.second},
                                {"status", one.status},
                                {"quality", one.quality.empty() ? json::value() : json::value(one.quality)}});
  }
  co_return json_response(json::object{{"is_known", true}, {"reason", nullptr}, {"templates", std::move(rows)}});
}

Reply preview_template(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  const auto channel = parse_channel(reader.text("channel").value_or(""));
  const auto contact_id = reader.text("contact_id");
  const auto name = reader.text("name");
  const json::object* draft = reader.object("definition");
  const auto sku = reader.text("sku").value_or("");
  const json::object* own = reader.object("variables");
  reader.refuse_unknown();
  if (!channel) reader.reject("channel", "must be sms, whatsapp or email");
  if (!contact_id) reader.reject("contact_id", "is missing");
  if (name.has_value() == (draft != nullptr)) reader.reject("name", "or definition: give exactly one of them");
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());

  NamedTemplate shown{.name = "draft", .channel = *channel, .definition = draft ? json::serialize(*draft) : ""};
  if (name) {
    auto found = co_await find_template(api, *channel, *name);
    if (!found) co_return std::unexpected(found.error());
    shown = std::move(found->named);
  } else if (const auto compiled = read_template(*channel, json::value(*draft)); !compiled) {
    co_return std::unexpected(compiled.error());
  }
  const auto audience = api->audience();
  const auto& contacts = audience->contacts;
  const auto row = contacts->find(*contact_id);
  if (!row) co_return fail(ErrorKind::NotFound, fmt::format("there is no contact '{}'", contact_id->substr(0, 100)));
  const json::object variables = campaign_variables(*api, sku, own != nullptr ? *own : json::object());
  const auto content = CampaignContent::parse(write_content({&shown, 1}, variables));
  if (!content) co_return std::unexpected(content.error());
  const Contact contact = contacts->get(*row);
  const ContentPreview preview = (*content)->preview(*channel, contact);
  co_return json_response(preview_to_json(*contact_id, preview, cost_to_json(*audience->prices, contact, preview)));
}

}  // namespace clarion
