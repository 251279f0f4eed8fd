#pragma once
// DynamoDatabase: what the DynamoDB stores share: the client, the names of the tables, and where work runs.
//
// Tables   every table has the keys pk and sk (text). docs/dynamodb.md lists what lies where.
// Errors   a caller of a store sees Unavailable for whatever kept DynamoDB from answering: throttled, unreachable, a
//          write that may or may not have happened. Denied and Internal stay.
// Threads  the stores may be called from any executor; their work runs on the one given here, which is also the
//          client's, and the Task comes back to its caller's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/dynamo_client.h"
#include "store/stored_time.h"

namespace clarion {

// Throttled and Unknown become Unavailable: for a store's caller nothing is certain but that it was not recorded.
[[nodiscard]] constexpr ErrorKind kind_for_callers(ErrorKind kind) {
  return kind == ErrorKind::Throttled || kind == ErrorKind::Unknown ? ErrorKind::Unavailable : kind;
}

// Epoch seconds after which an item of `deliveries` goes away by itself.
inline constexpr std::string_view expiry_attribute = "expires_at";

struct DynamoTableNames {
  std::string campaigns;   // campaigns, segments, templates, suppressions, tokens, workers
  std::string deliveries;  // plans, units, deliveries
  std::string rates;       // one item for each origination identity
  std::string contacts;
};

class DynamoDatabase {
 public:
  // REQUIRES: the client outlives it and belongs to `executor`.
  DynamoDatabase(asio::any_io_executor executor, DynamoClient& client, Clock& clock, DynamoTableNames tables);

  [[nodiscard]] const asio::any_io_executor& executor() const { return home_; }
  [[nodiscard]] DynamoClient& client() { return client_; }
  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] const DynamoTableNames& tables() const { return tables_; }

  // Runs a store's work on the home executor and returns what it returned, errors as a store's caller may see them.
  template <class T>
  Task<Result<T>> run(Task<Result<T>> task) {
    const bool is_home = co_await asio::this_coro::executor == home_;
    Result<T> result =
        is_home ? co_await std::move(task) : co_await asio::co_spawn(home_, std::move(task), asio::use_awaitable);
    if (!result) result.error().kind = kind_for_callers(result.error().kind);
    co_return result;
  }
  // Runs work(0) ... work(count - 1), up to `width` at once; returns the first error after all have ended. Called on
  // the home executor.
  Task<Result<void>> for_each(std::size_t count, std::size_t width,
                              std::function<Task<Result<void>>(std::size_t)> work);

  // Makes the tables that are missing and waits until they can be used.
  Task<Result<void>> create_tables();

  // Puts `item` where nothing is yet. False: somebody else's is there.
  Task<Result<bool>> put_new(const std::string& table, DynamoItem item);
  // The items of one partition whose sort key begins with `prefix`.
  Task<Result<std::vector<DynamoItem>>> partition(const std::string& table, std::string pk, std::string prefix = "");
  // The same of several partitions, read at once.
  Task<Result<std::vector<DynamoItem>>> partitions(const std::string& table, std::vector<std::string> pks,
                                                   std::string prefix = "", bool is_consistent = true);

  // Sets item[name] to a text of any length: up to `most_inline` bytes in the item itself, more in items of its own,
  // which are written before it returns, are named by their contents and expire when the owner named last does.
  Task<Result<void>> put_text(const std::string& table, DynamoItem& item, std::string name, const std::string& text,
                              std::size_t most_inline = 32'768, std::optional<std::int64_t> expires_at = std::nullopt);
  Task<Result<std::string>> get_text(const std::string& table, const DynamoItem& item, std::string name);

 private:
  Task<Result<void>> create_table(std::string name);

  asio::any_io_executor home_;
  DynamoClient& client_;
  Clock& clock_;
  DynamoTableNames tables_;
};

inline constexpr std::size_t dynamo_slice_bytes = 350'000;  // an item may have 400 KB, names included
[[nodiscard]] DynamoItem dynamo_key(std::string pk, std::string sk);
// As text when it is UTF-8, so that people can read it in the console; as bytes otherwise.
[[nodiscard]] DynamoValue dynamo_text(const std::string& text);
[[nodiscard]] std::string text_or_bytes(const DynamoItem& item, std::string_view name);
// A key for any text: itself when it can be one and is short, otherwise "~" and its SHA-256.
[[nodiscard]] std::string key_of(const std::string& text);
// Ten digits, so that keys sort as numbers.
[[nodiscard]] std::string key_of(std::uint32_t number);

}  // namespace clarion
