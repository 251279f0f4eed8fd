#pragma once
// JSON as text with numbers as people write them: 10 and 0.1455, not Boost.JSON's 1E1 and 1.455E-1.

#include <boost/json.hpp>

#include <string>

namespace clarion {

// Whole numbers without a fraction, others in the shortest form that reads back the same; what is not finite is null.
[[nodiscard]] std::string write_json(const boost::json::value& value);

}  // namespace clarion
