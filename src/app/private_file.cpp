#include "app/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace clarion {
namespace {

constexpr mode_t owner_only = 0600;
constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;

// The error; 0 once the names in `directory` are on the disk.
int flush_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return errno;
  const int error = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return error;
}

}  // namespace

Result<PrivateFile> PrivateFile::create(std::filesystem::path path) {
  PrivateFile made(std::move(path), -1);
  made.file_ = ::open(made.draft().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only);
  if (made.file_ < 0) {
    return fail(errno == EACCES || errno == EROFS ? ErrorKind::Denied : ErrorKind::Invalid,
                fmt::format("cannot write {}: {}", made.path_.string(), std::strerror(errno)));
  }
  return made;
}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      error_(other.error_),
      buffer_(std::move(other.buffer_)) {}

PrivateFile::~PrivateFile() {
  if (file_ < 0) return;
  ::close(file_);
  std::error_code ignored;
  std::filesystem::remove(draft(), ignored);
}

void PrivateFile::append(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= buffer_bytes) flush();
}

void PrivateFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && error_ == 0) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written > 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  buffer_.clear();
}

Result<void> PrivateFile::commit() {
  flush();
  if (error_ == 0 && ::fsync(file_) != 0) error_ = errno;
  if (error_ == 0 && ::rename(draft().c_str(), path_.c_str()) != 0) error_ = errno;
  if (error_ == 0) error_ = flush_directory(path_.parent_path());
  if (error_ != 0) {
    return fail(ErrorKind::Unavailable, fmt::format("cannot write {}: {}", path_.string(), std::strerror(error_)));
  }
  ::close(std::exchange(file_, -1));
  return {};
}

}  // namespace clarion
