#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "api/json_text.h"
#include "app/commands.h"
#include "app/imported_table.h"
#include "app/session.h"
#include "app/terminal.h"
#include "base/clock.h"

namespace clarion {
namespace {

namespace json = boost::json;

struct ImportCommandOptions {
  std::string file;
  std::string format = "auto";
  std::string data;
  bool is_dry_run = false;
  bool is_json = false;
};

json::object summary_to_json(const ImportSummary& summary, const std::string& rejected_file) {
  const auto& ignored = summary.ignored_columns;
  const auto& repeated = summary.repeated_columns;
  return {{"format", to_string(summary.format)},
          {"read", summary.read},
          {"imported", summary.imported},
          {"replaced", summary.replaced},
          {"merged", summary.merged},
          {"rejected", summary.rejected},
          {"opt_outs_kept", summary.opt_outs_kept},
          {"opt_ins_kept", summary.opt_ins_kept},
          {"rejected_file", summary.rejected > 0 ? json::value(rejected_file) : json::value(nullptr)},
          {"ignored_columns", json::array(ignored.begin(), ignored.end())},
          {"repeated_columns", json::array(repeated.begin(), repeated.end())},
          {"stopped", summary.stopped.empty() ? json::value(nullptr) : json::value(summary.stopped)}};
}

void print_summary(const ImportCommandOptions& options, const ImportSummary& summary,
                   const std::string& rejected_file) {
  std::cout << fmt::format("{} rows read as {}: {} new, {} replaced, {} merged into others, {} rejected.\n",
                           with_thousands(summary.read), to_string(summary.format), with_thousands(summary.imported),
                           with_thousands(summary.replaced), with_thousands(summary.merged),
                           with_thousands(summary.rejected));
  if (summary.replaced > 0) {
    std::cout << "Of the replaced, only consent is kept where the file does not have it (docs/contacts.md).\n";
  }
  if (summary.opt_outs_kept > 0) {
    std::cout << fmt::format("{} opt-outs kept: these people opted out, and the file has no later opt-in of them.\n",
                             with_thousands(summary.opt_outs_kept));
  }
  if (summary.opt_ins_kept > 0) {
    std::cout << fmt::format("{} opt-ins kept: these people opted in, and the file has no later opt-out of them.\n",
                             with_thousands(summary.opt_ins_kept));
  }
  if (summary.rejected > 0) std::cout << fmt::format("The rejected rows, each with its reason: {}\n", rejected_file);
  if (!summary.ignored_columns.empty()) {
    std::cout << fmt::format("Columns that mean nothing here: {} (docs/contacts.md lists those that do)\n",
                             fmt::join(summary.ignored_columns, ", "));
  }
  if (!summary.repeated_columns.empty()) {
    std::cout << fmt::format("Columns that are there twice, so that only the first counts: {}\n",
                             fmt::join(summary.repeated_columns, ", "));
  }
  if (options.is_dry_run) std::cout << "A dry run: no contact was kept.\n";
}

int import_file(const ImportCommandOptions& options) {
  const auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return report_wrong_use(settings.error());
  const std::string rejected_file = options.file + ".rejected.csv";
  ProgressBar bar("reading");
  ImportOptions reading{.format = parse_contact_format(options.format).value_or(ContactFormat::Auto),
                        .rejected_csv = rejected_file,
                        .refuses_empty = true};
  if (!options.is_json) {
    reading.progress = [&bar](const ImportProgress& progress) {
      bar.show({.done = progress.bytes_read,
                .total = progress.bytes_total,
                .note = with_thousands(progress.rows_read) + " rows"});
    };
  }
  const auto summary = merge_contacts(*settings, options.file, reading, options.is_dry_run, SystemClock().wall_now());
  bar.end();
  if (!summary) return report_wrong_use(summary.error());
  if (options.is_json) {
    std::cout << write_json(summary_to_json(*summary, rejected_file)) << '\n';
  } else if (summary->stopped.empty()) {
    print_summary(options, *summary, rejected_file);
  }
  if (!summary->stopped.empty()) {
    return report({ErrorKind::Invalid, "nothing was imported, because the file broke off: " + summary->stopped});
  }
  return summary->rejected > 0 ? exit_with_failures : exit_done;
}

}  // namespace

void add_import_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("import", "Reads contacts from a file; bad rows are set aside, the rest is kept.");
  auto options = std::make_shared<ImportCommandOptions>();
  command->add_option("FILE", options->file, "JSON, NDJSON or CSV")->required();
  command->add_option("--format", options->format, "auto, clarion, csv, pinpoint or listmonk (auto)")
      ->check(CLI::IsMember({"auto", "clarion", "csv", "pinpoint", "listmonk"}));
  command->add_flag("--dry-run", options->is_dry_run, "read and report, keep nothing");
  command->add_flag("--json", options->is_json, "one JSON document on stdout");
  command->add_option("--data", options->data, "directory of the records (data/local)");
  command->footer(
      "Examples:\n"
      "  clarion import customers.csv --dry-run\n"
      "  clarion import pinpoint-export.json --format pinpoint\n\n"
      "A contact whose id is there already is replaced: what the file does not have of it is no longer known. Only\n"
      "consent stays as it was until the file has a later one.\n"
      "Rejected rows go to FILE.rejected.csv with line, row, column and reason. Exit code 3: imported, but some rows "
      "were\n"
      "rejected. A running server picks the contacts up by itself.");
  command->callback([&chosen, options] { chosen = [options] { return import_file(*options); }; });
}

}  // namespace clarion
