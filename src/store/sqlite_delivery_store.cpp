#include "store/sqlite_delivery_store.h"

#include <utility>

namespace clarion {
namespace {

constexpr std::uint32_t rows_per_stretch = 256 * DueIndex::block_rows;

}  // namespace

SqliteDeliveryStore::SqliteDeliveryStore(SqliteDatabase& database)
    : database_(database), ledger_(std::make_shared<SqliteLedger>()) {
  database_.set_undo_listener([ledger = ledger_] { ledger->forget(); });
}

SqliteDeliveryStore::~SqliteDeliveryStore() {
  database_.set_undo_listener({});
}

Task<Result<void>> SqliteDeliveryStore::append_plan(CampaignNumber campaign, std::vector<PlannedDelivery> rows) {
  return database_.write([ledger = ledger_, campaign, rows = std::move(rows)](SqliteConnection& connection) {
    return ledger->append_plan(connection, campaign, rows);
  });
}

Task<Result<void>> SqliteDeliveryStore::complete_plan(CampaignNumber campaign, Money estimated_cost) {
  return database_.write([ledger = ledger_, campaign, estimated_cost](SqliteConnection& connection) {
    return ledger->complete_plan(connection, campaign, estimated_cost);
  });
}

Task<Result<Fence>> SqliteDeliveryStore::take_fence(CampaignNumber campaign, WallTime now) {
  return database_.write([ledger = ledger_, campaign, now](SqliteConnection& connection) {
    return ledger->take_fence(connection, campaign, now);
  });
}

Task<Result<ClaimReply>> SqliteDeliveryStore::claim(ClaimRequest request) {
  return database_.write(
      [ledger = ledger_, request](SqliteConnection& connection) { return ledger->claim(connection, request); });
}

Task<Result<void>> SqliteDeliveryStore::record(CampaignNumber campaign, Fence fence, AttemptRecords records) {
  return database_.write(
      [ledger = ledger_, campaign, fence, records = std::move(records)](SqliteConnection& connection) {
        return ledger->record(connection, campaign, fence, records);
      });
}

Task<Result<std::vector<EventOutcome>>> SqliteDeliveryStore::apply_events(std::vector<DeliveryEvent> events) {
  return database_.write([ledger = ledger_, events = std::move(events)](SqliteConnection& connection) {
    return ledger->apply_events(connection, events);
  });
}

Task<Result<std::int64_t>> SqliteDeliveryStore::skip_waiting(CampaignNumber campaign, Fence fence, std::string reason,
                                                             WallTime at) {
  std::int64_t count = 0;
  std::optional<std::uint32_t> next = 0;
  while (next) {
    const auto skipped = co_await database_.write(
        [ledger = ledger_, campaign, fence, reason, at, first = *next](SqliteConnection& connection) {
          return ledger->skip_waiting(connection, campaign, fence, reason, at, first, rows_per_stretch);
        });
    if (!skipped) co_return std::unexpected(skipped.error());
    count += skipped->count;
    next = skipped->next;
  }
  co_return count;
}

}  // namespace clarion
