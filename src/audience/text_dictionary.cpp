#include "audience/text_dictionary.h"

#include <bit>
#include <cstring>

#include "base/hash.h"

namespace clarion {
namespace {

std::uint32_t hash_text(std::string_view text) {
  constexpr std::uint64_t factor = 0x9fb21c651e98df25ULL;
  std::uint64_t h = text.size() * factor;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    h = (h ^ word) * factor;
    h ^= h >> 32U;
  }
  if (i < text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, text.size() - i);
    h = (h ^ word) * factor;
    h ^= h >> 32U;
  }
  return static_cast<std::uint32_t>(mix64(h));
}

}  // namespace

TextDictionary::TextDictionary() : slots_(16, 0) {
  intern({});
}

std::size_t TextDictionary::find_slot(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    if (static_cast<std::uint32_t>(slots_[slot] >> 32U) == hash &&
        this->text(static_cast<std::uint32_t>(slots_[slot]) - 1) == text) {
      return slot;
    }
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::uint32_t TextDictionary::intern(std::string_view text) {
  const std::uint32_t hash = hash_text(text);
  std::size_t slot = find_slot(text, hash);
  if (slots_[slot] != 0) return static_cast<std::uint32_t>(slots_[slot]) - 1;
  if ((ends_.size() + 1) * 3 > slots_.size() * 2) {
    grow(slots_.size() * 2);
    slot = find_slot(text, hash);
  }
  const std::uint32_t code = size();
  bytes_.append(text);
  ends_.push_back(bytes_.size());
  slots_[slot] = (static_cast<std::uint64_t>(hash) << 32U) | (code + 1ULL);
  return code;
}

std::optional<std::uint32_t> TextDictionary::find(std::string_view text) const {
  const std::size_t slot = find_slot(text, hash_text(text));
  if (slots_[slot] == 0) return std::nullopt;
  return static_cast<std::uint32_t>(slots_[slot]) - 1;
}

void TextDictionary::grow(std::size_t slots) {
  std::vector<std::uint64_t> old(slots, 0);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t entry : old) {
    if (entry == 0) continue;
    std::size_t slot = (entry >> 32U) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }
}

void TextDictionary::reserve(std::size_t texts) {
  ends_.reserve(texts);
  const std::size_t wanted = std::bit_ceil(texts * 3 / 2 + 16);
  if (wanted > slots_.size()) grow(wanted);
}

void TextDictionary::shrink_to_fit() {
  bytes_.shrink_to_fit();
  ends_.shrink_to_fit();
}

std::size_t TextDictionary::memory_bytes() const {
  return bytes_.capacity() + (ends_.capacity() + slots_.capacity()) * sizeof(std::uint64_t);
}

}  // namespace clarion
