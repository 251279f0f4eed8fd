#include "store/sqlite_delivery_log.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "store/ledger_counts.h"

namespace clarion {
namespace {

// Rows of the ledger between two of a page, on average, that reading all their events may pass over.
constexpr std::uint64_t most_rows_passed_over = 16;

constexpr std::string_view delivery_columns =
    "SELECT d.id, c.id, p.contact_id, d.channel, d.state, coalesce(r.text, ''), p.destination, d.parts, d.attempts, "
    "coalesce(d.actual_cost, p.estimated_cost), coalesce(t.provider_id, ''), p.why, p.payload, d.due_at, d.sent_at, "
    "d.updated_at "
    "FROM delivery d CROSS JOIN delivery_plan p ON p.id = d.id CROSS JOIN campaign c ON c.number = d.id >> 32 "
    "LEFT JOIN delivery_reason r ON r.id = d.reason LEFT JOIN delivery_receipt t ON t.id = d.id ";

std::optional<Channel> read_channel(const SqliteStatement& row, int column) {
  const auto slot = static_cast<std::size_t>(row.integer(column));
  if (slot >= channel_count) return std::nullopt;
  return all_channels[slot];
}

Delivery read_delivery(const SqliteStatement& row) {
  return Delivery{.id = DeliveryId{row.integer(0)},
                  .campaign_id = std::string(row.text(1)),
                  .contact_id = std::string(row.text(2)),
                  .channel = read_channel(row, 3),
                  .state = static_cast<DeliveryState>(row.integer(4)),
                  .reason = std::string(row.text(5)),
                  .destination = std::string(row.text(6)),
                  .parts = static_cast<std::int32_t>(row.integer(7)),
                  .attempts = static_cast<std::int32_t>(row.integer(8)),
                  .cost = Money{row.integer(9)},
                  .provider_id = std::string(row.text(10)),
                  .why = std::string(row.text(11)),
                  .payload = std::string(row.text(12)),
                  .due_at = row.optional_time(13),
                  .sent_at = row.optional_time(14),
                  .updated_at = row.time(15),
                  .events = {}};
}

// Every condition has its place; the ones not asked for are NULL, and OR lets them pass. Where little matches, all rows
// of a campaign are read: those of `delivery` only, as long as no condition on them is joined by OR to one on the plan.
std::vector<Delivery> read_page(SqliteConnection& connection, const DeliveryQuery& query) {
  std::int64_t above = -1;
  std::int64_t below = std::numeric_limits<std::int64_t>::max();
  if (query.campaign) {
    above = static_cast<std::int64_t>(make_delivery_id(*query.campaign, 0)) - 1;
    below = static_cast<std::int64_t>(make_delivery_id(*query.campaign, 0xffffffffU)) + 1;
    if (query.after) above = std::max(above, static_cast<std::int64_t>(*query.after));
  } else if (query.after) {
    below = static_cast<std::int64_t>(*query.after);
  }
  std::string sql(delivery_columns);
  sql +=
      "WHERE d.id > ?1 AND d.id < ?2 AND (?3 IS NULL OR d.state = ?3 OR d.state = ?4) "
      "AND (?5 IS NULL OR d.channel = ?5) AND (?6 IS NULL OR d.contact_hash = ?6) AND (?8 IS NULL OR d.reason = ?8) "
      "AND (?6 IS NULL OR p.contact_id = ?7) ORDER BY d.id ";
  sql += query.campaign ? "ASC LIMIT ?9" : "DESC LIMIT ?9";
  const auto also = query.state == DeliveryState::Accepted ? std::optional(DeliveryState::Delivered) : query.state;
  const auto hash = query.contact_id.empty() ? std::nullopt : std::optional(contact_hash(query.contact_id));
  std::optional<std::int64_t> reason;
  if (!query.reason.empty()) {
    auto known = connection.prepare("SELECT id FROM delivery_reason WHERE text = ?");
    if (!known.bind(std::string_view(query.reason)).step()) return {};
    reason = known.integer(0);
  }
  const auto limit = std::min<std::size_t>(query.limit, std::numeric_limits<std::int64_t>::max());

  std::vector<Delivery> page;
  auto rows = connection.prepare(sql);
  rows.bind(above, below, query.state, also, query.channel, hash, query.contact_id, reason, limit);
  while (rows.step()) page.push_back(read_delivery(rows));
  return page;
}

DeliveryEvent read_event(const SqliteStatement& row) {
  return DeliveryEvent{.delivery = DeliveryId{row.integer(0)},
                       .kind = static_cast<DeliveryEventKind>(row.integer(2)),
                       .at = row.time(1),
                       .detail = std::string(row.text(3))};
}

// REQUIRES: deliveries in the order of their ids, up or down.
// One sweep over the events between the first and the last of them; those of rows that a condition left out are passed
// over, as the page itself passed over the rows. Where that would be most of the ledger, each is looked up.
void add_events(SqliteConnection& connection, std::vector<Delivery>& deliveries) {
  if (deliveries.empty()) return;
  const auto [first, last] = std::minmax(deliveries.front().id, deliveries.back().id);
  const auto span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
  auto rows = connection.prepare(
      "SELECT delivery, at, kind, detail FROM delivery_event WHERE delivery BETWEEN ? AND ? "
      "ORDER BY delivery, at, kind");
  if (span / most_rows_passed_over > deliveries.size()) {
    for (Delivery& one : deliveries) {
      rows.bind(one.id, one.id);
      while (rows.step()) one.events.push_back(read_event(rows));
      rows.reset();
    }
    return;
  }
  const bool is_up = deliveries.front().id == first;
  std::size_t found = 0;
  const auto at = [&](std::size_t place) -> Delivery& {
    return deliveries[is_up ? place : deliveries.size() - 1 - place];
  };
  rows.bind(first, last);
  while (rows.step()) {
    const DeliveryId id{rows.integer(0)};
    while (at(found).id < id) ++found;  // ends: the sweep ends at the last of them
    if (at(found).id == id) at(found).events.push_back(read_event(rows));
  }
}

}  // namespace

Task<Result<Delivery>> SqliteDeliveryLog::find(DeliveryId id) {
  return database_.read([id](SqliteConnection& connection) -> Result<Delivery> {
    auto row = connection.prepare(std::string(delivery_columns) + "WHERE d.id = ?");
    if (!row.bind(id).step()) return fail(ErrorKind::NotFound, "there is no delivery '" + to_string(id) + "'");
    std::vector<Delivery> found;
    found.push_back(read_delivery(row));
    add_events(connection, found);
    return std::move(found.front());
  });
}

Task<Result<std::vector<Delivery>>> SqliteDeliveryLog::list(DeliveryQuery query) {
  return database_.read([query = std::move(query)](SqliteConnection& connection) -> Result<std::vector<Delivery>> {
    auto page = read_page(connection, query);
    if (query.with_events) add_events(connection, page);
    return page;
  });
}

Task<Result<void>> SqliteDeliveryLog::visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) {
  return database_.read([since, visit = std::move(visit)](SqliteConnection& connection) -> Result<void> {
    std::vector<CampaignNumber> campaigns;
    {
      auto rows =
          connection.prepare("SELECT DISTINCT campaign FROM delivery_count WHERE last_sent_at >= ? ORDER BY campaign");
      rows.bind(since);
      while (rows.step()) campaigns.push_back(CampaignNumber{static_cast<std::uint32_t>(rows.integer(0))});
    }
    for (const CampaignNumber campaign : campaigns) {
      auto rows = connection.prepare(
          "SELECT p.contact_id, d.channel, d.sent_at FROM delivery d CROSS JOIN delivery_plan p ON p.id = d.id "
          "WHERE d.id BETWEEN ? AND ? AND d.sent_at >= ? ORDER BY d.id");
      rows.bind(make_delivery_id(campaign, 0), make_delivery_id(campaign, 0xffffffffU), since);
      while (rows.step()) {
        if (const auto channel = read_channel(rows, 1)) visit(RecentContact{rows.text(0), *channel, rows.time(2)});
      }
    }
    return {};
  });
}

Task<Result<std::vector<DeliveryLog::ReasonCount>>> SqliteDeliveryLog::count_reasons(CampaignNumber campaign) {
  return database_.read([campaign](SqliteConnection& connection) -> Result<std::vector<ReasonCount>> {
    {
      auto known = connection.prepare("SELECT 1 FROM campaign WHERE number = ?");
      if (!known.bind(campaign).step()) return fail(ErrorKind::NotFound, "there is no such campaign");
    }
    std::vector<ReasonCount> counts;
    auto rows = connection.prepare(
        "SELECT g.state, g.channel, coalesce(r.text, '') AS text, g.total FROM (SELECT state, channel, reason, "
        "count(*) AS total FROM delivery WHERE id BETWEEN ? AND ? AND state IN (4, 5, 6) "
        "GROUP BY state, channel, reason) g LEFT JOIN delivery_reason r ON r.id = g.reason "
        "ORDER BY g.state, g.channel, text");
    rows.bind(make_delivery_id(campaign, 0), make_delivery_id(campaign, 0xffffffffU));
    while (rows.step()) {
      counts.push_back(ReasonCount{.state = static_cast<DeliveryState>(rows.integer(0)),
                                   .channel = read_channel(rows, 1),
                                   .reason = std::string(rows.text(2)),
                                   .count = rows.integer(3)});
    }
    return counts;
  });
}

}  // namespace clarion
