// The second half of SqliteLedger: how attempts end, what events say, and cancelling.
#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

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

namespace {

// Nearly every record is this one: an accepted attempt of which no event has been heard.
std::string accept_statement(std::string_view rows) {
  return "UPDATE delivery SET state = 2, reason = 0, due_at = NULL, parts = ?1, actual_cost = ?2, sent_at = ?3, "
         "updated_at = max(updated_at, ?3) WHERE " +
         std::string(rows) +
         " AND state = 1 AND attempts = ?5 AND event_rank = 0 AND channel = ?6 AND actual_cost IS NULL";
}

// Fewer rows cost less one by one: SQLite collects what a range touches before it changes it.
constexpr std::size_t least_together = 4;
// By so many rows a statement each costs a third less than by itself.
constexpr std::size_t receipts_at_once = 16;

using RecordPointers = std::vector<const AttemptRecord*>;

bool continues(const AttemptRecord& one, const AttemptRecord& next) {
  return next.to == DeliveryState::Accepted &&
         static_cast<std::int64_t>(next.attempt.delivery) == static_cast<std::int64_t>(one.attempt.delivery) + 1 &&
         next.attempt.attempt == one.attempt.attempt && next.channel == one.channel && next.parts == one.parts &&
         next.cost == one.cost && next.at == one.at;
}

// The first of `records`, and those after it, if they are enough, that differ from it in nothing but their rows, which
// lie together.
std::span<const AttemptRecord* const> alike(std::span<const AttemptRecord* const> records) {
  std::size_t count = 1;
  if (records.front()->to == DeliveryState::Accepted) {
    while (count < records.size() && continues(*records[count - 1], *records[count])) ++count;
  }
  return records.first(count < least_together ? 1 : count);
}

// The row has this acceptance.
bool has_accepted(const LedgerRow& row, const AttemptRecord& record) {
  return row.state == DeliveryState::Accepted && row.attempts == record.attempt.attempt && row.sent_at == record.at;
}

std::string receipt_statement(std::size_t rows) {
  std::string text = "INSERT OR REPLACE INTO delivery_receipt (id, provider_id) VALUES ";
  for (std::size_t i = 0; i < rows; ++i) text += i == 0 ? "(?, ?)" : ", (?, ?)";
  return text;
}

void write_receipts(SqliteConnection& connection, std::span<const AttemptRecord* const> records) {
  for (std::size_t rows : {receipts_at_once, std::size_t{1}}) {
    if (records.size() < rows) continue;
    auto insert = connection.prepare(receipt_statement(rows));
    for (; records.size() >= rows; records = records.subspan(rows)) {
      for (std::size_t i = 0; i < rows; ++i) {
        insert.bind_at(2 * static_cast<int>(i) + 1, records[i]->attempt.delivery, records[i]->provider_id);
      }
      insert.run();
    }
  }
}

}  // namespace

std::size_t SqliteLedger::accept_together(SqliteConnection& connection, SqliteStatement& update,
                                          CampaignState& campaign, std::span<const AttemptRecord* const> records) {
  const AttemptRecord& one = *records.front();
  update.bind(one.parts, one.cost, one.at, one.attempt.delivery, one.attempt.attempt, one.channel);
  if (records.size() > 1) update.bind_at(7, records.back()->attempt.delivery);
  update.run();
  const std::int64_t count = connection.changes();
  if (count == 0) return 0;
  Slot& slot = campaign.by_slot[index_of(one.channel)];
  slot.counts.sending -= count;
  slot.counts.accepted += count;
  slot.actual_cost += one.cost * count;
  slot.last_sent_at = std::max(slot.last_sent_at.value_or(one.at), one.at);
  slot.is_changed = true;
  return static_cast<std::size_t>(count);
}

bool SqliteLedger::record_one(SqliteConnection& connection, CampaignState& campaign, const AttemptRecord& record,
                              bool may_be_accepted) {
  const auto found = find_row(connection, record.attempt.delivery);
  if (!found) return false;
  if (may_be_accepted && has_accepted(found->row, record)) return true;
  LedgerRow after = found->row;
  if (!end_attempt(after, record)) return false;
  store_row(connection, campaign, record.attempt.delivery, found->slot, found->row, std::move(after));
  return true;
}

Result<void> SqliteLedger::record(SqliteConnection& connection, CampaignNumber number, Fence fence,
                                  const AttemptRecords& records) {
  const auto loaded = load_fenced(connection, number, fence);
  if (!loaded) return std::unexpected(loaded.error());
  CampaignState& campaign = **loaded;
  if (!std::ranges::all_of(records, [](const AttemptRecord& one) { return is_end_of_attempt(one.to); })) {
    return fail(ErrorKind::Invalid,
                "an attempt ends in accepted, failed, in_doubt, skipped or waiting; delivered comes by events");
  }
  // In the order of their rows, so that a batch touches each page once, and those of one row in their own.
  RecordPointers ordered;
  ordered.reserve(records.size());
  for (const AttemptRecord& record : records) {
    if (campaign_of(record.attempt.delivery) == number) ordered.push_back(&record);
  }
  std::ranges::sort(ordered, {}, [](const AttemptRecord* one) { return std::tuple(one->attempt.delivery, one); });
  auto accept_one = connection.prepare(accept_statement("id = ?4"));
  auto accept_range = connection.prepare(accept_statement("id BETWEEN ?4 AND ?7"));
  RecordPointers with_receipt;
  with_receipt.reserve(ordered.size());
  const auto keep_receipt = [&](const AttemptRecord* one) {
    if (!one->provider_id.empty()) with_receipt.push_back(one);
  };
  for (std::span<const AttemptRecord* const> rest = ordered; !rest.empty();) {
    const auto together = alike(rest);
    rest = rest.subspan(together.size());
    auto& accept = together.size() == 1 ? accept_one : accept_range;
    const bool are_accepted = together.front()->to == DeliveryState::Accepted;
    if (are_accepted && accept_together(connection, accept, campaign, together) == together.size()) {
      std::ranges::for_each(together, keep_receipt);
      continue;
    }
    // Of some an event was heard first, or they were settled otherwise; the rest of a range has just been accepted.
    for (const AttemptRecord* one : together) {
      if (record_one(connection, campaign, *one, together.size() > 1)) keep_receipt(one);
    }
  }
  write_receipts(connection, with_receipt);
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
