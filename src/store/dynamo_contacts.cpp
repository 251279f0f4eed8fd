#include "store/dynamo_contacts.h"

#include <map>

namespace clarion {
namespace {

constexpr std::size_t segments = 8;  // of the parallel scan, all read at once

DynamoItem version_key() {
  return dynamo_key("contacts", "version");
}

}  // namespace

Task<Result<void>> DynamoContacts::put(std::vector<Row> rows) {
  return database_.run(put_at_home(std::move(rows)));
}

Task<Result<void>> DynamoContacts::put_at_home(std::vector<Row> rows) {
  // A batch must not name one item twice.
  std::map<std::string, DynamoItem> items;
  for (Row& row : rows) {
    DynamoItem item = dynamo_key(key_of(row.id), "contact");
    item["json"] = std::move(row.json);
    items.insert_or_assign(std::move(row.id), std::move(item));
  }
  std::vector<DynamoItem> batch;
  batch.reserve(items.size());
  for (auto& [id, item] : items) batch.push_back(std::move(item));
  co_return co_await database_.client().batch_put(database_.tables().contacts, std::move(batch));
}

Task<Result<void>> DynamoContacts::visit(Take take) {
  return database_.run(visit_at_home(std::move(take)));
}

Task<Result<void>> DynamoContacts::visit_at_home(Take take) {
  const auto read_segment = [this, &take](std::size_t segment) -> Task<Result<void>> {
    DynamoScan scan{.table = database_.tables().contacts,
                    .segment = static_cast<std::int64_t>(segment),
                    .segments = static_cast<std::int64_t>(segments)};
    std::optional<DynamoItem> start;
    do {
      auto page = co_await database_.client().scan(scan, std::move(start));
      if (!page) co_return std::unexpected(page.error());
      for (const DynamoItem& item : page->items) {
        if (text_of(item, "sk") == "contact") take(text_of(item, "pk"), text_of(item, "json"));
      }
      start = std::move(page->next);
    } while (start);
    co_return Result<void>{};
  };
  co_return co_await database_.for_each(segments, segments, read_segment);
}

Task<Result<std::int64_t>> DynamoContacts::version() {
  return database_.run(version_at_home());
}

Task<Result<std::int64_t>> DynamoContacts::version_at_home() {
  const auto item = co_await database_.client().get_item(database_.tables().contacts, version_key());
  if (!item) co_return std::unexpected(item.error());
  co_return *item ? number_of(**item, "changed_at") : 0;
}

Task<Result<void>> DynamoContacts::mark_changed() {
  return database_.run(mark_changed_at_home());
}

Task<Result<void>> DynamoContacts::mark_changed_at_home() {
  DynamoItem item = version_key();
  item["changed_at"] = milliseconds_of(database_.clock().wall_now());
  auto written = co_await database_.client().put_item(database_.tables().contacts, std::move(item));
  if (!written) co_return std::unexpected(written.error());
  co_return Result<void>{};
}

}  // namespace clarion
