#pragma once
// DataDirectoryLock: one process at a time writes to a data directory.
//
// The lock is flock() on clarion.lock, so it ends with the process however that ends; the pid inside is only for the
// message.

#include <filesystem>

#include "base/result.h"

namespace clarion {

class DataDirectoryLock {
 public:
  // Conflict, naming the process, when another one holds it; Unavailable when the file cannot be made.
  [[nodiscard]] static Result<DataDirectoryLock> take(const std::filesystem::path& directory);
  ~DataDirectoryLock();
  DataDirectoryLock(DataDirectoryLock&& other) noexcept;
  DataDirectoryLock& operator=(DataDirectoryLock&&) = delete;

 private:
  explicit DataDirectoryLock(int file) : file_(file) {}
  int file_;
};

}  // namespace clarion
