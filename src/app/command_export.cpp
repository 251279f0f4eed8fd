#include <cstdio>
#include <memory>

#include "app/commands.h"
#include "app/session.h"

namespace clarion {
namespace {

struct ExportOptions {
  std::string campaign;
  std::string format = "csv";
  std::string data;
};

// A JSON array is written from the lines of the NDJSON export as they come.
class ArrayWriter {
 public:
  void take(std::string_view piece) {
    for (const char c : piece) {
      if (c != '\n') {
        line_ += c;
        continue;
      }
      std::fputs(is_first_ ? "[\n" : ",\n", stdout);
      std::fwrite(line_.data(), 1, line_.size(), stdout);
      is_first_ = false;
      line_.clear();
    }
  }
  void end() { std::fputs(is_first_ ? "[]\n" : "\n]\n", stdout); }

 private:
  std::string line_;
  bool is_first_ = true;
};

int export_deliveries(const ExportOptions& options) {
  auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return report_wrong_use(settings.error());
  auto session = Session::open(std::move(*settings), Sending::Nothing);
  if (!session) return report(session.error());
  const bool is_csv = options.format == "csv";
  ArrayWriter array;
  ApiCall call{.path = "/api/deliveries",
               .query = {{"campaign_id", options.campaign}, {"format", is_csv ? "csv" : "ndjson"}}};
  call.sink = [is_csv, &array](std::string_view piece) {
    if (is_csv) {
      std::fwrite(piece.data(), 1, piece.size(), stdout);
    } else {
      array.take(piece);
    }
  };
  const auto reply = (*session)->api().call(std::move(call));
  if (!reply) return report(reply.error());
  if (!reply->is_success()) {
    return report({reply->status == 404 ? ErrorKind::NotFound : ErrorKind::Internal,
                   reply->status == 404
                       ? "there is no campaign '" + options.campaign + "'; `clarion campaigns list` shows all"
                       : "the export was refused"});
  }
  if (!is_csv) array.end();
  return exit_done;
}

}  // namespace

void add_export_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("export", "Writes records to standard output.");
  command->require_subcommand(1);
  command->footer("Example:\n  clarion export deliveries --campaign spring-2027 > deliveries.csv");
  auto* deliveries =
      command->add_subcommand("deliveries", "one row per recipient of a campaign, with its later events");
  auto options = std::make_shared<ExportOptions>();
  deliveries->add_option("--campaign", options->campaign, "the campaign's id")->required();
  deliveries->add_option("--format", options->format, "csv or json")->check(CLI::IsMember({"csv", "json"}));
  deliveries->add_option("--data", options->data, "directory of the records (data/local)");
  deliveries->footer(
      "Example:\n  clarion export deliveries --campaign spring-2027 > deliveries.csv\n\n"
      "The rows hold addresses of people: keep the file as you keep your contacts.");
  deliveries->callback([&chosen, options] { chosen = [options] { return export_deliveries(*options); }; });
}

}  // namespace clarion
