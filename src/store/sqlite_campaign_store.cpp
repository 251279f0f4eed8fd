#include "store/sqlite_campaign_store.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "store/ledger_counts.h"

namespace clarion {
namespace {

constexpr std::string_view campaign_columns =
    "SELECT c.number, c.id, c.name, c.request_hash, c.throughput_tps, c.respects_caps, c.on_unknown, c.seed, "
    "c.start_at, c.budget, c.status, c.status_reason, c.is_planned, c.estimated_cost, c.created_at, c.started_at, "
    "c.finished_at, c.audience, c.content, c.rules, "
    "(SELECT coalesce(sum(actual_cost), 0) FROM delivery_count WHERE campaign = c.number) FROM campaign c ";

Campaign read_campaign(const SqliteStatement& row) {
  Campaign campaign;
  CampaignDefinition& definition = campaign.definition;
  campaign.number = CampaignNumber{static_cast<std::uint32_t>(row.integer(0))};
  definition.id = row.text(1);
  definition.name = row.text(2);
  definition.request_hash = row.text(3);
  definition.throughput_tps = row.real(4);
  definition.respects_caps = row.integer(5) != 0;
  definition.on_unknown = static_cast<OnUnknown>(row.integer(6));
  definition.seed = std::bit_cast<std::uint64_t>(row.integer(7));
  definition.start_at = row.optional_time(8);
  if (!row.is_null(9)) definition.budget = Money{row.integer(9)};
  campaign.status = static_cast<CampaignStatus>(row.integer(10));
  campaign.status_reason = row.text(11);
  campaign.is_planned = row.integer(12) != 0;
  campaign.estimated_cost = Money{row.integer(13)};
  campaign.created_at = row.time(14);
  campaign.started_at = row.optional_time(15);
  campaign.finished_at = row.optional_time(16);
  definition.audience = row.text(17);
  definition.content = row.text(18);
  definition.rules = row.text(19);
  campaign.actual_cost = Money{row.integer(20)};
  return campaign;
}

Result<Campaign> find_by_number(SqliteConnection& connection, CampaignNumber number) {
  auto row = connection.prepare(std::string(campaign_columns) + "WHERE c.number = ?");
  if (!row.bind(number).step()) return fail(ErrorKind::NotFound, "there is no such campaign");
  return read_campaign(row);
}

bool has_id(SqliteConnection& connection, const std::string& id) {
  auto query = connection.prepare("SELECT 1 FROM campaign WHERE id = ?");
  return query.bind(id).step();
}

}  // namespace

Task<Result<Campaign>> SqliteCampaignStore::create(CampaignDefinition definition, CampaignStatus status, WallTime at) {
  return database_.write(
      [definition = std::move(definition), status, at](SqliteConnection& connection) -> Result<Campaign> {
        if (has_id(connection, definition.id)) {
          return fail(ErrorKind::Conflict, "campaign '" + definition.id + "' exists already");
        }
        const auto started_at = status == CampaignStatus::Running ? std::optional(at) : std::nullopt;
        connection
            .prepare(
                "INSERT INTO campaign (id, name, request_hash, throughput_tps, respects_caps, on_unknown, seed, "
                "start_at, budget, status, status_reason, created_at, started_at, audience, content, rules) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?)")
            .bind(definition.id, definition.name, definition.request_hash, definition.throughput_tps,
                  definition.respects_caps, definition.on_unknown, std::bit_cast<std::int64_t>(definition.seed),
                  definition.start_at, definition.budget, status, at, started_at, definition.audience,
                  definition.content, definition.rules)
            .run();
        auto row = connection.prepare(std::string(campaign_columns) + "WHERE c.id = ?");
        row.bind(definition.id).step();
        return read_campaign(row);
      });
}

Task<Result<Campaign>> SqliteCampaignStore::find(std::string id) {
  return database_.read([id = std::move(id)](SqliteConnection& connection) -> Result<Campaign> {
    auto row = connection.prepare(std::string(campaign_columns) + "WHERE c.id = ?");
    if (!row.bind(id).step()) return fail(ErrorKind::NotFound, "there is no campaign '" + id + "'");
    return read_campaign(row);
  });
}

Task<Result<std::vector<Campaign>>> SqliteCampaignStore::list(std::uint32_t before, std::size_t limit) {
  return database_.read([before, limit](SqliteConnection& connection) -> Result<std::vector<Campaign>> {
    auto rows = connection.prepare(std::string(campaign_columns) +
                                   "WHERE ?1 = 0 OR c.number < ?1 ORDER BY c.number DESC LIMIT ?2");
    rows.bind(before, std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max()));
    std::vector<Campaign> campaigns;
    while (rows.step()) campaigns.push_back(read_campaign(rows));
    return campaigns;
  });
}

Task<Result<Campaign>> SqliteCampaignStore::change_status(CampaignNumber number, StatusChange change) {
  return database_.write([number, change = std::move(change)](SqliteConnection& connection) -> Result<Campaign> {
    const auto current = find_by_number(connection, number);
    if (!current) return current;
    if (std::ranges::find(change.from, current->status) == change.from.end()) {
      return fail(ErrorKind::Conflict, "campaign '" + current->definition.id + "' is " +
                                           std::string(to_string(current->status)) + " and cannot become " +
                                           std::string(to_string(change.to)));
    }
    auto started_at = current->started_at;
    auto finished_at = current->finished_at;
    if (change.to == CampaignStatus::Running && !started_at) started_at = change.at;
    if (has_ended(change.to)) finished_at = change.at;
    connection
        .prepare("UPDATE campaign SET status = ?, status_reason = ?, started_at = ?, finished_at = ? WHERE number = ?")
        .bind(change.to, change.reason, started_at, finished_at, number)
        .run();
    return find_by_number(connection, number);
  });
}

Task<Result<void>> SqliteCampaignStore::set_throughput(CampaignNumber number, double throughput_tps) {
  return database_.write([number, throughput_tps](SqliteConnection& connection) -> Result<void> {
    connection.prepare("UPDATE campaign SET throughput_tps = ? WHERE number = ?").bind(throughput_tps, number).run();
    if (connection.changes() == 0) return fail(ErrorKind::NotFound, "there is no such campaign");
    return {};
  });
}

Task<Result<CampaignCounts>> SqliteCampaignStore::counts(CampaignNumber number) {
  return database_.read([number](SqliteConnection& connection) -> Result<CampaignCounts> {
    {
      auto known = connection.prepare("SELECT 1 FROM campaign WHERE number = ?");
      if (!known.bind(number).step()) return fail(ErrorKind::NotFound, "there is no such campaign");
    }
    CampaignCounts counts;
    auto rows = connection.prepare(
        "SELECT channel, planned, waiting, sending, accepted, delivered, failed, skipped, in_doubt "
        "FROM delivery_count WHERE campaign = ?");
    rows.bind(number);
    while (rows.step()) {
      const auto slot = static_cast<std::size_t>(rows.integer(0));
      StateCounts& of_slot = slot < channel_count ? counts.by_channel[all_channels[slot]] : counts.without_channel;
      of_slot = read_counts(rows, 1);
    }
    return counts;
  });
}

}  // namespace clarion
