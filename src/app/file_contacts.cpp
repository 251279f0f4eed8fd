#include <fmt/format.h>

#include "app/contact_source.h"
#include "app/imported_contacts.h"
#include "audience/demo_contacts.h"
#include "base/log.h"
#include "store/file_contact_source.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

// As `clarion seed` makes them.
constexpr std::size_t demo_count = 2000;
constexpr std::uint64_t demo_seed = 1;

// The demo file has bad rows on purpose, so they are logged with less noise than one's own.
Result<ReadContacts> read_file(const fs::path& file, bool is_demo) {
  std::string first;
  const auto keep_first = [&first](const RejectedRow& row) {
    if (first.empty()) first = fmt::format("line {}: {}", row.line, row.reason);
  };
  auto loaded = load_contacts(file, {.format = ContactFormat::Clarion, .rejected = keep_first}, !is_demo);
  if (!loaded) return std::unexpected(loaded.error());
  const ImportSummary& summary = loaded->summary;
  if (!summary.stopped.empty()) {
    return fail(ErrorKind::Invalid, fmt::format("cannot read the contacts in {}: {}", file.string(), summary.stopped));
  }
  if (summary.rejected > 0) {
    log(is_demo ? LogLevel::Info : LogLevel::Warn, "contacts_rejected",
        {{"file", file.string()}, {"rows", summary.rejected}, {"first", std::string_view(first)}});
  }
  return ReadContacts{std::move(loaded->contacts), file.string()};
}

std::shared_ptr<const ContactTable> make_demo_table() {
  ContactTable::Builder builder;
  generate_contacts(demo_count, demo_seed, [&builder](const Contact& contact) { builder.add(contact); });
  return std::move(builder).build();
}

class FileContacts final : public ContactSource {
 public:
  FileContacts(fs::path data_dir, bool has_demo) : imported_(imported_contacts_file(data_dir)), has_demo_(has_demo) {}

  Result<std::string> version() override {
    std::error_code error;
    const auto time = fs::last_write_time(imported_, error);
    return error ? std::string() : std::to_string(time.time_since_epoch().count());
  }
  Result<ReadContacts> read() override {
    std::error_code error;
    if (fs::exists(imported_, error)) return read_file(imported_, false);
    if (!has_demo_) return ReadContacts{ContactTable::Builder().build(), "no import yet"};
    const fs::path demo = fs::path("data") / "demo" / "contacts.json";
    if (fs::exists(demo, error)) return read_file(demo, true);
    return ReadContacts{make_demo_table(), "the built-in demo data"};
  }

 private:
  fs::path imported_;
  bool has_demo_;
};

}  // namespace

std::unique_ptr<ContactSource> make_file_contacts(fs::path data_dir, bool has_demo) {
  return std::make_unique<FileContacts>(std::move(data_dir), has_demo);
}

}  // namespace clarion
