#include "content/json_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/parse.hpp>

#include <algorithm>

namespace clarion {

namespace json = boost::json;

Result<json::value> parse_json(std::string_view what, std::string_view text) {
  json::parse_options options;
  options.max_depth = 32;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error) return fail(ErrorKind::Invalid, fmt::format("{} is not valid JSON: {}.", what, error.message()));
  return value;
}

std::string_view json_type_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "a number";
    case json::kind::string: return "a string";
    case json::kind::array: return "a list";
    case json::kind::object: return "an object";
  }
  return "unknown";
}

Result<JsonReader> JsonReader::open(std::string path, const json::value& value,
                                    std::initializer_list<std::string_view> known) {
  if (!value.is_object()) {
    return fail(ErrorKind::Invalid, fmt::format("{} is {}; it must be an object.", path, json_type_name(value)));
  }
  for (const auto& member : value.get_object()) {
    const std::string_view name = member.key();
    if (std::ranges::find(known, name) == known.end()) {
      return fail(ErrorKind::Invalid, fmt::format("{} has an unknown member \"{}\"; known are: {}.", path,
                                                  name.substr(0, 64), fmt::join(known, ", ")));
    }
  }
  return JsonReader(std::move(path), value.get_object());
}

const json::value* JsonReader::find(std::string_view name) const {
  const json::value* value = object_->if_contains(name);
  return value != nullptr && value->is_null() ? nullptr : value;
}

std::string JsonReader::path_of(std::string_view name) const {
  return fmt::format("{}.{}", path_, name);
}

Result<std::string> JsonReader::required_text(std::string_view name) const {
  auto text = optional_text(name);
  if (text && text->empty()) {
    return fail(ErrorKind::Invalid, fmt::format("{} is missing; it must be a text that is not empty.", path_of(name)));
  }
  return text;
}

Result<std::string> JsonReader::optional_text(std::string_view name) const {
  const json::value* value = find(name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} is {}; it must be a string.", path_of(name), json_type_name(*value)));
  }
  return std::string(std::string_view(value->get_string()));
}

}  // namespace clarion
