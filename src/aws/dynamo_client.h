#pragma once
// DynamoClient: the calls of DynamoDB that Clarion makes, typed. Single items and plain conditions only: no
// transactions, no indexes.
//
// Expressions  attributes are written #name and values :name ("SET #v = :v"); the #names are declared from the
//              expressions themselves, so that no reserved word can break one.
// Retries      standard mode with DynamoDB's numbers (4 attempts, full jitter from 25 ms, 1 s when throttled, a bucket
//              of 500; docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, 2026 rules). So every write
//              must be one that may happen twice: absolute values, or a condition that its own effect breaks. After a
//              repeated write DynamoWrote says so, for a refused condition may then be the effect of the first try.
// Errors       the table in dynamo_failures.h: Throttled and Unavailable (nothing happened), Unknown (a write may have
//              happened), Denied, Internal (a request of ours that DynamoDB does not take).
// Threads      one executor; many calls at once.

#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aws/aws_caller.h"
#include "aws/dynamo_failures.h"
#include "aws/dynamo_value.h"
#include "aws/standard_retry.h"
#include "base/hash.h"

namespace clarion {

struct DynamoCondition {
  std::string expression;  // empty: none
  DynamoItem values = {};  // ":v" -> value
};

struct DynamoUpdate {
  std::string table;
  DynamoItem key;
  std::string update;  // "SET #a = :a REMOVE #b"
  DynamoCondition condition = {};
  DynamoItem values = {};  // of `update`
};

// What came of a write with a condition.
struct DynamoWrote {
  bool is_applied = false;         // false: the condition did not hold
  bool is_repeat = false;          // an earlier attempt of the same call may have been applied
  std::optional<DynamoItem> item;  // applied updates: the item as it is now; refused: as found, where the service tells
};

struct DynamoQuery {
  std::string table;
  std::string key_condition;  // "#pk = :pk AND begins_with(#sk, :sk)"
  DynamoItem values;
  bool is_forward = true;
  bool is_consistent = true;
  std::optional<std::int64_t> limit = std::nullopt;  // items a page
};

struct DynamoPage {
  std::vector<DynamoItem> items;
  std::optional<DynamoItem> next;  // where the next page starts; none: this was the last
};

// One segment of a parallel scan.
struct DynamoScan {
  std::string table;
  std::int64_t segment = 0;
  std::int64_t segments = 1;
};

struct DynamoTable {
  std::string name;
  std::string partition_key = "pk";  // text
  std::string sort_key = "sk";       // text; empty: none
};

// Units consumed and calls made since the start: for the costs page and metrics.
struct DynamoUse {
  double read_units = 0;
  double write_units = 0;
  std::int64_t requests = 0;
  std::int64_t retries = 0;
};

class DynamoClient {
 public:
  struct Deps {
    AwsCaller& caller;
    Clock& clock;
    std::uint64_t seed = 1;  // of the jitter
  };
  explicit DynamoClient(Deps deps);

  Task<Result<std::optional<DynamoItem>>> get_item(std::string table, DynamoItem key, bool is_consistent = true);
  // Any number of keys, all different; what is not there is left out, and the order is any.
  Task<Result<std::vector<DynamoItem>>> batch_get(std::string table, std::vector<DynamoItem> keys,
                                                  bool is_consistent = true);
  Task<Result<DynamoWrote>> put_item(std::string table, DynamoItem item, DynamoCondition condition = {});
  Task<Result<DynamoWrote>> update_item(DynamoUpdate update);
  Task<Result<DynamoWrote>> delete_item(std::string table, DynamoItem key, DynamoCondition condition = {});
  // Writes without conditions, any number of items, all different; not atomic: after an error some may be written.
  Task<Result<void>> batch_put(std::string table, std::vector<DynamoItem> items);
  Task<Result<void>> batch_delete(std::string table, std::vector<DynamoItem> keys);

  Task<Result<DynamoPage>> query(DynamoQuery query, std::optional<DynamoItem> start = std::nullopt);
  // Every page.
  Task<Result<std::vector<DynamoItem>>> query_all(DynamoQuery query);
  Task<Result<DynamoPage>> scan(DynamoScan scan, std::optional<DynamoItem> start = std::nullopt);

  // On demand. Conflict when it exists.
  Task<Result<void>> create_table(DynamoTable table);
  // "ACTIVE", "CREATING", ...; nullopt when there is no such table.
  Task<Result<std::optional<std::string>>> table_status(std::string table);
  // Items whose `attribute` (epoch seconds) has passed go away by themselves.
  Task<Result<void>> update_time_to_live(std::string table, std::string attribute);
  // The attribute by which items go away; nullopt when they do not. A service that knows no expiry: an error.
  Task<Result<std::optional<std::string>>> time_to_live(std::string table);

  // An update that is never repeated: for effects that add up. Unknown when it may have happened.
  Task<Result<DynamoWrote>> update_item_once(DynamoUpdate update);

  [[nodiscard]] const DynamoUse& use() const { return use_; }

 private:
  struct Called {
    boost::json::value reply;
    bool is_repeat = false;
  };
  struct CallFailure {
    AwsFailure failure;
    bool is_repeat = false;
  };
  Task<std::expected<Called, CallFailure>> call(std::string_view operation, std::string body, int attempts);
  Task<Result<boost::json::value>> call_or_error(std::string_view operation, std::string_view table, std::string body);
  Task<Result<DynamoWrote>> write(std::string_view operation, std::string_view table, std::string body, int attempts);
  Task<Result<DynamoWrote>> send_update(DynamoUpdate update, int attempts);
  Task<Result<void>> batch_write(std::string table, std::vector<std::string> requests);
  // False when the bucket is empty.
  bool pay_for_retry(DynamoRetry retry);
  [[nodiscard]] Duration pause_before(int retry, DynamoRetry kind);

  Deps deps_;
  SeededRandom random_;
  std::int64_t retry_tokens_ = standard_retry::most_tokens;
  DynamoUse use_;
};

}  // namespace clarion
