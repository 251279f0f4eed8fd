#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/private_file.h"
#include "app/session.h"
#include "app/terminal.h"
#include "audience/contact_json.h"
#include "audience/demo_contacts.h"

namespace clarion {
namespace {

struct SeedOptions {
  std::uint64_t contacts = 2000;
  std::uint64_t seed = 1;
  std::string out = "data/demo";
};

int seed(const SeedOptions& options) {
  const std::filesystem::path folder(options.out);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto path = folder / "contacts.json";
  auto file = PrivateFile::create(path);
  if (!file) return report(file.error());
  std::string line;
  bool is_first = true;
  generate_contacts(options.contacts, options.seed, [&](const Contact& contact) {
    line = std::exchange(is_first, false) ? "[\n" : ",\n";
    write_contact_json(contact, line);
    file->append(line);
  });
  file->append(is_first ? "[]\n" : "\n]\n");
  if (auto written = file->commit(); !written) return report(written.error());
  std::cout << fmt::format("{} demo contacts in {} (seed {}: the same every time).\n",
                           with_thousands(static_cast<std::int64_t>(options.contacts)), path.string(), options.seed);
  return exit_done;
}

}  // namespace

void add_seed_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("seed", "Writes made-up contacts to try Clarion with.");
  auto options = std::make_shared<SeedOptions>();
  command->add_option("--contacts", options->contacts, "how many (2000)")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{10'000'000}));
  command->add_option("--seed", options->seed, "the same seed makes the same contacts (1)");
  command->add_option("--out", options->out, "folder of contacts.json (data/demo)");
  command->footer(
      "Examples:\n"
      "  clarion seed\n"
      "  clarion seed --contacts 100000 --seed 7 --out /tmp/demo\n\n"
      "data/demo/contacts.json of the working directory is used until contacts are imported. Nobody in it is real.");
  command->callback([&chosen, options] { chosen = [options] { return seed(*options); }; });
}

}  // namespace clarion
