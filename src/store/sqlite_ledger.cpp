#include "store/sqlite_ledger.h"

#include <algorithm>
#include <cassert>

#include "base/hash.h"
#include "store/ledger_counts.h"

namespace clarion {
namespace {

// Campaigns and reasons that are remembered at most; what is beyond is read again.
constexpr std::size_t max_campaigns = 64;
constexpr std::size_t max_reasons = 1024;

DeliveryId first_of(CampaignNumber campaign) {
  return make_delivery_id(campaign, 0);
}
DeliveryId last_of(CampaignNumber campaign) {
  return make_delivery_id(campaign, 0xffffffffU);
}

std::size_t slot_of(std::optional<Channel> channel) {
  return channel ? index_of(*channel) : channel_count;
}

}  // namespace

std::int64_t SqliteLedger::CampaignState::planned() const {
  std::int64_t sum = 0;
  for (const Slot& slot : by_slot) sum += slot.counts.planned;
  return sum;
}

void SqliteLedger::forget() {
  campaigns_.clear();
  reasons_.clear();
}

Result<SqliteLedger::CampaignState*> SqliteLedger::load(SqliteConnection& connection, CampaignNumber number) {
  const auto found = campaigns_.find(static_cast<std::uint32_t>(number));
  if (found != campaigns_.end()) {
    found->second.used = ++uses_;
    return &found->second;
  }

  CampaignState campaign;
  campaign.number = number;
  {
    auto query = connection.prepare("SELECT fence, is_planned, created_at FROM campaign WHERE number = ?");
    if (!query.bind(number).step()) return fail(ErrorKind::NotFound, "there is no such campaign");
    campaign.fence = query.integer(0);
    campaign.is_planned = query.integer(1) != 0;
    campaign.created_at = query.time(2);
  }
  auto query = connection.prepare(
      "SELECT channel, planned, waiting, sending, accepted, delivered, failed, skipped, in_doubt, actual_cost, "
      "last_sent_at FROM delivery_count WHERE campaign = ?");
  query.bind(number);
  while (query.step()) {
    Slot& slot = campaign.by_slot[static_cast<std::size_t>(query.integer(0))];
    slot.counts = read_counts(query, 1);
    slot.actual_cost = Money{query.integer(9)};
    slot.last_sent_at = query.optional_time(10);
    slot.is_stored = true;
  }
  // A plan that starts here is indexed as it grows.
  campaign.has_due_index = campaign.planned() == 0;
  campaign.used = ++uses_;
  if (campaigns_.size() >= max_campaigns) {
    // Never all: what runs would have to read its whole campaign again for its next claim.
    campaigns_.erase(std::ranges::min_element(campaigns_, {}, [](const auto& kept) { return kept.second.used; }));
  }
  return &campaigns_.emplace(static_cast<std::uint32_t>(number), std::move(campaign)).first->second;
}

Result<SqliteLedger::CampaignState*> SqliteLedger::load_fenced(SqliteConnection& connection, CampaignNumber number,
                                                               Fence fence) {
  auto campaign = load(connection, number);
  if (campaign && (*campaign)->fence != static_cast<std::int64_t>(fence)) {
    return fail(ErrorKind::Conflict, "another process has taken over this campaign; this one must stop sending it");
  }
  return campaign;
}

void SqliteLedger::build_due_index(SqliteConnection& connection, CampaignState& campaign) {
  for (Slot& slot : campaign.by_slot) slot.due.clear();
  auto query = connection.prepare("SELECT id, channel, due_at FROM delivery WHERE id BETWEEN ? AND ? AND state = 0");
  query.bind(first_of(campaign.number), last_of(campaign.number));
  while (query.step()) {
    campaign.by_slot[static_cast<std::size_t>(query.integer(1))].due.add(position_of(DeliveryId{query.integer(0)}),
                                                                         query.optional_time(2));
  }
  campaign.has_due_index = true;
}

void SqliteLedger::store_counts(SqliteConnection& connection, CampaignState& campaign) {
  for (std::size_t i = 0; i < slots; ++i) {
    Slot& slot = campaign.by_slot[i];
    if (!slot.is_changed) continue;
    const StateCounts& c = slot.counts;
    assert(c.adds_up());
    assert(std::min({c.planned, c.waiting, c.sending, c.accepted, c.failed, c.skipped, c.in_doubt}) >= 0);
    assert(c.delivered >= 0 && c.delivered <= c.accepted);
    auto write = connection.prepare(
        slot.is_stored ? "UPDATE delivery_count SET planned = ?3, waiting = ?4, sending = ?5, accepted = ?6, "
                         "delivered = ?7, failed = ?8, skipped = ?9, in_doubt = ?10, actual_cost = ?11, "
                         "last_sent_at = ?12 WHERE campaign = ?1 AND channel = ?2"
                       : "INSERT INTO delivery_count VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    write
        .bind(campaign.number, i, c.planned, c.waiting, c.sending, c.accepted, c.delivered, c.failed, c.skipped,
              c.in_doubt, slot.actual_cost, slot.last_sent_at)
        .run();
    slot.is_stored = true;
    slot.is_changed = false;
  }
}

std::int64_t SqliteLedger::intern_reason(SqliteConnection& connection, std::string_view reason) {
  if (reason.empty()) return 0;
  const auto known = reasons_.find(std::string(reason));
  if (known != reasons_.end()) return known->second;
  connection.prepare("INSERT OR IGNORE INTO delivery_reason (text) VALUES (?)").bind(reason).run();
  auto query = connection.prepare("SELECT id FROM delivery_reason WHERE text = ?");
  query.bind(reason).step();
  if (reasons_.size() >= max_reasons) reasons_.clear();
  return reasons_.emplace(reason, query.integer(0)).first->second;
}

Result<void> SqliteLedger::append_plan(SqliteConnection& connection, CampaignNumber number,
                                       const std::vector<PlannedDelivery>& rows) {
  const auto loaded = load(connection, number);
  if (!loaded) return std::unexpected(loaded.error());
  CampaignState& campaign = **loaded;
  if (campaign.is_planned) return fail(ErrorKind::Conflict, "the plan is complete already");
  if (!std::ranges::all_of(rows, is_plannable)) {
    return fail(ErrorKind::Invalid, "a planned delivery is waiting with a channel, skipped or failed");
  }
  const std::int64_t first = campaign.planned();
  if (first + static_cast<std::int64_t>(rows.size()) > 0xffffffff) {
    return fail(ErrorKind::Invalid, "a campaign can have at most 4,294,967,295 recipients");
  }
  auto position = static_cast<std::uint32_t>(first);
  auto plan = connection.prepare(
      "INSERT INTO delivery_plan (id, parts, estimated_cost, contact_id, destination, payload, why) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const PlannedDelivery& row : rows) {
    plan.bind(make_delivery_id(number, position++), row.parts, row.estimated_cost, row.contact_id, row.destination,
              row.payload, row.why)
        .run();
  }
  position = static_cast<std::uint32_t>(first);
  auto state = connection.prepare(
      "INSERT INTO delivery (id, state, channel, due_at, attempts, event_rank, reason, contact_hash, parts, "
      "actual_cost, sent_at, updated_at) VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, NULL, NULL, ?)");
  for (const PlannedDelivery& row : rows) {
    const bool is_waiting = row.state == DeliveryState::Waiting;
    const std::size_t slot_index = slot_of(row.channel);
    Slot& slot = campaign.by_slot[slot_index];
    const auto due_at = is_waiting ? row.due_at : std::nullopt;
    const std::int64_t reason = is_waiting ? 0 : intern_reason(connection, row.reason);
    state
        .bind(make_delivery_id(number, position), row.state, slot_index, due_at, reason, contact_hash(row.contact_id),
              row.parts, campaign.created_at)
        .run();
    if (is_waiting && campaign.has_due_index) slot.due.add(position, due_at);
    ++slot.counts.planned;
    count_state(slot.counts, row.state, 1);
    slot.is_changed = true;
    ++position;
  }
  store_counts(connection, campaign);
  return {};
}

Result<void> SqliteLedger::complete_plan(SqliteConnection& connection, CampaignNumber number, Money estimated_cost) {
  const auto campaign = load(connection, number);
  if (!campaign) return std::unexpected(campaign.error());
  if ((*campaign)->is_planned) return fail(ErrorKind::Conflict, "the plan is complete already");
  connection.prepare("UPDATE campaign SET is_planned = 1, estimated_cost = ? WHERE number = ?")
      .bind(estimated_cost, number)
      .run();
  (*campaign)->is_planned = true;
  return {};
}

void SqliteLedger::discard_plan(SqliteConnection& connection, CampaignState& campaign) {
  const DeliveryId first = first_of(campaign.number);
  const DeliveryId last = last_of(campaign.number);
  connection.prepare("DELETE FROM delivery_plan WHERE id BETWEEN ? AND ?").bind(first, last).run();
  connection.prepare("DELETE FROM delivery WHERE id BETWEEN ? AND ?").bind(first, last).run();
  connection.prepare("DELETE FROM delivery_count WHERE campaign = ?").bind(campaign.number).run();
  campaign.by_slot = {};
  campaign.has_due_index = true;
}

Result<Fence> SqliteLedger::take_fence(SqliteConnection& connection, CampaignNumber number, WallTime now) {
  const auto loaded = load(connection, number);
  if (!loaded) return std::unexpected(loaded.error());
  CampaignState& campaign = **loaded;
  if (!campaign.is_planned && campaign.planned() > 0) discard_plan(connection, campaign);

  std::int64_t sending = 0;
  for (const Slot& slot : campaign.by_slot) sending += slot.counts.sending;
  if (sending > 0) {
    std::vector<DeliveryId> abandoned;
    {
      auto query = connection.prepare("SELECT id FROM delivery WHERE id BETWEEN ? AND ? AND state = 1");
      query.bind(first_of(number), last_of(number));
      while (query.step()) abandoned.push_back(DeliveryId{query.integer(0)});
    }
    for (const DeliveryId id : abandoned) {
      const auto found = find_row(connection, id);
      LedgerRow after = found->row;
      abandon_attempt(after, now);
      store_row(connection, campaign, id, found->slot, found->row, std::move(after));
    }
    store_counts(connection, campaign);
  }
  connection.prepare("UPDATE campaign SET fence = ? WHERE number = ?").bind(campaign.fence + 1, number).run();
  return Fence{++campaign.fence};
}

Result<ClaimReply> SqliteLedger::claim(SqliteConnection& connection, const ClaimRequest& request) {
  const auto loaded = load_fenced(connection, request.campaign, request.fence);
  if (!loaded) return std::unexpected(loaded.error());
  CampaignState& campaign = **loaded;
  if (!campaign.is_planned) return fail(ErrorKind::Conflict, "the plan is not complete; nothing is sent before");
  if (!campaign.has_due_index) build_due_index(connection, campaign);

  ClaimReply reply;
  reply.claimed.reserve(std::min<std::size_t>(request.limit, 1024));
  DueIndex& due = campaign.by_slot[index_of(request.channel)].due;
  while (reply.claimed.size() < request.limit) {
    const auto first = due.first_due_block(request.now);
    if (!first) break;
    const std::size_t missing = request.limit - reply.claimed.size();
    const auto most_blocks =
        static_cast<std::uint32_t>(std::min<std::size_t>(missing / DueIndex::block_rows + 2, 4096));
    std::uint32_t end = *first + 1;
    while (end - *first < most_blocks && due.is_due(end, request.now)) ++end;
    claim_blocks(connection, campaign, request, *first, end, reply.claimed);
  }
  if (reply.claimed.size() < request.limit) reply.next_due_at = due.earliest();
  store_counts(connection, campaign);
  return reply;
}

void SqliteLedger::claim_blocks(SqliteConnection& connection, CampaignState& campaign, const ClaimRequest& request,
                                std::uint32_t first, std::uint32_t end, std::vector<ClaimedDelivery>& claimed) {
  Slot& slot = campaign.by_slot[index_of(request.channel)];
  const std::uint64_t last = std::min<std::uint64_t>(std::uint64_t{end} * DueIndex::block_rows - 1, 0xffffffffU);

  std::vector<AttemptId> due;
  bool is_cut = false;  // the limit was reached: the block at hand may hold more
  std::uint32_t block = first;
  std::optional<WallTime> earliest;  // of what stays waiting in `block`
  {
    auto query = connection.prepare(
        "SELECT id, due_at, attempts FROM delivery WHERE id BETWEEN ? AND ? AND state = 0 AND channel = ? ORDER BY id");
    query.bind(make_delivery_id(request.campaign, first * DueIndex::block_rows),
               make_delivery_id(request.campaign, static_cast<std::uint32_t>(last)), request.channel);
    while (query.step()) {
      const DeliveryId id{query.integer(0)};
      const std::uint32_t at_block = position_of(id) / DueIndex::block_rows;
      for (; block < at_block; ++block, earliest.reset()) slot.due.set_block(block, earliest);
      const auto due_at = query.optional_time(1);
      if (due_at && *due_at > request.now) {
        earliest = earliest ? std::min(*earliest, *due_at) : *due_at;
        continue;
      }
      if (claimed.size() + due.size() == request.limit) {
        is_cut = true;
        break;
      }
      due.push_back(AttemptId{id, static_cast<std::int32_t>(query.integer(2)) + 1});
    }
  }
  if (!is_cut) {
    for (; block < end; ++block, earliest.reset()) slot.due.set_block(block, earliest);
  }
  if (due.empty()) return;
  // Rows that lie together are read and written as one range, scattered ones (retries) each for itself.
  const std::size_t span = position_of(due.back().delivery) - position_of(due.front().delivery) + 1;
  if (due.size() * 8 >= span) {
    claim_range(connection, request, due, claimed);
  } else {
    for (const AttemptId& attempt : due) claim_range(connection, request, std::span(&attempt, 1), claimed);
  }
  const auto count = static_cast<std::int64_t>(due.size());
  slot.counts.waiting -= count;
  slot.counts.sending += count;
  slot.is_changed = true;
}

void SqliteLedger::claim_range(SqliteConnection& connection, const ClaimRequest& request,
                               std::span<const AttemptId> due, std::vector<ClaimedDelivery>& claimed) {
  const DeliveryId from = due.front().delivery;
  const DeliveryId to = due.back().delivery;
  {
    auto query = connection.prepare(
        "SELECT id, contact_id, destination, parts, estimated_cost, payload FROM delivery_plan "
        "WHERE id BETWEEN ? AND ? ORDER BY id");
    query.bind(from, to);
    for (auto next = due.begin(); next != due.end() && query.step();) {
      if (DeliveryId{query.integer(0)} != next->delivery) continue;
      claimed.push_back(ClaimedDelivery{.attempt = *next++,
                                        .contact_id = std::string(query.text(1)),
                                        .destination = std::string(query.text(2)),
                                        .parts = static_cast<std::int32_t>(query.integer(3)),
                                        .estimated_cost = Money{query.integer(4)},
                                        .payload = std::string(query.text(5))});
    }
  }
  connection
      .prepare(
          "UPDATE delivery SET state = 1, attempts = attempts + 1, due_at = NULL, reason = 0, "
          "updated_at = max(updated_at, ?1) "
          "WHERE id BETWEEN ?2 AND ?3 AND state = 0 AND channel = ?4 AND (due_at IS NULL OR due_at <= ?1)")
      .bind(request.now, from, to, request.channel)
      .run();
  // All three statements have to see the same rows, or the ledger may not be trusted with sending.
  if (connection.changes() != static_cast<std::int64_t>(due.size()) || claimed.back().attempt != due.back()) {
    throw SqliteFault(SQLITE_INTERNAL, "a claim changed other rows than it read");
  }
}

}  // namespace clarion
