#include "store/dynamo_segment_store.h"

#include <algorithm>
#include <tuple>

namespace clarion {
namespace {

constexpr const char* partition_of_segments = "segments";

DynamoItem key_of_segment(const std::string& id) {
  return dynamo_key(partition_of_segments, key_of(id));
}

Task<Result<Segment>> read_segment(DynamoDatabase& database, DynamoItem item) {
  const std::string& table = database.tables().campaigns;
  auto filter = co_await database.get_text(table, item, "filter");
  if (!filter) co_return std::unexpected(filter.error());
  auto sql = co_await database.get_text(table, item, "sql");
  if (!sql) co_return std::unexpected(sql.error());
  co_return Segment{.id = text_or_bytes(item, "id"),
                    .name = text_or_bytes(item, "name"),
                    .is_named = number_of(item, "is_named") == 1,
                    .filter = std::move(*filter),
                    .sql = std::move(*sql),
                    .last_count = number_of(item, "last_count"),
                    .created_at = wall_time_of(number_of(item, "created_at")),
                    .last_used_at = wall_time_of(number_of(item, "last_used_at"))};
}

Task<Result<bool>> touch(DynamoDatabase& database, const Segment& segment) {
  DynamoUpdate update{.table = database.tables().campaigns,
                      .key = key_of_segment(segment.id),
                      .update = "SET #last_count = :count, #last_used_at = :at",
                      .condition = {"attribute_exists(#pk)", {}},
                      .values = {{":count", segment.last_count}, {":at", milliseconds_of(segment.last_used_at)}}};
  if (segment.is_named) {
    update.update += ", #name = :name, #is_named = :named";
    update.values.emplace(":name", dynamo_text(segment.name));
    update.values.emplace(":named", std::int64_t{1});
  }
  const auto wrote = co_await database.client().update_item(std::move(update));
  if (!wrote) co_return std::unexpected(wrote.error());
  co_return wrote->is_applied;
}

Task<Result<void>> save_segment(DynamoDatabase& database, Segment segment) {
  const auto known = co_await touch(database, segment);
  if (!known) co_return std::unexpected(known.error());
  if (*known) co_return Result<void>();
  const std::string& table = database.tables().campaigns;
  DynamoItem item = key_of_segment(segment.id);
  item.emplace("id", dynamo_text(segment.id));
  item.emplace("name", dynamo_text(segment.name));
  if (segment.is_named) item.emplace("is_named", std::int64_t{1});
  item.emplace("last_count", segment.last_count);
  item.emplace("created_at", milliseconds_of(segment.created_at));
  item.emplace("last_used_at", milliseconds_of(segment.last_used_at));
  for (const auto& [name, text] : {std::pair("filter", &segment.filter), std::pair("sql", &segment.sql)}) {
    if (const auto put = co_await database.put_text(table, item, name, *text); !put) co_return put;
  }
  const auto is_new = co_await database.put_new(table, std::move(item));
  if (!is_new) co_return std::unexpected(is_new.error());
  if (*is_new) co_return Result<void>();
  const auto touched = co_await touch(database, segment);  // somebody saved the same at the same time
  if (!touched) co_return std::unexpected(touched.error());
  co_return Result<void>();
}

Task<Result<Segment>> find_segment(DynamoDatabase& database, std::string id) {
  auto item = co_await database.client().get_item(database.tables().campaigns, key_of_segment(id));
  if (!item) co_return std::unexpected(item.error());
  if (!*item) co_return fail(ErrorKind::NotFound, "there is no segment '" + id + "'");
  co_return co_await read_segment(database, std::move(**item));
}

Task<Result<SegmentList>> list_segments(DynamoDatabase& database, std::size_t limit) {
  auto items = co_await database.partition(database.tables().campaigns, partition_of_segments);
  if (!items) co_return std::unexpected(items.error());
  SegmentList list{.segments = {}, .total = static_cast<std::int64_t>(items->size())};
  const auto order = [](const DynamoItem& item) {
    return std::tuple(-number_of(item, "is_named"), -number_of(item, "last_used_at"), text_or_bytes(item, "id"));
  };
  std::ranges::sort(*items, {}, order);
  items->resize(std::min(limit, items->size()));
  for (DynamoItem& item : *items) {
    auto segment = co_await read_segment(database, std::move(item));
    if (!segment) co_return std::unexpected(segment.error());
    list.segments.push_back(std::move(*segment));
  }
  co_return list;
}

}  // namespace

Task<Result<void>> DynamoSegmentStore::save(Segment segment) {
  return database_.run(save_segment(database_, std::move(segment)));
}

Task<Result<Segment>> DynamoSegmentStore::find(std::string id) {
  return database_.run(find_segment(database_, std::move(id)));
}

Task<Result<SegmentList>> DynamoSegmentStore::list(std::size_t limit) {
  return database_.run(list_segments(database_, limit));
}

}  // namespace clarion
