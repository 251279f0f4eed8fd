#include "aws/dynamo_client.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "aws/json_object.h"
#include "aws/standard_retry.h"
#include "base/json_string.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;

constexpr int most_calls = 4;
constexpr std::int64_t retry_cost = standard_retry::fault_cost;
constexpr std::size_t keys_per_get = 100;
constexpr std::size_t requests_per_write = 25;
constexpr std::size_t bytes_per_write = 12U << 20U;  // the limit is 16 MB, of values; ours are base64
constexpr int most_rounds = 8;                       // of a batch that is answered in part

// One JSON object, member by member.
class Body {
 public:
  Body& text(std::string_view name, std::string_view value) {
    start(name);
    append_json_string(json_, value);
    return *this;
  }
  Body& raw(std::string_view name, std::string_view json) {
    start(name);
    json_ += json;
    return *this;
  }
  Body& truth(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  Body& number(std::string_view name, std::int64_t value) { return raw(name, std::to_string(value)); }
  Body& item(std::string_view name, const DynamoItem& item) {
    start(name);
    append_json(json_, item);
    return *this;
  }
  // ExpressionAttributeNames of every #name in the expressions, and the values when there are any.
  Body& expression_parts(std::initializer_list<std::string_view> expressions, const DynamoItem& values) {
    std::set<std::string_view> names;
    for (const std::string_view expression : expressions) {
      for (auto at = expression.find('#'); at != std::string_view::npos; at = expression.find('#', at + 1)) {
        auto end = at + 1;
        while (end < expression.size() &&
               (std::isalnum(static_cast<unsigned char>(expression[end])) != 0 || expression[end] == '_')) {
          ++end;
        }
        names.insert(expression.substr(at, end - at));
      }
    }
    if (!names.empty()) {
      Body members;
      for (const std::string_view name : names) members.text(name, name.substr(1));
      raw("ExpressionAttributeNames", members.finish());
    }
    if (!values.empty()) item("ExpressionAttributeValues", values);
    return *this;
  }
  [[nodiscard]] std::string finish() && { return std::move(json_) + '}'; }
  [[nodiscard]] std::string finish() & { return json_ + '}'; }

 private:
  void start(std::string_view name) {
    if (json_.size() > 1) json_ += ',';
    append_json_string(json_, name);
    json_ += ':';
  }
  std::string json_ = "{";
};

const boost::json::value* member(const boost::json::value& json, std::string_view name) {
  const auto* object = json.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::optional<DynamoItem> item_member(const boost::json::value& json, std::string_view name) {
  const auto* found = member(json, name);
  if (found == nullptr || !found->is_object() || found->get_object().empty()) return std::nullopt;
  return read_dynamo_item(*found);
}

std::vector<DynamoItem> items_member(const boost::json::value& json, std::string_view name) {
  std::vector<DynamoItem> items;
  if (const auto* found = member(json, name); found != nullptr && found->is_array()) {
    for (const auto& one : found->get_array()) items.push_back(read_dynamo_item(one));
  }
  return items;
}

double units_of(const boost::json::value& capacity) {
  const auto* units = member(capacity, "CapacityUnits");
  return units != nullptr && units->is_number() ? units->to_number<double>() : 0;
}

// ConsumedCapacity is one object, or a list of them for batches.
double consumed_units(const boost::json::value& reply) {
  const auto* consumed = member(reply, "ConsumedCapacity");
  if (consumed == nullptr) return 0;
  if (!consumed->is_array()) return units_of(*consumed);
  double sum = 0;
  for (const auto& one : consumed->get_array()) sum += units_of(one);
  return sum;
}

bool is_read(std::string_view operation) {
  return operation == "GetItem" || operation == "BatchGetItem" || operation == "Query" || operation == "Scan";
}

DynamoPage page_of(const boost::json::value& reply) {
  return {.items = items_member(reply, "Items"), .next = item_member(reply, "LastEvaluatedKey")};
}

std::unexpected<Error> still_unprocessed(std::string_view table) {
  return fail(ErrorKind::Throttled, fmt::format("DynamoDB keeps leaving part of a batch on table '{}' undone; it is "
                                                "asked for more than it can do now.",
                                                table));
}

}  // namespace

DynamoClient::DynamoClient(Deps deps) : deps_(deps), random_(deps.seed) {}

bool DynamoClient::pay_for_retry(DynamoRetry retry) {
  const std::int64_t cost = retry == DynamoRetry::Later ? standard_retry::throttle_cost : retry_cost;
  if (retry_tokens_ < cost) return false;
  retry_tokens_ -= cost;
  return true;
}

Duration DynamoClient::pause_before(int retry, DynamoRetry kind) {
  const milliseconds base(kind == DynamoRetry::Later ? 1000 : 25);
  const auto longest = std::min(standard_retry::longest_pause, base * (1 << retry));
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double, std::milli>(static_cast<double>(longest.count()) * random_.uniform()));
}

Task<std::expected<DynamoClient::Called, DynamoClient::CallFailure>> DynamoClient::call(std::string_view operation,
                                                                                        std::string body,
                                                                                        int attempts) {
  const std::string target = fmt::format("DynamoDB_20120810.{}", operation);
  bool is_repeat = false;
  std::int64_t paid = 0;
  for (int attempt = 1;; ++attempt) {
    ++use_.requests;
    auto reply =
        co_await deps_.caller.call({.target = target, .content_type = "application/x-amz-json-1.0", .body = body});
    AwsFailure failure;
    if (reply) {
      boost::system::error_code error;
      boost::json::value json = boost::json::parse(reply->body, error);
      if (!error) {
        retry_tokens_ = std::min(standard_retry::most_tokens, retry_tokens_ + std::max<std::int64_t>(paid, 1));
        (is_read(operation) ? use_.read_units : use_.write_units) += consumed_units(json);
        co_return Called{std::move(json), is_repeat};
      }
      failure.code = "BrokenReply";
      failure.message = "the reply is no JSON";
      failure.request_id = reply->headers.find("x-amzn-requestid").value_or("");
    } else {
      failure = std::move(reply.error());
    }
    const DynamoFailureRow row = judge_dynamo_failure(failure);
    if (row.retry == DynamoRetry::No || attempt >= attempts || !pay_for_retry(row.retry)) {
      co_return std::unexpected(CallFailure{std::move(failure), is_repeat});
    }
    paid = row.retry == DynamoRetry::Later ? standard_retry::throttle_cost : retry_cost;
    is_repeat = is_repeat || row.kind == ErrorKind::Unknown;
    ++use_.retries;
    co_await deps_.clock.sleep_for(pause_before(attempt - 1, row.retry));
  }
}

Task<Result<boost::json::value>> DynamoClient::call_or_error(std::string_view operation, std::string_view table,
                                                             std::string body) {
  auto called = co_await call(operation, std::move(body), most_calls);
  if (!called) co_return std::unexpected(to_dynamo_error(called.error().failure, operation, table));
  co_return std::move(called->reply);
}

Task<Result<std::optional<DynamoItem>>> DynamoClient::get_item(std::string table, DynamoItem key, bool is_consistent) {
  Body body;
  body.text("TableName", table).item("Key", key).truth("ConsistentRead", is_consistent);
  body.text("ReturnConsumedCapacity", "TOTAL");
  const auto reply = co_await call_or_error("GetItem", table, std::move(body).finish());
  if (!reply) co_return std::unexpected(reply.error());
  co_return item_member(*reply, "Item");
}

Task<Result<std::vector<DynamoItem>>> DynamoClient::batch_get(std::string table, std::vector<DynamoItem> keys,
                                                              bool is_consistent) {
  std::vector<DynamoItem> items;
  std::size_t next = 0;
  int idle_rounds = 0;
  while (next < keys.size()) {
    const std::size_t end = std::min(keys.size(), next + keys_per_get);
    const std::size_t asked = end - next;
    std::string list = "[";
    for (std::size_t i = next; i < end; ++i) {
      if (i > next) list += ',';
      append_json(list, keys[i]);
    }
    list += ']';
    Body wanted;
    wanted.raw("Keys", list).truth("ConsistentRead", is_consistent);
    Body tables;
    tables.raw(table, std::move(wanted).finish());
    Body body;
    body.raw("RequestItems", std::move(tables).finish()).text("ReturnConsumedCapacity", "TOTAL");
    const auto reply = co_await call_or_error("BatchGetItem", table, std::move(body).finish());
    if (!reply) co_return std::unexpected(reply.error());
    next = end;
    if (const auto* responses = member(*reply, "Responses")) {
      auto found = items_member(*responses, table);
      std::ranges::move(found, std::back_inserter(items));
    }
    const auto* unprocessed = member(*reply, "UnprocessedKeys");
    const auto* of_table = unprocessed == nullptr ? nullptr : member(*unprocessed, table);
    if (of_table == nullptr) {
      idle_rounds = 0;
      continue;
    }
    auto left = items_member(*of_table, "Keys");
    idle_rounds = left.size() == asked ? idle_rounds + 1 : 0;
    if (idle_rounds >= most_rounds) co_return still_unprocessed(table);
    if (!left.empty()) co_await deps_.clock.sleep_for(pause_before(idle_rounds, DynamoRetry::Soon));
    std::ranges::move(left, std::back_inserter(keys));
  }
  co_return items;
}

Task<Result<DynamoWrote>> DynamoClient::write(std::string_view operation, std::string_view table, std::string body,
                                              int attempts) {
  auto called = co_await call(operation, std::move(body), attempts);
  if (called) {
    co_return DynamoWrote{
        .is_applied = true, .is_repeat = called->is_repeat, .item = item_member(called->reply, "Attributes")};
  }
  const AwsFailure& failure = called.error().failure;
  if (failure.code != "ConditionalCheckFailedException") {
    co_return std::unexpected(to_dynamo_error(failure, operation, table));
  }
  DynamoWrote refused{.is_applied = false, .is_repeat = called.error().is_repeat, .item = std::nullopt};
  boost::system::error_code error;
  if (const auto reply = boost::json::parse(failure.body, error); !error) refused.item = item_member(reply, "Item");
  co_return refused;
}

Task<Result<DynamoWrote>> DynamoClient::put_item(std::string table, DynamoItem item, DynamoCondition condition) {
  Body body;
  body.text("TableName", table).item("Item", item);
  if (!condition.expression.empty()) {
    body.text("ConditionExpression", condition.expression)
        .expression_parts({condition.expression}, condition.values)
        .text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  }
  body.text("ReturnConsumedCapacity", "TOTAL");
  co_return co_await write("PutItem", table, std::move(body).finish(), most_calls);
}

Task<Result<DynamoWrote>> DynamoClient::send_update(DynamoUpdate update, int attempts) {
  Body body;
  body.text("TableName", update.table).item("Key", update.key).text("UpdateExpression", update.update);
  DynamoItem values = std::move(update.values);
  values.merge(std::move(update.condition.values));
  if (!update.condition.expression.empty()) {
    body.text("ConditionExpression", update.condition.expression)
        .text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  }
  body.expression_parts({update.update, update.condition.expression}, values);
  body.text("ReturnValues", "ALL_NEW").text("ReturnConsumedCapacity", "TOTAL");
  co_return co_await write("UpdateItem", update.table, std::move(body).finish(), attempts);
}

Task<Result<DynamoWrote>> DynamoClient::update_item(DynamoUpdate update) {
  return send_update(std::move(update), most_calls);
}

Task<Result<DynamoWrote>> DynamoClient::update_item_once(DynamoUpdate update) {
  return send_update(std::move(update), 1);
}

Task<Result<DynamoWrote>> DynamoClient::delete_item(std::string table, DynamoItem key, DynamoCondition condition) {
  Body body;
  body.text("TableName", table).item("Key", key);
  if (!condition.expression.empty()) {
    body.text("ConditionExpression", condition.expression)
        .expression_parts({condition.expression}, condition.values)
        .text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  }
  body.text("ReturnConsumedCapacity", "TOTAL");
  co_return co_await write("DeleteItem", table, std::move(body).finish(), most_calls);
}

Task<Result<void>> DynamoClient::batch_put(std::string table, std::vector<DynamoItem> items) {
  std::vector<std::string> requests;
  requests.reserve(items.size());
  for (const DynamoItem& item : items) {
    std::string& request = requests.emplace_back(R"({"PutRequest":{"Item":)");
    append_json(request, item);
    request += "}}";
  }
  return batch_write(std::move(table), std::move(requests));
}

Task<Result<void>> DynamoClient::batch_delete(std::string table, std::vector<DynamoItem> keys) {
  std::vector<std::string> requests;
  requests.reserve(keys.size());
  for (const DynamoItem& key : keys) {
    std::string& request = requests.emplace_back(R"({"DeleteRequest":{"Key":)");
    append_json(request, key);
    request += "}}";
  }
  return batch_write(std::move(table), std::move(requests));
}

Task<Result<void>> DynamoClient::batch_write(std::string table, std::vector<std::string> requests) {
  std::size_t next = 0;
  int idle_rounds = 0;
  while (next < requests.size()) {
    std::string list = "[";
    std::size_t count = 0;
    for (; next + count < requests.size() && count < requests_per_write; ++count) {
      std::string& request = requests[next + count];
      if (count > 0 && list.size() + request.size() > bytes_per_write) break;
      if (count > 0) list += ',';
      list += request;
      request.clear();
    }
    next += count;
    list += ']';
    Body tables;
    tables.raw(table, list);
    Body body;
    body.raw("RequestItems", std::move(tables).finish()).text("ReturnConsumedCapacity", "TOTAL");
    const auto reply = co_await call_or_error("BatchWriteItem", table, std::move(body).finish());
    if (!reply) co_return std::unexpected(reply.error());
    const auto* unprocessed = member(*reply, "UnprocessedItems");
    const auto* left = unprocessed == nullptr ? nullptr : member(*unprocessed, table);
    if (left == nullptr || !left->is_array() || left->get_array().empty()) {
      idle_rounds = 0;
      continue;
    }
    idle_rounds = left->get_array().size() == count ? idle_rounds + 1 : 0;
    if (idle_rounds >= most_rounds) co_return still_unprocessed(table);
    for (const auto& request : left->get_array()) requests.push_back(boost::json::serialize(request));
    co_await deps_.clock.sleep_for(pause_before(idle_rounds, DynamoRetry::Soon));
  }
  co_return Result<void>();
}

Task<Result<DynamoPage>> DynamoClient::query(DynamoQuery query, std::optional<DynamoItem> start) {
  Body body;
  body.text("TableName", query.table)
      .text("KeyConditionExpression", query.key_condition)
      .expression_parts({query.key_condition}, query.values)
      .truth("ScanIndexForward", query.is_forward)
      .truth("ConsistentRead", query.is_consistent)
      .text("ReturnConsumedCapacity", "TOTAL");
  if (query.limit) body.number("Limit", *query.limit);
  if (start) body.item("ExclusiveStartKey", *start);
  const auto reply = co_await call_or_error("Query", query.table, std::move(body).finish());
  if (!reply) co_return std::unexpected(reply.error());
  co_return page_of(*reply);
}

Task<Result<std::vector<DynamoItem>>> DynamoClient::query_all(DynamoQuery query) {
  std::vector<DynamoItem> items;
  std::optional<DynamoItem> start;
  do {
    auto page = co_await this->query(query, std::move(start));
    if (!page) co_return std::unexpected(page.error());
    std::ranges::move(page->items, std::back_inserter(items));
    start = std::move(page->next);
  } while (start);
  co_return items;
}

Task<Result<DynamoPage>> DynamoClient::scan(DynamoScan scan, std::optional<DynamoItem> start) {
  Body body;
  body.text("TableName", scan.table)
      .number("Segment", scan.segment)
      .number("TotalSegments", scan.segments)
      .text("ReturnConsumedCapacity", "TOTAL");
  if (start) body.item("ExclusiveStartKey", *start);
  const auto reply = co_await call_or_error("Scan", scan.table, std::move(body).finish());
  if (!reply) co_return std::unexpected(reply.error());
  co_return page_of(*reply);
}

Task<Result<void>> DynamoClient::create_table(DynamoTable table) {
  std::string types;
  std::string keys;
  for (const auto& [name, kind] : {std::pair(table.partition_key, "HASH"), std::pair(table.sort_key, "RANGE")}) {
    if (name.empty()) continue;
    if (!types.empty()) {
      types += ',';
      keys += ',';
    }
    types += Body().text("AttributeName", name).text("AttributeType", "S").finish();
    keys += Body().text("AttributeName", name).text("KeyType", kind).finish();
  }
  Body body;
  body.text("TableName", table.name)
      .raw("AttributeDefinitions", "[" + types + "]")
      .raw("KeySchema", "[" + keys + "]")
      .text("BillingMode", "PAY_PER_REQUEST");
  const auto reply = co_await call_or_error("CreateTable", table.name, std::move(body).finish());
  if (!reply) co_return std::unexpected(reply.error());
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> DynamoClient::table_status(std::string table) {
  const auto called = co_await call("DescribeTable", Body().text("TableName", table).finish(), most_calls);
  if (!called) {
    if (called.error().failure.code == "ResourceNotFoundException") co_return std::optional<std::string>();
    co_return std::unexpected(to_dynamo_error(called.error().failure, "DescribeTable", table));
  }
  const auto* description = member(called->reply, "Table");
  const auto* status = description == nullptr ? nullptr : member(*description, "TableStatus");
  if (status == nullptr || !status->is_string()) {
    co_return fail(ErrorKind::Internal, "DynamoDB describes the table '" + table + "' without a status");
  }
  co_return std::optional(std::string(status->get_string()));
}

Task<Result<void>> DynamoClient::update_time_to_live(std::string table, std::string attribute) {
  Body specification;
  specification.truth("Enabled", true).text("AttributeName", attribute);
  Body body;
  body.text("TableName", table).raw("TimeToLiveSpecification", std::move(specification).finish());
  const auto reply = co_await call_or_error("UpdateTimeToLive", table, std::move(body).finish());
  if (!reply) co_return std::unexpected(reply.error());
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> DynamoClient::time_to_live(std::string table) {
  const auto reply = co_await call_or_error("DescribeTimeToLive", table, Body().text("TableName", table).finish());
  if (!reply) co_return std::unexpected(reply.error());
  const auto* description = member(*reply, "TimeToLiveDescription");
  if (description == nullptr) co_return std::optional<std::string>();
  const std::string status = json_text(*description, "TimeToLiveStatus");
  if (status != "ENABLED" && status != "ENABLING") co_return std::optional<std::string>();
  co_return std::optional(json_text(*description, "AttributeName"));
}

}  // namespace clarion
