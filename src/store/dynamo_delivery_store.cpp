#include "store/dynamo_delivery_store.h"

#include <algorithm>
#include <set>

#include "store/dynamo_delivery_items.h"

namespace clarion {
namespace {

constexpr std::size_t read_singly = 32;  // unfinished units that are read one by one rather than all of the campaign
constexpr std::chrono::milliseconds look_at_held_again{1000};  // at rows that somebody else holds

std::unexpected<Error> fenced_out() {
  return fail(ErrorKind::Conflict, "another process has taken over this campaign; this one must stop sending it");
}

Task<Result<std::int64_t>> read_fence(DynamoLedger& ledger, const LedgerCampaign& campaign) {
  DynamoDatabase& database = ledger.database();
  const auto item = co_await database.client().get_item(database.tables().campaigns,
                                                        key_of_fence(campaign.id, ledger.worker().name()));
  if (!item) co_return std::unexpected(item.error());
  co_return *item ? number_of(**item, "fence") : 0;
}

Task<Result<void>> append_rows(DynamoLedger& ledger, CampaignNumber number, std::vector<PlannedDelivery> rows) {
  auto campaign = co_await ledger.campaign(number);
  if (!campaign) co_return std::unexpected(campaign.error());
  if ((*campaign)->is_planned) co_return fail(ErrorKind::Conflict, "the plan is complete already");
  if (!std::ranges::all_of(rows, is_plannable)) {
    co_return fail(ErrorKind::Invalid, "a planned delivery is waiting with a channel, skipped or failed");
  }
  co_return co_await ledger.append(*campaign, std::move(rows));
}

Task<Result<void>> complete_rows(DynamoLedger& ledger, CampaignNumber number, Money estimated_cost) {
  auto campaign = co_await ledger.campaign(number);
  if (!campaign) co_return std::unexpected(campaign.error());
  if ((*campaign)->is_planned) co_return fail(ErrorKind::Conflict, "the plan is complete already");
  co_return co_await ledger.complete(*campaign, estimated_cost);
}

Task<Result<Fence>> raise_fence(DynamoLedger& ledger, LedgerCampaignPtr campaign) {
  DynamoDatabase& database = ledger.database();
  for (;;) {
    const auto last = co_await read_fence(ledger, *campaign);
    if (!last) co_return std::unexpected(last.error());
    DynamoItem item = key_of_fence(campaign->id, ledger.worker().name());
    item.emplace("fence", *last + 1);
    item.emplace("instance", ledger.worker().instance());
    const auto wrote =
        co_await database.client().put_item(database.tables().campaigns, std::move(item),
                                            {"attribute_not_exists(#fence) OR #fence = :last", {{":last", *last}}});
    if (!wrote) co_return std::unexpected(wrote.error());
    // A repeat that was refused may have been refused by its own first attempt: the next round takes one more.
    if (!wrote->is_applied) continue;
    campaign->fence = *last + 1;
    co_return Fence{*last + 1};
  }
}

Task<Result<Fence>> take_campaign_fence(DynamoLedger& ledger, CampaignNumber number, WallTime now) {
  const auto found = co_await ledger.campaign(number);
  if (!found) co_return std::unexpected(found.error());
  const LedgerCampaignPtr& campaign = *found;
  if (const auto kept = co_await ledger.worker().keep_alive(); !kept) co_return std::unexpected(kept.error());
  if (!campaign->is_planned) {
    const auto planner = co_await ledger.find_other_planner(campaign->id);
    if (!planner) co_return std::unexpected(planner.error());
    // Its plan may be a list that was given once: whoever cannot make it again must not take the campaign for lost.
    if (*planner) co_return fail(ErrorKind::Unavailable, "worker '" + **planner + "' is planning this campaign");
    // What this worker had planned is given up; what it left in the table lies under an older epoch and expires.
    campaign->planning.reset();
    campaign->units.clear();
  }
  const auto fence = co_await raise_fence(ledger, campaign);
  if (!fence || !campaign->is_planned) co_return fence;
  campaign->loaded_at.reset();  // consistently: what an earlier process wrote last has to be seen
  if (const auto loaded = co_await ledger.load_units(campaign, Duration::zero()); !loaded) {
    co_return std::unexpected(loaded.error());
  }
  const auto own = static_cast<std::int64_t>(*fence);
  std::vector<LedgerUnit*> left;
  for (auto& [key, unit] : campaign->units) {
    unit.lost_claims.clear();
    unit.is_held = false;
    if (unit.owner == ledger.worker().name() || unit.is_unsure) left.push_back(&unit);
  }
  const auto abandon = [&](std::size_t i) -> Task<Result<void>> {
    LedgerUnit& unit = *left[i];
    return ledger.change(campaign, unit, [&ledger, campaign, &unit, now, own](OpenUnit& open) -> Task<Result<void>> {
      if (open.owner != ledger.worker().name() || open.fence >= own) co_return Result<void>();
      co_return co_await abandon_rows(ledger, campaign, unit.slot, unit.chunk, open, now);
    });
  };
  if (const auto done = co_await ledger.database().for_each(left.size(), units_at_once, abandon); !done) {
    co_return std::unexpected(done.error());
  }
  co_return fence;
}

// One claim while it is made.
class Claim {
 public:
  Claim(DynamoLedger& ledger, LedgerCampaignPtr campaign, ClaimRequest request)
      : ledger_(ledger), campaign_(std::move(campaign)), request_(request), slot_(index_of(request.channel)) {}

  Task<Result<ClaimReply>> run() {
    bool has_refreshed = false;
    ledger_.held_work().note_claim(request_.campaign, request_.channel, request_.limit,
                                   ledger_.database().clock().now());
    while (reply_.claimed.size() < request_.limit) {
      const std::size_t before = reply_.claimed.size();
      if (const auto dead = co_await find_dead(); !dead) co_return std::unexpected(dead.error());
      const auto picked = pick();
      const auto taken = co_await take(picked);
      if (!taken && reply_.claimed.empty()) co_return std::unexpected(taken.error());
      if (!taken) break;  // what was claimed is claimed; the next claim says what is wrong
      if (reply_.claimed.size() > before || has_abandoned_) {
        has_abandoned_ = false;
        continue;
      }
      // Once more: a unit that was not as remembered may be one that a dead worker left.
      if (std::exchange(has_refreshed, true)) break;
      const bool was_mistaken = !picked.empty();
      if (const auto seen = co_await look_around(was_mistaken); !seen) co_return std::unexpected(seen.error());
    }
    if (!reply_.claimed.empty()) {
      if (const auto sure = co_await make_sure(); !sure) co_return std::unexpected(sure.error());
    }
    if (reply_.claimed.size() < request_.limit) note_next_due();
    co_return std::move(reply_);
  }

 private:
  struct Picked {
    LedgerUnit* unit = nullptr;
    std::size_t limit = 0;
    std::vector<ClaimedDelivery> claimed;
  };

  [[nodiscard]] bool is_mine(const std::string& owner, std::int64_t fence) const {
    return owner == ledger_.worker().name() && fence == static_cast<std::int64_t>(request_.fence);
  }
  // Nobody sends from it, or only this claim's caller.
  [[nodiscard]] bool is_free(const std::string& owner, std::int64_t fence) const {
    return owner.empty() || is_mine(owner, fence);
  }
  // Its owner has ended: a dead worker, or an earlier process of this one's name.
  [[nodiscard]] bool is_left(const std::string& owner, std::int64_t fence) const {
    const bool is_own_name = owner == ledger_.worker().name();
    return is_own_name ? fence < static_cast<std::int64_t>(request_.fence) : dead_.contains(owner);
  }

  Task<Result<void>> find_dead() {
    std::set<std::string> others;
    for (auto at = campaign_->units.lower_bound({slot_, 0}); at != campaign_->units.end() && at->first.first == slot_;
         ++at) {
      const std::string& owner = at->second.owner;
      if (!owner.empty() && owner != ledger_.worker().name()) others.insert(owner);
    }
    for (const std::string& other : others) {
      const auto dead = co_await ledger_.worker().is_dead(other);
      if (!dead) co_return std::unexpected(dead.error());
      if (*dead) dead_.insert(other);
    }
    co_return Result<void>();
  }

  // What others may have changed. When few units are unfinished, as at the end of a campaign, only these are read; all
  // are read soon when what was remembered has just proved wrong, and otherwise as often as nothing tells of changes.
  Task<Result<void>> look_around(bool was_mistaken) {
    std::vector<LedgerUnit*> unfinished;
    for (auto at = campaign_->units.lower_bound({slot_, 0});
         at != campaign_->units.end() && at->first.first == slot_ && unfinished.size() <= read_singly; ++at) {
      LedgerUnit& unit = at->second;
      const bool is_unfinished = unit.summary.counts.waiting + unit.summary.counts.sending > 0;
      if (is_unfinished && !is_mine(unit.owner, unit.fence)) unfinished.push_back(&unit);
    }
    if (unfinished.size() > read_singly) {
      const Duration least = was_mistaken ? DynamoLedger::usual_scan : ledger_.scan_every();
      return ledger_.load_units(campaign_, std::max<Duration>(least, least * (campaign_->units.size() / 4096)));
    }
    return read_all(std::move(unfinished));
  }

  Task<Result<void>> read_all(std::vector<LedgerUnit*> units) {
    const TimePoint now = ledger_.database().clock().now();
    TimePoint& looked_at = campaign_->looked_at.at(slot_);
    if (now - looked_at < DynamoLedger::usual_scan) co_return Result<void>();
    looked_at = now;
    co_return co_await ledger_.database().for_each(
        units.size(), units_at_once, [&](std::size_t i) { return ledger_.read_unit(campaign_, *units[i]); });
  }

  // The rows of held references first, then whatever else is free as far as we know.
  std::vector<Picked> pick() {
    std::vector<Picked> picked;
    std::size_t missing = request_.limit - reply_.claimed.size();
    const auto consider = [&](LedgerUnit& unit) {
      const bool is_left_behind = !is_free(unit.owner, unit.fence) && is_left(unit.owner, unit.fence);
      const bool is_due = unit.summary.earliest_due && *unit.summary.earliest_due <= request_.now && !unit.is_held &&
                          (is_free(unit.owner, unit.fence) || is_left_behind);
      if (!is_due && !is_left_behind && unit.lost_claims.empty()) return;
      const auto most = static_cast<std::size_t>(unit.summary.counts.waiting) + unit.lost_claims.size();
      picked.push_back({.unit = &unit, .limit = std::min(missing, most), .claimed = {}});
      missing -= picked.back().limit;
    };
    for (const std::uint32_t chunk : ledger_.held_work().chunks(request_.campaign, request_.channel)) {
      const auto referred = campaign_->units.find({slot_, chunk});
      if (missing > 0 && referred != campaign_->units.end()) consider(referred->second);
    }
    const std::size_t referred_to = picked.size();
    for (auto at = campaign_->units.lower_bound({slot_, 0});
         at != campaign_->units.end() && at->first.first == slot_ && missing > 0; ++at) {
      const auto first = picked.begin();
      const auto last = first + static_cast<std::ptrdiff_t>(referred_to);
      if (std::find_if(first, last, [&](const Picked& one) { return one.unit == &at->second; }) != last) continue;
      consider(at->second);
    }
    return picked;
  }

  Task<Result<void>> take(std::vector<Picked> picked) {
    const auto done = co_await ledger_.database().for_each(picked.size(), units_at_once,
                                                           [&](std::size_t i) { return take_from(picked[i]); });
    for (Picked& one : picked) std::ranges::move(one.claimed, std::back_inserter(reply_.claimed));
    co_return done;
  }

  Task<Result<void>> take_from(Picked& picked) {
    LedgerUnit& unit = *picked.unit;
    // First what is needed to send: a claim that cannot be handed out would be in doubt for nothing.
    const auto names = co_await ledger_.names(campaign_, unit.chunk);
    if (!names) co_return std::unexpected(names.error());
    const auto bodies = co_await ledger_.bodies(campaign_, unit.chunk);
    if (!bodies) co_return std::unexpected(bodies.error());
    std::vector<UnitRow> claimed;
    const auto changed = co_await ledger_.change(campaign_, unit, [&](OpenUnit& open) -> Task<Result<void>> {
      claimed.clear();
      if (!is_free(open.owner, open.fence)) {
        if (!is_left(open.owner, open.fence)) co_return Result<void>();  // somebody was faster
        const auto left = co_await abandon_rows(ledger_, campaign_, slot_, unit.chunk, open, request_.now);
        if (!left) co_return left;
        has_abandoned_ = true;
      }
      if (!unit.is_held) claim_rows(unit, open, picked.limit, claimed);
      co_return Result<void>();
    });
    if (!changed) {
      if (unit.is_unsure) {
        for (const UnitRow& one : claimed) unit.lost_claims.emplace_back(one.place, one.row.attempts);
      }
      co_return changed;
    }
    unit.lost_claims.clear();
    for (const UnitRow& one : claimed) {
      const DeliveryId id = make_delivery_id(campaign_->number, unit.chunk * chunk_rows + one.place);
      const PlanBody& body = (**bodies).at(one.place);
      picked.claimed.push_back({.attempt = {.delivery = id, .attempt = one.row.attempts},
                                .contact_id = (**names).at(one.place),
                                .destination = body.destination,
                                .parts = body.parts,
                                .estimated_cost = one.estimated_cost,
                                .payload = body.payload});
    }
    co_return Result<void>();
  }

  void claim_rows(const LedgerUnit& unit, OpenUnit& open, std::size_t limit, std::vector<UnitRow>& claimed) {
    for (UnitRow& one : open.rows) {
      if (claimed.size() == limit) return;
      LedgerRow& row = one.row;
      const bool is_lost = row.state == DeliveryState::Sending && is_mine(open.owner, open.fence) &&
                           std::ranges::count(unit.lost_claims, std::pair(one.place, row.attempts)) > 0;
      const bool is_due = row.state == DeliveryState::Waiting && (!row.due_at || *row.due_at <= request_.now);
      if (!is_lost && !is_due) continue;
      if (is_due) {
        row.state = DeliveryState::Sending;
        ++row.attempts;
        row.due_at.reset();
        row.updated_at = std::max(row.updated_at, request_.now);
        one.reason = {};
        open.owner = ledger_.worker().name();
        open.fence = static_cast<std::int64_t>(request_.fence);
        open.is_changed = true;
      }
      claimed.push_back(one);
    }
  }

  // A process of this name that started meanwhile, or a worker that has declared this one dead, has not seen these
  // claims: then they are undone, not handed out.
  Task<Result<void>> make_sure() {
    const auto alive = co_await ledger_.worker().keep_alive();
    const auto fence =
        alive ? co_await read_fence(ledger_, *campaign_) : Result<std::int64_t>(std::unexpect, alive.error());
    if (fence && *fence == static_cast<std::int64_t>(request_.fence)) co_return Result<void>();
    const bool is_over = fence || fence.error().kind == ErrorKind::Conflict;
    for (const ClaimedDelivery& one : reply_.claimed) {
      const std::uint32_t position = position_of(one.attempt.delivery);
      LedgerUnit* unit = campaign_->unit_of(position, slot_);
      if (unit == nullptr) continue;
      const auto place = static_cast<std::uint8_t>(position % chunk_rows);
      if (!is_over) {
        unit->lost_claims.emplace_back(place, one.attempt.attempt);
        continue;
      }
      const auto undone = co_await ledger_.change(campaign_, *unit, [&](OpenUnit& open) -> Task<Result<void>> {
        const auto row = std::ranges::find(open.rows, place, &UnitRow::place);
        const bool is_ours = row != open.rows.end() && row->row.state == DeliveryState::Sending &&
                             row->row.attempts == one.attempt.attempt && is_mine(open.owner, open.fence);
        if (!is_ours) co_return Result<void>();
        row->row.state = DeliveryState::Waiting;
        --row->row.attempts;
        open.is_changed = true;
        co_return Result<void>();
      });
      if (!undone) break;  // whoever took over finds them in Sending, and in doubt
    }
    if (!fence) co_return std::unexpected(fence.error());
    campaign_->fence = *fence;
    co_return fenced_out();
  }

  void note_next_due() {
    const auto consider = [this](WallTime time, bool is_held) {
      if (reply_.next_due_at && *reply_.next_due_at <= time) return;
      reply_.next_due_at = time;
      reply_.is_held_elsewhere = is_held;
    };
    const WallTime again = request_.now + look_at_held_again;
    for (auto at = campaign_->units.lower_bound({slot_, 0}); at != campaign_->units.end() && at->first.first == slot_;
         ++at) {
      const LedgerUnit& unit = at->second;
      if (unit.summary.earliest_due) {
        const WallTime due = *unit.summary.earliest_due;
        const bool is_later = due > request_.now;
        consider(is_later ? due : again, !is_later);
      }
      const bool is_elsewhere = !is_free(unit.owner, unit.fence) && unit.summary.counts.sending > 0;
      if (is_elsewhere || !unit.lost_claims.empty()) consider(again, true);
    }
  }

  DynamoLedger& ledger_;
  LedgerCampaignPtr campaign_;
  ClaimRequest request_;
  std::size_t slot_;
  std::set<std::string> dead_;
  bool has_abandoned_ = false;
  ClaimReply reply_;
};

Task<Result<ClaimReply>> claim_deliveries(DynamoLedger& ledger, ClaimRequest request) {
  const auto campaign = co_await fenced_campaign(ledger, request.campaign, request.fence);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (!(*campaign)->is_planned) {
    co_return fail(ErrorKind::Conflict, "the plan is not complete; nothing is sent before");
  }
  if (const auto kept = co_await ledger.worker().keep_alive(); !kept) co_return std::unexpected(kept.error());
  if (const auto loaded = co_await ledger.load_units(*campaign, Duration::max()); !loaded) {
    co_return std::unexpected(loaded.error());
  }
  Claim claim(ledger, *campaign, request);
  co_return co_await claim.run();
}

Task<Result<std::int64_t>> skip_rows(DynamoLedger& ledger, CampaignNumber number, Fence fence, std::string reason,
                                     WallTime at) {
  const auto campaign = co_await fenced_campaign(ledger, number, fence);
  if (!campaign) co_return std::unexpected(campaign.error());
  const auto kept = co_await ledger.keep_reason(std::move(reason));
  if (!kept) co_return std::unexpected(kept.error());
  (*campaign)->loaded_at.reset();  // consistently: nothing that waits may be overlooked
  if (const auto loaded = co_await ledger.load_units(*campaign, Duration::zero()); !loaded) {
    co_return std::unexpected(loaded.error());
  }
  std::vector<LedgerUnit*> waiting;
  for (auto& [key, unit] : (*campaign)->units) {
    if (unit.summary.counts.waiting > 0 || unit.is_unsure) waiting.push_back(&unit);
  }
  std::int64_t count = 0;
  const auto skip = [&](std::size_t i) -> Task<Result<void>> {
    std::int64_t skipped = 0;
    const auto changed = co_await ledger.change(*campaign, *waiting[i], [&](OpenUnit& open) -> Task<Result<void>> {
      skipped = 0;
      for (UnitRow& one : open.rows) {
        if (one.row.state != DeliveryState::Waiting) continue;
        one.row.state = DeliveryState::Skipped;
        one.row.due_at.reset();
        one.row.updated_at = std::max(one.row.updated_at, at);
        one.reason = *kept;
        ++skipped;
      }
      open.is_changed = skipped > 0;
      co_return Result<void>();
    });
    if (changed) count += skipped;
    co_return changed;
  };
  if (const auto done = co_await ledger.database().for_each(waiting.size(), units_at_once, skip); !done) {
    co_return std::unexpected(done.error());
  }
  co_return count;
}

}  // namespace

Task<Result<LedgerCampaignPtr>> fenced_campaign(DynamoLedger& ledger, CampaignNumber number, Fence fence) {
  auto campaign = co_await ledger.campaign(number);
  if (!campaign) co_return campaign;
  if (!(*campaign)->fence) {
    const auto read = co_await read_fence(ledger, **campaign);
    if (!read) co_return std::unexpected(read.error());
    (*campaign)->fence = *read;
  }
  if (*(*campaign)->fence != static_cast<std::int64_t>(fence)) co_return fenced_out();
  co_return campaign;
}

Task<Result<void>> abandon_rows(DynamoLedger& ledger, LedgerCampaignPtr campaign, std::size_t slot, std::uint32_t chunk,
                                OpenUnit& open, WallTime now) {
  const auto names = co_await ledger.names(campaign, chunk);
  if (!names) co_return std::unexpected(names.error());
  std::vector<DeliveryAt> sending;
  for (const UnitRow& one : open.rows) {
    if (one.row.state != DeliveryState::Sending) continue;
    const DeliveryId id = make_delivery_id(campaign->number, chunk * chunk_rows + one.place);
    sending.push_back({.id = id, .slot = slot, .contact_id = (**names).at(one.place)});
  }
  const auto items = co_await read_delivery_items(ledger, std::move(sending));
  if (!items) co_return std::unexpected(items.error());
  for (UnitRow& one : open.rows) {
    if (one.row.state != DeliveryState::Sending) continue;
    const DeliveryId id = make_delivery_id(campaign->number, chunk * chunk_rows + one.place);
    const auto item = items->find(id);
    const auto accepted = item == items->end()
                              ? std::nullopt
                              : find_acceptance(item->second, {.delivery = id, .attempt = one.row.attempts});
    if (!accepted || !end_attempt(one.row, *accepted)) abandon_attempt(one.row, now);
    if (owes_cost(one.row)) one.row.actual_cost = one.estimated_cost;
    if (one.row.new_reason) one.reason = {.text = *std::exchange(one.row.new_reason, std::nullopt)};
    open.is_changed = true;
  }
  co_return Result<void>();
}

Task<Result<void>> DynamoDeliveryStore::append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) {
  return ledger_.database().run(append_rows(ledger_, campaign, std::move(rows)));
}

Task<Result<void>> DynamoDeliveryStore::complete_plan(CampaignNumber campaign, Money estimated_cost) {
  return ledger_.database().run(complete_rows(ledger_, campaign, estimated_cost));
}

Task<Result<Fence>> DynamoDeliveryStore::take_fence(CampaignNumber campaign, WallTime now) {
  return ledger_.database().run(take_campaign_fence(ledger_, campaign, now));
}

Task<Result<ClaimReply>> DynamoDeliveryStore::claim(ClaimRequest request) {
  return ledger_.database().run(claim_deliveries(ledger_, request));
}

Task<Result<void>> DynamoDeliveryStore::record(CampaignNumber campaign, Fence fence, AttemptRecords records) {
  return ledger_.database().run(record_attempts(ledger_, campaign, fence, std::move(records)));
}

Task<Result<std::vector<EventOutcome>>> DynamoDeliveryStore::apply_events(std::vector<DeliveryEvent> events) {
  return ledger_.database().run(apply_delivery_events(ledger_, std::move(events)));
}

Task<Result<std::int64_t>> DynamoDeliveryStore::skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                                             WallTime at) {
  return ledger_.database().run(skip_rows(ledger_, campaign, fence, std::move(reason), at));
}

}  // namespace clarion
