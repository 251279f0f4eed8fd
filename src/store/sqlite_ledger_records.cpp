// The second half of SqliteLedger: how attempts end, what events say, and cancelling.
#include <algorithm>
#include <tuple>

#include "store/ledger_counts.h"
#include "store/sqlite_ledger.h"

namespace clarion {

std::optional<SqliteLedger::LoadedRow> SqliteLedger::find_row(SqliteConnection& connection, DeliveryId id) {
  auto query = connection.prepare(
      "SELECT state, channel, due_at, attempts, event_rank, parts, actual_cost, sent_at, updated_at "
      "FROM delivery WHERE id = ?");
  if (!query.bind(id).step()) return std::nullopt;
  LoadedRow found;
  found.slot = static_cast<std::size_t>(query.integer(1));
  found.row.state = static_cast<DeliveryState>(query.integer(0));
  found.row.due_at = query.optional_time(2);
  found.row.attempts = static_cast<std::int32_t>(query.integer(3));
  found.row.event_rank = static_cast<std::int32_t>(query.integer(4));
  found.row.parts = static_cast<std::int32_t>(query.integer(5));
  if (!query.is_null(6)) found.row.actual_cost = Money{query.integer(6)};
  found.row.sent_at = query.optional_time(7);
  found.row.updated_at = query.time(8);
  return found;
}

void SqliteLedger::store_row(SqliteConnection& connection, CampaignState& campaign, DeliveryId id,
                             std::size_t slot_index, const LedgerRow& before, LedgerRow after) {
  if (owes_cost(after)) {
    auto query = connection.prepare("SELECT estimated_cost FROM delivery_plan WHERE id = ?");
    query.bind(id).step();
    after.actual_cost = Money{query.integer(0)};
  }
  std::optional<std::int64_t> reason;
  if (after.new_reason) reason = intern_reason(connection, *after.new_reason);
  connection
      .prepare(
          "UPDATE delivery SET state = ?, due_at = ?, attempts = ?, event_rank = ?, reason = coalesce(?, reason), "
          "parts = ?, actual_cost = ?, sent_at = ?, updated_at = ? WHERE id = ?")
      .bind(after.state, after.due_at, after.attempts, after.event_rank, reason, after.parts, after.actual_cost,
            after.sent_at, after.updated_at, id)
      .run();

  Slot& slot = campaign.by_slot[slot_index];
  count_state(slot.counts, before.state, -1);
  count_state(slot.counts, after.state, 1);
  slot.actual_cost += after.actual_cost.value_or(Money{}) - before.actual_cost.value_or(Money{});
  if (after.sent_at) slot.last_sent_at = std::max(slot.last_sent_at.value_or(*after.sent_at), *after.sent_at);
  slot.is_changed = true;
  if (!campaign.has_due_index) return;
  const std::uint32_t position = position_of(id);
  if (after.state == DeliveryState::Waiting) {
    slot.due.add(position, after.due_at);
  } else if (before.state == DeliveryState::Waiting) {
    slot.due.mark_unsure(position / DueIndex::block_rows);
  }
}

// Nearly every record is this one: an accepted attempt of which no event has been heard.
constexpr std::string_view accept_statement =
    "UPDATE delivery SET state = 2, reason = 0, due_at = NULL, parts = ?1, actual_cost = ?2, sent_at = ?3, "
    "updated_at = max(updated_at, ?3) "
    "WHERE id = ?4 AND state = 1 AND attempts = ?5 AND event_rank = 0 AND channel = ?6 AND actual_cost IS NULL";

bool SqliteLedger::accept_quickly(SqliteConnection& connection, SqliteStatement& update, CampaignState& campaign,
                                  const AttemptRecord& record) {
  update.bind(record.parts, record.cost, record.at, record.attempt.delivery, record.attempt.attempt, record.channel)
      .run();
  if (connection.changes() != 1) return false;
  Slot& slot = campaign.by_slot[index_of(record.channel)];
  --slot.counts.sending;
  ++slot.counts.accepted;
  slot.actual_cost += record.cost;
  slot.last_sent_at = std::max(slot.last_sent_at.value_or(record.at), record.at);
  slot.is_changed = true;
  return true;
}

Result<void> SqliteLedger::record(SqliteConnection& connection, CampaignNumber number, Fence fence,
                                  const std::vector<AttemptRecord>& records) {
  const auto loaded = load_fenced(connection, number, fence);
  if (!loaded) return std::unexpected(loaded.error());
  CampaignState& campaign = **loaded;
  if (!std::ranges::all_of(records, [](const AttemptRecord& one) { return is_end_of_attempt(one.to); })) {
    return fail(ErrorKind::Invalid,
                "an attempt ends in accepted, failed, in_doubt, skipped or waiting; delivered comes by events");
  }
  auto receipt = connection.prepare("INSERT OR REPLACE INTO delivery_receipt (id, provider_id) VALUES (?, ?)");
  auto accept = connection.prepare(accept_statement);
  for (const AttemptRecord& record : records) {
    const DeliveryId id = record.attempt.delivery;
    if (campaign_of(id) != number) continue;
    if (record.to != DeliveryState::Accepted || !accept_quickly(connection, accept, campaign, record)) {
      const auto found = find_row(connection, id);
      if (!found) continue;
      LedgerRow after = found->row;
      if (!end_attempt(after, record)) continue;
      store_row(connection, campaign, id, found->slot, found->row, std::move(after));
    }
    if (!record.provider_id.empty()) receipt.bind(id, record.provider_id).run();
  }
  store_counts(connection, campaign);
  return {};
}

Result<std::vector<EventOutcome>> SqliteLedger::apply_events(SqliteConnection& connection,
                                                             const std::vector<DeliveryEvent>& events) {
  // In the order of their rows, so that a batch touches each page once.
  std::vector<const DeliveryEvent*> ordered;
  ordered.reserve(events.size());
  for (const DeliveryEvent& event : events) ordered.push_back(&event);
  std::ranges::sort(ordered, {}, [](const DeliveryEvent* event) { return std::tuple(event->delivery, event); });

  std::vector<EventOutcome> outcomes(events.size(), EventOutcome::Unmatched);
  CampaignState* campaign = nullptr;
  auto insert =
      connection.prepare("INSERT OR IGNORE INTO delivery_event (delivery, at, kind, detail) VALUES (?, ?, ?, ?)");
  for (const DeliveryEvent* event : ordered) {
    const auto found = find_row(connection, event->delivery);
    if (!found || found->row.attempts < 1) continue;
    if (campaign == nullptr || campaign->number != campaign_of(event->delivery)) {
      if (campaign != nullptr) store_counts(connection, *campaign);
      const auto loaded = load(connection, campaign_of(event->delivery));
      if (!loaded) return std::unexpected(loaded.error());
      campaign = *loaded;
    }
    insert.bind(event->delivery, event->at, event->kind, event->detail).run();
    EventOutcome& outcome = outcomes[static_cast<std::size_t>(event - events.data())];
    outcome = connection.changes() == 0 ? EventOutcome::Known : EventOutcome::Added;
    if (outcome == EventOutcome::Known) continue;
    LedgerRow after = found->row;
    add_event(after, event->kind, event->at);
    store_row(connection, *campaign, event->delivery, found->slot, found->row, std::move(after));
  }
  if (campaign != nullptr) store_counts(connection, *campaign);
  return outcomes;
}

Result<SqliteLedger::Skipped> SqliteLedger::skip_waiting(SqliteConnection& connection, CampaignNumber number,
                                                         Fence fence, std::string_view reason, WallTime at,
                                                         std::uint32_t first, std::uint32_t limit) {
  const auto loaded = load_fenced(connection, number, fence);
  if (!loaded) return std::unexpected(loaded.error());
  CampaignState& campaign = **loaded;
  const auto planned = campaign.planned();
  const std::int64_t end = std::min(planned, std::int64_t{first} + limit);
  if (first >= end) return Skipped{};
  const DeliveryId from = make_delivery_id(number, first);
  const DeliveryId to = make_delivery_id(number, static_cast<std::uint32_t>(end - 1));
  {
    auto query = connection.prepare(
        "SELECT channel, count(*) FROM delivery WHERE id BETWEEN ? AND ? AND state = 0 GROUP BY channel");
    query.bind(from, to);
    while (query.step()) {
      Slot& slot = campaign.by_slot[static_cast<std::size_t>(query.integer(0))];
      slot.counts.waiting -= query.integer(1);
      slot.counts.skipped += query.integer(1);
      slot.is_changed = true;
    }
  }
  Skipped skipped;
  connection
      .prepare(
          "UPDATE delivery SET state = 5, due_at = NULL, reason = ?, updated_at = max(updated_at, ?) "
          "WHERE id BETWEEN ? AND ? AND state = 0")
      .bind(intern_reason(connection, reason), at, from, to)
      .run();
  skipped.count = connection.changes();
  if (campaign.has_due_index) {
    const auto last_block = static_cast<std::uint32_t>((end - 1) / DueIndex::block_rows);
    for (Slot& slot : campaign.by_slot) {
      for (std::uint32_t block = first / DueIndex::block_rows; block <= last_block; ++block) {
        slot.due.set_block(block, std::nullopt);
      }
    }
  }
  store_counts(connection, campaign);
  if (end < planned) skipped.next = static_cast<std::uint32_t>(end);
  return skipped;
}

}  // namespace clarion
