#include "store/temporary_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace clarion {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;

std::unexpected<Error> fail_in(std::string_view place, int error) {
  return fail(ErrorKind::Unavailable,
              fmt::format("a temporary file in {} cannot be used: {}", place, std::generic_category().message(error)));
}

}  // namespace

Result<TemporaryFile> TemporaryFile::create(const std::filesystem::path& folder) {
  std::error_code error;
  const auto common = std::filesystem::temp_directory_path(error);
  const auto& chosen = !folder.empty() ? folder : error ? std::filesystem::path("/tmp") : common;
  std::string place = chosen.string() + (folder.empty() ? " (TMPDIR says where)" : "");
  std::string name = (chosen / "clarion-import-XXXXXX").string();
  const int file = ::mkstemp(name.data());  // 0600
  if (file < 0) return fail_in(place, errno);
  ::unlink(name.c_str());
  return TemporaryFile(file, std::move(place));
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      place_(std::move(other.place_)),
      error_(other.error_),
      written_(other.written_),
      buffer_(std::move(other.buffer_)) {}

TemporaryFile::~TemporaryFile() {
  if (file_ >= 0) ::close(file_);
}

std::uint64_t TemporaryFile::append(std::string_view bytes) {
  const std::uint64_t offset = size();
  buffer_.append(bytes);
  if (buffer_.size() >= buffer_bytes) flush();
  return offset;
}

std::string TemporaryFile::read(std::uint64_t offset, std::size_t most_bytes) {
  if (offset >= written_) return buffer_.substr(offset - written_, most_bytes);
  std::string bytes(most_bytes, '\0');
  const ssize_t count = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (count < 0) error_ = errno;
  bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return bytes;
}

Result<void> TemporaryFile::check() const {
  if (error_ == 0) return {};
  return fail_in(place_, error_);
}

void TemporaryFile::flush() {
  std::string_view rest = buffer_;
  while (error_ == 0 && !rest.empty()) {
    const ssize_t count = ::write(file_, rest.data(), rest.size());
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) error_ = errno;
  }
  written_ += buffer_.size();
  buffer_.clear();
}

}  // namespace clarion
