#include "store/file_contact_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/csv_cell.h"
#include "store/sqlite_held_rows.h"

namespace clarion {
namespace {

constexpr std::size_t hint_bytes = std::size_t{256} * 1024;

class FileHandle {
 public:
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  ~FileHandle() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string describe(int error) {
  return std::error_code(error, std::generic_category()).message();
}

std::unexpected<Error> file_error(const std::filesystem::path& file, int error) {
  const auto kind = error == ENOENT ? ErrorKind::NotFound : error == EACCES ? ErrorKind::Denied : ErrorKind::Invalid;
  return fail(kind, fmt::format("{} cannot be read: {}", file.string(), describe(error)));
}

// The refused rows of one import.
class RejectedFile {
 public:
  RejectedFile(std::optional<std::filesystem::path> path, std::optional<std::filesystem::path> elsewhere)
      : path_(std::move(path)), elsewhere_(std::move(elsewhere)) {}

  void write(const RejectedRow& row) {
    if (first_.empty()) {
      first_ = fmt::format("line {}: {}{}", row.line, row.column.empty() ? "" : row.column + ": ", row.reason);
    }
    if (!path_) return;
    if (!is_begun_) pending_ = "line,row,column,value,reason\r\n";
    is_begun_ = true;
    pending_ += fmt::format("{},{},{},{},{}\r\n", row.line, row.row, csv_cell(row.column), csv_cell(row.value),
                            csv_cell(row.reason));
    if (pending_.size() >= 65536) flush();
  }

  // Leaves no file when no row was refused, or when nothing of the import counts.
  Result<void> finish(bool is_stopped) {
    if (!path_) return {};
    if (!is_begun_ || is_stopped) {
      pending_.clear();
      std::error_code ignored;
      std::filesystem::remove(*path_, ignored);
      if (elsewhere_) std::filesystem::remove(*elsewhere_, ignored);
      return {};
    }
    flush();
    if (error_ == 0) {
      if (is_elsewhere_) std::swap(path_, elsewhere_);
      return {};
    }
    return fail(ErrorKind::Unavailable, fmt::format("{} cannot be written: {}", path_->string(), describe(error_)));
  }

  // Where the rows are. REQUIRES: finish() went well.
  [[nodiscard]] std::string path() const { return path_ && is_begun_ ? path_->string() : std::string(); }
  // Where the first of them is and what is wrong with it.
  [[nodiscard]] const std::string& first() const { return first_; }

 private:
  static int create(const std::filesystem::path& path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  }
  void open() {
    int descriptor = create(*path_);
    if (descriptor < 0 && elsewhere_) {
      const int first_error = errno;
      std::error_code ignored;
      if (std::filesystem::create_directories(elsewhere_->parent_path(), ignored)) {
        std::filesystem::permissions(elsewhere_->parent_path(), std::filesystem::perms::owner_all, ignored);
      }
      descriptor = create(*elsewhere_);
      is_elsewhere_ = descriptor >= 0;
      errno = first_error;
    }
    if (descriptor < 0) {
      error_ = errno;
      return;
    }
    file_ = std::make_unique<FileHandle>(descriptor);
    // The file of an earlier import keeps its mode when it is opened again.
    if (::fchmod(descriptor, 0600) != 0) error_ = errno;
  }

  void flush() {
    if (file_ == nullptr && error_ == 0) open();
    std::string_view rest = pending_;
    while (error_ == 0 && !rest.empty()) {
      const ssize_t written = ::write(file_->get(), rest.data(), rest.size());
      if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
      if (written < 0 && errno != EINTR) error_ = errno;
    }
    pending_.clear();
  }

  std::optional<std::filesystem::path> path_;
  std::optional<std::filesystem::path> elsewhere_;
  bool is_elsewhere_ = false;
  std::string first_;
  std::unique_ptr<FileHandle> file_;
  std::string pending_;
  bool is_begun_ = false;
  int error_ = 0;
};

// The format that a file which begins like this has by itself, where another was asked for: " (it looks like ...)".
std::string hint_at_format(std::string_view head, ContactFormat asked) {
  if (asked == ContactFormat::Auto) return {};
  ContactReader probe(ContactFormat::Auto, {.contact = [](const Contact&) { return true; }, .rejected = {}});
  probe.feed(head);
  const ImportSummary seen = probe.finish();
  const bool is_read = seen.imported + seen.replaced > 0 && seen.format != asked;
  return is_read ? fmt::format(" (it looks like --format {})", to_string(seen.format)) : std::string();
}

// Why none of a whole file can be kept.
std::string why_nobody(const ImportSummary& summary, const std::string& first) {
  if (summary.read == 0) return "there is no contact in the file";
  return fmt::format("none of its {} rows can be kept; the first is refused, {}", summary.read, first);
}

}  // namespace

Result<ImportSummary> import_contacts(const std::filesystem::path& file, std::function<bool(const Contact&)> sink,
                                      const ImportOptions& options) {
  const FileHandle input(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (input.get() < 0) return file_error(file, errno);
  struct stat status{};
  if (::fstat(input.get(), &status) != 0) return file_error(file, errno);
  if (S_ISDIR(status.st_mode)) return file_error(file, EISDIR);

  RejectedFile rejected(options.rejected_csv, options.rejected_elsewhere);
  std::string head;
  ContactReader reader(options.format,
                       {.contact = std::move(sink),
                        .rejected =
                            [&](const RejectedRow& row) {
                              rejected.write(row);
                              if (options.rejected) options.rejected(row);
                            },
                        .opted_out = options.opted_out},
                       std::make_unique<SqliteHeldRows>());
  ImportProgress progress{.bytes_total = S_ISREG(status.st_mode) ? status.st_size : 0};
  std::vector<char> buffer(std::size_t{1} << 20U);
  while (reader.summary().stopped.empty()) {
    const ssize_t count = ::read(input.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(file, errno);
    if (count == 0) break;
    if (head.empty()) head.assign(buffer.data(), std::min(static_cast<std::size_t>(count), hint_bytes));
    reader.feed({buffer.data(), static_cast<std::size_t>(count)});
    progress.bytes_read += count;
    progress.rows_read = reader.summary().read;
    // At the end of the file the reader still holds rows; how many there were is told below.
    const bool is_end = progress.bytes_total > 0 && progress.bytes_read >= progress.bytes_total;
    if (options.progress && !is_end) options.progress(progress);
    if (options.is_cancelled && options.is_cancelled()) {
      return fail(ErrorKind::Conflict,
                  fmt::format("the import of {} was cancelled; nothing was imported", file.string()));
    }
  }
  ImportSummary summary = reader.finish();
  progress.rows_read = summary.read;
  if (options.progress) options.progress(progress);
  if (options.refuses_empty && summary.format == ContactFormat::Auto && summary.stopped.empty()) {
    return fail(ErrorKind::Invalid, "the file is empty; there is nothing to import");
  }
  const bool is_stopped = !summary.stopped.empty();
  if (is_stopped) {
    ImportSummary nothing;
    nothing.format = summary.format;
    nothing.stopped = std::move(summary.stopped) + hint_at_format(head, options.format);
    summary = std::move(nothing);
  }
  const auto written = rejected.finish(is_stopped);
  if (!written && options.needs_rejected) return std::unexpected(written.error());
  if (written) summary.rejected_file = rejected.path();
  if (!is_stopped && options.refuses_empty && summary.imported + summary.replaced == 0) {
    summary.stopped = why_nobody(summary, rejected.first()) + hint_at_format(head, options.format);
  }
  return summary;
}

Result<LoadedContacts> load_contacts(const std::filesystem::path& file, const ImportOptions& options,
                                     bool keeps_opted_out) {
  ContactTable::Builder builder;
  ImportOptions watched = options;
  if (keeps_opted_out) watched.opted_out = [&builder](const Contact& contact) { builder.add(contact); };
  watched.progress = [&, is_first = true](const ImportProgress& progress) mutable {
    // How many rows the first buffer held says how many there will be; columns that know need not grow.
    if (std::exchange(is_first, false) && progress.rows_read > 0 && progress.bytes_total > progress.bytes_read) {
      const double share = static_cast<double>(progress.bytes_total) / static_cast<double>(progress.bytes_read);
      builder.reserve(static_cast<std::size_t>(static_cast<double>(progress.rows_read) * share * 1.02));
    }
    if (options.progress) options.progress(progress);
  };
  auto summary = import_contacts(file, [&](const Contact& contact) { return builder.add(contact); }, watched);
  if (!summary) return std::unexpected(summary.error());
  return LoadedContacts{std::move(builder).build(), std::move(*summary)};
}

}  // namespace clarion
