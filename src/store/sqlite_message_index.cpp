#include "store/sqlite_message_index.h"

#include <utility>

namespace clarion {

Task<Result<void>> SqliteMessageIndex::add(std::vector<IndexedMessage> messages) {
  return database_.write([messages = std::move(messages)](SqliteConnection& connection) -> Result<void> {
    auto insert = connection.prepare("INSERT OR REPLACE INTO delivery_message (message_id, delivery) VALUES (?, ?)");
    for (const IndexedMessage& one : messages) insert.bind(one.message_id, one.delivery).run();
    return {};
  });
}

Task<Result<std::map<std::string, DeliveryId>>> SqliteMessageIndex::find(std::vector<std::string> message_ids) {
  return database_.read(
      [ids = std::move(message_ids)](SqliteConnection& connection) -> Result<std::map<std::string, DeliveryId>> {
        std::map<std::string, DeliveryId> found;
        auto query = connection.prepare("SELECT delivery FROM delivery_message WHERE message_id = ?");
        for (const std::string& id : ids) {
          query.bind(id);
          if (query.step()) found.emplace(id, DeliveryId{query.integer(0)});
          query.reset();
        }
        return found;
      });
}

}  // namespace clarion
