#pragma once
// SendRules: the options of `clarion send` that say how channels are chosen, which ones, caps, quiet hours and budget.

#include <CLI/CLI.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace clarion {

struct SendRules {
  std::optional<double> exploration;
  std::optional<double> holdout;
  std::optional<double> value_of_response;
  std::optional<double> cost_of_opt_out;
  bool may_choose_nothing = false;
  std::vector<std::string> channels;
  std::string overrides_file;  // JSON: {contact id: channel}
  std::optional<std::int64_t> max_per_day;
  std::optional<std::int64_t> max_per_week;
  std::optional<std::int64_t> hours_between;
  std::string quiet_hours;  // "21:00-08:00" or "none"
  bool waits_for_best_hour = false;
  std::optional<double> budget;
};

void add_rule_options(CLI::App& command, SendRules& rules);
// Adds what was given to the body of POST /api/campaigns, which checks the values. Invalid: one sentence.
[[nodiscard]] Result<void> add_rules_to(boost::json::object& body, const SendRules& rules);

}  // namespace clarion
