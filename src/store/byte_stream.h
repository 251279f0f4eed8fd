#pragma once
// ByteWriter and ByteReader: numbers of as many bytes as they need, and texts, one after the other.
//
// Format  numbers in groups of seven bits, the lowest first, the top bit set while more follow (LEB128); signed ones
//         folded (0, -1, 1, -2 ...); texts after their length.
// Errors  reading past the end gives zeros and empty texts, and is_whole() then says so.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace clarion {

class ByteWriter {
 public:
  void byte(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) byte(static_cast<std::uint8_t>(value | 0x80U));
    byte(static_cast<std::uint8_t>(value));
  }
  void signed_number(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) {
      is_short_ = true;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7fU) << shift;
      if (next < 0x80) return value;
    }
    is_short_ = true;
    return 0;
  }
  std::int64_t signed_number() {
    const std::uint64_t folded = number();
    return static_cast<std::int64_t>(folded >> 1U) ^ -static_cast<std::int64_t>(folded & 1U);
  }
  // A view into the bytes.
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      is_short_ = true;
      rest_ = {};
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  // Everything was read, and nothing that was not there.
  [[nodiscard]] bool is_whole() const { return rest_.empty() && !is_short_; }

 private:
  std::string_view rest_;
  bool is_short_ = false;
};

}  // namespace clarion
