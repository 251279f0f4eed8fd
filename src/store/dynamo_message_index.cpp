#include "store/dynamo_message_index.h"

#include <set>
#include <utility>

namespace clarion {
namespace {

constexpr auto kept_for = std::chrono::days(90);
constexpr std::string_view prefix = "message#";

DynamoItem key_of_message(const std::string& id) {
  return dynamo_key(std::string(prefix) + key_of(id), "-");
}

Task<Result<void>> add_messages(DynamoDatabase& database, WallTime now, std::vector<IndexedMessage> messages) {
  // Of one id the last counts: a call may hold each key once.
  std::map<std::string, DeliveryId> last;
  for (IndexedMessage& one : messages) last.insert_or_assign(std::move(one.message_id), one.delivery);
  std::vector<DynamoItem> items;
  for (const auto& [id, delivery] : last) {
    DynamoItem item = key_of_message(id);
    item.emplace("message_id", dynamo_text(id));
    item.emplace("delivery_id", to_string(delivery));
    item.emplace(expiry_attribute,
                 std::chrono::floor<std::chrono::seconds>((now + kept_for).time_since_epoch()).count());
    items.push_back(std::move(item));
  }
  return database.client().batch_put(database.tables().deliveries, std::move(items));
}

Task<Result<std::map<std::string, DeliveryId>>> find_messages(DynamoDatabase& database, std::vector<std::string> ids) {
  std::vector<DynamoItem> keys;
  for (const std::string& id : std::set<std::string>(ids.begin(), ids.end())) keys.push_back(key_of_message(id));
  const auto items = co_await database.client().batch_get(database.tables().deliveries, std::move(keys));
  if (!items) co_return std::unexpected(items.error());
  std::map<std::string, DeliveryId> found;
  for (const DynamoItem& item : *items) {
    if (const auto delivery = parse_delivery_id(text_of(item, "delivery_id"))) {
      found.emplace(text_or_bytes(item, "message_id"), *delivery);
    }
  }
  co_return found;
}

}  // namespace

Task<Result<void>> DynamoMessageIndex::add(std::vector<IndexedMessage> messages) {
  return database_.run(add_messages(database_, database_.clock().wall_now(), std::move(messages)));
}

Task<Result<std::map<std::string, DeliveryId>>> DynamoMessageIndex::find(std::vector<std::string> message_ids) {
  return database_.run(find_messages(database_, std::move(message_ids)));
}

}  // namespace clarion
