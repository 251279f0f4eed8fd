#pragma once
// TextDictionary: distinct texts numbered in order of first appearance; number 0 is the empty text.
//
// Memory     the bytes once, 8 bytes for the end, about 12 for the hash slot.
// Algorithm  open addressing with linear probing over (hash, code) words; a multiply-and-fold hash of 8 bytes a
//            step. The hash never leaves the process.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clarion {

class TextDictionary {
 public:
  TextDictionary();
  // The number of `text`, given now if it is new. The view returned by text() may move.
  std::uint32_t intern(std::string_view text);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;
  // REQUIRES: code < size(). Valid until the next intern().
  [[nodiscard]] std::string_view text(std::uint32_t code) const {
    const std::uint64_t begin = code == 0 ? 0 : ends_[code - 1];
    return std::string_view(bytes_).substr(begin, ends_[code] - begin);
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }
  void reserve(std::size_t texts);
  void shrink_to_fit();
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  // The slot that holds `text`, or the free one where it belongs.
  [[nodiscard]] std::size_t find_slot(std::string_view text, std::uint32_t hash) const;
  void grow(std::size_t slots);

  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint64_t> slots_;  // hash << 32 | code + 1; 0 is free
};

}  // namespace clarion
