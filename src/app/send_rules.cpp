#include "app/send_rules.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <fstream>
#include <sstream>
#include <utility>

namespace clarion {
namespace {

namespace json = boost::json;

template <class T>
void add(json::object& object, std::string_view name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

Result<json::object> read_overrides(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return fail(ErrorKind::Invalid, fmt::format("cannot read {}; --overrides takes a JSON file", path));
  }
  json::error_code error;
  json::value document = json::parse(text.str(), error);
  if (error || !document.is_object()) {
    return fail(
        ErrorKind::Invalid,
        fmt::format(R"({} must be a JSON object such as {{"CUST-1": "email"}}: contact ids to channels)", path));
  }
  return std::move(document.get_object());
}

Result<json::value> read_quiet_hours(const std::string& text) {
  if (text == "none") return json::value(false);
  const auto dash = text.find('-');
  if (dash == std::string::npos) {
    return fail(ErrorKind::Invalid, "--quiet-hours must be none, or two local times such as 21:00-08:00");
  }
  return json::object{{"from", text.substr(0, dash)}, {"to", text.substr(dash + 1)}};
}

}  // namespace

void add_rule_options(CLI::App& command, SendRules& rules) {
  constexpr const char* group = "Who gets what, with --segment or --query";
  const auto add_option = [&](const char* name, auto& value, const char* help) {
    return command.add_option(name, value, help)->group(group);
  };
  add_option("--channels", rules.channels, "the only ones used, for example sms,email")->delimiter(',');
  add_option("--overrides", rules.overrides_file, "JSON file of contact ids to channels, used where allowed");
  add_option("--exploration", rules.exploration, "share of contacts whose channel is drawn to learn, 0 to 1");
  add_option("--holdout", rules.holdout, "share of contacts who get nothing, for comparison, 0 to 1");
  add_option("--value-of-response", rules.value_of_response, "what one response is worth, in US dollars");
  add_option("--cost-of-opt-out", rules.cost_of_opt_out, "what one opt-out costs, in US dollars");
  command.add_flag("--may-choose-nothing", rules.may_choose_nothing, "write to nobody at an expected loss")
      ->group(group);
  add_option("--max-per-day", rules.max_per_day, "messages to one contact in 24 hours, over all campaigns; 0: no cap");
  add_option("--max-per-week", rules.max_per_week, "messages to one contact in 7 days; 0: no cap");
  add_option("--hours-between", rules.hours_between, "hours since a contact's last message; 0: any");
  add_option("--quiet-hours", rules.quiet_hours, "where the contact lives, for example 21:00-08:00, or none");
  command.add_flag("--best-hour", rules.waits_for_best_hour, "wait for a contact's best hour, where it is known")
      ->group(group);
  add_option("--budget", rules.budget, "sending stops before this is passed, in US dollars");
}

Result<void> add_rules_to(json::object& body, const SendRules& rules) {
  json::object decision;
  add(decision, "exploration", rules.exploration);
  add(decision, "holdout", rules.holdout);
  add(decision, "value_of_response", rules.value_of_response);
  add(decision, "cost_of_opt_out", rules.cost_of_opt_out);
  if (rules.may_choose_nothing) decision["may_choose_nothing"] = true;
  if (!decision.empty()) body["decision"] = std::move(decision);

  json::object caps;
  add(caps, "per_day", rules.max_per_day);
  add(caps, "per_week", rules.max_per_week);
  add(caps, "hours_between", rules.hours_between);
  if (!caps.empty()) body["caps"] = std::move(caps);

  if (!rules.channels.empty()) body["channels"] = json::array(rules.channels.begin(), rules.channels.end());
  if (!rules.overrides_file.empty()) {
    auto overrides = read_overrides(rules.overrides_file);
    if (!overrides) return std::unexpected(overrides.error());
    body["channel_overrides"] = std::move(*overrides);
  }
  if (!rules.quiet_hours.empty()) {
    auto quiet = read_quiet_hours(rules.quiet_hours);
    if (!quiet) return std::unexpected(quiet.error());
    body["quiet_hours"] = std::move(*quiet);
  }
  if (rules.waits_for_best_hour) body["wait_for_best_hour"] = true;
  add(body, "budget", rules.budget);
  return {};
}

}  // namespace clarion
