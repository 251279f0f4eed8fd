#pragma once
// DynamoItem: an item of DynamoDB, with the four kinds of value that Clarion stores.
//
// Kinds    text (S: UTF-8), whole number (N), bytes (B), truth (BOOL). An attribute of any other kind, or a number that
//          is not a 64-bit integer, is not Clarion's and is left out when an item is read.
// Source   API 2012-08-10, AttributeValue (model of botocore 1.43.67, August 2026).

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace clarion {

struct DynamoBytes {
  std::string data;
  bool operator==(const DynamoBytes&) const = default;
};

using DynamoValue = std::variant<std::string, std::int64_t, DynamoBytes, bool>;
using DynamoItem = std::map<std::string, DynamoValue, std::less<>>;

// {"S":"..."}. REQUIRES: text is valid UTF-8.
void append_json(std::string& out, const DynamoValue& value);
// {"pk":{"S":"..."},...}.
void append_json(std::string& out, const DynamoItem& item);
[[nodiscard]] DynamoItem read_dynamo_item(const boost::json::value& json);

// The attribute when it is there and of the kind asked for; otherwise "" or 0.
[[nodiscard]] std::string text_of(const DynamoItem& item, std::string_view name);
[[nodiscard]] std::int64_t number_of(const DynamoItem& item, std::string_view name);
[[nodiscard]] std::string bytes_of(const DynamoItem& item, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> find_number(const DynamoItem& item, std::string_view name);

// What AWS counts: names and values in UTF-8, without JSON; numbers as about half a byte a digit and one more.
[[nodiscard]] std::size_t size_of(const DynamoItem& item);

}  // namespace clarion
