#include "store/dynamo_suppression_store.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/hash.h"
#include "base/text.h"

namespace clarion {
namespace {

// An import may bring a hundred thousand of them: spread, so that no partition is hot.
constexpr std::uint64_t spread = 16;
constexpr std::size_t written_at_once = 32;

// In lower case, so that an address is found however it is written.
DynamoItem key_of_suppression(Channel channel, const std::string& address) {
  const std::string folded = lower_case(address);
  return dynamo_key("suppressions#" + std::to_string(hash64(folded) % spread),
                    std::string(to_string(channel)) + "#" + key_of(folded));
}

std::optional<Suppression> suppression_of(const DynamoItem& item) {
  const auto channel = parse_channel(text_of(item, "channel"));
  if (!channel) return std::nullopt;
  return Suppression{.channel = *channel,
                     .address = text_or_bytes(item, "address"),
                     .reason = text_or_bytes(item, "reason"),
                     .source = text_or_bytes(item, "source"),
                     .at = wall_time_of(number_of(item, "at"))};
}

DynamoItem item_of(const Suppression& one) {
  DynamoItem item = key_of_suppression(one.channel, one.address);
  item.emplace("channel", std::string(to_string(one.channel)));
  item.emplace("address", dynamo_text(one.address));
  item.emplace("reason", dynamo_text(one.reason));
  item.emplace("source", dynamo_text(one.source));
  item.emplace("at", milliseconds_of(one.at));
  return item;
}

Task<Result<void>> add_suppressions(DynamoDatabase& database, std::vector<Suppression> suppressions) {
  const auto add = [&](std::size_t i) -> Task<Result<void>> {
    const auto is_new = co_await database.put_new(database.tables().campaigns, item_of(suppressions[i]));
    if (!is_new) co_return std::unexpected(is_new.error());
    co_return Result<void>();
  };
  co_return co_await database.for_each(suppressions.size(), written_at_once, add);
}

Task<Result<bool>> remove_suppression(DynamoDatabase& database, Channel channel, std::string address) {
  const auto wrote = co_await database.client().delete_item(
      database.tables().campaigns, key_of_suppression(channel, address), {"attribute_exists(#pk)", {}});
  if (!wrote) co_return std::unexpected(wrote.error());
  co_return wrote->is_applied || wrote->is_repeat;
}

Task<Result<std::vector<Suppression>>> find_suppressions(DynamoDatabase& database, Channel channel,
                                                         std::vector<std::string> addresses) {
  std::set<std::string> wanted;
  for (const std::string& address : addresses) wanted.insert(lower_case(address));
  std::vector<DynamoItem> keys;
  for (const std::string& address : wanted) keys.push_back(key_of_suppression(channel, address));
  if (keys.empty()) co_return std::vector<Suppression>();
  const auto items = co_await database.client().batch_get(database.tables().campaigns, std::move(keys));
  if (!items) co_return std::unexpected(items.error());
  std::vector<Suppression> found;
  for (const DynamoItem& item : *items) {
    if (auto one = suppression_of(item)) found.push_back(std::move(*one));
  }
  co_return found;
}

Task<Result<std::vector<Suppression>>> list_suppressions(DynamoDatabase& database) {
  std::vector<std::string> partitions;
  for (std::uint64_t i = 0; i < spread; ++i) partitions.push_back("suppressions#" + std::to_string(i));
  const auto items = co_await database.partitions(database.tables().campaigns, std::move(partitions));
  if (!items) co_return std::unexpected(items.error());
  std::vector<Suppression> all;
  for (const DynamoItem& item : *items) {
    if (auto one = suppression_of(item)) all.push_back(std::move(*one));
  }
  std::ranges::sort(all, {},
                    [](const Suppression& one) { return std::tuple(one.channel, std::string_view(one.address)); });
  co_return all;
}

}  // namespace

Task<Result<void>> DynamoSuppressionStore::add(std::vector<Suppression> suppressions) {
  return database_.run(add_suppressions(database_, std::move(suppressions)));
}

Task<Result<bool>> DynamoSuppressionStore::remove(Release release) {
  return database_.run(remove_suppression(database_, release.channel, std::move(release.address)));
}

Task<Result<std::vector<Suppression>>> DynamoSuppressionStore::find(Channel channel,
                                                                    std::vector<std::string> addresses) {
  return database_.run(find_suppressions(database_, channel, std::move(addresses)));
}

Task<Result<std::vector<Suppression>>> DynamoSuppressionStore::list() {
  return database_.run(list_suppressions(database_));
}

}  // namespace clarion
