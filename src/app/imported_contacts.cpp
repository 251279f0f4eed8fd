#include "app/imported_contacts.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/unordered/unordered_flat_set.hpp>

#include <optional>
#include <string>
#include <utility>

#include "app/private_file.h"
#include "audience/contact_json.h"
#include "base/hash.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

// 128 bits of an id: among ten million the chance that two collide is below 10^-24.
using IdHash = std::pair<std::uint64_t, std::uint64_t>;

struct KeepLow {
  std::size_t operator()(const IdHash& id) const { return id.first; }
};
using IdSet = boost::unordered_flat_set<IdHash, KeepLow>;

IdHash hash_of(const Contact& contact) {
  return {hash64(contact.id, 1), hash64(contact.id, 2)};
}

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

Result<IdSet> read_ids(const fs::path& file) {
  IdSet ids;
  if (std::error_code error; !fs::exists(file, error)) return ids;
  auto read = import_contacts(file, [&ids](const Contact& contact) { return ids.insert(hash_of(contact)).second; },
                              {.format = ContactFormat::Clarion});
  if (!read) return std::unexpected(read.error());
  return ids;
}

}  // namespace

fs::path imported_contacts_file(const fs::path& data_dir) {
  return data_dir / "contacts.ndjson";
}

Result<ImportSummary> merge_contacts(const fs::path& data_dir, const fs::path& file, const ImportOptions& options,
                                     bool is_dry_run) {
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
  const auto before = read_ids(kept);
  if (!before) return std::unexpected(before.error());

  IdSet added;
  std::string line;
  const auto take = [&](const Contact& contact) {
    if (draft) append_line(*draft, contact, line);
    const IdHash id = hash_of(contact);
    return added.insert(id).second && !before->contains(id);
  };
  auto summary = import_contacts(file, take, options);
  if (!summary || is_dry_run || !summary->stopped.empty()) return summary;

  if (!before->empty()) {
    const auto keep = [&](const Contact& contact) {
      if (!added.contains(hash_of(contact))) append_line(*draft, contact, line);
      return true;
    };
    auto copied = import_contacts(kept, keep, {.format = ContactFormat::Clarion});
    if (!copied) return std::unexpected(copied.error());
  }
  if (auto committed = draft->commit(); !committed) return std::unexpected(committed.error());
  return summary;
}

}  // namespace clarion
