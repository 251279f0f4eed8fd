#pragma once
// DynamoLedger: plans and units of campaigns, as this worker knows them. docs/dynamodb.md tells the design.
//
// Chunk     128 positions of a plan. What never changes is written once: who (names) and what (bodies).
// Unit      the rows of one channel in one chunk: one item of at most 1 KB with a version. Every transition is one
//           conditional write of one unit; the counts of a campaign are the sum over its units.
// Memory    units stay packed: about 1 KB each, 8 MB for a million deliveries. Of more than 64 campaigns those that were
//           used last stay, and those of which something is under way here. Names and bodies lie in a cache.
// Threads   the database's executor.

#include <array>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/alarm.h"
#include "store/dynamo_campaign_items.h"
#include "store/dynamo_worker.h"
#include "store/held_work.h"
#include "store/plan_chunk.h"
#include "store/unit_rows.h"

namespace clarion {

inline constexpr std::uint32_t campaign_shards = 16;            // partitions that one campaign is spread over
inline constexpr std::size_t units_at_once = 16;                // read or written
inline constexpr std::size_t ledger_slots = channel_count + 1;  // the last: no channel

struct LedgerUnit {
  std::size_t slot = 0;
  std::uint32_t chunk = 0;
  std::int64_t version = 0;
  std::string owner;  // the worker that has rows of it in Sending; empty: nobody has
  std::int64_t fence = 0;
  std::string packed;
  UnitSummary summary;
  bool is_unsure = false;  // a write may have happened: read it before it is used
  // A record of it could not be written; until that is settled nothing more is claimed here, for the record may come
  // again after its attempt's number has been used a second time.
  bool is_held = false;
  // Rows that a write of unknown outcome may have claimed, as (place, attempt): the next claim hands them out.
  std::vector<std::pair<std::uint8_t, std::int32_t>> lost_claims;
  bool is_busy = false;
  WaitList waiters;
};

// A unit while it is being changed.
struct OpenUnit {
  std::vector<UnitRow> rows;
  std::string owner;
  std::int64_t fence = 0;
  bool is_changed = false;
};

// A plan while this worker makes it.
struct LedgerPlanning {
  std::uint32_t written = 0;          // rows in whole chunks, in the table
  std::vector<PlannedDelivery> rest;  // what fills no chunk yet: an incomplete plan outlives nobody
};

struct LedgerCampaign {
  CampaignNumber number{};
  std::string id;
  WallTime created_at{};
  std::int64_t epoch = 0;  // of the plan; a plan that was given up leaves its items under an older one
  std::uint32_t rows = 0;
  bool is_planned = false;
  std::optional<std::int64_t> fence;                                  // of this worker; none: not asked yet
  std::map<std::pair<std::size_t, std::uint32_t>, LedgerUnit> units;  // by slot and chunk
  std::optional<TimePoint> loaded_at;
  std::array<TimePoint, ledger_slots> looked_at{};  // when the unfinished units were last read one by one
  bool is_loading = false;
  bool is_read_whole = false;  // the units were read after the campaign's end
  WaitList loaders;

  std::optional<LedgerPlanning> planning;
  std::uint64_t used = 0;  // the larger the later

  // Nothing of it is under way here, so that all of it can be read again.
  [[nodiscard]] bool is_at_rest() const;
  [[nodiscard]] std::uint32_t chunks() const { return (rows + chunk_rows - 1) / chunk_rows; }
  // The unit that holds the row, when there is one. `hint` is looked at first.
  [[nodiscard]] LedgerUnit* unit_of(std::uint32_t position, std::size_t hint = 0);
};
using LedgerCampaignPtr = std::shared_ptr<LedgerCampaign>;

// The unit's item, without who wrote it.
[[nodiscard]] DynamoItem unit_item(const LedgerCampaign& campaign, const LedgerUnit& unit, std::int64_t expires_at);

class DynamoLedger {
 public:
  // `retention`: how long after its creation a campaign's details are kept.
  DynamoLedger(DynamoDatabase& database, std::string worker, std::string instance,
               std::chrono::hours retention = std::chrono::hours(24 * 365));

  [[nodiscard]] DynamoDatabase& database() { return database_; }
  [[nodiscard]] DynamoWorker& worker() { return worker_; }
  [[nodiscard]] std::int64_t expiry_of(const LedgerCampaign& campaign) const;  // epoch seconds
  // DynamoDatabase::put_text into the table of deliveries. Many may own one long text, so it is kept as long as the
  // youngest campaign that there can be now.
  Task<Result<void>> put_text(DynamoItem& item, std::string name, const std::string& text, std::size_t most_inline);

  // NotFound. What is not planned yet is read again each time.
  Task<Result<LedgerCampaignPtr>> campaign(CampaignNumber number);
  // Every unit, at most `most_age` old where others write them; this worker's own writes are always in.
  Task<Result<void>> load_units(LedgerCampaignPtr campaign, Duration most_age);
  // One unit, as it is in the table.
  Task<Result<void>> read_unit(LedgerCampaignPtr campaign, LedgerUnit& unit);
  // The unit as it was last seen; null: it is not known here.
  [[nodiscard]] const LedgerUnit* find_unit(CampaignNumber campaign, std::size_t slot, std::uint32_t chunk) const;
  // How old units may be of which nothing is known to have changed.
  static constexpr Duration usual_scan = std::chrono::seconds(1);
  [[nodiscard]] Duration scan_every() const { return scan_every_; }
  void set_scan_every(Duration every) { scan_every_ = every; }
  void set_most_kept(std::size_t campaigns) { most_kept_ = campaigns; }
  // What this worker has of the work queue; empty without one.
  [[nodiscard]] HeldWork& held_work() { return held_work_; }
  // Sums the units up, by slot.
  [[nodiscard]] static std::array<UnitSummary, ledger_slots> totals(const LedgerCampaign& campaign);

  // Lets `work` change the unit's rows and writes what it changed; when somebody else was faster `work` is called again
  // with what is there now. Callers of the same unit take turns.
  using UnitWork = std::function<Task<Result<void>>(OpenUnit&)>;
  Task<Result<void>> change(LedgerCampaignPtr campaign, LedgerUnit& unit, UnitWork work);

  // Plans.
  // The worker, other than this one and alive, that is planning the campaign; nullopt: nobody is. NotFound.
  Task<Result<std::optional<std::string>>> find_other_planner(std::string campaign_id);
  Task<Result<void>> append(LedgerCampaignPtr campaign, std::vector<PlannedDelivery> rows);
  Task<Result<void>> complete(LedgerCampaignPtr campaign, Money estimated_cost);
  using Names = std::shared_ptr<const std::vector<std::string>>;
  using Bodies = std::shared_ptr<const std::vector<PlanBody>>;
  Task<Result<Names>> names(LedgerCampaignPtr campaign, std::uint32_t chunk);
  Task<Result<Bodies>> bodies(LedgerCampaignPtr campaign, std::uint32_t chunk);

  // Reasons of any length.
  Task<Result<UnitReason>> keep_reason(std::string reason);
  // As keep_reason() says it, without keeping it.
  [[nodiscard]] static UnitReason name_reason(std::string reason);
  Task<Result<std::string>> read_reason(UnitReason reason);

 private:
  void forget_the_least_used();
  Task<Result<void>> read_units(LedgerCampaignPtr campaign);
  Task<Result<void>> reload(const LedgerCampaign& campaign, LedgerUnit& unit);
  Task<Result<bool>> write(const LedgerCampaign& campaign, LedgerUnit& unit, const OpenUnit& open);
  Result<void> take_in(LedgerUnit& unit, const DynamoItem& item);
  Task<Result<void>> begin_plan(LedgerCampaignPtr campaign);
  Task<Result<void>> write_chunks(LedgerCampaignPtr campaign, std::uint32_t first_position,
                                  std::span<const PlannedDelivery> rows);
  Task<Result<std::string>> read_slices(std::string pk, std::string prefix);

  // Bytes of plans by key, latest used first.
  struct CacheEntry {
    std::string key;
    std::shared_ptr<const void> value;
    std::size_t bytes = 0;
  };
  [[nodiscard]] std::shared_ptr<const void> find_cached(const std::string& key);
  void put_cached(std::string key, std::shared_ptr<const void> value, std::size_t bytes);

  DynamoDatabase& database_;
  DynamoWorker worker_;
  std::chrono::hours retention_;
  HeldWork held_work_;
  Duration scan_every_ = usual_scan;
  std::map<CampaignNumber, LedgerCampaignPtr> campaigns_;
  std::size_t most_kept_ = 64;
  std::uint64_t uses_ = 0;
  std::list<CacheEntry> cache_;
  std::unordered_map<std::string, std::list<CacheEntry>::iterator> cached_;
  std::size_t cached_bytes_ = 0;
};

}  // namespace clarion
