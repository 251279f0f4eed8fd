#pragma once
// PrivateFile: a file with personal data, readable by its owner only, that is either the old or the new one whatever
// happens, a power cut too: written beside, flushed to the disk, renamed, and the directory flushed.

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clarion {

class PrivateFile {
 public:
  // Denied or Invalid, with the path and why.
  static Result<PrivateFile> create(std::filesystem::path path);
  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();  // without commit() nothing has changed

  void append(std::string_view bytes);  // an error is kept for commit()
  // After it the new file is on the disk. Unavailable when anything could not be written: the old file is untouched
  // then, or, when only the directory could not be flushed, the new one is there and may be gone after a power cut.
  Result<void> commit();

 private:
  PrivateFile(std::filesystem::path path, int file) : path_(std::move(path)), file_(file) {}
  [[nodiscard]] std::filesystem::path draft() const { return path_.string() + ".new"; }
  void flush();

  std::filesystem::path path_;
  int file_;
  int error_ = 0;
  std::string buffer_;
};

}  // namespace clarion
