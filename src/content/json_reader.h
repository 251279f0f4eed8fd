#pragma once
// JsonReader: reads members of a JSON object strictly, with errors that name the path.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clarion {

// Parses a whole document; Invalid says `what` is not JSON and where. At most 32 levels deep, valid UTF-8 only.
[[nodiscard]] Result<boost::json::value> parse_json(std::string_view what, std::string_view text);
// "a string", "an object", ...: what a value is, for errors.
[[nodiscard]] std::string_view json_type_name(const boost::json::value& value);

class JsonReader {
 public:
  // Invalid when `value` is not an object, or has a member that is not in `known`.
  static Result<JsonReader> open(std::string path, const boost::json::value& value,
                                 std::initializer_list<std::string_view> known);

  // Null and absent are the same: nullptr.
  [[nodiscard]] const boost::json::value* find(std::string_view name) const;
  [[nodiscard]] Result<std::string> required_text(std::string_view name) const;  // a string, not empty
  [[nodiscard]] Result<std::string> optional_text(std::string_view name) const;  // empty when absent
  [[nodiscard]] std::string path_of(std::string_view name) const;

 private:
  JsonReader(std::string path, const boost::json::object& object) : path_(std::move(path)), object_(&object) {}

  std::string path_;
  const boost::json::object* object_;
};

}  // namespace clarion
