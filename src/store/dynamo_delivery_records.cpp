// The second half of DynamoDeliveryStore: how attempts end, and what events say.
#include <algorithm>
#include <set>
#include <tuple>

#include "store/dynamo_delivery_items.h"
#include "store/dynamo_delivery_store.h"

namespace clarion {
namespace {

constexpr std::size_t items_at_once = 32;
constexpr int most_event_rounds = 20;  // of events that somebody else is applying too

// After a rule changed the row: what the rule leaves to the ledger.
void settle(UnitRow& one, const std::map<std::string, UnitReason>& reasons) {
  if (owes_cost(one.row)) one.row.actual_cost = one.estimated_cost;
  if (!one.row.new_reason) return;
  const auto kept = reasons.find(*one.row.new_reason);
  one.reason = kept == reasons.end() ? UnitReason{.text = *one.row.new_reason} : kept->second;
  one.row.new_reason.reset();
}

// The records of one unit.
struct UnitRecords {
  LedgerUnit* unit = nullptr;
  std::vector<const AttemptRecord*> records;
};

class RecordWork {
 public:
  RecordWork(DynamoLedger& ledger, LedgerCampaignPtr campaign, Fence fence, const AttemptRecords& records)
      : ledger_(ledger), campaign_(std::move(campaign)), fence_(fence), records_(records) {}

  Task<Result<void>> run() {
    std::map<LedgerUnit*, UnitRecords> grouped;
    for (const AttemptRecord& record : records_) {
      const DeliveryId id = record.attempt.delivery;
      if (campaign_of(id) != campaign_->number) continue;
      LedgerUnit* unit = campaign_->unit_of(position_of(id), index_of(record.channel));
      if (unit == nullptr) continue;
      UnitRecords& of_unit = grouped[unit];
      of_unit.unit = unit;
      of_unit.records.push_back(&record);
      if (reasons_.contains(record.reason)) continue;
      auto kept = co_await ledger_.keep_reason(record.reason);
      if (!kept) co_return std::unexpected(kept.error());
      reasons_.emplace(record.reason, std::move(*kept));
    }
    std::vector<UnitRecords> units;
    for (auto& [unit, of_unit] : grouped) units.push_back(std::move(of_unit));
    co_return co_await ledger_.database().for_each(units.size(), units_at_once,
                                                   [&](std::size_t i) { return record_unit(units[i]); });
  }

 private:
  Task<Result<void>> record_unit(UnitRecords& of_unit) {
    LedgerUnit& unit = *of_unit.unit;
    const auto names = co_await ledger_.names(campaign_, unit.chunk);
    const auto bodies = names ? co_await ledger_.bodies(campaign_, unit.chunk)
                              : Result<DynamoLedger::Bodies>(std::unexpect, names.error());
    if (!bodies) {
      unit.is_held = true;
      co_return std::unexpected(bodies.error());
    }
    const auto changed = co_await ledger_.change(
        campaign_, unit, [&](OpenUnit& open) { return end_attempts(unit, open, of_unit.records, **names, **bodies); });
    // Until the caller has come again with these records, nothing more is claimed where they belong.
    unit.is_held = !changed && changed.error().kind != ErrorKind::Conflict;
    co_return changed;
  }

  Task<Result<void>> end_attempts(const LedgerUnit& unit, OpenUnit& open,
                                  const std::vector<const AttemptRecord*>& records,
                                  const std::vector<std::string>& names, const std::vector<PlanBody>& bodies) {
    struct Ended {
      DeliveryAt delivery;
      UnitRow row;
      const AttemptRecord* record = nullptr;
    };
    std::vector<Ended> ended;
    for (const AttemptRecord* record : records) {
      const auto place = static_cast<std::uint8_t>(position_of(record->attempt.delivery) % chunk_rows);
      const auto one = std::ranges::find(open.rows, place, &UnitRow::place);
      if (one == open.rows.end()) continue;
      const DeliveryState before = one->row.state;
      if (!end_attempt(one->row, *record)) continue;
      if (const auto mine = co_await check_owner(open, before); !mine) co_return mine;
      settle(*one, reasons_);
      open.is_changed = true;
      // What goes back to waiting is no outcome yet, and no write of its own.
      if (record->to == DeliveryState::Waiting && record->provider_id.empty()) continue;
      ended.push_back({.delivery = {.id = record->attempt.delivery, .slot = unit.slot, .contact_id = names.at(place)},
                       .row = *one,
                       .record = record});
    }
    co_return co_await ledger_.database().for_each(ended.size(), items_at_once, [&](std::size_t i) {
      const Ended& one = ended[i];
      return write_attempt(ledger_, campaign_, one.delivery, one.row, bodies.at(one.row.place), *one.record);
    });
  }

  // Only who sends may say how it ended.
  Task<Result<void>> check_owner(const OpenUnit& open, DeliveryState before) {
    if (before == DeliveryState::Sending) {
      if (open.owner == ledger_.worker().name() && open.fence == static_cast<std::int64_t>(fence_)) {
        co_return Result<void>();
      }
      co_return fail(ErrorKind::Conflict,
                     "another process has taken over this campaign; this one must stop sending it");
    }
    if (has_checked_) co_return Result<void>();
    auto alive = co_await ledger_.worker().check();
    has_checked_ = alive.has_value();
    co_return alive;
  }

  DynamoLedger& ledger_;
  LedgerCampaignPtr campaign_;
  Fence fence_;
  const AttemptRecords& records_;
  std::map<std::string, UnitReason> reasons_;
  bool has_checked_ = false;
};

// One event, and where to say what came of it.
struct AskedEvent {
  const DeliveryEvent* event = nullptr;
  EventOutcome* outcome = nullptr;
};

// Events of one unit.
struct UnitEvents {
  LedgerCampaignPtr campaign;
  LedgerUnit* unit = nullptr;
  std::vector<AskedEvent> events;
};

std::vector<DeliveryEvent> events_of(const std::vector<AskedEvent>& asked) {
  std::vector<DeliveryEvent> events;
  for (const AskedEvent& one : asked) events.push_back(*one.event);
  return events;
}

// Applies what is new. The unit comes first: an event that its delivery item knows has been applied, and one that a
// crash left between the two comes again and changes nothing the second time.
Task<Result<void>> apply_to_unit(DynamoLedger& ledger, UnitEvents of_unit) {
  LedgerUnit& unit = *of_unit.unit;
  const auto names = co_await ledger.names(of_unit.campaign, unit.chunk);
  if (!names) co_return std::unexpected(names.error());
  const auto delivery_at = [&](DeliveryId id) {
    return DeliveryAt{.id = id, .slot = unit.slot, .contact_id = (**names).at(position_of(id) % chunk_rows)};
  };
  for (int round = 0; round < most_event_rounds && !of_unit.events.empty(); ++round) {
    std::vector<DeliveryAt> deliveries;
    for (const AskedEvent& asked : of_unit.events) deliveries.push_back(delivery_at(asked.event->delivery));
    const auto items = co_await read_delivery_items(ledger, std::move(deliveries));
    if (!items) co_return std::unexpected(items.error());
    std::map<DeliveryId, std::vector<AskedEvent>> fresh;
    std::set<std::tuple<DeliveryId, WallTime, DeliveryEventKind>> known;
    for (const AskedEvent& asked : of_unit.events) {
      const DeliveryEvent& event = *asked.event;
      const auto item = items->find(event.delivery);
      const bool is_known = (item != items->end() && has_event(item->second, event)) ||
                            !known.emplace(event.delivery, event.at, event.kind).second;
      if (is_known) {
        *asked.outcome = EventOutcome::Known;
      } else {
        fresh[event.delivery].push_back(asked);
      }
    }
    // Another worker may have claimed a row since this one last looked.
    const auto as_known = unpack(unit.packed);
    for (const auto& [id, some] : fresh) {
      const auto place = static_cast<std::uint8_t>(position_of(id) % chunk_rows);
      const bool is_attempted = as_known && std::ranges::any_of(*as_known, [&](const UnitRow& one) {
                                  return one.place == place && one.row.attempts > 0;
                                });
      if (!is_attempted) unit.is_unsure = true;
    }
    std::map<DeliveryId, UnitRow> after;
    const auto changed = co_await ledger.change(of_unit.campaign, unit, [&](OpenUnit& open) -> Task<Result<void>> {
      after.clear();
      for (const auto& [id, events] : fresh) {
        const auto one =
            std::ranges::find(open.rows, static_cast<std::uint8_t>(position_of(id) % chunk_rows), &UnitRow::place);
        if (one == open.rows.end() || one->row.attempts < 1) continue;  // never attempted: it has no events
        for (const AskedEvent& asked : events) {
          add_event(one->row, asked.event->kind, asked.event->at);
          one->kinds = static_cast<std::uint16_t>(one->kinds | 1U << static_cast<unsigned>(asked.event->kind));
          settle(*one, {});
        }
        after.emplace(id, *one);
        open.is_changed = true;
      }
      co_return Result<void>();
    });
    if (!changed) co_return std::unexpected(changed.error());
    std::vector<const std::pair<const DeliveryId, UnitRow>*> rows;
    for (const auto& one : after) rows.push_back(&one);
    std::set<DeliveryId> again;
    const auto written =
        co_await ledger.database().for_each(rows.size(), items_at_once, [&](std::size_t i) -> Task<Result<void>> {
          const auto& [id, row] = *rows[i];
          const std::vector<AskedEvent>& events = fresh[id];
          const auto is_new = co_await add_events(ledger, of_unit.campaign, delivery_at(id), row, events_of(events));
          if (!is_new) co_return std::unexpected(is_new.error());
          if (*is_new) {
            for (const AskedEvent& asked : events) *asked.outcome = EventOutcome::Added;
          } else {
            again.insert(id);  // somebody else has added one of them since we looked
          }
          co_return Result<void>();
        });
    if (!written) co_return std::unexpected(written.error());
    std::erase_if(of_unit.events, [&](const AskedEvent& asked) { return !again.contains(asked.event->delivery); });
  }
  if (of_unit.events.empty()) co_return Result<void>();
  co_return fail(ErrorKind::Unavailable, "other processes apply the same events; they are tried again");
}

}  // namespace

Task<Result<void>> record_attempts(DynamoLedger& ledger, CampaignNumber number, Fence fence, AttemptRecords records) {
  const auto campaign = co_await fenced_campaign(ledger, number, fence);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (!std::ranges::all_of(records, [](const AttemptRecord& one) { return is_end_of_attempt(one.to); })) {
    co_return fail(ErrorKind::Invalid,
                   "an attempt ends in accepted, failed, in_doubt, skipped or waiting; delivered comes by events");
  }
  if (const auto loaded = co_await ledger.load_units(*campaign, Duration::max()); !loaded) co_return loaded;
  RecordWork work(ledger, *campaign, fence, records);
  co_return co_await work.run();
}

Task<Result<std::vector<EventOutcome>>> apply_delivery_events(DynamoLedger& ledger, std::vector<DeliveryEvent> events) {
  std::vector<EventOutcome> outcomes(events.size(), EventOutcome::Unmatched);
  std::map<LedgerUnit*, UnitEvents> grouped;
  std::set<CampaignNumber> unknown;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const DeliveryEvent& event = events[i];
    const CampaignNumber number = campaign_of(event.delivery);
    if (unknown.contains(number)) continue;
    const auto campaign = co_await ledger.campaign(number);
    if (!campaign && campaign.error().kind != ErrorKind::NotFound) co_return std::unexpected(campaign.error());
    if (!campaign || !(*campaign)->is_planned) {
      unknown.insert(number);
      continue;
    }
    if (const auto loaded = co_await ledger.load_units(*campaign, Duration::max()); !loaded) {
      co_return std::unexpected(loaded.error());
    }
    LedgerUnit* unit = (*campaign)->unit_of(position_of(event.delivery));
    if (unit == nullptr) continue;
    UnitEvents& of_unit = grouped[unit];
    of_unit.campaign = *campaign;
    of_unit.unit = unit;
    of_unit.events.push_back({.event = &event, .outcome = &outcomes[i]});
  }
  std::vector<UnitEvents> units;
  for (auto& [unit, of_unit] : grouped) units.push_back(std::move(of_unit));
  const auto done = co_await ledger.database().for_each(units.size(), units_at_once,
                                                        [&](std::size_t i) { return apply_to_unit(ledger, units[i]); });
  if (!done) co_return std::unexpected(done.error());
  co_return outcomes;
}

}  // namespace clarion
