#pragma once
// IndexedDeliveryStore: a DeliveryStore whose accepted messages can be found by the carrier's own id afterwards.
//
// Channels  those that need it (message_index_need.h).
// Order     the index first: an event may come before the record is written. Without the index messages are recorded
//           all the same; only what comes back without our id is then unmatched.

#include <utility>

#include "base/log.h"
#include "engine/forwarding_delivery_store.h"
#include "engine/message_index_need.h"
#include "ports/message_index.h"

namespace clarion {

class IndexedDeliveryStore final : public ForwardingDeliveryStore {
 public:
  // REQUIRES: all outlive this.
  IndexedDeliveryStore(DeliveryStore& inner, MessageIndex& index, const MessageIndexNeed& need)
      : ForwardingDeliveryStore(inner), index_(index), need_(need) {}

  Task<Result<void>> record(CampaignNumber campaign, Fence fence, AttemptRecords records) override {
    std::vector<IndexedMessage> messages;
    for (const AttemptRecord& one : records) {
      if (!need_.of(one.channel) || one.provider_id.empty()) continue;
      messages.push_back({.message_id = one.provider_id, .delivery = one.attempt.delivery});
    }
    if (!messages.empty()) {
      const auto added = co_await index_.add(std::move(messages));
      if (!added) log_warn("messages_not_indexed", {{"error", std::string_view(added.error().message)}});
    }
    co_return co_await inner_.record(campaign, fence, std::move(records));
  }

 private:
  MessageIndex& index_;
  const MessageIndexNeed& need_;
};

}  // namespace clarion
