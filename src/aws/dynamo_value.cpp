#include "aws/dynamo_value.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <charconv>

#include "aws/base64.h"
#include "base/json_string.h"

namespace clarion {
namespace {

std::optional<DynamoValue> read_value(const boost::json::value& json) {
  const auto* object = json.if_object();
  if (object == nullptr || object->size() != 1) return std::nullopt;
  const auto& [kind, value] = *object->begin();
  if (kind == "BOOL" && value.is_bool()) return DynamoValue(value.get_bool());
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.get_string();
  if (kind == "S") return DynamoValue(std::string(text));
  if (kind == "B") {
    auto bytes = base64_decode(text);
    if (!bytes) return std::nullopt;
    return DynamoValue(DynamoBytes{std::move(*bytes)});
  }
  if (kind != "N") return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return DynamoValue(number);
}

template <class T>
const T* find_as(const DynamoItem& item, std::string_view name) {
  const auto found = item.find(name);
  return found == item.end() ? nullptr : std::get_if<T>(&found->second);
}

}  // namespace

void append_json(std::string& out, const DynamoValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    out += R"({"S":)";
    append_json_string(out, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out += R"({"N":")";
    out += std::to_string(*number);
    out += '"';
  } else if (const auto* bytes = std::get_if<DynamoBytes>(&value)) {
    out += R"({"B":")";
    out += base64_encode(bytes->data);
    out += '"';
  } else {
    out += std::get<bool>(value) ? R"({"BOOL":true)" : R"({"BOOL":false)";
  }
  out += '}';
}

void append_json(std::string& out, const DynamoItem& item) {
  out += '{';
  bool is_first = true;
  for (const auto& [name, value] : item) {
    if (!std::exchange(is_first, false)) out += ',';
    append_json_string(out, name);
    out += ':';
    append_json(out, value);
  }
  out += '}';
}

DynamoItem read_dynamo_item(const boost::json::value& json) {
  DynamoItem item;
  const auto* object = json.if_object();
  if (object == nullptr) return item;
  for (const auto& [name, value] : *object) {
    if (auto read = read_value(value)) item.emplace(std::string(name), std::move(*read));
  }
  return item;
}

std::string text_of(const DynamoItem& item, std::string_view name) {
  const auto* found = find_as<std::string>(item, name);
  return found == nullptr ? std::string() : *found;
}

std::optional<std::int64_t> find_number(const DynamoItem& item, std::string_view name) {
  const auto* found = find_as<std::int64_t>(item, name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::int64_t number_of(const DynamoItem& item, std::string_view name) {
  return find_number(item, name).value_or(0);
}

std::string bytes_of(const DynamoItem& item, std::string_view name) {
  const auto* found = find_as<DynamoBytes>(item, name);
  return found == nullptr ? std::string() : found->data;
}

std::size_t size_of(const DynamoItem& item) {
  std::size_t size = 0;
  for (const auto& [name, value] : item) {
    size += name.size();
    if (const auto* text = std::get_if<std::string>(&value)) {
      size += text->size();
    } else if (const auto* bytes = std::get_if<DynamoBytes>(&value)) {
      size += bytes->data.size();
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      size += (std::to_string(*number).size() + 1) / 2 + 1;
    } else {
      size += 1;
    }
  }
  return size;
}

}  // namespace clarion
