#include "app/imported_contacts.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

#include "app/private_file.h"
#include "app/recorded_consents.h"
#include "audience/contact_json.h"
#include "store/changed_consents.h"
#include "store/kept_contacts.h"
#include "store/known_consents.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

// Two imports at once would each replace what the other wrote.
class ImportLock {
 public:
  static Result<ImportLock> take(const fs::path& data_dir) {
    const int file = ::open((data_dir / "import.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return fail(ErrorKind::Denied, "cannot write to the data directory " + data_dir.string());
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      ::close(file);
      return fail(ErrorKind::Conflict, "another import into " + data_dir.string() + " is under way; wait for its end");
    }
    return ImportLock(file);
  }
  ImportLock(ImportLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  ImportLock& operator=(ImportLock&&) = delete;
  ~ImportLock() {
    if (file_ >= 0) ::close(file_);
  }

 private:
  explicit ImportLock(int file) : file_(file) {}
  int file_;
};

void append_line(PrivateFile& out, const Contact& contact, std::string& line) {
  line.clear();
  write_contact_json(contact, line);
  line += '\n';
  out.append(line);
}

}  // namespace

fs::path imported_contacts_file(const fs::path& data_dir) {
  return data_dir / "contacts.ndjson";
}

Result<ImportSummary> merge_contacts(const fs::path& data_dir, const fs::path& file, const ImportOptions& options,
                                     bool is_dry_run, WallTime now) {
  const fs::path kept = imported_contacts_file(data_dir);
  std::error_code error;
  if (!is_dry_run && fs::create_directories(data_dir, error)) {
    fs::permissions(data_dir, fs::perms::owner_all, error);
  }
  std::optional<ImportLock> lock;
  std::optional<PrivateFile> draft;
  if (!is_dry_run) {
    auto taken = ImportLock::take(data_dir);
    if (!taken) return std::unexpected(taken.error());
    lock.emplace(std::move(*taken));
    auto created = PrivateFile::create(kept);
    if (!created) return std::unexpected(created.error());
    draft.emplace(std::move(*created));
  }
  auto known = KnownConsents::create();
  if (!known) return std::unexpected(known.error());
  const auto add = [&known](const Contact& contact, std::string_view) { known->add(contact); };
  if (auto read = visit_kept_contacts(kept, add); !read) return std::unexpected(read.error());
  if (auto checked = known->check(); !checked) return std::unexpected(checked.error());
  auto changed = ChangedConsents::create();
  if (!changed) return std::unexpected(changed.error());

  std::string line;
  const auto take = [&](const Contact& contact) {
    KnownConsents::Merged merged = known->merge(contact, now);
    if (draft) changed->add(contact.id, merged.before, merged.consent);
    if (draft && merged.consent == contact.consent) {
      append_line(*draft, contact, line);
    } else if (draft) {
      Contact with_kept = contact;
      with_kept.consent = std::move(merged.consent);
      append_line(*draft, with_kept, line);
    }
    return merged.is_new;
  };
  auto summary = import_contacts(file, take, options);
  if (!summary) return summary;
  if (auto checked = known->check(); !checked) return std::unexpected(checked.error());
  if (!summary->stopped.empty()) return summary;
  summary->opt_outs_kept = known->kept().opt_outs;
  summary->opt_ins_kept = known->kept().opt_ins;
  if (is_dry_run) return summary;

  // The others as they are, byte by byte: also who does not pass the rules of today.
  const auto keep = [&](const Contact& contact, std::string_view row) {
    if (known->is_merged(contact)) return;
    draft->append(row);
    draft->append("\n");
  };
  if (auto copied = visit_kept_contacts(kept, keep); !copied) return std::unexpected(copied.error());
  // First: an import that fails behind it is made again, and then nothing of it is missing.
  if (auto recorded = record_consents(data_dir, *changed, now); !recorded) return std::unexpected(recorded.error());
  if (auto committed = draft->commit(); !committed) return std::unexpected(committed.error());
  return summary;
}

}  // namespace clarion
