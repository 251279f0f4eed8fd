#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

#include "app/account_checks.h"
#include "app/checks.h"
#include "app/commands.h"
#include "app/event_checks.h"
#include "app/session.h"
#include "app/settings_report.h"
#include "app/terminal.h"

namespace clarion {
namespace {

void print_json(const std::vector<Check>& checks, const Settings& settings, bool is_well) {
  boost::json::array rows;
  for (const Check& check : checks) {
    rows.push_back(boost::json::object{{"subject", check.subject},
                                       {"source", check.source},
                                       {"outcome", to_string(check.outcome)},
                                       {"found", check.found},
                                       {"next_step", check.next_step},
                                       {"essential", check.is_essential}});
  }
  std::cout << boost::json::serialize(boost::json::object{
                   {"ok", is_well}, {"checks", std::move(rows)}, {"settings", settings_to_json(settings)}})
            << '\n';
}

void print_table(const std::vector<Check>& checks) {
  std::vector<std::vector<std::string>> rows{{"SETTING", "SOURCE", "CHECK", "RESULT", "NEXT STEP"}};
  for (const Check& check : checks) {
    rows.push_back({check.subject, check.source, std::string(to_string(check.outcome)), check.found, check.next_step});
  }
  std::cout << render_table(std::move(rows), output_width());
}

struct DoctorOptions {
  std::string data;
  bool is_json = false;
  bool creates = false;
};

int examine(const DoctorOptions& options) {
  const auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return report_wrong_use(settings.error());
  if (options.creates && settings->store != StoreKind::DynamoDb) {
    return report_wrong_use(
        {ErrorKind::Invalid,
         "--create makes DynamoDB tables, and these settings keep records in SQLite, which makes its "
         "file by itself; leave --create out"});
  }
  std::vector<Check> checks = check_settings(*settings);
  std::ranges::move(check_machine(*settings), std::back_inserter(checks));
  if (settings->is_production) {
    asio::io_context context(1);
    SystemClock clock;
    const CheckDepth depth = options.creates ? CheckDepth::Create : CheckDepth::Everything;
    auto asked = asio::co_spawn(context, check_account(*settings, clock, depth), asio::use_future);
    context.run();
    std::ranges::move(asked.get(), std::back_inserter(checks));
    check_event_flow(*settings, clock.wall_now(), checks);
  }
  const bool is_well =
      std::ranges::none_of(checks, [](const Check& check) { return check.outcome == CheckOutcome::Failed; });
  if (options.is_json) {
    print_json(checks, *settings, is_well);
  } else {
    // The checks stand last: the end is what is read on a terminal.
    std::cout << render_settings(*settings) << '\n';
    print_table(checks);
  }
  return is_well ? exit_done : exit_failed;
}

}  // namespace

void add_doctor_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("doctor", "Shows every setting, checks the set-up and says what to do next.");
  auto options = std::make_shared<DoctorOptions>();
  command->add_option("--data", options->data, "directory of the records");
  command->add_flag("--json", options->is_json, "one JSON document on stdout");
  command->add_flag("--create", options->creates, "make the DynamoDB tables that are missing (development)");
  command->footer(
      "Exit code 0 when nothing failed, 1 otherwise; warnings do not count.\n"
      "The settings alone, without any check: clarion settings.");
  command->callback([&chosen, options] { chosen = [options] { return examine(*options); }; });
}

}  // namespace clarion
