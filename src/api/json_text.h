#pragma once
// JSON as text with numbers as people write them: 10 and 0.1455, not Boost.JSON's 1E1 and 1.455E-1.

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace clarion {

// Whole numbers without a fraction, others in the shortest form that reads back the same; what is not finite is null.
[[nodiscard]] std::string write_json(const boost::json::value& value);

// What a column of JSON text holds: null when it is empty, and the text itself when it is no JSON.
[[nodiscard]] boost::json::value json_or_text(const std::string& text);

// What is not there is null.
[[nodiscard]] inline boost::json::value or_null(const std::string& text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}
template <class Number>
[[nodiscard]] boost::json::value or_null(const std::optional<Number>& number) {
  return number ? boost::json::value(*number) : boost::json::value(nullptr);
}

}  // namespace clarion
