#include "store/file_contact_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

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
  explicit RejectedFile(std::optional<std::filesystem::path> path) : path_(std::move(path)) {}

  void write(const RejectedRow& row) {
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
      return {};
    }
    flush();
    if (error_ == 0) return {};
    return fail(ErrorKind::Unavailable, fmt::format("{} cannot be written: {}", path_->string(), describe(error_)));
  }

 private:
  void open() {
    const int descriptor = ::open(path_->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
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
  std::unique_ptr<FileHandle> file_;
  std::string pending_;
  bool is_begun_ = false;
  int error_ = 0;
};

}  // namespace

Result<ImportSummary> import_contacts(const std::filesystem::path& file, std::function<bool(const Contact&)> sink,
                                      const ImportOptions& options) {
  const FileHandle input(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (input.get() < 0) return file_error(file, errno);
  struct stat status{};
  if (::fstat(input.get(), &status) != 0) return file_error(file, errno);
  if (S_ISDIR(status.st_mode)) return file_error(file, EISDIR);

  RejectedFile rejected(options.rejected_csv);
  ContactReader reader(options.format,
                       {.contact = std::move(sink),
                        .rejected =
                            [&](const RejectedRow& row) {
                              rejected.write(row);
                              if (options.rejected) options.rejected(row);
                            }},
                       std::make_unique<SqliteHeldRows>());
  ImportProgress progress{.bytes_total = S_ISREG(status.st_mode) ? status.st_size : 0};
  std::vector<char> buffer(std::size_t{1} << 20U);
  while (reader.summary().stopped.empty()) {
    const ssize_t count = ::read(input.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(file, errno);
    if (count == 0) break;
    reader.feed({buffer.data(), static_cast<std::size_t>(count)});
    progress.bytes_read += count;
    progress.rows_read = reader.summary().read;
    // At the end of the file the reader still holds rows; how many there were is told below.
    const bool is_end = progress.bytes_total > 0 && progress.bytes_read >= progress.bytes_total;
    if (options.progress && !is_end) options.progress(progress);
    if (options.is_cancelled && options.is_cancelled()) {
      return fail(ErrorKind::Conflict, fmt::format("the import of {} was cancelled", file.string()));
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
    nothing.stopped = std::move(summary.stopped);
    summary = std::move(nothing);
  }
  if (auto written = rejected.finish(is_stopped); !written) return std::unexpected(written.error());
  return summary;
}

Result<LoadedContacts> load_contacts(const std::filesystem::path& file, const ImportOptions& options) {
  ContactTable::Builder builder;
  ImportOptions watched = options;
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
