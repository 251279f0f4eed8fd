#pragma once
// SplitFile: bytes set aside in parts, in one temporary file; each part is read back by itself, in the order in which
// it was written.
//
// Memory  a block or two for each part, and 8 bytes for each block on the disk.
// Errors  those of TemporaryFile.

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/temporary_file.h"

namespace clarion {

class SplitFile {
 public:
  struct Layout {
    std::size_t parts = 1;
    std::size_t block_bytes = 4096;
  };
  // `folder` as of TemporaryFile.
  static Result<SplitFile> create(Layout layout, const std::filesystem::path& folder = {});

  // REQUIRES: nothing has been read of the part; here and below part < layout.parts.
  void append(std::size_t part, std::string_view bytes);
  // The `count` bytes behind those that were read before; fewer at the end. They live until the next call.
  [[nodiscard]] std::string_view read(std::size_t part, std::size_t count);
  // read() begins the part anew.
  void rewind(std::size_t part);
  [[nodiscard]] Result<void> check() const { return file_.check(); }

  // Values as this process has them in memory; read_value() is false at the end of the part.
  template <class Value>
  void append_value(std::size_t part, const Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    append(part, std::string_view(reinterpret_cast<const char*>(&value), sizeof(value)));
  }
  template <class Value>
  [[nodiscard]] bool read_value(std::size_t part, Value& value) {
    const std::string_view bytes = read(part, sizeof(value));
    if (bytes.size() < sizeof(value)) return false;
    std::memcpy(&value, bytes.data(), sizeof(value));
    return true;
  }

 private:
  struct Part {
    std::vector<std::uint64_t> blocks;  // where they are in the file
    std::string rest;                   // what comes behind them
    std::string open;                   // what is being read: a block, or the rest
    std::size_t next_block = 0;         // the one behind it
    std::size_t position = 0;           // in `open`
  };

  SplitFile(TemporaryFile file, Layout layout)
      : block_bytes_(layout.block_bytes), file_(std::move(file)), parts_(layout.parts) {}
  // False at the end of the part.
  bool open_next(Part& part);

  std::size_t block_bytes_;
  TemporaryFile file_;
  std::vector<Part> parts_;
  std::string across_blocks_;
};

}  // namespace clarion
