// clarion: the table of contents of the command line.

#include <cstdio>
#include <exception>
#include <iostream>
#include <string_view>

#include "app/commands.h"

namespace {

constexpr const char* description =
    "Clarion asks who should hear about something, decides which channel each person should get it on, and sends at\n"
    "the rate you set, with a record of every single recipient. Locally the carriers are simulated: nothing leaves\n"
    "this machine.";

constexpr const char* examples = R"(First steps:
  clarion query "Run campaign for laptops in Bangalore with at least 2 purchases"
  clarion send --query "customers in Mumbai who like phones" --tps 20
  clarion serve                      then open http://localhost:5000

Your own contacts:
  clarion import customers.csv       bad rows go to customers.csv.rejected.csv
  clarion campaigns list
  clarion export deliveries --campaign ID > deliveries.csv

Exit codes: 0 done, 1 failed, 2 wrong use, 3 finished with failures.
Settings: `clarion settings` shows each with its source; `clarion COMMAND --help` shows more.)";

// An empty value would silently be the default: `--data "$DIRECTORY"` with a variable that is not set.
void refuse_empty_settings(CLI::App& app) {
  for (const std::string name : {"--data", "--host", "--port", "--workers"}) {
    if (auto* option = app.get_option_no_throw(name); option != nullptr) {
      option->check(
          [](const std::string& text) { return text.empty() ? "it is empty; leave it out, or say which" : ""; });
    }
  }
  for (auto* command : app.get_subcommands({})) refuse_empty_settings(*command);
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app(description, "clarion");
  app.footer(examples);
  app.require_subcommand(1);
  app.set_version_flag("--version", CLARION_VERSION);
  clarion::Command chosen;
  clarion::add_serve_command(app, chosen);
  clarion::add_seed_command(app, chosen);
  clarion::add_import_command(app, chosen);
  clarion::add_query_command(app, chosen);
  clarion::add_send_command(app, chosen);
  clarion::add_campaigns_command(app, chosen);
  clarion::add_deliveries_command(app, chosen);
  clarion::add_export_command(app, chosen);
  clarion::add_doctor_command(app, chosen);
  clarion::add_token_command(app, chosen);
  clarion::add_settings_command(app, chosen);
  refuse_empty_settings(app);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    // CLI11 only says that a subcommand is required.
    const std::string_view first = count > 1 ? arguments[1] : "";
    const auto known = app.get_subcommands([first](const CLI::App* command) { return command->get_name() == first; });
    if (!first.empty() && !first.starts_with('-') && known.empty()) {
      std::cerr << "clarion: there is no command '" << first << "'; `clarion --help` lists all\n";
      return clarion::exit_wrong_use;
    }
    return app.exit(error) == 0 ? clarion::exit_done : clarion::exit_wrong_use;
  }
  try {
    const int code = chosen();
    std::cout.flush();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      std::cerr << "clarion: standard output could not be written to its end; what it holds is not complete\n";
      return clarion::exit_failed;
    }
    return code;
  } catch (const std::exception& error) {
    std::cerr << "clarion: a fault of the program: " << error.what() << '\n';
    return clarion::exit_failed;
  }
}
