// The checks of this machine: what every environment needs.
#include <fmt/format.h>
#include <unistd.h>

#include <set>

#include "app/checks.h"
#include "app/imported_contacts.h"
#include "app/instance_file.h"
#include "app/open_tokens.h"
#include "app/price_files.h"
#include "app/terminal.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

Check check_data_dir(const fs::path& directory) {
  Check check{.subject = "data directory", .source = {}, .found = directory.string(), .next_step = {}};
  // The nearest directory that exists decides whether the rest can be made.
  fs::path existing = fs::absolute(directory);
  std::error_code error;
  while (!fs::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
  if (!fs::is_directory(existing, error) || ::access(existing.c_str(), W_OK | X_OK) != 0) {
    check.outcome = CheckOutcome::Failed;
    check.found = fmt::format("{} cannot be written", directory.string());
    check.next_step = "Make it writable for this user, or choose another CLARION_DATA_DIR.";
    return check;
  }
  const auto space = fs::space(existing, error);
  constexpr std::uintmax_t enough = 1ULL << 30U;
  if (!error && space.available < enough) {
    check.outcome = CheckOutcome::Warning;
    check.is_essential = false;
    check.found = fmt::format("{} MiB are free; a million recipients take about 500 MiB", space.available >> 20U);
    check.next_step = "Free some space: sending stops when the ledger cannot be written.";
  }
  return check;
}

Check check_process(const fs::path& directory) {
  Check check{.subject = "running process", .source = {}, .found = "none has the data directory", .next_step = {}};
  check.is_essential = false;
  if (const auto holder = find_running_instance(directory)) {
    check.found = holder->port == 0
                      ? fmt::format("process {} is using the data directory", holder->pid)
                      : fmt::format("process {} serves at {}:{}", holder->pid, holder->host, holder->port);
  }
  return check;
}

Check check_prices(const Settings& settings) {
  Check check{.subject = "prices", .source = {}, .found = {}, .next_step = {}, .is_essential = false};
  const auto prices = load_prices(settings.data_dir);
  if (!prices) {
    check.outcome = CheckOutcome::Failed;
    check.found = prices.error().message;
    check.next_step = "Correct the file; docs/prices.md shows the form.";
    check.is_essential = true;
    return check;
  }
  std::set<std::string_view> examples;
  std::string oldest;
  for (const PriceRow* row : (*prices)->rows()) {
    if (row->is_example) examples.insert(to_string(row->channel));
    if (oldest.empty() || row->date < oldest) oldest = row->date;
  }
  check.found = fmt::format("the oldest is of {}", oldest);
  if (settings.is_production && !examples.empty()) {
    check.outcome = CheckOutcome::Warning;
    check.found += fmt::format("; examples for {}", fmt::join(examples, ", "));
    check.next_step =
        fmt::format("Put your own prices into {}/prices (docs/prices.md): estimates and budgets use them.",
                    settings.data_dir.string());
  }
  return check;
}

Check check_contacts(const Settings& settings) {
  Check check{.subject = "contacts", .source = {}, .found = {}, .next_step = {}, .is_essential = false};
  const fs::path file = imported_contacts_file(settings.data_dir);
  std::error_code error;
  if (fs::exists(file, error)) {
    check.found = fmt::format("{} ({} KiB)", file.string(), fs::file_size(file, error) >> 10U);
    std::string first;
    const auto keep_first = [&first](const RejectedRow& row) {
      if (first.empty()) first = fmt::format("line {}: {}", row.line, row.reason);
    };
    const auto take = [](const Contact&) { return true; };
    const auto read = import_contacts(file, take, {.format = ContactFormat::Clarion, .rejected = keep_first});
    if (!read || !read->stopped.empty()) {
      check.outcome = CheckOutcome::Failed;
      check.is_essential = true;
      check.found += ": it cannot be read: " + (read ? read->stopped : read.error().message);
      check.next_step = "Restore the file: no server starts and nothing is imported before that.";
    } else if (read->rejected > 0) {
      check.outcome = CheckOutcome::Warning;
      check.found += fmt::format(": {} of its {} contacts are kept but not used; {}", with_thousands(read->rejected),
                                 with_thousands(read->read), first);
      check.next_step = "Import these contacts again with values that can be used (docs/contacts.md).";
    }
  } else if (settings.is_production) {
    check.outcome = CheckOutcome::Warning;
    check.found = "nobody was imported yet";
    check.next_step = "Run `clarion import FILE`, or send to explicit lists only.";
  } else {
    check.found = "demo contacts; nothing was imported yet";
  }
  return check;
}

// Whoever can reach the server from elsewhere has to show a token.
Check check_tokens(const Settings& settings) {
  Check check{.subject = "tokens", .source = {}, .found = {}, .next_step = {}};
  // On this machine alone, commands do without one.
  check.is_essential = settings.is_production && settings.listens_to_others();
  const auto tokens = OpenTokens::open_to_read(settings);
  const auto all = tokens ? (*tokens)->list() : Result<std::vector<StoredToken>>(std::unexpected(tokens.error()));
  if (!all && all.error().kind != ErrorKind::NotFound) {
    check.outcome = CheckOutcome::Warning;
    check.is_essential = false;
    check.found = "they cannot be read: " + all.error().message;
    check.next_step = "Start the server once, then ask again.";
  } else if (!all || all->empty()) {
    check.outcome = check.is_essential ? CheckOutcome::Failed : CheckOutcome::Warning;
    check.found = "there is none, so only commands of this machine can call the API";
    check.next_step = "Run `clarion token create --name NAME --scope read,write,send`.";
  } else {
    check.found = fmt::format("{} of them", all->size());
  }
  return check;
}

}  // namespace

std::vector<Check> check_machine(const Settings& settings) {
  std::vector<Check> checks{check_data_dir(settings.data_dir), check_process(settings.data_dir)};
  if (settings.store == StoreKind::Sqlite) checks.push_back(check_contacts(settings));
  checks.push_back(check_prices(settings));
  if (settings.requires_token()) checks.push_back(check_tokens(settings));
  return checks;
}

}  // namespace clarion
