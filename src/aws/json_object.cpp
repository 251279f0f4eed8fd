#include "aws/json_object.h"

#include "base/json_string.h"

namespace clarion {

void JsonObject::start(std::string_view name) {
  if (json_.size() > 1) json_ += ',';
  append_json_string(json_, name);
  json_ += ':';
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
  start(name);
  append_json_string(json_, value);
  return *this;
}

JsonObject& JsonObject::text_if_any(std::string_view name, std::string_view value) {
  return value.empty() ? *this : text(name, value);
}

JsonObject& JsonObject::number(std::string_view name, std::int64_t value) {
  start(name);
  json_ += std::to_string(value);
  return *this;
}

JsonObject& JsonObject::texts(std::string_view name, const std::vector<std::string>& values) {
  start(name);
  json_ += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) json_ += ',';
    append_json_string(json_, values[i]);
  }
  json_ += ']';
  return *this;
}

JsonObject& JsonObject::objects(std::string_view name, const std::vector<JsonObject>& values) {
  start(name);
  json_ += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) json_ += ',';
    json_ += values[i].str();
  }
  json_ += ']';
  return *this;
}

const boost::json::value* json_member(const boost::json::value& json, std::string_view name) {
  const auto* object = json.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string json_text(const boost::json::value& json, std::string_view name) {
  const auto* found = json_member(json, name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<double> json_number(const boost::json::value& json, std::string_view name) {
  const auto* found = json_member(json, name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->to_number<double>();
}

bool json_flag(const boost::json::value& json, std::string_view name) {
  const auto* found = json_member(json, name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

const boost::json::array& json_list(const boost::json::value& json, std::string_view name) {
  static const boost::json::array none;
  const auto* found = json_member(json, name);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::vector<std::string> json_texts(const boost::json::value& json, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& one : json_list(json, name)) {
    if (one.is_string()) texts.emplace_back(one.get_string());
  }
  return texts;
}

}  // namespace clarion
