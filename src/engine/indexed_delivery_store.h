#pragma once
// IndexedDeliveryStore: a DeliveryStore whose accepted messages can be found by the carrier's own id afterwards.
//
// Channels  SMS and WhatsApp. Email always brings our attempt id back, and its events are the most.
// Order     the index first: an event may come before the record is written. Without the index messages are recorded
// all
//           the same; only what comes back without our id is then unmatched.

#include <utility>

#include "base/log.h"
#include "ports/delivery_store.h"
#include "ports/message_index.h"

namespace clarion {

class IndexedDeliveryStore final : public DeliveryStore {
 public:
  // REQUIRES: both outlive this.
  IndexedDeliveryStore(DeliveryStore& inner, MessageIndex& index) : inner_(inner), index_(index) {}

  Task<Result<void>> append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) override {
    return inner_.append_plan(campaign, std::move(rows));
  }
  Task<Result<void>> complete_plan(CampaignNumber campaign, Money estimated_cost) override {
    return inner_.complete_plan(campaign, estimated_cost);
  }
  Task<Result<Fence>> take_fence(CampaignNumber campaign, WallTime now) override {
    return inner_.take_fence(campaign, now);
  }
  Task<Result<ClaimReply>> claim(ClaimRequest request) override { return inner_.claim(request); }
  Task<Result<void>> record(CampaignNumber campaign, Fence fence, std::vector<AttemptRecord> records) override {
    std::vector<IndexedMessage> messages;
    for (const AttemptRecord& one : records) {
      if (one.channel == Channel::Email || one.provider_id.empty()) continue;
      messages.push_back({.message_id = one.provider_id, .delivery = one.attempt.delivery});
    }
    if (!messages.empty()) {
      const auto added = co_await index_.add(std::move(messages));
      if (!added) log_warn("messages_not_indexed", {{"error", std::string_view(added.error().message)}});
    }
    co_return co_await inner_.record(campaign, fence, std::move(records));
  }
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override {
    return inner_.apply_events(std::move(events));
  }
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                          WallTime at) override {
    return inner_.skip_waiting(campaign, fence, std::move(reason), at);
  }

 private:
  DeliveryStore& inner_;
  MessageIndex& index_;
};

}  // namespace clarion
