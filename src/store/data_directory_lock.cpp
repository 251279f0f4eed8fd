#include "store/data_directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace clarion {

namespace {

std::string describe_conflict(const std::string& directory, DataDirectoryLock::Of of, const std::string& owner) {
  if (of == DataDirectoryLock::Of::Import) {
    return "another import into " + directory + " is under way in process " + owner + "; wait for its end";
  }
  return "the data directory " + directory + " is in use by process " + owner +
         "; stop it first, or choose another CLARION_DATA_DIR";
}

}  // namespace

Result<DataDirectoryLock> DataDirectoryLock::take(const std::filesystem::path& directory, Of of) {
  const std::string name = (directory / (of == Of::Import ? "import.lock" : "clarion.lock")).string();
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(ErrorKind::Unavailable, "cannot write to the data directory " + directory.string() + ": " +
                                            std::strerror(errno) + "; check its owner and permissions");
  }
  DataDirectoryLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> text{};
    const auto length = ::pread(file, text.data(), text.size() - 1, 0);
    std::string owner(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    owner.erase(owner.find_last_not_of('\n') + 1);
    return fail(ErrorKind::Conflict, describe_conflict(directory.string(), of, owner));
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0) {
    return fail(ErrorKind::Unavailable, "cannot write " + name + ": " + std::strerror(errno));
  }
  return lock;
}

DataDirectoryLock::DataDirectoryLock(DataDirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DataDirectoryLock::~DataDirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace clarion
