#include "store/dynamo_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "aws/sha256_hex.h"
#include "base/alarm.h"
#include "base/task_group.h"
#include "base/text.h"

namespace clarion {
namespace {

constexpr std::size_t longest_key = 256;
constexpr int most_polls = 130;  // a minute, after the first few

}  // namespace

DynamoItem dynamo_key(std::string pk, std::string sk) {
  return {{"pk", std::move(pk)}, {"sk", std::move(sk)}};
}

DynamoValue dynamo_text(const std::string& text) {
  if (is_valid_utf8(text)) return text;
  return DynamoBytes{text};
}

std::string text_or_bytes(const DynamoItem& item, std::string_view name) {
  const auto found = item.find(name);
  if (found == item.end()) return {};
  if (const auto* bytes = std::get_if<DynamoBytes>(&found->second)) return bytes->data;
  return text_of(item, name);
}

std::string key_of(const std::string& text) {
  const bool is_plain = !text.empty() && text.size() <= longest_key && text.front() != '~' && is_valid_utf8(text);
  return is_plain ? text : "~" + sha256_hex(text);
}

std::string key_of(std::uint32_t number) {
  return fmt::format("{:010}", number);
}

DynamoDatabase::DynamoDatabase(asio::any_io_executor executor, DynamoClient& client, Clock& clock,
                               DynamoTableNames tables)
    : home_(std::move(executor)), client_(client), clock_(clock), tables_(std::move(tables)) {}

Task<Result<void>> DynamoDatabase::for_each(std::size_t count, std::size_t width,
                                            std::function<Task<Result<void>>(std::size_t)> work) {
  if (count == 0) co_return Result<void>();
  if (count == 1) co_return co_await work(0);
  struct Shared {
    std::function<Task<Result<void>>(std::size_t)> work;
    std::size_t next = 0;
    std::size_t count = 0;
    Result<void> result;
  };
  const auto shared = std::make_shared<Shared>(Shared{std::move(work), 0, count, {}});
  const auto worker = [](std::shared_ptr<Shared> all) -> Task<void> {
    while (all->next < all->count) {
      auto done = co_await all->work(all->next++);
      if (!done && all->result) all->result = std::move(done);
    }
  };
  TaskGroup group;
  for (std::size_t i = 0; i < std::min(width, count); ++i) group.spawn(home_, worker(shared));
  co_await group.join();
  co_return shared->result;
}

Task<Result<void>> DynamoDatabase::create_table(std::string name) {
  auto status = co_await client_.table_status(name);
  if (!status) co_return std::unexpected(status.error());
  if (!*status) {
    const auto created = co_await client_.create_table({.name = name});
    if (!created && created.error().kind != ErrorKind::Conflict) co_return created;
  }
  for (int poll = 0; poll < most_polls; ++poll) {
    status = co_await client_.table_status(name);
    if (!status) co_return std::unexpected(status.error());
    if (*status && **status == "ACTIVE") co_return Result<void>();
    co_await clock_.sleep_for(std::chrono::milliseconds(std::min(500, 2 << std::min(poll, 10))));
  }
  co_return fail(ErrorKind::Unavailable, "The DynamoDB table '" + name + "' is still not active after a minute.");
}

Task<Result<void>> DynamoDatabase::create_tables() {
  for (const std::string& name : {tables_.campaigns, tables_.deliveries, tables_.rates, tables_.contacts}) {
    if (const auto created = co_await create_table(name); !created) co_return created;
  }
  // What expires is said by the items; a service that knows no expiry (an emulator) keeps them, which harms nothing.
  const auto expiring = co_await client_.update_time_to_live(tables_.deliveries, std::string(expiry_attribute));
  if (!expiring && expiring.error().kind != ErrorKind::Internal) co_return expiring;
  co_return Result<void>();
}

Task<Result<bool>> DynamoDatabase::put_new(const std::string& table, DynamoItem item) {
  const auto wrote = co_await client_.put_item(table, item, {"attribute_not_exists(#pk)", {}});
  if (!wrote) co_return std::unexpected(wrote.error());
  if (wrote->is_applied || !wrote->is_repeat) co_return wrote->is_applied;
  // The first attempt may have been ours: then what is there is what we wrote.
  const auto there = co_await client_.get_item(table, dynamo_key(text_of(item, "pk"), text_of(item, "sk")));
  if (!there) co_return std::unexpected(there.error());
  co_return *there == item;
}

Task<Result<std::vector<DynamoItem>>> DynamoDatabase::partition(const std::string& table, std::string pk,
                                                                std::string prefix) {
  return partitions(table, {std::move(pk)}, std::move(prefix));
}

Task<Result<std::vector<DynamoItem>>> DynamoDatabase::partitions(const std::string& table, std::vector<std::string> pks,
                                                                 std::string prefix, bool is_consistent) {
  std::vector<std::vector<DynamoItem>> found(pks.size());
  const auto read = [&](std::size_t i) -> Task<Result<void>> {
    DynamoQuery query{
        .table = table, .key_condition = "#pk = :pk", .values = {{":pk", pks[i]}}, .is_consistent = is_consistent};
    if (!prefix.empty()) {
      query.key_condition += " AND begins_with(#sk, :sk)";
      query.values.emplace(":sk", prefix);
    }
    auto items = co_await client_.query_all(std::move(query));
    if (!items) co_return std::unexpected(items.error());
    found[i] = std::move(*items);
    co_return Result<void>();
  };
  if (const auto all = co_await for_each(pks.size(), 16, read); !all) co_return std::unexpected(all.error());
  std::vector<DynamoItem> items;
  for (auto& some : found) std::ranges::move(some, std::back_inserter(items));
  co_return items;
}

Task<Result<void>> DynamoDatabase::put_text(const std::string& table, DynamoItem& item, std::string name,
                                            const std::string& text, std::size_t most_inline,
                                            std::optional<std::int64_t> expires_at) {
  if (text.size() <= most_inline) {
    item.insert_or_assign(std::move(name), dynamo_text(text));
    co_return Result<void>();
  }
  const std::string digest = sha256_hex(text);
  std::vector<DynamoItem> slices;
  for (std::size_t at = 0; at < text.size(); at += dynamo_slice_bytes) {
    DynamoItem slice = dynamo_key("text#" + digest, key_of(static_cast<std::uint32_t>(slices.size())));
    slice.emplace("data", DynamoBytes{text.substr(at, dynamo_slice_bytes)});
    if (expires_at) slice.emplace(expiry_attribute, *expires_at);
    slices.push_back(std::move(slice));
  }
  if (const auto written = co_await client_.batch_put(table, std::move(slices)); !written) co_return written;
  item.insert_or_assign(name + "_ref", digest);
  item.insert_or_assign(name + "_bytes", static_cast<std::int64_t>(text.size()));
  co_return Result<void>();
}

Task<Result<std::string>> DynamoDatabase::get_text(const std::string& table, const DynamoItem& item, std::string name) {
  const std::string digest = text_of(item, name + "_ref");
  if (digest.empty()) co_return text_or_bytes(item, name);
  const auto slices = co_await partition(table, "text#" + digest);
  if (!slices) co_return std::unexpected(slices.error());
  std::string text;
  for (const DynamoItem& slice : *slices) text += bytes_of(slice, "data");
  if (static_cast<std::int64_t>(text.size()) != number_of(item, name + "_bytes")) {
    co_return fail(ErrorKind::Internal,
                   "a long text is missing from the DynamoDB table '" + table + "' (text#" + digest + ")");
  }
  co_return text;
}

}  // namespace clarion
