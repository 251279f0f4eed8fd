#include "store/dynamo_delivery_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

namespace clarion {
namespace {

constexpr std::size_t most_inline_text = 2048;  // of one text; why and address are some hundred bytes
constexpr std::string_view event_prefix = "event_";

std::string name_of_event(const DeliveryEvent& event) {
  return fmt::format("{}{}_{}", event_prefix, milliseconds_of(event.at), to_string(event.kind));
}

// "SET #a = :a, ..." of every attribute, and the values.
void set_all(DynamoUpdate& update, DynamoItem attributes) {
  for (auto& [name, value] : attributes) {
    update.update += update.update.empty() ? "SET " : ", ";
    update.update.append("#").append(name).append(" = :").append(name);
    update.values.emplace(":" + name, std::move(value));
  }
}

Task<Result<void>> add_state(DynamoLedger& ledger, const LedgerCampaign& campaign, const DeliveryAt& delivery,
                             const UnitRow& after, DynamoItem& attributes) {
  attributes.emplace("delivery_id", to_string(delivery.id));
  attributes.emplace("campaign_id", dynamo_text(campaign.id));
  if (delivery.slot < channel_count) {
    attributes.emplace("channel", std::string(to_string(all_channels[delivery.slot])));
  }
  attributes.emplace("status", std::string(to_string(after.row.state)));
  attributes.emplace("reason", dynamo_text(after.reason.text));
  attributes.emplace("attempts", std::int64_t{after.row.attempts});
  attributes.emplace("parts", std::int64_t{after.row.parts});
  attributes.emplace("cost_micros", after.row.actual_cost.value_or(after.estimated_cost).micros);
  attributes.emplace("updated_at", format_iso8601(after.row.updated_at));
  if (after.row.sent_at) attributes.emplace("sent_at", format_iso8601(*after.row.sent_at));
  attributes.emplace(expiry_attribute, ledger.expiry_of(campaign));
  return ledger.put_text(attributes, "customer_id", delivery.contact_id, most_inline_text);
}

}  // namespace

DynamoItem key_of_delivery(const DeliveryAt& delivery) {
  return dynamo_key(
      "contact#" + key_of(delivery.contact_id),
      key_of(static_cast<std::uint32_t>(campaign_of(delivery.id))) + "#" + key_of(position_of(delivery.id)));
}

Task<Result<void>> write_attempt(DynamoLedger& ledger, LedgerCampaignPtr campaign, DeliveryAt delivery, UnitRow after,
                                 PlanBody body, AttemptRecord record) {
  DynamoDatabase& database = ledger.database();
  const std::string& table = database.tables().deliveries;
  DynamoItem attributes;
  if (const auto put = co_await add_state(ledger, *campaign, delivery, after, attributes); !put) co_return put;
  for (const auto& [name, text] : {std::pair("destination", &body.destination), std::pair("why", &body.why),
                                   std::pair("message_id", &record.provider_id)}) {
    if (text->empty()) continue;
    if (const auto put = co_await ledger.put_text(attributes, name, *text, most_inline_text); !put) co_return put;
  }
  if (record.to == DeliveryState::Accepted) {
    attributes.emplace("accepted_attempt", std::int64_t{record.attempt.attempt});
    attributes.emplace("accepted_at", milliseconds_of(record.at));
    attributes.emplace("accepted_parts", std::int64_t{record.parts});
    attributes.emplace("accepted_micros", record.cost.micros);
  }
  DynamoUpdate update{.table = table, .key = key_of_delivery(delivery), .update = ""};
  set_all(update, std::move(attributes));
  const auto wrote = co_await database.client().update_item(std::move(update));
  if (!wrote) co_return std::unexpected(wrote.error());
  co_return Result<void>();
}

Task<Result<bool>> add_events(DynamoLedger& ledger, LedgerCampaignPtr campaign, DeliveryAt delivery, UnitRow after,
                              std::vector<DeliveryEvent> events) {
  DynamoDatabase& database = ledger.database();
  const std::string& table = database.tables().deliveries;
  DynamoItem attributes;
  if (const auto put = co_await add_state(ledger, *campaign, delivery, after, attributes); !put) {
    co_return std::unexpected(put.error());
  }
  DynamoUpdate update{.table = table, .key = key_of_delivery(delivery), .update = ""};
  for (const DeliveryEvent& event : events) {
    const std::string name = name_of_event(event);
    const auto put = co_await ledger.put_text(attributes, name, event.detail, most_inline_text);
    if (!put) co_return std::unexpected(put.error());
    if (!update.condition.expression.empty()) update.condition.expression += " AND ";
    update.condition.expression.append("attribute_not_exists(#")
        .append(name)
        .append(") AND attribute_not_exists(#")
        .append(name)
        .append("_ref)");
  }
  set_all(update, std::move(attributes));
  const auto wrote = co_await database.client().update_item(std::move(update));
  if (!wrote) co_return std::unexpected(wrote.error());
  co_return wrote->is_applied || wrote->is_repeat;
}

Task<Result<std::map<DeliveryId, DynamoItem>>> read_delivery_items(DynamoLedger& ledger,
                                                                   std::vector<DeliveryAt> deliveries) {
  std::vector<DynamoItem> keys;
  std::set<DeliveryId> known;
  for (const DeliveryAt& delivery : deliveries) {
    if (known.insert(delivery.id).second) keys.push_back(key_of_delivery(delivery));
  }
  std::map<DeliveryId, DynamoItem> found;
  auto items = co_await ledger.database().client().batch_get(ledger.database().tables().deliveries, std::move(keys));
  if (!items) co_return std::unexpected(items.error());
  for (DynamoItem& item : *items) {
    if (const auto id = parse_delivery_id(text_of(item, "delivery_id"))) found.emplace(*id, std::move(item));
  }
  co_return found;
}

std::optional<AttemptRecord> find_acceptance(const DynamoItem& item, AttemptId attempt) {
  if (find_number(item, "accepted_attempt") != attempt.attempt) return std::nullopt;
  AttemptRecord record;
  record.attempt = attempt;
  record.to = DeliveryState::Accepted;
  record.parts = static_cast<std::int32_t>(number_of(item, "accepted_parts"));
  record.cost = Money{number_of(item, "accepted_micros")};
  record.at = wall_time_of(number_of(item, "accepted_at"));
  return record;
}

bool has_event(const DynamoItem& item, const DeliveryEvent& event) {
  const std::string name = name_of_event(event);
  return item.contains(name) || item.contains(name + "_ref");
}

Task<Result<std::vector<DeliveryEvent>>> read_events(DynamoLedger& ledger, DynamoItem item, DeliveryId id) {
  std::vector<DeliveryEvent> events;
  for (auto at = item.lower_bound(event_prefix); at != item.end() && at->first.starts_with(event_prefix); ++at) {
    std::string_view name = at->first;
    if (name.ends_with("_bytes")) continue;
    if (name.ends_with("_ref")) name.remove_suffix(4);
    const std::string_view said = name.substr(event_prefix.size());
    std::int64_t milliseconds = 0;
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), milliseconds);
    if (error != std::errc{} || end == said.data() + said.size()) continue;
    const auto kind = parse_delivery_event_kind(said.substr(static_cast<std::size_t>(end - said.data()) + 1));
    if (!kind) continue;
    auto detail = co_await ledger.database().get_text(ledger.database().tables().deliveries, item, std::string(name));
    if (!detail) co_return std::unexpected(detail.error());
    events.push_back({.delivery = id, .kind = *kind, .at = wall_time_of(milliseconds), .detail = std::move(*detail)});
  }
  std::ranges::sort(events, {}, [](const DeliveryEvent& event) { return std::tuple(event.at, event.kind); });
  co_return events;
}

Task<Result<std::string>> read_provider_id(DynamoLedger& ledger, DynamoItem item) {
  co_return co_await ledger.database().get_text(ledger.database().tables().deliveries, item, "message_id");
}

}  // namespace clarion
