#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/runtime.h"
#include "app/session.h"
#include "app/terminal.h"
#include "base/log.h"

namespace clarion {
namespace {

struct ServeOptions {
  std::string host;
  std::string port;
  std::string workers;
  std::string data;
};

int serve(const ServeOptions& options) {
  const auto settings = settings_for_command({{"CLARION_HOST", options.host},
                                              {"CLARION_PORT", options.port},
                                              {"CLARION_WORKERS", options.workers},
                                              {"CLARION_DATA_DIR", options.data}},
                                             "info");
  if (!settings) return report_wrong_use(settings.error());

  // Signals are taken before any thread starts, so that none of them is killed by one.
  asio::io_context context(1);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  const auto runtime = Runtime::start(*settings, Sending::ContinueAll);
  if (!runtime) return report_wrong_use(runtime.error());
  const std::string_view environment =
      settings->is_production ? "Clarion is running in PRODUCTION: messages are really sent."
                              : "Clarion is running locally: carriers are simulated and nothing leaves this machine.";
  std::cout << fmt::format(
                   "{}\n"
                   "{} contacts from {}; records in {}.\n"
                   "Open http://{}:{}  (Ctrl-C ends it)\n",
                   environment, with_thousands(static_cast<std::int64_t>((*runtime)->contacts_count())),
                   (*runtime)->contacts_source(), settings->data_dir.string(),
                   settings->host == "127.0.0.1" ? "localhost" : settings->host, (*runtime)->port())
            << (settings->requires_token()
                    ? "Requests need a token: clarion token create --name NAME --scope read,write,send\n"
                    : "")
            << std::flush;
  if (settings->is_production) {
    (*runtime)->report_sends([](std::string_view line) { std::cout << line << std::flush; });
  }
  signals.async_wait([&signals](const boost::system::error_code&, int number) {
    log_info("stopping", {{"signal", std::int64_t{number}}});
    std::cerr << "Stopping: messages under way are finished and recorded. Once more ends at once.\n";
    // The second signal has its usual effect.
    boost::system::error_code ignored;
    signals.clear(ignored);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  });
  context.run();
  (*runtime)->stop();
  return exit_done;
}

}  // namespace

void add_serve_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("serve", "Runs the server: the web page and the HTTP API.");
  auto options = std::make_shared<ServeOptions>();
  command->add_option("--host", options->host, "address to listen on (127.0.0.1)");
  command->add_option("--port", options->port, "port to listen on (5000); 0 takes any free one");
  command->add_option("--workers", options->workers, "event loops that answer requests (1)");
  command->add_option("--data", options->data, "directory of the records (data/local)");
  command->footer(
      "Examples:\n"
      "  clarion serve\n"
      "  clarion serve --port 8080 --data /srv/clarion\n\n"
      "Campaigns that were running when the process last ended go on by themselves. Contacts imported while it runs\n"
      "are picked up within two seconds.");
  command->callback([&chosen, options] { chosen = [options] { return serve(*options); }; });
}

}  // namespace clarion
