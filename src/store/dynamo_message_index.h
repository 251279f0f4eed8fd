#pragma once
// DynamoMessageIndex: the MessageIndex in the table of deliveries: an item message#<id> for each message.
//
// Cost    one write unit a message; a look-up is one read of all that are asked for.
// Expiry  replies come within days, statuses within a month (WhatsApp keeps a message for 30 days).

#include "ports/message_index.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoMessageIndex final : public MessageIndex {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoMessageIndex(DynamoDatabase& database) : database_(database) {}

  Task<Result<void>> add(std::vector<IndexedMessage> messages) override;
  Task<Result<std::map<std::string, DeliveryId>>> find(std::vector<std::string> message_ids) override;

 private:
  DynamoDatabase& database_;
};

}  // namespace clarion
