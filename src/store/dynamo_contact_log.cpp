#include "store/dynamo_contact_log.h"

#include <algorithm>
#include <set>
#include <utility>

namespace clarion {
namespace {

constexpr Duration most_age_of_outcomes = std::chrono::seconds(60);  // they say what happened in weeks
constexpr std::size_t contact_chunks_at_once = 32;

// The items of all campaigns, as they are now.
Task<Result<std::vector<DynamoItem>>> read_campaign_items(DynamoDatabase& database) {
  const std::string& table = database.tables().campaigns;
  const auto entries = co_await database.partition(table, partition_of_campaigns);
  if (!entries) co_return std::unexpected(entries.error());
  std::set<std::string> ids;
  for (const DynamoItem& entry : *entries) ids.insert(text_or_bytes(entry, "id"));
  std::vector<DynamoItem> keys;
  for (const std::string& id : ids) keys.push_back(key_of_campaign(id));
  auto items = co_await database.client().batch_get(table, std::move(keys));
  if (!items) co_return std::unexpected(items.error());
  std::ranges::sort(*items, {}, [](const DynamoItem& item) { return number_of(item, "number"); });
  co_return std::move(*items);
}

using UnitTest = std::function<bool(const UnitSummary&)>;
using RowVisit = std::function<void(const std::string& contact_id, Channel channel, const UnitRow& row)>;

// Every row, in units that pass, of one campaign.
Task<Result<void>> visit_rows(DynamoLedger& ledger, CampaignNumber number, Duration most_age, UnitTest has_any,
                              RowVisit visit) {
  const auto campaign = co_await ledger.campaign(number);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (const auto loaded = co_await ledger.load_units(*campaign, most_age); !loaded) co_return loaded;
  std::set<std::uint32_t> chosen;
  for (const auto& [key, unit] : (*campaign)->units) {
    if (unit.slot < channel_count && has_any(unit.summary)) chosen.insert(unit.chunk);
  }
  const std::vector<std::uint32_t> chunks(chosen.begin(), chosen.end());
  for (std::size_t first = 0; first < chunks.size(); first += contact_chunks_at_once) {
    const std::size_t count = std::min(contact_chunks_at_once, chunks.size() - first);
    std::vector<DynamoLedger::Names> names(count);
    const auto read =
        co_await ledger.database().for_each(count, contact_chunks_at_once, [&](std::size_t i) -> Task<Result<void>> {
          auto found = co_await ledger.names(*campaign, chunks[first + i]);
          if (!found) co_return std::unexpected(found.error());
          names[i] = std::move(*found);
          co_return Result<void>();
        });
    if (!read) co_return read;
    for (std::size_t i = 0; i < count; ++i) {
      for (const Channel channel : all_channels) {
        const auto unit = (*campaign)->units.find({index_of(channel), chunks[first + i]});
        if (unit == (*campaign)->units.end() || !has_any(unit->second.summary)) continue;
        const auto rows = unpack(unit->second.packed);
        if (!rows) co_return fail(ErrorKind::Internal, "a unit of the ledger cannot be read");
        for (const UnitRow& row : *rows) visit(names[i]->at(row.place), channel, row);
      }
    }
  }
  co_return Result<void>();
}

bool has_kind(const UnitRow& row, DeliveryEventKind kind) {
  return (row.kinds >> static_cast<unsigned>(kind) & 1U) != 0;
}

Task<Result<void>> visit_pending_rows(DynamoLedger& ledger, std::function<void(const PendingContact&)> visit) {
  const auto items = co_await read_campaign_items(ledger.database());
  if (!items) co_return std::unexpected(items.error());
  for (const DynamoItem& item : *items) {
    const auto status = parse_campaign_status(text_of(item, "status"));
    const bool may_send =
        status == CampaignStatus::Scheduled || status == CampaignStatus::Running || status == CampaignStatus::Paused;
    if (!may_send || number_of(item, "is_planned") == 0) continue;
    const std::string id = text_or_bytes(item, "id");
    const auto start = find_number(item, "start_at");
    const auto start_at = start ? std::optional(wall_time_of(*start)) : std::nullopt;
    // As it is now: another worker's plan may have been completed a moment ago.
    const auto visited = co_await visit_rows(
        ledger, campaign_number_of(item), Duration::zero(),
        [](const UnitSummary& summary) { return summary.counts.waiting + summary.counts.sending > 0; },
        [&](const std::string& contact_id, Channel channel, const UnitRow& row) {
          if (row.row.state != DeliveryState::Waiting && row.row.state != DeliveryState::Sending) return;
          visit({.contact_id = contact_id,
                 .channel = channel,
                 .campaign_id = id,
                 .due_at = row.row.due_at ? row.row.due_at : start_at});
        });
    if (!visited) co_return visited;
  }
  co_return Result<void>();
}

Task<Result<void>> visit_outcome_rows(DynamoLedger& ledger, WallTime since,
                                      std::function<void(const ContactOutcome&)> visit) {
  const auto items = co_await read_campaign_items(ledger.database());
  if (!items) co_return std::unexpected(items.error());
  for (const DynamoItem& item : *items) {
    const auto finished_at = find_number(item, "finished_at");
    const bool is_over = finished_at && *finished_at < milliseconds_of(since);
    if (is_over || number_of(item, "is_planned") == 0) continue;
    const auto visited = co_await visit_rows(
        ledger, campaign_number_of(item), most_age_of_outcomes,
        [since](const UnitSummary& summary) {
          return summary.counts.accepted > 0 && summary.last_sent_at && *summary.last_sent_at >= since;
        },
        [&](const std::string& contact_id, Channel channel, const UnitRow& row) {
          const DeliveryState state = row.row.state;
          if (state != DeliveryState::Accepted && state != DeliveryState::Delivered) return;
          if (!row.row.sent_at || *row.row.sent_at < since) return;
          visit({.contact_id = contact_id,
                 .channel = channel,
                 .sent_at = *row.row.sent_at,
                 .was_opened = has_kind(row, DeliveryEventKind::Opened),
                 .was_answered = has_kind(row, DeliveryEventKind::Clicked) || has_kind(row, DeliveryEventKind::Replied),
                 .was_unwelcome =
                     has_kind(row, DeliveryEventKind::Complained) || has_kind(row, DeliveryEventKind::OptedOut)});
        });
    if (!visited) co_return visited;
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> DynamoContactLog::visit_pending(std::function<void(const PendingContact&)> visit) {
  return ledger_.database().run(visit_pending_rows(ledger_, std::move(visit)));
}

Task<Result<void>> DynamoContactLog::visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) {
  return ledger_.database().run(visit_outcome_rows(ledger_, since, std::move(visit)));
}

}  // namespace clarion
