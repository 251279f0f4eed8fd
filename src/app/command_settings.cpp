#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/session.h"
#include "app/settings_report.h"

namespace clarion {
namespace {

int show_settings(bool is_json) {
  const auto inputs = read_setting_inputs();
  if (!inputs) return report_wrong_use(inputs.error());
  const auto settings = load_settings(*inputs);
  if (!settings) return report_wrong_use(settings.error());
  if (is_json) {
    std::cout << boost::json::serialize(boost::json::object{{"settings", settings_to_json(*settings)}}) << '\n';
    return exit_done;
  }
  std::cout << render_settings(*settings);
  for (const std::string& warning : settings->warnings) std::cerr << "clarion: " << warning << '\n';
  return exit_done;
}

}  // namespace

void add_settings_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("settings", "Shows every setting with its value and where it comes from.");
  auto is_json = std::make_shared<bool>(false);
  command->add_flag("--json", *is_json, "one JSON document on stdout");
  command->footer(
      "Order: command-line flag, environment, .env, default. Secrets are masked.\n"
      "deploy/clarion.env.example says what each one does.");
  command->callback([&chosen, is_json] { chosen = [is_json] { return show_settings(*is_json); }; });
}

}  // namespace clarion
