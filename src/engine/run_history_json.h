#pragma once
// A RunHistory as a document: what is kept of it, and what the API answers.

#include <boost/json/object.hpp>

#include <string_view>

#include "base/result.h"
#include "engine/run_history.h"

namespace clarion {

// Columns: {"seconds_per_slice", "at": [...], "asked": [...], "by_channel": {"sms": {"accepted": [...], ..., "limit":
// [...]}, ...}}; "at" is where each slice begins, in seconds since 1970.
[[nodiscard]] boost::json::object history_to_json(const RunHistory& history);
// Reads it back. Invalid when the text is anything else.
[[nodiscard]] Result<RunHistory> read_history(std::string_view text);

}  // namespace clarion
