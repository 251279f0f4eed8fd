#include "store/dynamo_rate_frontier.h"

#include <utility>

namespace clarion {
namespace {

std::int64_t nanoseconds_of(BucketTime time) {
  return time.time_since_epoch().count();
}

}  // namespace

Task<Result<FrontierReply>> DynamoRateFrontier::begin(std::string key, BucketTime from, std::chrono::nanoseconds by) {
  return database_.run(
      move({.table = database_.tables().rates,
            .key = dynamo_key(std::move(key), "bucket"),
            .update = "SET #next_at = :next_at",
            .condition = {"attribute_not_exists(#next_at) OR #next_at < :from", {{":from", nanoseconds_of(from)}}},
            .values = {{":next_at", nanoseconds_of(from + by)}}}));
}

Task<Result<FrontierReply>> DynamoRateFrontier::advance(std::string key, BucketTime from, BucketTime to,
                                                        std::chrono::nanoseconds by) {
  return database_.run(move({.table = database_.tables().rates,
                             .key = dynamo_key(std::move(key), "bucket"),
                             .update = "SET #next_at = #next_at + :by",
                             .condition = {"#next_at >= :from AND #next_at <= :to",
                                           {{":from", nanoseconds_of(from)}, {":to", nanoseconds_of(to)}}},
                             .values = {{":by", by.count()}}}));
}

Task<Result<FrontierReply>> DynamoRateFrontier::move(DynamoUpdate update) {
  const DynamoItem key = update.key;
  const auto wrote = co_await database_.client().update_item_once(std::move(update));
  if (!wrote) co_return std::unexpected(wrote.error());
  auto item = wrote->item;
  if (!item) {
    auto read = co_await database_.client().get_item(database_.tables().rates, key);
    if (!read) co_return std::unexpected(read.error());
    item = std::move(*read);
  }
  FrontierReply reply{.is_moved = wrote->is_applied, .frontier = std::nullopt};
  if (item) reply.frontier = BucketTime(std::chrono::nanoseconds(number_of(*item, "next_at")));
  co_return reply;
}

}  // namespace clarion
