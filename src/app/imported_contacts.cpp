#include "app/imported_contacts.h"

#include <optional>
#include <string_view>
#include <utility>

#include "app/contact_merge.h"
#include "app/private_file.h"
#include "app/recorded_consents.h"
#include "store/data_directory_lock.h"
#include "store/kept_contacts.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

// What an import that keeps something holds: nobody else imports meanwhile, and the file to come.
struct Draft {
  DataDirectoryLock lock;
  PrivateFile file;
};

Result<Draft> begin_draft(const fs::path& data_dir) {
  std::error_code error;
  if (fs::create_directories(data_dir, error)) fs::permissions(data_dir, fs::perms::owner_all, error);
  auto lock = DataDirectoryLock::take(data_dir, DataDirectoryLock::Of::Import);
  if (!lock) return std::unexpected(lock.error());
  auto file = PrivateFile::create(imported_contacts_file(data_dir));
  if (!file) return std::unexpected(file.error());
  return Draft{std::move(*lock), std::move(*file)};
}

}  // namespace

fs::path imported_contacts_file(const fs::path& data_dir) {
  return data_dir / "contacts.ndjson";
}

Result<ImportSummary> merge_contacts(const fs::path& data_dir, const fs::path& file, const ImportOptions& options,
                                     bool is_dry_run, WallTime now) {
  const fs::path kept = imported_contacts_file(data_dir);
  std::optional<Draft> draft;
  if (!is_dry_run) {
    auto begun = begin_draft(data_dir);
    if (!begun) return std::unexpected(begun.error());
    draft.emplace(std::move(*begun));
  }
  auto merge = ContactMerge::create(now, is_dry_run ? fs::path() : data_dir);
  if (!merge) return std::unexpected(merge.error());
  const auto add = [&merge](const Contact& contact, std::string_view) { merge->add_kept(contact); };
  if (auto read = visit_kept_contacts(kept, add); !read) return std::unexpected(read.error());

  auto summary = merge->read(file, options, is_dry_run);
  if (!summary || !summary->stopped.empty() || !draft) return summary;

  const auto take = [&draft](std::string_view, std::string_view json) -> Result<void> {
    draft->file.append(json);
    draft->file.append("\n");
    return {};
  };
  if (auto visited = merge->visit(take); !visited) return std::unexpected(visited.error());
  // The others as they are, byte by byte: also who does not pass the rules of today.
  const auto keep = [&](const Contact& contact, std::string_view row) {
    if (merge->take_kept(contact)) return;
    draft->file.append(row);
    draft->file.append("\n");
  };
  if (auto copied = visit_kept_contacts(kept, keep); !copied) return std::unexpected(copied.error());
  if (auto checked = merge->check_kept(); !checked) return std::unexpected(checked.error());
  if (auto recorded = record_consents(data_dir, merge->changed(), now); !recorded) {
    return std::unexpected(recorded.error());
  }
  if (auto committed = draft->file.commit(); !committed) return std::unexpected(committed.error());
  return summary;
}

}  // namespace clarion
