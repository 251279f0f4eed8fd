#include <fmt/format.h>

#include <boost/json.hpp>

#include <iostream>
#include <memory>
#include <string>

#include "api/json_text.h"
#include "app/commands.h"
#include "app/json_members.h"
#include "app/session.h"
#include "app/terminal.h"

namespace clarion {
namespace {

namespace json = boost::json;

struct SettleOptions {
  std::string id;
  std::string answer;
  std::string data;
  bool is_json = false;
};

int settle(const SettleOptions& options) {
  auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return report_wrong_use(settings.error());
  auto session = Session::open(std::move(*settings), Sending::Nothing);
  if (!session) return report_wrong_use(session.error());
  const auto delivery =
      (*session)->call_json({.method = HttpMethod::Post,
                             .path = fmt::format("/api/deliveries/{}/settle", options.id),
                             .body = json::serialize(json::object{{"arrived", options.answer == "arrived"}})});
  if (!delivery) return report(delivery.error());
  if (options.is_json) {
    std::cout << write_json(*delivery) << '\n';
  } else {
    std::cout << fmt::format("{} to {} is now {}.\n", options.id, text_of(*delivery, "contact_id"),
                             text_of(*delivery, "state"));
  }
  return exit_done;
}

}  // namespace

void add_deliveries_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("deliveries", "Settles by hand what is in doubt.");
  command->require_subcommand(1);
  command->footer("Example:\n  clarion deliveries settle d-1000003 arrived");
  auto options = std::make_shared<SettleOptions>();
  auto* verb = command->add_subcommand("settle", "records that a delivery in doubt arrived, or did not");
  verb->add_option("ID", options->id, "the delivery's id")->required();
  verb->add_option("ANSWER", options->answer, "arrived or not-arrived")
      ->required()
      ->check(CLI::IsMember({"arrived", "not-arrived"}));
  verb->add_option("--data", options->data, "directory of the records (data/local)");
  verb->add_flag("--json", options->is_json, "one JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  clarion deliveries settle d-1000003 arrived\n"
      "  clarion deliveries settle d-1000003 not-arrived\n\n"
      "For what no event of a carrier settles. Nothing is sent for it, and what a carrier says later decides.");
  verb->callback([&chosen, options] { chosen = [options] { return settle(*options); }; });
}

}  // namespace clarion
