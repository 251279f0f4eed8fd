#pragma once
// SqliteLedger: the transitions of deliveries, as work for the writer thread; SqliteDeliveryStore queues it.
//
// Counts   kept per campaign and channel, in memory and in delivery_count, and written in the transaction of the
//          transition that changes them. Debug builds check at each that they add up; a CHECK in the schema always
//          does.
// Claims   found by DueIndex, so no claim scans the plan; after a start, or after work was undone, the index is built
//          again by one scan of the campaign's narrow rows.
// Memory   a few hundred bytes and a DueIndex per campaign in use; nothing per delivery.
// Threads  the writer thread only, one SqliteLedger per database. What it throws is SqliteFault.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "ports/delivery_store.h"
#include "store/due_index.h"
#include "store/ledger_row.h"
#include "store/sqlite_connection.h"

namespace clarion {

class SqliteLedger {
 public:
  Result<void> append_plan(SqliteConnection& connection, CampaignNumber campaign,
                           const std::vector<PlannedDelivery>& rows);
  Result<void> complete_plan(SqliteConnection& connection, CampaignNumber campaign, Money estimated_cost);
  Result<Fence> take_fence(SqliteConnection& connection, CampaignNumber campaign, WallTime now);
  Result<ClaimReply> claim(SqliteConnection& connection, const ClaimRequest& request);
  Result<void> record(SqliteConnection& connection, CampaignNumber campaign, Fence fence,
                      const AttemptRecords& records);
  Result<std::vector<EventOutcome>> apply_events(SqliteConnection& connection,
                                                 const std::vector<DeliveryEvent>& events);

  // One stretch of skip_waiting: positions from `first` on, at most `limit` of them. next is where to go on.
  // REQUIRES: both are multiples of DueIndex::block_rows.
  struct Skipped {
    std::int64_t count = 0;
    std::optional<std::uint32_t> next;
  };
  Result<Skipped> skip_waiting(SqliteConnection& connection, CampaignNumber campaign, Fence fence,
                               std::string_view reason, WallTime at, std::uint32_t first, std::uint32_t limit);

  // Everything remembered may be wrong: it is read again when it is next needed.
  void forget();

 private:
  static constexpr std::size_t slots = channel_count + 1;  // the last: no channel

  struct Slot {
    StateCounts counts;
    Money actual_cost;
    std::optional<WallTime> last_sent_at;
    bool is_stored = false;  // has its row in delivery_count
    bool is_changed = false;
    DueIndex due;
  };
  struct CampaignState {
    CampaignNumber number{};
    std::int64_t fence = 0;
    bool is_planned = false;
    bool has_due_index = false;
    WallTime created_at{};
    std::uint64_t used = 0;  // the greater, the later
    std::array<Slot, slots> by_slot;

    [[nodiscard]] std::int64_t planned() const;
  };
  struct LoadedRow {
    LedgerRow row;
    std::size_t slot = 0;
  };

  Result<CampaignState*> load(SqliteConnection& connection, CampaignNumber number);
  Result<CampaignState*> load_fenced(SqliteConnection& connection, CampaignNumber number, Fence fence);
  void build_due_index(SqliteConnection& connection, CampaignState& campaign);
  void store_counts(SqliteConnection& connection, CampaignState& campaign);
  void discard_plan(SqliteConnection& connection, CampaignState& campaign);
  std::int64_t intern_reason(SqliteConnection& connection, std::string_view reason);

  // Claims from the blocks [first, end) until `limit` rows are claimed.
  void claim_blocks(SqliteConnection& connection, CampaignState& campaign, const ClaimRequest& request,
                    std::uint32_t first, std::uint32_t end, std::vector<ClaimedDelivery>& claimed);
  // Claims exactly `due`, ascending and the only due rows between its ends, and adds them to `claimed`.
  static void claim_range(SqliteConnection& connection, const ClaimRequest& request, std::span<const AttemptId> due,
                          std::vector<ClaimedDelivery>& claimed);
  // Accepts those of `records` that are in Sending as the engine left them, and returns how many that are. REQUIRES:
  // acceptances that differ in nothing but their rows, which lie together.
  static std::size_t accept_together(SqliteConnection& connection, SqliteStatement& update, CampaignState& campaign,
                                     std::span<const AttemptRecord* const> records);
  // False when it is ignored: there is no such row, or its attempt has been settled. When it may have been accepted by
  // accept_together(), that is no reason to ignore it.
  bool record_one(SqliteConnection& connection, CampaignState& campaign, const AttemptRecord& record,
                  bool may_be_accepted);
  std::optional<LoadedRow> find_row(SqliteConnection& connection, DeliveryId id);
  // Writes the row and moves the counts from what it was before.
  void store_row(SqliteConnection& connection, CampaignState& campaign, DeliveryId id, std::size_t slot,
                 const LedgerRow& before, LedgerRow after);

  std::unordered_map<std::uint32_t, CampaignState> campaigns_;
  std::uint64_t uses_ = 0;
  std::unordered_map<std::string, std::int64_t> reasons_;
};

}  // namespace clarion
