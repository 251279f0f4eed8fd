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

// Gives back what `values` holds too much of. A little too much stays: giving it back means copying all the rest.
template <class Values>
void trim_capacity(Values& values) {
  if (values.capacity() > values.size() + values.size() / 16) values.shrink_to_fit();
}

class TextDictionary {
 public:
  TextDictionary();
  // The number of `text`, given now if it is new. The view returned by text() may move.
  std::uint32_t intern(std::string_view text);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;
  // REQUIRES: code < size(). Valid until the next intern().
  [[nodiscard]] std::string_view text(std::uint32_t code) const {
    const std::uint64_t begin = code == 0 ? 0 : ends_[code - 1];
    return {bytes_.data() + begin, ends_[code] - begin};
  }
  // True when `text` has the number `code`; takes less time than find(). REQUIRES: code < size().
  [[nodiscard]] bool is_text(std::uint32_t code, std::string_view text) const;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }
  // Begins to fetch what intern(text) will read. In a dictionary larger than the caches that hides most of its time.
  void prefetch(std::string_view text) const;
  void reserve(std::size_t texts);
  // After the last intern(): gives back memory.
  void finish();
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  // The slot that holds `text`, or the free one where it belongs.
  [[nodiscard]] std::size_t find_slot(std::string_view text, std::uint32_t hash) const;
  std::uint32_t add(std::string_view text, std::size_t slot, std::uint32_t hash);
  void grow(std::size_t slots);

  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint64_t> slots_;  // hash << 32 | code + 1; 0 is free
};

}  // namespace clarion
