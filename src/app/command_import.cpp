#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include "api/json_text.h"
#include "app/commands.h"
#include "app/imported_table.h"
#include "app/interrupt_counter.h"
#include "app/session.h"
#include "app/terminal.h"
#include "base/clock.h"

namespace clarion {
namespace {

namespace json = boost::json;

// What is read of a file of this size takes seconds to merge and write.
constexpr std::int64_t slow_to_write_bytes = std::int64_t{16} << 20U;

struct ImportCommandOptions {
  std::string file;
  std::string format = "auto";
  std::string data;
  bool is_dry_run = false;
  bool is_json = false;
};

json::object summary_to_json(const ImportSummary& summary) {
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
          {"rejected_file", summary.rejected_file.empty() ? json::value(nullptr) : json::value(summary.rejected_file)},
          {"ignored_columns", json::array(ignored.begin(), ignored.end())},
          {"repeated_columns", json::array(repeated.begin(), repeated.end())},
          {"stopped", summary.stopped.empty() ? json::value(nullptr) : json::value(summary.stopped)}};
}

std::string rejected_text(const ImportCommandOptions& options, const ImportSummary& summary) {
  if (summary.rejected == 0) return {};
  if (summary.rejected_file.empty()) {
    return fmt::format("The rejected rows are not kept: {}.rejected.csv cannot be written.\n", options.file);
  }
  return fmt::format("The rejected rows, each with its reason: {}\n", summary.rejected_file);
}

void print_summary(const ImportCommandOptions& options, const ImportSummary& summary) {
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
  std::cout << rejected_text(options, summary);
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
  const std::string rejected_name = std::filesystem::path(options.file).filename().string() + ".rejected.csv";
  ProgressBar bar("reading");
  ImportOptions reading{.format = parse_contact_format(options.format).value_or(ContactFormat::Auto),
                        .rejected_csv = options.file + ".rejected.csv",
                        .needs_rejected = !options.is_dry_run,
                        .is_cancelled = &InterruptCounter::is_interrupted,
                        .refuses_empty = true};
  if (!options.is_dry_run) reading.rejected_elsewhere = settings->data_dir / rejected_name;
  if (!options.is_json) {
    reading.progress = [&bar, is_dry_run = options.is_dry_run](const ImportProgress& progress) {
      bar.show({.done = progress.bytes_read,
                .total = progress.bytes_total,
                .note = with_thousands(progress.rows_read) + " rows"});
      if (is_dry_run || progress.bytes_total < slow_to_write_bytes || progress.bytes_read < progress.bytes_total)
        return;
      bar.end();
      std::cerr << "merging with the contacts that are kept, and writing\n";
    };
  }
  // Ctrl-C leaves everything as it was, and no draft behind.
  const InterruptCounter interrupts;
  const auto summary = merge_contacts(*settings, options.file, reading, options.is_dry_run, SystemClock().wall_now());
  bar.end();
  if (!summary) return report(summary.error());
  if (options.is_json) {
    std::cout << write_json(summary_to_json(*summary)) << '\n';
  } else if (summary->stopped.empty()) {
    print_summary(options, *summary);
  }
  if (!summary->stopped.empty()) {
    if (!options.is_json) std::cerr << rejected_text(options, *summary);
    return report({ErrorKind::Invalid, "nothing was imported: " + summary->stopped});
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
      "Rejected rows go to FILE.rejected.csv with line, row, column and reason, or to the data directory where that\n"
      "cannot be written. Exit code 3: imported, but some rows were rejected; 1: nothing was imported, for instance\n"
      "because no row could be kept. A running server picks the contacts up by itself.");
  command->callback([&chosen, options] { chosen = [options] { return import_file(*options); }; });
}

}  // namespace clarion
