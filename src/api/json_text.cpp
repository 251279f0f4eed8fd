#include "api/json_text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/json_string.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr double largest_exact = 9007199254740992.0;  // 2^53

void append(std::string& out, const json::value& value);

void append_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
  } else if (number == std::trunc(number) && std::abs(number) < largest_exact) {
    fmt::format_to(std::back_inserter(out), "{}", static_cast<std::int64_t>(number));
  } else {
    fmt::format_to(std::back_inserter(out), "{}", number);
  }
}

void append_object(std::string& out, const json::object& object) {
  out += '{';
  bool is_first = true;
  for (const auto& member : object) {
    if (!is_first) out += ',';
    is_first = false;
    append_json_string(out, member.key());
    out += ':';
    append(out, member.value());
  }
  out += '}';
}

void append(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out += "null"; break;
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case json::kind::int64: fmt::format_to(std::back_inserter(out), "{}", value.get_int64()); break;
    case json::kind::uint64: fmt::format_to(std::back_inserter(out), "{}", value.get_uint64()); break;
    case json::kind::double_: append_number(out, value.get_double()); break;
    case json::kind::string: append_json_string(out, value.get_string()); break;
    case json::kind::object: append_object(out, value.get_object()); break;
    case json::kind::array: {
      out += '[';
      bool is_first = true;
      for (const json::value& element : value.get_array()) {
        if (!is_first) out += ',';
        is_first = false;
        append(out, element);
      }
      out += ']';
    }
  }
}

}  // namespace

std::string write_json(const json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

json::value json_or_text(const std::string& text) {
  if (text.empty()) return nullptr;
  json::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(text) : value;
}

}  // namespace clarion
