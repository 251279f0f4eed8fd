#pragma once
// MemoryLedger: campaigns and their deliveries in plain containers; what the memory stores share.
//
// The same rules as the SQLite ledger, written a second time in the simplest way, so that one can be held against
// the other. Counts are added up from the rows each time: they cannot drift.
// Threads  one executor.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/campaign.h"
#include "ports/delivery_store.h"

namespace clarion::testing {

struct MemoryRow {
  PlannedDelivery plan;
  DeliveryState state{};
  std::string reason;
  std::int32_t attempts = 0;
  std::int32_t event_rank = 0;
  std::int32_t parts = 1;
  std::optional<Money> actual_cost;
  std::string provider_id;
  std::optional<WallTime> due_at;
  std::optional<WallTime> sent_at;
  WallTime updated_at{};
  std::map<std::pair<WallTime, DeliveryEventKind>, std::string> events;  // -> detail
};

struct MemoryCampaign {
  Campaign campaign;
  std::int64_t fence = 0;
  std::vector<MemoryRow> rows;  // by position
};

struct MemoryLedger {
  std::map<std::uint32_t, MemoryCampaign> campaigns;  // by number

  [[nodiscard]] MemoryCampaign* find(CampaignNumber number);
  [[nodiscard]] MemoryRow* find(DeliveryId id);
};

// The channel's counts (none: recipients without a channel), added up from the rows.
[[nodiscard]] StateCounts count_rows(const MemoryCampaign& campaign, std::optional<Channel> channel);
[[nodiscard]] Money actual_cost_of(const MemoryCampaign& campaign);

// 1 delivered < 2 failed < 3 bounced < 4 opened, clicked, replied; 0: recorded, moves nothing.
[[nodiscard]] std::int32_t rank_of(DeliveryEventKind kind);
// Ends an attempt as `record` says, or does nothing when it is settled already.
void apply_record(MemoryRow& row, const AttemptRecord& record);
EventOutcome apply_event(MemoryRow& row, const DeliveryEvent& event);
// Sending -> InDoubt, as when its process has ended.
void abandon_attempt(MemoryRow& row, WallTime now);

// Lets other handlers run first, as a store that works on another thread does.
Task<void> yield_once();

}  // namespace clarion::testing
