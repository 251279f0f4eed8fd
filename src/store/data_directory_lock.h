#pragma once
// DataDirectoryLock: one process at a time writes the records of a data directory, and one import at a time its
// contacts.
//
// The lock is flock() on clarion.lock or import.lock, so it ends with the process however that ends; the pid inside is
// only for the message.

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace clarion {

class DataDirectoryLock {
 public:
  enum class Of : std::uint8_t { Records, Import };
  // Conflict, naming the process, when somebody holds it; Unavailable when the file cannot be made.
  [[nodiscard]] static Result<DataDirectoryLock> take(const std::filesystem::path& directory, Of of = Of::Records);
  ~DataDirectoryLock();
  DataDirectoryLock(DataDirectoryLock&& other) noexcept;
  DataDirectoryLock& operator=(DataDirectoryLock&&) = delete;

 private:
  explicit DataDirectoryLock(int file) : file_(file) {}
  int file_;
};

}  // namespace clarion
