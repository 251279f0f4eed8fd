// Suppressions: addresses that must not be written to, kept by people here and by carrier events elsewhere.

#include <fmt/format.h>

#include "api/json_body.h"
#include "api/query_reader.h"
#include "api/resources.h"
#include "audience/address_rules.h"

namespace clarion {
namespace {

constexpr std::size_t most_at_once = 10'000;

json::object suppression_to_json(const Suppression& suppression) {
  return {{"channel", to_string(suppression.channel)},
          {"address", suppression.address},
          {"reason", suppression.reason},
          {"source", suppression.source},
          {"at", format_iso8601(suppression.at)}};
}

// The form the store compares: E.164, or the mailbox with its domain in lower case.
Result<std::string> normal_address(Channel channel, std::string_view text) {
  return channel == Channel::Email ? read_email(text) : read_phone(text, "");
}

Result<Suppression> read_suppression(const json::value& value, std::string path, WallTime now) {
  const auto* object = value.if_object();
  if (object == nullptr) return fail(ErrorKind::Invalid, fmt::format("{} must be an object", path));
  MemberReader reader(*object, std::move(path));
  const auto channel_name = reader.text("channel");
  const auto address = reader.text("address", 320);
  auto reason = reader.text("reason", 100);
  auto source = reader.text("source", 200);
  reader.refuse_unknown();
  const auto channel = parse_channel(channel_name.value_or(""));
  if (!channel) reader.reject("channel", "must be sms, whatsapp or email");
  if (!address) reader.reject("address", "is missing");
  if (auto checked = reader.finish(); !checked) return std::unexpected(checked.error());
  auto normal = normal_address(*channel, *address);
  if (!normal) {
    reader.reject("address", fmt::format("is refused: {}", normal.error().message));
    return std::unexpected(reader.finish().error());
  }
  return Suppression{*channel, std::move(*normal), std::move(reason).value_or("operator"),
                     std::move(source).value_or("api"), now};
}

}  // namespace

Reply list_suppressions(Api api, HttpRequest& request) {
  QueryReader reader(request);
  const auto channel = reader.parsed("channel", parse_channel, "must be sms, whatsapp or email");
  const std::string words = reader.text("q");
  const auto limit = static_cast<std::size_t>(reader.integer("limit", 100, 1, 1000));
  const auto after = static_cast<std::size_t>(reader.integer("after", 0, 0, INT32_MAX));
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  const auto all = co_await api->suppressions.list();
  if (!all) co_return std::unexpected(all.error());
  json::array page;
  std::size_t total = 0;
  for (const Suppression& suppression : *all) {
    if (channel && suppression.channel != *channel) continue;
    if (!words.empty() && suppression.address.find(words) == std::string::npos) continue;
    if (total >= after && page.size() < limit) page.push_back(suppression_to_json(suppression));
    ++total;
  }
  const std::size_t end = after + page.size();
  co_return json_response(json::object{{"suppressions", std::move(page)},
                                       {"total", total},
                                       {"next", end < total ? json::value(end) : json::value(nullptr)}});
}

Reply add_suppressions(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  const WallTime now = api->clock.wall_now();
  std::vector<Suppression> added;
  if (const auto* rows = body->if_contains("suppressions")) {
    const auto* array = rows->if_array();
    if (array == nullptr || array->empty() || array->size() > most_at_once || body->size() != 1) {
      co_return fail(ErrorKind::Invalid,
                     fmt::format("suppressions must be the only member and an array of 1 to {} objects", most_at_once));
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
      auto row = read_suppression((*array)[i], fmt::format("suppressions[{}]", i), now);
      if (!row) co_return std::unexpected(row.error());
      added.push_back(std::move(*row));
    }
  } else {
    auto row = read_suppression(json::value(*body), "", now);
    if (!row) co_return std::unexpected(row.error());
    added.push_back(std::move(*row));
  }
  const auto count = added.size();
  if (auto stored = co_await api->suppressions.add(std::move(added)); !stored) {
    co_return std::unexpected(stored.error());
  }
  co_return json_response(json::object{{"added", count}}, 201);
}

Reply remove_suppression(Api api, HttpRequest& request) {
  const auto channel = parse_channel(request.path_parameters["channel"]);
  if (!channel) co_return fail(ErrorKind::NotFound, "the channel of a suppression is sms, whatsapp or email");
  const auto address = normal_address(*channel, request.path_parameters["address"]);
  if (!address) co_return std::unexpected(address.error());
  const auto removed = co_await api->suppressions.remove({.channel = *channel, .address = *address});
  if (!removed) co_return std::unexpected(removed.error());
  if (!*removed) co_return fail(ErrorKind::NotFound, "this address is not suppressed on this channel");
  HttpResponse response;
  response.status = 204;
  co_return response;
}

}  // namespace clarion
