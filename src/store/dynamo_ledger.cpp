#include "store/dynamo_ledger.h"

#include <algorithm>
#include <utility>

#include "aws/sha256_hex.h"

namespace clarion {
namespace {

constexpr int most_unit_rounds = 50;  // of changing a unit that others keep changing
constexpr std::size_t longest_reason = 256;

std::string partition_of_units(const LedgerCampaign& campaign, std::uint32_t chunk) {
  return "units#" + key_of(static_cast<std::uint32_t>(campaign.number)) + "#" + std::to_string(campaign.epoch) + "#" +
         std::to_string(chunk % campaign_shards);
}

DynamoItem key_of_unit(const LedgerCampaign& campaign, const LedgerUnit& unit) {
  return dynamo_key(partition_of_units(campaign, unit.chunk), std::to_string(unit.slot) + "#" + key_of(unit.chunk));
}

// Holds a unit until the end of its scope.
class UnitLock {
 public:
  explicit UnitLock(LedgerUnit& unit) : unit_(unit) { unit_.is_busy = true; }
  ~UnitLock() {
    unit_.is_busy = false;
    unit_.waiters.wake_one();
  }
  UnitLock(const UnitLock&) = delete;
  UnitLock& operator=(const UnitLock&) = delete;

 private:
  LedgerUnit& unit_;
};

// Says that the units are being read until the end of its scope.
class LoadingMark {
 public:
  explicit LoadingMark(LedgerCampaignPtr campaign) : campaign_(std::move(campaign)) { campaign_->is_loading = true; }
  ~LoadingMark() {
    campaign_->is_loading = false;
    campaign_->loaders.wake_all();
  }
  LoadingMark(const LoadingMark&) = delete;
  LoadingMark& operator=(const LoadingMark&) = delete;

 private:
  LedgerCampaignPtr campaign_;
};

}  // namespace

DynamoItem unit_item(const LedgerCampaign& campaign, const LedgerUnit& unit, std::int64_t expires_at) {
  DynamoItem item = key_of_unit(campaign, unit);
  item.emplace("slot", static_cast<std::int64_t>(unit.slot));
  item.emplace("chunk", std::int64_t{unit.chunk});
  item.emplace("version", unit.version);
  item.emplace("rows", DynamoBytes{unit.packed});
  if (!unit.owner.empty()) {
    item.emplace("owner", unit.owner);
    item.emplace("fence", unit.fence);
  }
  item.emplace(expiry_attribute, expires_at);
  return item;
}

bool LedgerCampaign::is_at_rest() const {
  if (planning || is_loading) return false;
  // Its end was seen, or this worker never took it; and no write of it has an outcome that is still to be found out.
  return (is_read_whole || !fence) && std::ranges::none_of(units, [](const auto& one) {
           const LedgerUnit& unit = one.second;
           return unit.is_busy || unit.is_unsure || unit.is_held || !unit.lost_claims.empty();
         });
}

LedgerUnit* LedgerCampaign::unit_of(std::uint32_t position, std::size_t hint) {
  const std::uint32_t chunk = position / chunk_rows;
  for (std::size_t i = 0; i < ledger_slots; ++i) {
    const auto found = units.find({(hint + i) % ledger_slots, chunk});
    if (found != units.end() && found->second.summary.places.test(position % chunk_rows)) return &found->second;
  }
  return nullptr;
}

DynamoLedger::DynamoLedger(DynamoDatabase& database, std::string worker, std::string instance,
                           std::chrono::hours retention)
    : database_(database), worker_(database, std::move(worker), std::move(instance)), retention_(retention) {}

std::int64_t DynamoLedger::expiry_of(const LedgerCampaign& campaign) const {
  return std::chrono::floor<std::chrono::seconds>((campaign.created_at + retention_).time_since_epoch()).count();
}

Task<Result<void>> DynamoLedger::put_text(DynamoItem& item, std::string name, const std::string& text,
                                          std::size_t most_inline) {
  const WallTime until = database_.clock().wall_now() + retention_;
  return database_.put_text(database_.tables().deliveries, item, std::move(name), text, most_inline,
                            std::chrono::ceil<std::chrono::seconds>(until.time_since_epoch()).count());
}

Task<Result<LedgerCampaignPtr>> DynamoLedger::campaign(CampaignNumber number) {
  LedgerCampaignPtr campaign;
  if (const auto known = campaigns_.find(number); known != campaigns_.end()) campaign = known->second;
  if (campaign) campaign->used = ++uses_;
  if (campaign && campaign->is_planned) co_return campaign;
  std::string id;
  if (campaign) {
    id = campaign->id;
  } else {
    auto found = co_await find_campaign_id(database_, number);
    if (!found) co_return std::unexpected(found.error());
    id = std::move(*found);
  }
  const auto item = co_await find_campaign_item(database_, id);
  if (!item || campaign_number_of(*item) != number) {
    if (!item && item.error().kind != ErrorKind::NotFound) co_return std::unexpected(item.error());
    co_return fail(ErrorKind::NotFound, "there is no such campaign");
  }
  // Somebody else may have asked for the same meanwhile.
  LedgerCampaignPtr& kept = campaigns_[number];
  if (!kept) {
    kept = std::make_shared<LedgerCampaign>();
    kept->used = ++uses_;
  }
  kept->number = number;
  kept->id = std::move(id);
  kept->created_at = wall_time_of(number_of(*item, "created_at"));
  if (!kept->planning) kept->epoch = number_of(*item, "plan_epoch");
  if (number_of(*item, "is_planned") != 0 && !kept->is_planned) {
    if (kept->epoch != number_of(*item, "plan_epoch")) kept->units.clear();
    kept->epoch = number_of(*item, "plan_epoch");
    kept->rows = static_cast<std::uint32_t>(number_of(*item, "plan_rows"));
    kept->planning.reset();
    kept->is_planned = true;
  }
  const LedgerCampaignPtr asked = kept;
  forget_the_least_used();
  co_return asked;
}

void DynamoLedger::forget_the_least_used() {
  while (campaigns_.size() > most_kept_) {
    auto least = campaigns_.end();
    for (auto one = campaigns_.begin(); one != campaigns_.end(); ++one) {
      const bool is_held = one->second.use_count() > 1;  // by a call that is under way
      if (is_held || !one->second->is_at_rest()) continue;
      if (least == campaigns_.end() || one->second->used < least->second->used) least = one;
    }
    if (least == campaigns_.end()) return;
    campaigns_.erase(least);
  }
}

Task<Result<void>> DynamoLedger::load_units(LedgerCampaignPtr campaign, Duration most_age) {
  if (!campaign->is_planned) co_return Result<void>();
  const auto is_fresh = [&] {
    return campaign->loaded_at && database_.clock().now() - *campaign->loaded_at <= most_age;
  };
  while (!is_fresh()) {
    if (campaign->is_loading) {
      co_await campaign->loaders.wait();
      continue;
    }
    const LoadingMark loading(campaign);
    const TimePoint began = database_.clock().now();
    if (const auto read = co_await read_units(campaign); !read) co_return read;
    campaign->loaded_at = began;
    break;
  }
  co_return Result<void>();
}

Task<Result<void>> DynamoLedger::read_units(LedgerCampaignPtr campaign) {
  std::vector<std::string> partitions;
  for (std::uint32_t shard = 0; shard < std::min(campaign_shards, campaign->chunks()); ++shard) {
    partitions.push_back(partition_of_units(*campaign, shard));
  }
  // Units are never made after the plan, so that only the first reading has to be sure to see them all.
  const bool is_first = !campaign->loaded_at;
  const auto items = co_await database_.partitions(database_.tables().deliveries, std::move(partitions), "", is_first);
  if (!items) co_return std::unexpected(items.error());
  for (const DynamoItem& item : *items) {
    const auto slot = static_cast<std::size_t>(number_of(item, "slot"));
    const auto chunk = static_cast<std::uint32_t>(number_of(item, "chunk"));
    if (slot >= ledger_slots) continue;
    LedgerUnit& unit = campaign->units[{slot, chunk}];
    unit.slot = slot;
    unit.chunk = chunk;
    if (number_of(item, "version") <= unit.version) continue;
    if (const auto taken = take_in(unit, item); !taken) co_return taken;
  }
  co_return Result<void>();
}

Task<Result<void>> DynamoLedger::read_unit(LedgerCampaignPtr campaign, LedgerUnit& unit) {
  while (unit.is_busy) co_await unit.waiters.wait();
  const UnitLock lock(unit);
  co_return co_await reload(*campaign, unit);
}

const LedgerUnit* DynamoLedger::find_unit(CampaignNumber campaign, std::size_t slot, std::uint32_t chunk) const {
  const auto known = campaigns_.find(campaign);
  if (known == campaigns_.end()) return nullptr;
  const auto unit = known->second->units.find({slot, chunk});
  return unit == known->second->units.end() ? nullptr : &unit->second;
}

Result<void> DynamoLedger::take_in(LedgerUnit& unit, const DynamoItem& item) {
  std::string packed = bytes_of(item, "rows");
  const auto rows = unpack(packed);
  if (!rows) {
    return fail(ErrorKind::Internal,
                "a unit of the ledger in DynamoDB cannot be read; it was written by a newer "
                "Clarion, or by something else: " +
                    text_of(item, "pk") + " " + text_of(item, "sk"));
  }
  unit.version = number_of(item, "version");
  unit.owner = text_of(item, "owner");
  unit.fence = number_of(item, "fence");
  unit.summary = summary_of(*rows);
  unit.packed = std::move(packed);
  return {};
}

Task<Result<void>> DynamoLedger::reload(const LedgerCampaign& campaign, LedgerUnit& unit) {
  const auto item = co_await database_.client().get_item(database_.tables().deliveries, key_of_unit(campaign, unit));
  if (!item) co_return std::unexpected(item.error());
  if (!*item) co_return fail(ErrorKind::Internal, "a unit of the ledger in DynamoDB is gone");
  auto taken = take_in(unit, **item);
  if (taken) unit.is_unsure = false;
  co_return taken;
}

Task<Result<bool>> DynamoLedger::write(const LedgerCampaign& campaign, LedgerUnit& unit, const OpenUnit& open) {
  LedgerUnit next;
  next.slot = unit.slot;
  next.chunk = unit.chunk;
  next.version = unit.version + 1;
  next.summary = summary_of(open.rows);
  next.owner = next.summary.counts.sending > 0 ? open.owner : "";
  next.fence = open.fence;
  next.packed = pack(open.rows);
  DynamoItem item = unit_item(campaign, next, expiry_of(campaign));
  item.emplace("writer", worker_.instance());
  unit.is_unsure = true;  // until we know
  const auto wrote = co_await database_.client().put_item(database_.tables().deliveries, std::move(item),
                                                          {"#version = :version", {{":version", unit.version}}});
  if (!wrote) co_return std::unexpected(wrote.error());
  if (!wrote->is_applied) {
    const std::int64_t ours = next.version;
    auto there = wrote->item;
    if (!there) {
      auto read = co_await database_.client().get_item(database_.tables().deliveries, key_of_unit(campaign, unit));
      if (!read) co_return std::unexpected(read.error());
      there = std::move(*read);
    }
    if (!there) co_return fail(ErrorKind::Internal, "a unit of the ledger in DynamoDB is gone");
    if (const auto taken = take_in(unit, *there); !taken) co_return std::unexpected(taken.error());
    unit.is_unsure = false;
    co_return wrote->is_repeat&& unit.version == ours&& text_of(*there, "writer") == worker_.instance();
  }
  unit.version = next.version;
  unit.owner = std::move(next.owner);
  unit.fence = next.fence;
  unit.summary = next.summary;
  unit.packed = std::move(next.packed);
  unit.is_unsure = false;
  co_return true;
}

Task<Result<void>> DynamoLedger::change(LedgerCampaignPtr campaign, LedgerUnit& unit, UnitWork work) {
  while (unit.is_busy) co_await unit.waiters.wait();
  const UnitLock lock(unit);
  for (int round = 0; round < most_unit_rounds; ++round) {
    if (unit.is_unsure) {
      if (const auto loaded = co_await reload(*campaign, unit); !loaded) co_return loaded;
    }
    auto rows = unpack(unit.packed);
    if (!rows) co_return fail(ErrorKind::Internal, "a unit of the ledger cannot be read");
    OpenUnit open{.rows = std::move(*rows), .owner = unit.owner, .fence = unit.fence};
    if (const auto worked = co_await work(open); !worked) co_return worked;
    if (!open.is_changed) co_return Result<void>();
    const auto written = co_await write(*campaign, unit, open);
    if (!written) co_return std::unexpected(written.error());
    if (*written) co_return Result<void>();
  }
  co_return fail(ErrorKind::Unavailable, "a part of the ledger is written by too many at once");
}

std::array<UnitSummary, ledger_slots> DynamoLedger::totals(const LedgerCampaign& campaign) {
  std::array<UnitSummary, ledger_slots> totals{};
  for (const auto& [key, unit] : campaign.units) {
    UnitSummary& total = totals[unit.slot];
    total.counts += unit.summary.counts;
    total.actual_cost += unit.summary.actual_cost;
    total.estimated_cost += unit.summary.estimated_cost;
    for (std::size_t kind = 0; kind < total.kinds.size(); ++kind) total.kinds[kind] += unit.summary.kinds[kind];
    if (unit.summary.last_sent_at) {
      total.last_sent_at =
          std::max(total.last_sent_at.value_or(*unit.summary.last_sent_at), *unit.summary.last_sent_at);
    }
  }
  return totals;
}

Task<Result<UnitReason>> DynamoLedger::keep_reason(std::string reason) {
  if (reason.size() > longest_reason) {
    DynamoItem item;
    const auto put = co_await put_text(item, "reason", reason, longest_reason);
    if (!put) co_return std::unexpected(put.error());
  }
  co_return name_reason(std::move(reason));
}

UnitReason DynamoLedger::name_reason(std::string reason) {
  if (reason.size() <= longest_reason) return {std::move(reason), false};
  return {std::to_string(reason.size()) + "#" + sha256_hex(reason), true};
}

Task<Result<std::string>> DynamoLedger::read_reason(UnitReason reason) {
  if (!reason.is_elsewhere) co_return std::move(reason.text);
  const auto hash = reason.text.find('#');
  const DynamoItem item{{"reason_ref", reason.text.substr(hash + 1)},
                        {"reason_bytes", std::stoll(reason.text.substr(0, hash))}};
  co_return co_await database_.get_text(database_.tables().deliveries, item, "reason");
}

}  // namespace clarion
