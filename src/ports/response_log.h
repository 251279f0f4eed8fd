#pragma once
// ResponseLog: what came of one campaign after its carriers took it, added up by channel.

#include <array>
#include <cstdint>

#include "base/result.h"
#include "base/task.h"
#include "domain/channel.h"
#include "domain/delivery.h"
#include "domain/money.h"

namespace clarion {

inline constexpr std::size_t delivery_event_kind_count = 8;  // of carriers' events

struct ChannelResponse {
  // Deliveries with at least one event of the kind, whatever came after it.
  std::array<std::int64_t, delivery_event_kind_count> deliveries{};
  Money actual_cost;     // of what was accepted
  Money estimated_cost;  // of what the plan sends; nothing before the plan is complete

  [[nodiscard]] std::int64_t count(DeliveryEventKind kind) const { return deliveries[static_cast<std::size_t>(kind)]; }
  bool operator==(const ChannelResponse&) const = default;
};

class ResponseLog {
 public:
  virtual ~ResponseLog() = default;
  // NotFound when there is no such campaign.
  virtual Task<Result<PerChannel<ChannelResponse>>> responses(CampaignNumber campaign) = 0;
};

}  // namespace clarion
