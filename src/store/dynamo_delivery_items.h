#pragma once
// Delivery items: what became of one message to one contact, for people, other programs and a look-up by customer.
//
// Key     contact#<id> / <campaign number>#<position>: one query gives all that was sent to a customer.
// Writes  when an attempt ends, before the unit's state: whoever takes over from a worker that died in between sees
//         that the carrier took the message. Then once for each batch of events.

#include <vector>

#include "store/dynamo_ledger.h"

namespace clarion {

// One delivery and what is needed to write about it.
struct DeliveryAt {
  DeliveryId id{};
  std::size_t slot = 0;
  std::string contact_id;
};

[[nodiscard]] DynamoItem key_of_delivery(const DeliveryAt& delivery);

// What came of an attempt; `after` is the row as the record leaves it, `body` may be null when only events are known.
Task<Result<void>> write_attempt(DynamoLedger& ledger, LedgerCampaignPtr campaign, DeliveryAt delivery, UnitRow after,
                                 PlanBody body, AttemptRecord record);

// Adds events and the state they led to. False: one of them is there already, and nothing was changed.
Task<Result<bool>> add_events(DynamoLedger& ledger, LedgerCampaignPtr campaign, DeliveryAt delivery, UnitRow after,
                              std::vector<DeliveryEvent> events);

// The items of these deliveries; what has none is left out.
Task<Result<std::map<DeliveryId, DynamoItem>>> read_delivery_items(DynamoLedger& ledger,
                                                                   std::vector<DeliveryAt> deliveries);

// The record of this attempt, when its item says that a carrier took it.
[[nodiscard]] std::optional<AttemptRecord> find_acceptance(const DynamoItem& item, AttemptId attempt);
[[nodiscard]] bool has_event(const DynamoItem& item, const DeliveryEvent& event);
Task<Result<std::vector<DeliveryEvent>>> read_events(DynamoLedger& ledger, DynamoItem item, DeliveryId id);
Task<Result<std::string>> read_provider_id(DynamoLedger& ledger, DynamoItem item);

}  // namespace clarion
