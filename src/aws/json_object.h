#pragma once
// JSON of AWS requests and replies: JsonObject writes one object member by member; the json_* functions read members
// of a reply, tolerant of what is missing, unknown or of another type.

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clarion {

class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value);
  // Nothing when `value` is empty: services refuse empty members.
  JsonObject& text_if_any(std::string_view name, std::string_view value);
  JsonObject& number(std::string_view name, std::int64_t value);
  JsonObject& texts(std::string_view name, const std::vector<std::string>& values);
  JsonObject& objects(std::string_view name, const std::vector<JsonObject>& values);
  [[nodiscard]] std::string str() const { return json_ + '}'; }

 private:
  void start(std::string_view name);
  std::string json_ = "{";
};

// Null when `json` is no object or has no such member.
[[nodiscard]] const boost::json::value* json_member(const boost::json::value& json, std::string_view name);
[[nodiscard]] std::string json_text(const boost::json::value& json, std::string_view name);  // empty: none
[[nodiscard]] std::optional<double> json_number(const boost::json::value& json, std::string_view name);
[[nodiscard]] bool json_flag(const boost::json::value& json, std::string_view name);  // false: none
// The elements of a list; empty when there is none. A view into `json`.
[[nodiscard]] const boost::json::array& json_list(const boost::json::value& json, std::string_view name);
// The texts of a list.
[[nodiscard]] std::vector<std::string> json_texts(const boost::json::value& json, std::string_view name);

}  // namespace clarion
