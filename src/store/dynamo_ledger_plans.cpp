// The half of DynamoLedger that makes and reads plans.
#include <algorithm>
#include <utility>

#include "store/dynamo_ledger.h"

namespace clarion {
namespace {

constexpr std::size_t plan_chunks_at_once = 8;
constexpr std::size_t most_cached_bytes = 64U << 20U;

std::string plan_prefix(const LedgerCampaign& campaign, const char* what) {
  return std::string(what) + "#" + key_of(static_cast<std::uint32_t>(campaign.number)) + "#" +
         std::to_string(campaign.epoch) + "#";
}
// Names lie 16 partitions wide, so that all of a campaign are read by a few queries; bodies each for itself.
std::string partition_of_names(const LedgerCampaign& campaign, std::uint32_t chunk) {
  return plan_prefix(campaign, "names") + std::to_string(chunk % campaign_shards);
}
std::string partition_of_bodies(const LedgerCampaign& campaign, std::uint32_t chunk) {
  return plan_prefix(campaign, "plan") + key_of(chunk);
}

void add_slices(std::vector<DynamoItem>& items, const std::string& pk, const std::string& sk_prefix,
                const std::string& bytes, std::int64_t expires_at) {
  const std::size_t count = (bytes.size() + dynamo_slice_bytes - 1) / dynamo_slice_bytes;
  for (std::size_t i = 0; i < count; ++i) {
    DynamoItem item = dynamo_key(pk, sk_prefix + key_of(static_cast<std::uint32_t>(i)));
    item.emplace("data", DynamoBytes{bytes.substr(i * dynamo_slice_bytes, dynamo_slice_bytes)});
    item.emplace(expiry_attribute, expires_at);
    items.push_back(std::move(item));
  }
}

}  // namespace

Task<Result<std::optional<std::string>>> DynamoLedger::find_other_planner(std::string campaign_id) {
  const auto item = co_await find_campaign_item(database_, std::move(campaign_id));
  if (!item) co_return std::unexpected(item.error());
  std::string planner = text_of(*item, "planner");
  if (planner.empty() || planner == worker_.name()) co_return std::nullopt;
  const auto dead = co_await worker_.is_dead(planner);
  if (!dead) co_return std::unexpected(dead.error());
  if (*dead) co_return std::nullopt;
  co_return planner;
}

Task<Result<void>> DynamoLedger::begin_plan(LedgerCampaignPtr campaign) {
  if (const auto kept = co_await worker_.keep_alive(); !kept) co_return kept;
  const std::string& table = database_.tables().campaigns;
  const auto item = co_await find_campaign_item(database_, campaign->id);
  if (!item) co_return std::unexpected(item.error());
  // Looked for after the item was read: a planner who comes between changes the epoch, and the write below is refused.
  const auto other = co_await find_other_planner(campaign->id);
  if (!other) co_return std::unexpected(other.error());
  if (*other) co_return fail(ErrorKind::Conflict, "worker '" + **other + "' is planning this campaign");
  const std::int64_t epoch = number_of(*item, "plan_epoch");
  const auto wrote = co_await database_.client().update_item(
      {.table = table,
       .key = key_of_campaign(campaign->id),
       .update = "SET #plan_epoch = :next, #planner = :planner",
       .condition = {"#plan_epoch = :epoch AND #is_planned = :no", {{":epoch", epoch}, {":no", std::int64_t{0}}}},
       .values = {{":next", epoch + 1}, {":planner", worker_.name()}}});
  if (!wrote) co_return std::unexpected(wrote.error());
  if (!wrote->is_applied) {
    const auto now = co_await find_campaign_item(database_, campaign->id);
    if (!now) co_return std::unexpected(now.error());
    const bool is_ours = wrote->is_repeat && number_of(*now, "plan_epoch") == epoch + 1 &&
                         text_of(*now, "planner") == worker_.name() && number_of(*now, "is_planned") == 0;
    if (!is_ours) co_return fail(ErrorKind::Conflict, "another worker is planning this campaign");
  }
  campaign->epoch = epoch + 1;
  campaign->units.clear();
  campaign->loaded_at.reset();
  campaign->planning.emplace();
  co_return Result<void>();
}

Task<Result<void>> DynamoLedger::append(LedgerCampaignPtr campaign, std::vector<PlannedDelivery> rows) {
  if (!campaign->planning) {
    if (const auto begun = co_await begin_plan(campaign); !begun) co_return begun;
  }
  LedgerPlanning& planning = *campaign->planning;
  if (std::uint64_t{planning.written} + planning.rest.size() + rows.size() > 0xffffffffU) {
    co_return fail(ErrorKind::Invalid, "a campaign can have at most 4,294,967,295 recipients");
  }
  std::vector<PlannedDelivery> all = planning.rest;
  std::ranges::move(rows, std::back_inserter(all));
  const std::size_t whole = all.size() / chunk_rows * chunk_rows;
  if (whole > 0) {
    const auto written = co_await write_chunks(campaign, planning.written, std::span(all).first(whole));
    if (!written) co_return written;
  }
  planning.written += static_cast<std::uint32_t>(whole);
  planning.rest.assign(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(whole)),
                       std::make_move_iterator(all.end()));
  co_return Result<void>();
}

Task<Result<void>> DynamoLedger::complete(LedgerCampaignPtr campaign, Money estimated_cost) {
  if (!campaign->planning) {
    if (const auto begun = co_await begin_plan(campaign); !begun) co_return begun;
  }
  LedgerPlanning& planning = *campaign->planning;
  if (!planning.rest.empty()) {
    const auto written = co_await write_chunks(campaign, planning.written, planning.rest);
    if (!written) co_return written;
  }
  const auto rows = planning.written + static_cast<std::uint32_t>(planning.rest.size());
  const auto wrote = co_await database_.client().update_item(
      {.table = database_.tables().campaigns,
       .key = key_of_campaign(campaign->id),
       .update = "SET #is_planned = :yes, #plan_rows = :rows, #estimated_micros = :cost REMOVE #planner",
       .condition = {"#plan_epoch = :epoch AND #is_planned = :no",
                     {{":epoch", campaign->epoch}, {":no", std::int64_t{0}}}},
       .values = {{":yes", std::int64_t{1}}, {":rows", std::int64_t{rows}}, {":cost", estimated_cost.micros}}});
  if (!wrote) co_return std::unexpected(wrote.error());
  if (!wrote->is_applied) {
    const auto now = co_await find_campaign_item(database_, campaign->id);
    if (!now) co_return std::unexpected(now.error());
    const bool is_ours =
        wrote->is_repeat && number_of(*now, "plan_epoch") == campaign->epoch && number_of(*now, "is_planned") != 0;
    if (!is_ours) {
      campaign->planning.reset();
      campaign->units.clear();
      co_return fail(ErrorKind::Conflict, "another worker has planned this campaign");
    }
  }
  campaign->rows = rows;
  campaign->planning.reset();
  campaign->is_planned = true;
  campaign->loaded_at = database_.clock().now();  // what we have just written is all there is
  co_return Result<void>();
}

Task<Result<void>> DynamoLedger::write_chunks(LedgerCampaignPtr campaign, std::uint32_t first_position,
                                              std::span<const PlannedDelivery> rows) {
  std::map<std::string, UnitReason> reasons;
  for (const PlannedDelivery& row : rows) {
    if (row.state == DeliveryState::Waiting || reasons.contains(row.reason)) continue;
    auto kept = co_await keep_reason(row.reason);
    if (!kept) co_return std::unexpected(kept.error());
    reasons.emplace(row.reason, std::move(*kept));
  }
  const std::int64_t expires_at = expiry_of(*campaign);
  const auto write_chunk = [&](std::size_t i) -> Task<Result<void>> {
    const std::uint32_t chunk = first_position / chunk_rows + static_cast<std::uint32_t>(i);
    const auto of_chunk = rows.subspan(i * chunk_rows, std::min<std::size_t>(chunk_rows, rows.size() - i * chunk_rows));
    std::array<std::vector<UnitRow>, ledger_slots> by_slot;
    for (std::size_t place = 0; place < of_chunk.size(); ++place) {
      const PlannedDelivery& planned = of_chunk[place];
      UnitRow row;
      row.place = static_cast<std::uint8_t>(place);
      row.estimated_cost = planned.estimated_cost;
      row.row.state = planned.state;
      row.row.parts = planned.parts;
      row.row.updated_at = campaign->created_at;
      if (planned.state == DeliveryState::Waiting) {
        row.row.due_at = planned.due_at;
      } else {
        row.reason = reasons.at(planned.reason);
      }
      by_slot[planned.channel ? index_of(*planned.channel) : channel_count].push_back(std::move(row));
    }
    std::vector<DynamoItem> items;
    const std::vector<PlannedDelivery> copied(of_chunk.begin(), of_chunk.end());
    add_slices(items, partition_of_names(*campaign, chunk), key_of(chunk) + "#", pack_names(copied), expires_at);
    add_slices(items, partition_of_bodies(*campaign, chunk), "", pack_bodies(copied), expires_at);
    for (std::size_t slot = 0; slot < ledger_slots; ++slot) {
      if (by_slot[slot].empty()) continue;
      LedgerUnit& unit = campaign->units[{slot, chunk}];
      unit.slot = slot;
      unit.chunk = chunk;
      unit.version = 1;
      unit.packed = pack(by_slot[slot]);
      unit.summary = summary_of(by_slot[slot]);
      items.push_back(unit_item(*campaign, unit, expires_at));
    }
    co_return co_await database_.client().batch_put(database_.tables().deliveries, std::move(items));
  };
  const std::size_t count = (rows.size() + chunk_rows - 1) / chunk_rows;
  co_return co_await database_.for_each(count, plan_chunks_at_once, write_chunk);
}

Task<Result<std::string>> DynamoLedger::read_slices(std::string pk, std::string prefix) {
  const auto items = co_await database_.partition(database_.tables().deliveries, std::move(pk), std::move(prefix));
  if (!items) co_return std::unexpected(items.error());
  std::string bytes;
  for (const DynamoItem& item : *items) bytes += bytes_of(item, "data");
  co_return bytes;
}

Task<Result<DynamoLedger::Names>> DynamoLedger::names(LedgerCampaignPtr campaign, std::uint32_t chunk) {
  const std::string pk = partition_of_names(*campaign, chunk);
  const std::string prefix = key_of(chunk) + "#";
  const std::string key = pk + "/" + prefix;
  if (const auto cached = find_cached(key)) co_return std::static_pointer_cast<const std::vector<std::string>>(cached);
  const auto bytes = co_await read_slices(pk, prefix);
  if (!bytes) co_return std::unexpected(bytes.error());
  auto names = unpack_names(*bytes);
  if (!names) co_return fail(ErrorKind::Internal, "the plan of campaign '" + campaign->id + "' cannot be read");
  const auto shared = std::make_shared<const std::vector<std::string>>(std::move(*names));
  put_cached(key, shared, bytes->size() + 32 * chunk_rows);
  co_return shared;
}

Task<Result<DynamoLedger::Bodies>> DynamoLedger::bodies(LedgerCampaignPtr campaign, std::uint32_t chunk) {
  const std::string pk = partition_of_bodies(*campaign, chunk);
  if (const auto cached = find_cached(pk)) co_return std::static_pointer_cast<const std::vector<PlanBody>>(cached);
  const auto bytes = co_await read_slices(pk, "");
  if (!bytes) co_return std::unexpected(bytes.error());
  auto bodies = unpack_bodies(*bytes);
  if (!bodies) co_return fail(ErrorKind::Internal, "the plan of campaign '" + campaign->id + "' cannot be read");
  const auto shared = std::make_shared<const std::vector<PlanBody>>(std::move(*bodies));
  put_cached(pk, shared, bytes->size() + sizeof(PlanBody) * chunk_rows);
  co_return shared;
}

std::shared_ptr<const void> DynamoLedger::find_cached(const std::string& key) {
  const auto found = cached_.find(key);
  if (found == cached_.end()) return nullptr;
  cache_.splice(cache_.begin(), cache_, found->second);
  return found->second->value;
}

void DynamoLedger::put_cached(std::string key, std::shared_ptr<const void> value, std::size_t bytes) {
  if (cached_.contains(key)) return;
  cache_.push_front({.key = key, .value = std::move(value), .bytes = bytes});
  cached_.emplace(std::move(key), cache_.begin());
  cached_bytes_ += bytes;
  while (cached_bytes_ > most_cached_bytes && cache_.size() > 1) {
    cached_bytes_ -= cache_.back().bytes;
    cached_.erase(cache_.back().key);
    cache_.pop_back();
  }
}

}  // namespace clarion
