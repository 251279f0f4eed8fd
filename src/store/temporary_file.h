#pragma once
// TemporaryFile: bytes set aside on disk, in a file without a name that ends with this object.
//
// Files   0600, in a folder that is told or where TMPDIR says.
// Errors  Unavailable when it cannot be made; what goes wrong later is told by check(), and nothing read since counts.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace clarion {

class TemporaryFile {
 public:
  static Result<TemporaryFile> create(const std::filesystem::path& folder = {});
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  // Returns where the bytes begin. What one call appends never lies half on the disk.
  std::uint64_t append(std::string_view bytes);
  // What begins at `offset`: up to `most_bytes`, and less where the rest is not on the disk yet. REQUIRES: offset <=
  // size().
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t most_bytes);
  [[nodiscard]] std::uint64_t size() const { return written_ + buffer_.size(); }
  [[nodiscard]] Result<void> check() const;

 private:
  TemporaryFile(int file, std::string place) : file_(file), place_(std::move(place)) {}
  void flush();

  int file_;
  std::string place_;  // of the file, as messages say it
  int error_ = 0;
  std::uint64_t written_ = 0;  // bytes of the file
  std::string buffer_;         // what comes behind them
};

}  // namespace clarion
