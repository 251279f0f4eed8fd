#pragma once
// Every setting with its value and where it comes from, as `clarion settings` and `clarion doctor` print it. Secrets
// are masked in the values already.

#include <boost/json/array.hpp>

#include <string>

#include "app/settings.h"

namespace clarion {

// [{"name", "value", "source"}] in the order of the table.
[[nodiscard]] boost::json::array settings_to_json(const Settings& settings);
// The same as a table for people.
[[nodiscard]] std::string render_settings(const Settings& settings);

}  // namespace clarion
